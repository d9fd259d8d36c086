#include "compiler/sema/reference.h"

#include <array>

#include "compiler/ir/elementwise.h"

namespace rnnc::sema {
namespace {

struct Builtin {
  Section section;
  std::string_view forms, summary;
};
constexpr Builtin builtins[] = {
#define X(name, section, forms, summary) {Section::section, forms, summary},
#include "compiler/sema/builtins.def"
#undef X
};

// A `|` would end the cell of the table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string row(std::string_view forms, std::string_view summary) {
  std::string code;
  for (std::size_t begin = 0; begin < forms.size();) {
    const std::size_t end = std::min(forms.find("; ", begin), forms.size());
    code += (code.empty() ? "`" : " `") + std::string(forms.substr(begin, end - begin)) + "`";
    begin = end + 2;
  }
  return "| " + code + " | " + cell(summary) + " |\n";
}

// "clamp(x, low, high) = …" and "where(c, a, b): …" name their arguments; the others are f(x), f(x, y).
std::string elementwise_row(const ir::Elementwise& row_of) {
  const std::string name(row_of.name);
  std::string form = name + (row_of.arity == 1 ? "(x)" : "(x, y)"), summary(row_of.summary);
  if (summary.starts_with(name + "(")) {
    const std::size_t end = summary.find(')') + 1;
    form = summary.substr(0, end);
    summary = summary.substr(summary.find_first_not_of(" =:", end));
  }
  return row(form, summary);
}

bool is_operator(const ir::Elementwise& row_of) {
  const std::string_view word = row_of.name;
  return !row_of.spelling.empty() || word == "not";
}

std::string operator_row(const ir::Elementwise& row_of) {
  const std::string spelling(row_of.spelling.empty() ? row_of.name : row_of.spelling);
  const bool is_word = spelling[0] >= 'a' && spelling[0] <= 'z';
  const std::string before = row_of.arity == 2 ? "x " + spelling + " y" : spelling + (is_word ? " x" : "x");
  const bool named = row_of.name != spelling;
  return row(before + (named ? "; " + std::string(row_of.name) + (row_of.arity == 2 ? "(x, y)" : "(x)") : ""),
             row_of.summary);
}

}  // namespace

std::string functions_table(Section section) {
  std::string table;
  switch (section) {
    case Section::elementwise:
    case Section::operators:
      for (const ir::Elementwise& each : ir::elementwise_table()) {
        if (is_operator(each) != (section == Section::operators)) continue;
        table += section == Section::operators ? operator_row(each) : elementwise_row(each);
      }
      break;
    case Section::entries:
    case Section::steps:
    case Section::losses:
      for (const Builtin& each : builtins)
        if (each.section == section) table += row(each.forms, each.summary);
      break;
  }
  return table;
}

std::string list_functions() {
  struct Heading {
    Section section;
    std::string_view text;
  };
  constexpr std::array headings = {
      Heading{Section::elementwise, "Entry by entry, on any shape; of several arguments some may be single numbers:"},
      Heading{Section::operators, "Operators are functions as well:"},
      Heading{Section::entries, "Over the entries of a value:"},
      Heading{Section::steps, "Over the steps of a sequence, giving a value per row:"},
      Heading{Section::losses, "For losses:"},
  };
  std::string text;
  for (const Heading& heading : headings) {
    text += (text.empty() ? "" : "\n") + std::string(heading.text) + "\n\n| | |\n|---|---|\n";
    text += functions_table(heading.section);
  }
  return text;
}

}  // namespace rnnc::sema
