#include "dsl/syntax_help.h"

#include <algorithm>
#include <cstdio>

#include "dsl/unicode.h"

namespace rnnc::dsl {
namespace {

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string out = "`";
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode(text, at);
    if (at + point.length > longest) {
      out += "…";
      break;
    }
    append_utf8(out, printable(point.value) ? point.value : U'\uFFFD');
    at += point.length;
  }
  return out + "`";
}

std::string either(const std::vector<std::string>& things) {
  std::string out;
  for (std::size_t i = 0; i < things.size(); ++i) {
    if (i > 0) out += i + 1 < things.size() ? ", " : " or ";
    out += things[i];
  }
  return out;
}

std::string describe(const ExpectedWords& expected, const FoundWord& found) {
  std::vector<std::string> things;
  const bool after_value = found.before && ends_value(found.before->role) && found.before->text != "}";
  if (expected.expression) things.push_back("a value");
  if (expected.string) things.push_back("a file name in double quotes");
  if (expected.name && !expected.expression && !expected.member && !(expected.line_end && after_value)) {
    things.push_back("a name");
  }
  if (expected.operation || (expected.line_end && after_value && !expected.unit)) things.push_back("an operator");
  if (expected.member) {
    things.push_back("a declaration or an equation");
  } else if (expected.unit) {
    things.push_back("`cell`, `model`, `fn`, `const` or `import`");
  }
  for (const std::string& spelled : expected.spelled) {
    const bool begins_value = expected.expression && (spelled == "(" || spelled == "[" || spelled == "index");
    const bool follows_value = expected.operation && (spelled == "(" || spelled == "[");
    const bool free_word = spelled == "in" || spelled == "row" || spelled == "index";
    const bool a_name = (expected.name || expected.expression) && free_word;
    const bool beside_line_end = expected.line_end;
    if (!begins_value && !follows_value && !a_name && !beside_line_end) things.push_back("`" + spelled + "`");
  }
  if (expected.line_end && !expected.member && !expected.unit) things.push_back("the end of the line");
  if (things.empty() && expected.file_end) things.push_back("the end of the file");
  return either(things);
}

std::string describe(const FoundWord& found) {
  switch (found.role) {
    case WordRole::line_end: return "the end of the line";
    case WordRole::file_end: return "the end of the file";
    default: return (found.keyword ? "the keyword " : "") + quoted(found.text);
  }
}

bool begins_value(const FoundWord& found) {
  return (found.role == WordRole::operand && found.text.front() != '"') || found.text == "(";
}

void add_help(Diagnostic& diagnostic, const ExpectedWords& expected, const FoundWord& found) {
  const auto help = [&](std::string text) { diagnostic.help.push_back(std::move(text)); };
  const bool after_value = found.before && ends_value(found.before->role);
  const bool begins_line = found.role == WordRole::member || found.role == WordRole::item || found.role == WordRole::unit;
  if (begins_line && after_value && expected.line_end && !found.bracket) {
    help("`" + found.text + "` begins a line of its own: put it on the next line, or write `;` before it");
  } else if (found.keyword && found.role != WordRole::infix && expected.name) {
    help("`" + found.text + "` is a word of the language and cannot be a name");
  } else if (found.role == WordRole::assign && after_value && found.bracket) {
    help("`==` asks whether two values are equal");
  } else if (found.role == WordRole::assign && after_value) {
    help("an equation defines one name: `name = value`");
  } else if (found.text == "*" && found.before && found.before->text == "*") {
    help("a power is written `^`");
  } else if (found.text == "=" && found.before && found.before->role == WordRole::assign) {
    help("a definition has one `=`");
  } else if (after_value && begins_value(found) && (expected.line_end || expected.operation || found.bracket)) {
    const std::string products = "products are written `a * b` (each entry) or `A @ b` (matrix product)";
    help(found.bracket ? "arguments are separated by `,`; " + products : products);
  }
}

}  // namespace

Diagnostic syntax_error(const ExpectedWords& expected, const FoundWord& found) {
  const std::string wanted = describe(expected, found);
  Diagnostic diagnostic{DiagnosticKind::syntax_error, "", {{found.span, ""}}, {}};
  if (wanted.empty()) {
    diagnostic.message = describe(found) + " does not fit here";
  } else {
    diagnostic.message = "expected " + wanted + ", found " + describe(found);
  }
  const bool lacks_value = expected.expression && found.before &&
                           (found.before->role == WordRole::infix || found.before->role == WordRole::prefix ||
                            found.before->role == WordRole::assign);
  if (lacks_value) {
    diagnostic.labels.front().text = "expected " + wanted;
    diagnostic.labels.push_back({found.before->span, "after this " + quoted(found.before->text)});
  }
  if (found.bracket && !lacks_value) diagnostic.labels.push_back({*found.bracket, "inside this"});
  add_help(diagnostic, expected, found);
  return diagnostic;
}

Diagnostic stray_character(std::string_view text, Span span) {
  struct Meant {
    char32_t seen;
    const char* help;
  };
  static constexpr Meant meant[] = {
      {U'×', "write `*`"}, {U'·', "write `*` (each entry) or `@` (matrix product)"}, {U'⊙', "write `*`"},
      {U'∘', "write `*`"}, {U'−', "write `-`"}, {U'–', "write `-`"}, {U'÷', "write `/`"}, {U'≤', "write `<=`"},
      {U'≥', "write `>=`"}, {U'≠', "write `!=`"}, {U'“', "write `\"`"}, {U'”', "write `\"`"}, {U'’', "write `'`"},
      {U'…', "write `..`"}, {U'⊤', "write `'` for the transpose"}, {U'ᵀ', "write `'` for the transpose"},
      {U'σ', "the logistic function is `sigmoid`"}, {U'&', "write `and`"}, {U'|', "write `or`"}, {U'!', "write `not`"},
      {U'?', "a choice is written `where(condition, a, b)`"}, {U'$', nullptr}, {U'`', nullptr}, {U'~', "write `not`"},
  };
  const CodePoint point = decode(text, span.begin);
  Diagnostic diagnostic{DiagnosticKind::stray_character, "", {{span, ""}}, {}};
  if (!printable(point.value)) {
    char number[16];
    std::snprintf(number, sizeof number, "U+%04X", static_cast<unsigned>(point.value));
    diagnostic.message = std::string("an invisible character (") + number + ") stands here";
    diagnostic.help.push_back("delete it");
  } else {
    diagnostic.message = quoted(text.substr(span.begin, point.length)) + " means nothing here";
  }
  const auto found =
      std::find_if(std::begin(meant), std::end(meant), [&](const Meant& row) { return row.seen == point.value; });
  if (found != std::end(meant)) {
    if (found->help != nullptr) diagnostic.help.push_back(found->help);
  } else if (point.valid && point.value >= 0x80 && printable(point.value)) {
    diagnostic.help.push_back("names are made of the letters a to z and A to Z, digits and `_`");
  }
  return diagnostic;
}

Diagnostic bad_number(std::string_view spelled, Span span) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto first_letter = std::find_if(spelled.begin(), spelled.end(), is_letter);
  const auto letters = static_cast<std::size_t>(first_letter - spelled.begin());
  Diagnostic diagnostic{
      DiagnosticKind::bad_number, quoted(spelled) + " is neither a number nor a name", {{span, ""}}, {}};
  constexpr std::size_t readable = 30;
  if (spelled.size() <= readable && letters > 0) {
    diagnostic.help.push_back("a product is written `" + std::string(spelled.substr(0, letters)) + " * " +
                              std::string(spelled.substr(letters)) + "`; names begin with a letter");
  }
  return diagnostic;
}

}  // namespace rnnc::dsl
