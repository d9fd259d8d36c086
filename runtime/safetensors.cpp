#include "runtime/safetensors.h"

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>
#include <set>

#include "runtime/file.h"

namespace rnnc::runtime {
namespace {

static_assert(std::endian::native == std::endian::little, "the data is read and written as it lies in memory");

constexpr std::uint64_t kLongestHeader = 100'000'000;  // the limit of the reference implementation
constexpr std::size_t kHighestRank = 64;
constexpr std::string_view kMetadataKey = "__metadata__";

struct Entry {
  std::string name, dtype;
  Extents shape;
  std::vector<std::uint64_t> offsets;
  bool has_dtype = false, has_shape = false, has_offsets = false;
};

// Receives the JSON events of a header and accepts just the one structure that a header may have, so that nothing
// is ever built from a hostile one (deep nesting, say) but the first error.
class HeaderReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<Entry> entries;
  std::map<std::string, std::string> metadata;
  std::string error;

  bool null() override { return unexpected("null"); }
  bool boolean(bool) override { return unexpected("a truth value"); }
  bool number_float(number_float_t, const string_t& text) override {
    return unexpected("the number " + text.substr(0, 40));
  }
  bool number_integer(number_integer_t value) override { return unexpected("the number " + std::to_string(value)); }
  bool binary(binary_t&) override { return unexpected("binary data"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (where_ == Where::shape) {
      if (entries.back().shape.size() == kHighestRank) return fail("its shape has too many dimensions");
      if (value > static_cast<std::uint64_t>(INT64_MAX)) {
        return fail("its shape has the extent " + std::to_string(value));
      }
      entries.back().shape.push_back(static_cast<std::int64_t>(value));
      return true;
    }
    if (where_ == Where::offsets) {
      if (entries.back().offsets.size() == 2) return fail("`data_offsets` has more than two numbers");
      entries.back().offsets.push_back(value);
      return true;
    }
    return unexpected("the number " + std::to_string(value));
  }

  bool string(string_t& value) override {
    if (where_ == Where::metadata) {
      metadata[key_] = std::move(value);
      return true;
    }
    if (where_ == Where::entry && key_ == "dtype") {
      entries.back().dtype = std::move(value);
      return true;
    }
    return unexpected("a string");
  }

  bool start_object(std::size_t) override {
    if (where_ == Where::start) {
      where_ = Where::top;
    } else if (where_ == Where::top && key_ == kMetadataKey) {
      where_ = Where::metadata;
    } else if (where_ == Where::top) {
      entries.emplace_back();
      entries.back().name = key_;
      where_ = Where::entry;
    } else {
      return unexpected("an object");
    }
    return true;
  }

  bool key(string_t& name) override {
    key_ = std::move(name);
    if (where_ == Where::top && !names_.insert(key_).second) {
      error = backticked(key_) + " is there twice";
      return false;
    }
    if (where_ == Where::metadata && metadata.count(key_) > 0) {
      return fail("the key " + backticked(key_) + " is there twice");
    }
    if (where_ == Where::entry) return entry_key();
    return true;
  }

  bool end_object() override {
    if (where_ == Where::entry) {
      const Entry& entry = entries.back();
      if (!entry.has_dtype) return fail("has no `dtype`");
      if (!entry.has_shape) return fail("has no `shape`");
      if (!entry.has_offsets) return fail("has no `data_offsets`");
    }
    where_ = where_ == Where::top ? Where::end : Where::top;
    return true;
  }

  bool start_array(std::size_t) override {
    if (where_ == Where::entry && key_ == "shape") {
      where_ = Where::shape;
    } else if (where_ == Where::entry && key_ == "data_offsets") {
      where_ = Where::offsets;
    } else {
      return unexpected("an array");
    }
    return true;
  }

  bool end_array() override {
    if (where_ == Where::offsets && entries.back().offsets.size() != 2) {
      return fail("`data_offsets` must have two numbers");
    }
    where_ = Where::entry;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    error = "the header is not valid JSON at byte " + std::to_string(position + 7);  // 8 in front, counted from 1
    return false;
  }

 private:
  enum class Where { start, top, metadata, entry, shape, offsets, end };

  bool fail(const std::string& what) {
    if (where_ == Where::entry || where_ == Where::shape || where_ == Where::offsets) {
      error = "tensor " + backticked(entries.back().name) + ": " + what;
    } else {
      error = "the header: " + (where_ == Where::metadata ? backticked(kMetadataKey) + ": " : std::string()) + what;
    }
    return false;
  }

  bool unexpected(const std::string& seen) {
    switch (where_) {
      case Where::start: return fail("must be an object, is " + seen);
      case Where::top: return fail(backticked(key_) + " must be an object, is " + seen);
      case Where::metadata: return fail(backticked(key_) + " must be a string, is " + seen);
      case Where::entry: return fail(backticked(key_) + " cannot be " + seen);
      case Where::shape: return fail("its shape has " + seen + " where an extent should be");
      case Where::offsets: return fail("`data_offsets` has " + seen + " where an offset should be");
      case Where::end: break;
    }
    return fail("something stands behind it");
  }

  bool entry_key() {
    Entry& entry = entries.back();
    bool* seen = key_ == "dtype"          ? &entry.has_dtype
                 : key_ == "shape"        ? &entry.has_shape
                 : key_ == "data_offsets" ? &entry.has_offsets
                                          : nullptr;
    if (seen == nullptr) return fail("unknown key " + backticked(key_));
    if (*seen) return fail(backticked(key_) + " is there twice");
    *seen = true;
    return true;
  }

  Where where_ = Where::start;
  std::string key_;
  std::set<std::string> names_;
};

// What is wrong with an entry taken by itself, or "".
std::string entry_fault(const Entry& entry, std::uint64_t data_bytes) {
  const auto dtype = dtype_named(entry.dtype);
  if (!dtype) return "unknown dtype " + backticked(entry.dtype);
  const auto count = element_count(entry.shape);
  std::uint64_t bytes = 0;
  if (!count || __builtin_mul_overflow(static_cast<std::uint64_t>(*count), size_of(*dtype), &bytes)) {
    return "its shape " + shape_text(entry.shape) + " overflows";
  }
  const std::uint64_t begin = entry.offsets[0], end = entry.offsets[1];
  const std::string offsets = "[" + std::to_string(begin) + ", " + std::to_string(end) + "]";
  if (begin > end) return "`data_offsets` " + offsets + " run backwards";
  if (end > data_bytes) {
    return "`data_offsets` " + offsets + " reach past the end of the file, which has " + std::to_string(data_bytes) +
           " bytes of data";
  }
  if (end - begin != bytes) {
    return "`data_offsets` " + offsets + " span " + std::to_string(end - begin) + " bytes, but " + entry.dtype + " " +
           shape_text(entry.shape) + " takes " + std::to_string(bytes);
  }
  return "";
}

// The entries must cover the data exactly once.
std::string layout_fault(const std::vector<Entry>& entries, std::uint64_t data_bytes) {
  std::vector<const Entry*> order;
  for (const Entry& entry : entries) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) { return a->offsets < b->offsets; });
  std::uint64_t covered = 0;
  const Entry* before = nullptr;
  for (const Entry* entry : order) {
    if (entry->offsets[0] < covered) {
      return "tensor " + backticked(entry->name) + ": overlaps tensor " + backticked(before->name);
    }
    if (entry->offsets[0] > covered) {
      return "tensor " + backticked(entry->name) + ": " + std::to_string(entry->offsets[0] - covered) +
             " bytes in front of it belong to no tensor";
    }
    covered = entry->offsets[1];
    before = entry;
  }
  if (covered < data_bytes) return std::to_string(data_bytes - covered) + " bytes at the end belong to no tensor";
  return "";
}

// The header of the file behind `input`; sets where the data begins.
Result<HeaderReader> read_header(const InputFile& input, std::uint64_t& data_begin) {
  std::uint64_t length = 0;
  if (input.size() < 8) return Error{"too short for a safetensors file"};
  if (Status status = input.read(0, std::as_writable_bytes(std::span(&length, 1))); !status) return status.error();
  if (length > input.size() - 8) {
    return Error{"the header is said to have " + std::to_string(length) + " bytes, but the file ends before"};
  }
  if (length > kLongestHeader) return Error{"the header has " + std::to_string(length) + " bytes, more than allowed"};
  std::string text(length, '\0');
  if (Status status = input.read(8, std::as_writable_bytes(std::span(text))); !status) return status.error();
  if (text.empty() || text[0] != '{') return Error{"the header does not begin with `{`"};
  HeaderReader reader;
  if (!nlohmann::json::sax_parse(text, &reader)) return Error{reader.error};
  data_begin = 8 + length;
  return reader;
}

Result<TensorFile> read_tensors(const InputFile& input) {
  std::uint64_t data_begin = 0;
  Result<HeaderReader> header = read_header(input, data_begin);
  if (!header) return header.error();
  const std::uint64_t data_bytes = input.size() - data_begin;
  for (const Entry& entry : header->entries) {
    const std::string fault = entry_fault(entry, data_bytes);
    if (!fault.empty()) return Error{"tensor " + backticked(entry.name) + ": " + fault};
  }
  const std::string fault = layout_fault(header->entries, data_bytes);
  if (!fault.empty()) return Error{fault};

  TensorFile file;
  for (const Entry& entry : header->entries) {
    Tensor tensor(*dtype_named(entry.dtype), entry.shape);
    const std::span<std::byte> bytes(static_cast<std::byte*>(tensor.data()), tensor.bytes());
    if (Status status = input.read(data_begin + entry.offsets[0], bytes); !status) return status.error();
    file.tensors.emplace(entry.name, std::move(tensor));
  }
  file.metadata = std::move(header->metadata);
  return file;
}

Result<std::string> json_string(const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    return Error{backticked(text) + " is not valid UTF-8"};
  }
}

using TensorRef = const std::pair<const std::string, Tensor>*;

std::vector<TensorRef> in_file_order(const TensorFile& file) {
  std::vector<TensorRef> order;
  for (const auto& item : file.tensors) order.push_back(&item);
  std::stable_sort(order.begin(), order.end(), [](TensorRef a, TensorRef b) {
    return size_of(a->second.dtype()) > size_of(b->second.dtype());
  });
  return order;
}

Result<std::string> header_text(const TensorFile& file, const std::vector<TensorRef>& order) {
  std::string text = "{";
  const auto add = [&text](const std::string& item) { text += (text.back() == '{' ? "" : ",") + item; };
  if (!file.metadata.empty()) {
    add(R"("__metadata__":{)");
    for (const auto& [key, value] : file.metadata) {
      const auto key_text = json_string(key), value_text = json_string(value);
      if (!key_text) return key_text.error();
      if (!value_text) return value_text.error();
      add(*key_text + ":" + *value_text);
    }
    text += "}";
  }
  std::uint64_t position = 0;
  for (const TensorRef item : order) {
    if (item->first == kMetadataKey) return Error{"a tensor cannot be named " + backticked(kMetadataKey)};
    const auto name = json_string(item->first);
    if (!name) return name.error();
    std::string shape = shape_text(item->second.extents());
    std::erase(shape, ' ');
    const std::uint64_t end = position + item->second.bytes();
    add(*name + R"(:{"dtype":")" + std::string(name_of(item->second.dtype())) + R"(","shape":)" + shape +
        R"(,"data_offsets":[)" + std::to_string(position) + "," + std::to_string(end) + "]}");
    position = end;
  }
  text += "}";
  text.append((8 - text.size() % 8) % 8, ' ');  // the data begins at a multiple of 8
  return text;
}

}  // namespace

std::string backticked(std::string_view name) {
  constexpr std::size_t longest = 200;
  constexpr char digits[] = "0123456789abcdef";
  std::string text = "`";
  for (const char c : name.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      text += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    } else {
      text += c;
    }
  }
  return text + (name.size() > longest ? "…`" : "`");
}

Result<TensorFile> read_safetensors(const std::string& path) {
  const auto input = InputFile::open(path);
  if (!input) return input.error();
  try {
    auto file = read_tensors(*input);
    if (!file) return Error{"`" + path + "`: " + file.message()};
    return file;
  } catch (const std::bad_alloc&) {
    return Error{"`" + path + "`: does not fit in memory (" + std::to_string(input->size()) + " bytes)"};
  }
}

Status write_safetensors(const std::string& path, const TensorFile& file) {
  const auto order = in_file_order(file);
  const auto header = header_text(file, order);
  if (!header) return Error{"`" + path + "`: cannot write: " + header.message()};
  const std::uint64_t length = header->size();
  std::vector<std::span<const std::byte>> parts = {std::as_bytes(std::span(&length, 1)),
                                                   std::as_bytes(std::span(*header))};
  for (const TensorRef item : order) {
    parts.emplace_back(static_cast<const std::byte*>(item->second.data()), item->second.bytes());
  }
  return write_file(path, parts);
}

}  // namespace rnnc::runtime
