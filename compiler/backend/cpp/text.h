// Pieces of C++ text: lines with indentation, literals, comments and identifiers.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/loop/loop_ir.h"

namespace rnnc::cpp {

// Collects lines. Blank lines never double and never open a block.
class Lines {
 public:
  void line(const std::string& text);
  void open(const std::string& text);  // text, then one level deeper
  void close(const std::string& text = "}");
  void turn(const std::string& text);  // between two blocks: "} else {"
  void blank();
  void raw(const std::string& text);   // whole lines as they are
  std::string take() { return std::move(text_); }

 private:
  void wrap(const std::string& text);

  std::string text_;
  std::size_t depth_ = 0;
  bool fresh_ = true;  // at the start of a block or after a blank line
};

// A C++ literal with exactly this value after rounding to the element type: "0.5f", "1e-07", an infinity's spelling.
std::string literal(double value, loop::Element element);
std::string_view type_name(loop::Element element);

// One line that a `//` can carry: no line ends, no trailing backslash, no bytes that are not UTF-8, no marks that
// turn the reading direction.
std::string comment_text(std::string_view text);
// The text between the quotes of a C++ string literal.
std::string string_literal(std::string_view text);

// An ASCII identifier as like `name` as can be: Greek letters by their names, a dot as an underscore, no C++ keyword,
// no standard macro, nothing the implementation reserves. `name` may be any bytes; an empty one gives "v".
std::string identifier(std::string_view name);
// The same for what stands in a namespace or behind a prefix of rnnc's own: capitals are no macros there.
std::string qualified_identifier(std::string_view name);

// Identifiers in use, in nested scopes. A name is new in all open scopes, and among those outside, which are borrowed.
class Names {
 public:
  explicit Names(const Names* outside = nullptr) : outside_(outside) {}
  // Takes `wish` (any text) or the first of wish_2, wish_3, … that is free.
  std::string add(const std::string& wish);
  // Takes exactly this one, which the caller knows to be free or means to share.
  void take(const std::string& name) { use(name); }
  // The next of base1, base2, … from `first` on, for a base that is an identifier.
  std::string add_numbered(const std::string& base, int first);
  bool is_free(const std::string& name) const {
    return used_.count(name) == 0 && (outside_ == nullptr || outside_->is_free(name));
  }
  void open();
  void close();

 private:
  struct Scope {
    std::vector<std::string> names;        // what became used in it
    std::map<std::string, int> next = {};  // per wish: the number to try first, where it is not the outer scope's
  };

  bool use(const std::string& name);
  int& next(const std::string& wish, int first);

  const Names* outside_;
  std::set<std::string> used_;
  std::vector<Scope> scopes_ = std::vector<Scope>(1);  // the innermost last
};

// An Index in C++, in the manner of array subscripts: "(t * B + b) * 256 + j * 8". `names` gives the symbols' spellings.
// `factor` is parenthesised where it must be to stand beside an operator.
class IndexText {
 public:
  using SymbolNames = std::map<loop::SymbolId, std::string>;
  IndexText(const loop::Module& module, const SymbolNames& names) : module_(module), names_(names) {}
  std::string sum(const loop::Index& index) const;
  std::string factor(const loop::Index& index) const;

 private:
  const loop::Module& module_;
  const SymbolNames& names_;
};

}  // namespace rnnc::cpp
