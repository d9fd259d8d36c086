#include "dsl/syntax_help.h"

#include <algorithm>
#include <cctype>
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

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}
bool wants(const ExpectedWords& expected, std::string_view spelled) {
  return std::find(expected.spelled.begin(), expected.spelled.end(), spelled) != expected.spelled.end();
}

// For lines that begin as other languages have them; "" = none of them.
std::string foreign_line(const FoundWord& found) {
  const std::string& first = found.first;
  if (!found.before || found.before->text != first) return "";
  if (one_of(first, {"let", "var", "val", "auto", "float", "double", "int"}))
    return "an equation begins with the name that it defines: `name = value`";
  if (first == "return") return "what comes out is named by `output NAME`; the states of a lone cell come out anyway";
  if (one_of(first, {"class", "struct"})) return "a cell is written `cell NAME(DIMENSIONS) { … }`";
  if (one_of(first, {"def", "function", "func", "lambda"})) return "a function is written `fn NAME(ARGUMENTS) = value`";
  if (first == "from") return "a file is imported as a whole: `import \"lstm.rnn\"`";
  if (one_of(first, {"print", "assert"})) return "a line is a declaration or an equation, `name = value`";
  if (one_of(first, {"if", "while", "elif"})) return "a choice is a value: `name = where(condition, a, b)`";
  return "";
}

// For what is wrong in a declaration, a loop, an import or a heading.
std::string line_help(const ExpectedWords& expected, const FoundWord& found) {
  const std::string& first = found.first;
  const bool after_value = found.before && ends_value(found.before->role);
  if (one_of(first, {"input", "target", "state", "param"})) {
    if (found.text == "[" && after_value) return "a shape stands behind a colon: `" + found.before->text + " : […]`";
    if (wants(expected, "index") && !expected.name)
      return "a shape is `[H]`, `[H, I]` or `index(V)`: numbers are all of one type";
    if (wants(expected, "row") && !expected.name)
      return "`per row` is for what is the same at every step; without it there is a value for each step";
    if (found.role == WordRole::assign && after_value && found.before->role == WordRole::operand &&
        std::isalpha(static_cast<unsigned char>(found.before->text.front())))
      return "`over AXIS` stands last: `" + first + " NAME : [H] = value over AXIS`";
  }
  if (first == "for" && (wants(expected, "..") || wants(expected, "{")))
    return "a repetition is written `for k in 0..2 { … }`; both ends are included";
  if (first == "output" && found.text == ".")
    return "an output has a name of its own: `output y = " + found.before->text + "." + found.next + "`";
  if (first == "output" && one_of(found.text, {"(", "["}) && after_value)
    return "an output has a name of its own: `output y = " + found.before->text + found.text + "…`";
  if (first == "import" && expected.string) return "for example `import \"lstm.rnn\"`";
  if (first == "fn" && found.text == "{")
    return "the body of a function is one expression: `fn NAME(ARGUMENTS) = value`";
  if (first == "fn" && found.text == "=" && found.bracket) return "the arguments of a function are names only";
  if (one_of(first, {"cell", "model"}) && found.bracket && found.role == WordRole::operand)
    return "a dimension is a name, with a default if you like: `H = 256`";
  if (one_of(first, {"cell", "model"}) && wants(expected, "{"))
    return "declarations and equations follow in braces: `" + first + " NAME(DIMENSIONS) { … }`";
  return "";
}

// For operators and words of other languages.
std::string foreign_word(const ExpectedWords& expected, const FoundWord& found) {
  const std::string before = found.before ? found.before->text : "";
  if (found.text == "/" && (found.next == "/" || before == "/")) return "a comment begins with `#`";
  if (found.text == "{" && before.ends_with('_')) {
    const std::string name = before.substr(0, before.size() - 1);
    return "the value of the step before is written `" + name + "[t-1]`";
  }
  if (found.next == "=" && one_of(found.text, {"+", "-", "*", "/", ":", "@"}))
    return "nothing is assigned: `" + before + " = value` holds at every step, and `" + before +
           "[t-1]` is its value one step before";
  if (one_of(before, {"if", "then", "else"}) || one_of(found.text, {"if", "then", "else"}))
    return "a choice is written `where(condition, a, b)`";
  if (found.text == ":" && found.bracket && !wants(expected, ":")) return "a range is `a:b`, without steps";
  if (found.text == ":" && before == found.first && wants(expected, "="))
    return "say what it is: `input " + before + " : …`, `param " + before + " : …` or `state " + before + " : …`";
  if (found.text == "==" && wants(expected, "=")) return "an equation has one `=`: `name = value`";
  if (found.text == "*" && before == "*") return "a power is written `^`";
  if (found.text == "=" && found.before && found.before->role == WordRole::assign) return "a definition has one `=`";
  return "";
}

std::string add_products(const FoundWord& found) {
  std::string help = "products are written `a * b` (each entry) or `A @ b` (matrix product)";
  if (found.bracket) help = "arguments are separated by `,`; " + help;
  const std::string& before = found.before->text;
  const bool word =
      before.size() > 2 && std::all_of(before.begin(), before.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return word ? help + ", calls `" + before + "(…)`" : help;
}

std::string help_for(const ExpectedWords& expected, const FoundWord& found) {
  const bool after_value = found.before && ends_value(found.before->role);
  const bool begins_line =
      found.role == WordRole::member || found.role == WordRole::item || found.role == WordRole::unit;
  const bool after_comma = found.before && found.before->role == WordRole::comma && !found.bracket;
  if (begins_line && !found.first.empty() && ((after_value && expected.line_end && !found.bracket) || after_comma))
    return "`" + found.text + "` begins a line of its own: put it on the next line, or write `;` before it";
  for (std::string help : {foreign_line(found), line_help(expected, found), foreign_word(expected, found)})
    if (!help.empty()) return help;
  if (found.keyword && found.role != WordRole::infix && expected.name)
    return "`" + found.text + "` is a word of the language and cannot be a name";
  if (found.role == WordRole::assign && after_value && found.bracket) return "`==` asks whether two values are equal";
  if (found.role == WordRole::assign && after_value) return "an equation defines one name: `name = value`";
  if (wants(expected, "=") && expected.spelled.size() < 3 && found.role == WordRole::operand && after_value)
    return "an equation is `name = value`, a name one word: `" + found.before->text + "_" + found.text + "`";
  if (after_value && begins_value(found) && (expected.line_end || expected.operation || found.bracket))
    return add_products(found);
  return "";
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
  if (std::string help = help_for(expected, found); !help.empty()) diagnostic.help.push_back(std::move(help));
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
