#include "compiler/backend/cpp/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "compiler/base/bug.h"

namespace rnnc::cpp {

void Lines::line(const std::string& text) {
  constexpr std::size_t width = 120;
  fresh_ = false;
  bool code = text.find('"') == std::string::npos && text.find("//") == std::string::npos;
  if (code && 2 * depth_ + text.size() > width) {
    wrap(text);
    return;
  }
  text_ += std::string(2 * depth_, ' ') + text + "\n";
}

namespace {

// Where to break a line that may be `width` long: behind a comma or before an operator, as far out of brackets as
// possible, then as late as possible. npos: nowhere.
std::size_t break_position(const std::string& text, std::size_t width) {
  std::size_t best = std::string::npos;
  int depth = 0, best_rank = 0;
  for (std::size_t i = 1; i + 1 < text.size() && i <= width; ++i) {
    char before = text[i - 1];
    depth += (before == '(' || before == '[' || before == '{') - (before == ')' || before == ']' || before == '}');
    if (text[i] != ' ') continue;
    bool operation = false;
    for (const char* sign : {" ? ", " : ", " || ", " && ", " + "}) operation |= text.compare(i, std::strlen(sign), sign) == 0;
    int rank = before == ',' ? depth : depth + 1;
    // A line that breaks far before its end gains little.
    bool late = i > width / 3;
    if ((before == ',' || operation) && late && (best == std::string::npos || rank <= best_rank)) {
      best = i;
      best_rank = rank;
    }
  }
  return best;
}

}  // namespace

// Continuation lines stand two levels further in.
void Lines::wrap(const std::string& text) {
  constexpr std::size_t width = 120;
  std::string rest = text;
  for (std::size_t indent = 2 * depth_;; indent = 2 * depth_ + 4) {
    std::size_t cut = indent + rest.size() > width ? break_position(rest, width - indent) : std::string::npos;
    text_ += std::string(indent, ' ') + rest.substr(0, cut) + "\n";
    if (cut == std::string::npos) return;
    rest = rest.substr(cut + 1);
  }
}

void Lines::open(const std::string& text) {
  line(text);
  ++depth_;
  fresh_ = true;
}

void Lines::close(const std::string& text) {
  --depth_;
  line(text);
}

void Lines::turn(const std::string& text) {
  close(text);
  ++depth_;
  fresh_ = true;
}

void Lines::blank() {
  if (!fresh_) text_ += "\n";
  fresh_ = true;
}

void Lines::raw(const std::string& text) {
  text_ += text;
  fresh_ = false;
}

// ---- literals ------------------------------------------------------------------------------------------------------

std::string_view type_name(loop::Element element) {
  switch (element) {
    case loop::Element::f32: return "float";
    case loop::Element::f64: return "double";
    case loop::Element::i32: return "int32_t";
  }
  throw Bug("no such element type");
}

std::string literal(double value, loop::Element element) {
  bool single = element == loop::Element::f32;
  std::string type(type_name(element));
  if (single) value = static_cast<double>(static_cast<float>(value));
  if (std::isnan(value)) return "std::numeric_limits<" + type + ">::quiet_NaN()";
  if (std::isinf(value)) return (value < 0 ? "-" : "") + ("std::numeric_limits<" + type + ">::infinity()");
  char text[40];
  char* end = single ? std::to_chars(text, text + sizeof text, static_cast<float>(value)).ptr
                     : std::to_chars(text, text + sizeof text, value).ptr;
  std::string digits(text, end);
  if (digits.find_first_of(".e") == std::string::npos) digits += ".0";
  return digits + (single ? "f" : "");
}

// ---- text from outside ---------------------------------------------------------------------------------------------

namespace {

struct Decoded {
  std::uint32_t code = 0;
  std::size_t length = 1;
  bool valid = false;
};

// The UTF-8 character that `text` begins with: shortest form, no surrogates.
Decoded decode(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char first = byte(0);
  if (first < 0x80) return {first, 1, true};
  std::size_t length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
  if (length == 0 || text.size() < length) return {};
  std::uint32_t code = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return {};
  return {code, length, true};
}

// Control characters, and those that make a line read otherwise than it compiles.
bool invisible(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
         (code >= 0xfff0 && code <= 0xffff);
}

}  // namespace

std::string comment_text(std::string_view text) {
  std::string clean;
  for (std::size_t i = 0; i < text.size();) {
    Decoded character = decode(text.substr(i));
    if (!character.valid) {
      clean += '?';
    } else if (invisible(character.code)) {
      clean += ' ';
    } else {
      clean += text.substr(i, character.length);
    }
    i += character.length;
  }
  // Two question marks would begin a trigraph.
  for (std::size_t at = clean.find("??"); at != std::string::npos; at = clean.find("??")) clean.erase(at, 1);
  while (!clean.empty() && (clean.back() == ' ' || clean.back() == '\\')) clean.pop_back();
  return clean;
}

std::string string_literal(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size();) {
    Decoded character = decode(text.substr(i));
    if (character.valid && !invisible(character.code)) {
      bool trigraph = character.code == '?' && i > 0 && text[i - 1] == '?';
      if (character.code == '"' || character.code == '\\' || trigraph) escaped += '\\';
      escaped += text.substr(i, character.length);
    } else {
      for (std::size_t k = 0; k < character.length; ++k) {
        // Octal escapes end after three digits, whatever follows.
        unsigned byte = static_cast<unsigned char>(text[i + k]);
        escaped += '\\';
        for (unsigned shift : {6u, 3u, 0u}) escaped += static_cast<char>('0' + (byte >> shift & 7u));
      }
    }
    i += character.length;
  }
  return escaped;
}

// ---- identifiers ---------------------------------------------------------------------------------------------------

namespace {

const std::set<std::string_view>& taken_words() {
  static const std::set<std::string_view> words = {
      // C++17 and later keywords, and words with a meaning in some places
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char",
      "char8_t", "char16_t", "char32_t", "class", "co_await", "co_return", "co_yield", "compl", "concept", "const",
      "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype", "default", "delete", "do", "double",
      "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "final", "float", "for", "friend", "goto",
      "if", "import", "inline", "int", "long", "module", "mutable", "namespace", "new", "noexcept", "not", "not_eq",
      "nullptr", "operator", "or", "or_eq", "override", "private", "protected", "public", "register",
      "reinterpret_cast", "requires", "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast",
      "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid", "typename",
      "typeof", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
      // macros in small letters of the headers that the emitted file includes, and of the compilers
      "alloca", "assert", "assert_perror", "be16toh", "be32toh", "be64toh", "errno", "htobe16", "htobe32", "htobe64",
      "htole16", "htole32", "htole64", "issubnormal", "le16toh", "le32toh", "le64toh", "i386", "linux",
      "math_errhandling", "offsetof", "pthread_cleanup_pop", "pthread_cleanup_push", "sched_priority", "stderr", "stdin",
      "stdout", "strdupa", "strndupa", "unix", "L_ctermid", "L_cuserid", "L_tmpnam", "P_tmpdir",
      // names the emitted file uses itself
      "std", "xsimd", "rnnc", "rnnc_call", "rnnc_model", "rnnc_parallel_body", "rnnc_parallel_for", "rnnc_sizes", "rnnc_tensor", "int32_t", "int64_t", "uint32_t", "uint64_t", "uintptr_t", "size_t", "vec", "mask",
      "Run", "run", "call", "at", "bits", "iota", "fma", "fnma", "negate", "round_down", "load_first", "store_first",
      "first_lanes", "lane_sum", "lane_max", "int_add", "int_sub", "shift_left", "shift_right", "launch", "slot",
      "start", "descriptor", "take", "take_or", "Bytes", "bytes_of", "indices_hold", "lengths_hold", "window_of",
      "longest", "workspace", "tape", "packed", "parameters", "gradients", "sizes", "first_mask", "whole", "inputs", "outputs", "states", "axes", "absent_entry", "absent_pack", "one_step", "main"};
  return words;
}

std::string_view greek(std::uint32_t code) {
  static constexpr std::string_view names[] = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta",    "eta",
                                               "theta", "iota", "kappa", "lambda", "mu",     "nu",      "xi",
                                               "omicron", "pi", "rho",   "sigma", "sigma",   "tau",     "upsilon",
                                               "phi",   "chi",  "psi",   "omega"};
  if (code >= 0x3b1 && code <= 0x3c9) return names[code - 0x3b1];
  return "";
}

// M_PI with a type behind it, as GNU has it: M_PIl, M_PIf, M_PIf32x.
bool is_typed_constant(std::string name) {
  const auto cut = [&name](std::string_view last) {
    while (!name.empty() && last.find(name.back()) != std::string_view::npos) name.pop_back();
  };
  if (name.rfind("M_", 0) != 0) return false;
  if (name.back() == 'l') {
    name.pop_back();
  } else {
    cut("x");
    cut("0123456789");
    if (name.back() != 'f') return false;
    name.pop_back();
  }
  return name.size() > 2 && std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// No word of the language and no macro. Macros of the C library are long words in capitals.
bool is_taken(const std::string& name) {
  if (taken_words().count(name) != 0 || is_typed_constant(name)) return true;
  bool capitals = std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return (capitals && name.size() >= 3) || name.rfind("rnnc_model", 0) == 0 || name.rfind("XSIMD", 0) == 0;
}

}  // namespace

namespace {

std::string spelling(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size();) {
    Decoded character = decode(name.substr(i));
    std::uint32_t code = character.valid ? character.code : static_cast<unsigned char>(name[i]);
    bool upper_greek = code >= 0x391 && code <= 0x3a9;
    std::string_view letter = greek(upper_greek ? code + 0x20 : code);
    bool digit = code >= '0' && code <= '9';
    if ((code | 0x20u) >= 'a' && (code | 0x20u) <= 'z' && code < 0x80) {
      result += static_cast<char>(code);
    } else if (digit || code == '_' || code == '.') {
      result += digit ? static_cast<char>(code) : '_';
    } else if (!letter.empty()) {
      if (!result.empty() && result.back() != '_') result += '_';
      result += letter;
      if (upper_greek) result[result.size() - letter.size()] = static_cast<char>(letter[0] - 'a' + 'A');
    } else if (code < 0x80) {
      result += '_';
    } else {
      char hex[8];
      result += "u" + std::string(hex, std::to_chars(hex, hex + sizeof hex, code, 16).ptr);
    }
    i += character.length;
  }
  // Two underscores in a row and one in front belong to the implementation.
  std::string single;
  for (char c : result)
    if (c != '_' || (!single.empty() && single.back() != '_')) single += c;
  if (single.empty()) single = "v";
  if (single[0] >= '0' && single[0] <= '9') single = "n" + single;
  return single;
}

std::string set_apart(const std::string& name) { return name + (name.back() == '_' ? "x" : "_"); }

}  // namespace

std::string identifier(std::string_view name) {
  std::string spelled = spelling(name);
  return is_taken(spelled) ? set_apart(spelled) : spelled;
}

std::string qualified_identifier(std::string_view name) {
  static const std::set<std::string_view> macros = {"BUFSIZ", "EOF", "HUGE_VAL", "INFINITY", "NAN", "NULL"};
  std::string spelled = spelling(name);
  const bool of_abi = spelled.rfind("RNNC_", 0) == 0;
  return of_abi || taken_words().count(spelled) + macros.count(spelled) != 0 ? set_apart(spelled) : spelled;
}

std::string Names::add(const std::string& wish) {
  std::string base = identifier(wish);
  if (use(base)) return base;
  int& number = next(base, 2);
  std::string joint = base.back() == '_' ? "" : "_";
  for (;; ++number) {
    std::string name = base + joint + std::to_string(number);
    if (use(name)) return name;
  }
}

std::string Names::add_numbered(const std::string& base, int first) {
  int& number = next(base + "#", first);
  bool digit = base.back() >= '0' && base.back() <= '9';
  for (;; ++number) {
    std::string name = base + (digit ? "_" : "") + std::to_string(number);
    if (is_taken(name)) name = "v_" + name;  // capitals may be macros whatever the number behind them
    if (use(name)) return name;
  }
}

void Names::open() { scopes_.emplace_back(); }

void Names::close() {
  for (const std::string& name : scopes_.back().names) used_.erase(name);
  scopes_.pop_back();
}

// Whether it was free.
bool Names::use(const std::string& name) {
  if (!is_free(name)) return false;
  used_.insert(name);
  scopes_.back().names.push_back(name);
  return true;
}

int& Names::next(const std::string& wish, int first) {
  auto known = [&wish](const Scope& scope) { return scope.next.count(wish) != 0; };
  if (auto scope = std::find_if(scopes_.rbegin(), scopes_.rend(), known); scope != scopes_.rend())
    first = scope->next.at(wish);
  return scopes_.back().next.try_emplace(wish, first).first->second;
}

// ---- whole numbers -------------------------------------------------------------------------------------------------

namespace {

using Term = loop::Index::Term;
using Terms = std::vector<Term>;

std::uint64_t magnitude(const Term& term) {
  return term.coefficient < 0 ? 0 - static_cast<std::uint64_t>(term.coefficient)
                              : static_cast<std::uint64_t>(term.coefficient);
}

// A readable sum: a list of signed pieces. Factors out strides the way row-major subscripts are written: the terms that
// share the largest coefficient's divisibility become one product, and those that share a symbol become one product.
class SumText {
 public:
  SumText(const loop::Module& module, const IndexText::SymbolNames& names, Terms terms)
      : module_(module), names_(names), terms_(std::move(terms)) {}

  std::string print() {
    while (!terms_.empty()) next_piece();
    return text_.empty() ? "0" : text_;
  }

  // To stand before a product sign.
  std::string factor() {
    std::string text = print();
    return pieces_ == 1 && text[0] != '-' ? text : "(" + text + ")";
  }

 private:
  void piece(const std::string& product, bool negative) {
    ++pieces_;
    if (text_.empty()) {
      text_ = negative ? "-" + product : product;
    } else {
      text_ += (negative ? " - " : " + ") + product;
    }
  }

  void next_piece() {
    // Larger strides first, the constant last, and nothing negative in front if it can be helped.
    std::stable_sort(terms_.begin(), terms_.end(), [](const Term& a, const Term& b) {
      if (a.factors.empty() != b.factors.empty()) return b.factors.empty();
      if ((a.coefficient < 0) != (b.coefficient < 0)) return b.coefficient < 0;
      if (a.coefficient != b.coefficient) return magnitude(a) > magnitude(b);
      return a.factors.size() > b.factors.size();
    });
    const Term first = terms_.front();
    if (shared_stride(stride()) || shared_symbol(first)) return;
    terms_.erase(terms_.begin());
    piece(product(first), first.coefficient < 0);
  }

  // The stride to factor out: the smallest above a vector's width that divides all larger ones, so that the subscripts of
  // nested dimensions come out nested; else the largest coefficient.
  std::int64_t stride() const {
    if (terms_.front().factors.empty()) return 0;
    std::int64_t best = terms_.front().coefficient;
    for (const Term& term : terms_) {
      if (term.factors.empty() || term.coefficient <= module_.target.lanes(module_.element)) continue;
      bool divides = std::all_of(terms_.begin(), terms_.end(), [&](const Term& other) {
        return other.factors.empty() || other.coefficient < term.coefficient || other.coefficient % term.coefficient == 0;
      });
      if (divides) best = std::min(best, term.coefficient);
    }
    return best;
  }

  // c * (…): every term whose coefficient c divides.
  bool shared_stride(std::int64_t c) {
    if (c < 2) return false;
    Terms multiples, rest;
    for (const Term& term : terms_) {
      if (term.coefficient % c == 0) {
        multiples.push_back({term.coefficient / c, term.factors});
      } else {
        rest.push_back(term);
      }
    }
    if (multiples.size() < 2) return false;
    piece(SumText(module_, names_, std::move(multiples)).factor() + " * " + std::to_string(c), false);
    terms_ = std::move(rest);
    return true;
  }

  // (…) * s: every term with the symbol that most terms share.
  bool shared_symbol(const Term& first) {
    loop::SymbolId best;
    std::size_t best_count = 1;
    for (loop::SymbolId symbol : first.factors) {
      std::size_t count = 0;
      for (const Term& term : terms_) count += std::binary_search(term.factors.begin(), term.factors.end(), symbol);
      if (count > best_count) {
        best = symbol;
        best_count = count;
      }
    }
    if (!best.valid()) return false;
    Terms multiples, rest;
    for (Term& term : terms_) {
      auto found = std::find(term.factors.begin(), term.factors.end(), best);
      if (found == term.factors.end()) {
        rest.push_back(std::move(term));
      } else {
        term.factors.erase(found);
        multiples.push_back(std::move(term));
      }
    }
    piece(SumText(module_, names_, std::move(multiples)).factor() + " * " + names_.at(best), false);
    terms_ = std::move(rest);
    return true;
  }

  std::string product(const Term& term) const {
    // What varies reads first, then the numbers of the run, steps before rows: t * B and T * B.
    std::vector<loop::SymbolId> factors = term.factors;
    auto rank = [&](loop::SymbolId symbol) {
      loop::SymbolKind kind = module_.symbols[symbol].kind;
      return kind == loop::SymbolKind::local ? 0 : kind == loop::SymbolKind::rows ? 2 : 1;
    };
    std::stable_sort(factors.begin(), factors.end(),
                     [&](loop::SymbolId a, loop::SymbolId b) { return rank(a) < rank(b); });
    std::string text;
    for (loop::SymbolId symbol : factors) text += (text.empty() ? "" : " * ") + names_.at(symbol);
    if (text.empty()) return std::to_string(magnitude(term));
    return magnitude(term) == 1 ? text : text + " * " + std::to_string(magnitude(term));
  }

  const loop::Module& module_;
  const IndexText::SymbolNames& names_;
  Terms terms_;
  std::string text_;
  int pieces_ = 0;
};

}  // namespace

std::string IndexText::sum(const loop::Index& index) const { return SumText(module_, names_, index.terms()).print(); }

std::string IndexText::factor(const loop::Index& index) const {
  std::string text = sum(index);
  bool single = index.terms().size() == 1 && index.terms()[0].coefficient > 0 &&
                (index.terms()[0].factors.empty() || index.terms()[0].factors.size() == 1) &&
                (index.terms()[0].coefficient == 1 || index.terms()[0].factors.empty());
  return single || index.terms().empty() ? text : "(" + text + ")";
}

}  // namespace rnnc::cpp
