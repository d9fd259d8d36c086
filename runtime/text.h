// Text as numbers: the vocabulary, and the streams that truncated backpropagation reads.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/result.h"

namespace rnnc::runtime {

// The distinct characters of a text, in ascending order, numbered from 0. Characters are Unicode code points when the
// whole text is valid UTF-8, else bytes.
class Vocabulary {
 public:
  static Result<Vocabulary> from_text(std::string_view text);

  std::int64_t size() const { return static_cast<std::int64_t>(symbols_.size()); }
  bool is_utf8() const { return utf8_; }
  // An error names the first character that is not in the vocabulary.
  Result<std::vector<std::int32_t>> encode(std::string_view text) const;
  // Numbers must be in [0, size()).
  std::string decode(std::span<const std::int32_t> numbers) const;
  std::string decode(std::int32_t number) const { return decode(std::span(&number, 1)); }
  int find(char32_t character) const;  // its number, or -1

  // As "vocabulary.kind" (utf8, bytes) and "vocabulary.symbols" (decimal, blanks between).
  void save(std::map<std::string, std::string>& metadata) const;
  static Result<Vocabulary> load(const std::map<std::string, std::string>& metadata);

 private:
  bool utf8_ = false;
  std::vector<char32_t> symbols_;  // ascending
};

struct TextSplit {
  std::span<const std::int32_t> training, validation;
};
// The last `fraction` of the text is held out; at least two characters, or none at all.
TextSplit split_text(std::span<const std::int32_t> text, double fraction);

// The text as `rows` contiguous streams of equal length, read side by side in chunks: chunk after chunk row b goes on
// where it stopped, so the states of one chunk are the initial states of the next. A chunk of T steps has the
// characters [T, B] and those that follow them. The characters that do not fill a last whole chunk are left out.
class StreamBatcher {
 public:
  // Borrows the text. An error when it is too short for one step of every row; when a row has fewer than `steps`, chunks
  // are shorter.
  static Result<StreamBatcher> create(std::span<const std::int32_t> text, std::int64_t rows, std::int64_t steps);

  std::int64_t rows() const { return rows_; }
  std::int64_t steps() const { return steps_; }     // of a chunk
  std::int64_t length() const { return length_; }   // steps of a whole stream
  std::int64_t position() const { return position_; }  // step of the stream where the next chunk begins
  std::int64_t epoch() const { return epoch_; }        // of the next chunk

  // True: the next chunk begins the text anew, so states must start again.
  bool at_start() const { return position_ == 0; }
  // Writes the next chunk to token [T, B] and next [T, B] and moves on, to the next epoch when no whole chunk is left.
  void next_chunk(std::int32_t* token, std::int32_t* next);
  // Writes the chunk of `steps` steps at `position`, which must be within the streams; does not move.
  void chunk_at(std::int64_t position, std::int64_t steps, std::int32_t* token, std::int32_t* next) const;
  // Goes on from a place that position() and epoch() told; a position that is not in this text becomes its start.
  void seek(std::int64_t position, std::int64_t epoch);

 private:
  std::span<const std::int32_t> text_;
  std::int64_t rows_ = 0, steps_ = 0, length_ = 0, position_ = 0, epoch_ = 0;
};

}  // namespace rnnc::runtime
