// The canonical layout: what it looks like, that it keeps meaning and comments, that it is a fixed point.
#include "dsl/format.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "dsl/ast_printer.h"
#include "dsl/parser.h"

namespace rnnc::dsl {
namespace {

struct Formatted {
  bool parses = false;
  std::string text, meaning;
  std::vector<std::string> comments;
};

Formatted format_text(const std::string& text) {
  SourceMap sources;
  Diagnostics diagnostics;
  const std::int32_t id = sources.add("m.rnn", text);
  const File file = parse(sources, id, diagnostics);
  Formatted result;
  result.parses = !diagnostics.has_errors();
  if (!result.parses) return result;
  result.meaning = to_string(file);
  for (const Comment& comment : file.comments) {
    const std::size_t end = comment.text.find_last_not_of(" \t\r");
    result.comments.push_back(comment.text.substr(0, end + 1));
  }
  result.text = format(sources, id);
  return result;
}

// The formatted text, after checking what must hold of any.
std::string sound_format(const std::string& text) {
  const Formatted once = format_text(text);
  EXPECT_TRUE(once.parses) << text;
  const Formatted twice = format_text(once.text);
  EXPECT_TRUE(twice.parses) << text << "\nbecame\n" << once.text;
  EXPECT_EQ(once.meaning, twice.meaning) << text << "\nbecame\n" << once.text;
  EXPECT_EQ(once.comments, twice.comments) << text << "\nbecame\n" << once.text;
  EXPECT_EQ(once.text, twice.text) << text;
  return once.text;
}

TEST(Format, SpacesAndLines) {
  const char* written = R"(

# head
import   "lstm.rnn" ;


const eps=1e-5*2   # small
fn gate(W,U , b,x,h)=sigmoid( W@x+U @ h+b )
fn spike( x )=where(x>0 ,1,0)
derivative (1/( 1+abs(x) ))
cell A( I=3,H = 2 * I )
{

	input x:[I+1] per  row;state h ,c:[2 * H] = -1
  param E : [ I , H ]  R:[H]=uniform( -0.1,.1 ) b
  param k : index( 2*H )
    h=not x<-x and W'@ h[ t - 1 ]^2 ;
  c = a . b( - x )(H= 2 + H) [ 1 : 2*H , : ]
     +[ a*b,c ] '
  y = f( a,
  b+
  c,
  )
  for k in 1 .. I - 1 {l[ k ]=reverse  LSTM( 2 * H,H )( l[k - 1].h )}

} # end
model M{output y,z=(a-b)*-c; loss - mse( y,x )}
)";
  EXPECT_EQ(sound_format(written), R"(# head
import "lstm.rnn"

const eps = 1e-5 * 2  # small
fn gate(W, U, b, x, h) = sigmoid(W @ x + U @ h + b)
fn spike(x) = where(x > 0, 1, 0)
  derivative (1 / (1 + abs(x)))
cell A(I = 3, H = 2*I) {
  input x : [I+1] per row; state h, c : [2*H] = -1
  param E : [I, H]   R : [H] = uniform(-0.1, .1)   b
  param k : index(2*H)
  h = not x < -x and W' @ h[t-1]^2
  c = a.b(-x)(H = 2 + H)[1:2*H, :]
    + [a * b, c]'
  y = f(a,
    b +
    c,
  )
  for k in 1..I-1 { l[k] = reverse LSTM(2*H, H)(l[k-1].h) }
}  # end
model M { output y, z = (a - b) * -c; loss -mse(y, x) }
)");
}

TEST(Format, WhatIsLinedUpStaysSo) {
  const char* written = R"(model M(H = 4) {
    input  x     : [H]   # one
    target longer: [H]   # two
                         # more of two
    param  W : [H]# three

    l0  = x
    l0r = y  # not lined up
    long = z  # here
    q  = x
}
)";
  EXPECT_EQ(sound_format(written), R"(model M(H = 4) {
  input  x      : [H]  # one
  target longer : [H]  # two
                       # more of two
  param W : [H]  # three

  l0  = x
  l0r = y  # not lined up
  long = z  # here
  q = x
}
)");
}

TEST(Format, CommentsStayWhereTheyAre) {
  const char* written = R"(cell A(H) # about the cell
{ # inside
#below
  x = a  # first
      # in between
      + b


  # one blank line above
    # last

}

# behind
)";
  EXPECT_EQ(sound_format(written), R"(cell A(H)  # about the cell
  {  # inside
  #below
  x = a  # first
    # in between
    + b

  # one blank line above
  # last
}

# behind
)");
}

TEST(Format, NothingAtAll) {
  EXPECT_EQ(sound_format(""), "");
  EXPECT_EQ(sound_format("\n\n\n"), "");
  EXPECT_EQ(sound_format(" # only this"), "# only this\n");
  EXPECT_EQ(sound_format("cell A {\n\n}"), "cell A {}\n");
  EXPECT_EQ(sound_format("\xEF\xBB\xBF" "cell A {}\r\n"), "cell A {}\n");
}

std::vector<std::pair<std::string, std::string>> sources_of_the_repository() {
  const std::filesystem::path root = std::filesystem::path(RNNC_SOURCE_DIR);
  std::vector<std::pair<std::string, std::string>> found;
  for (const char* folder : {"examples", "tests"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".rnn") continue;
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      found.emplace_back(std::filesystem::relative(entry.path(), root).string(), text.str());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST(Format, KeepsTheRepositorysSourcesAndTheExamplesAreCanonical) {
  const auto sources = sources_of_the_repository();
  EXPECT_GT(sources.size(), 10u);
  for (const auto& [name, text] : sources) {
    const std::string formatted = sound_format(text);
    if (name.starts_with("examples")) {
      EXPECT_EQ(formatted, text) << name << ": run rnnc fmt";
    }
  }
}

// Changes the text: mostly its layout only, now and then anything.
std::string mutated(std::string text, std::mt19937& random) {
  static const char* const spaces[] = {" ", "   ", "\t", "  \t "};
  static const char* const line_ends[] = {"\n", "\n\n\n", " # c\n", "# é  \n", "\n\n# d\n   # e\n", ";\n", "\r\n", "\t\n"};
  static const char* const anything[] = {"", ";", ",", "(", ")", "-", "'", " not ", "^", ":", "derivative ", "\n"};
  const auto one_of = [&](const auto& list) { return list[random() % std::size(list)]; };
  const int changes = 1 + static_cast<int>(random() % 12);
  for (int i = 0; i < changes && !text.empty(); ++i) {
    const std::size_t at = random() % text.size();
    const std::size_t layout = text.find_first_of(" \n,*+(", at);
    if (layout == std::string::npos || random() % 50 == 0) {
      text.replace(at, random() % 2, one_of(anything));
    } else if (text[layout] == ' ') {
      text.replace(layout, 1, one_of(spaces));
    } else if (text[layout] == '\n') {
      text.replace(layout, 1, one_of(line_ends));
    } else {
      text.insert(layout + 1, random() % 3 == 0 ? one_of(line_ends) : one_of(spaces));
    }
  }
  return text;
}

TEST(Format, RandomChangesKeepMeaningAndComments) {
  constexpr unsigned seed = 7;
  std::mt19937 random(seed);
  int sound = 0;
  for (const auto& [name, text] : sources_of_the_repository()) {
    for (int i = 0; i < 30; ++i) {
      const std::string other = mutated(text, random);
      if (!format_text(other).parses) continue;
      ++sound;
      sound_format(other);
      if (HasFailure()) FAIL() << name << " with seed " << seed;
    }
  }
  EXPECT_GT(sound, 300);
}

}  // namespace
}  // namespace rnnc::dsl
