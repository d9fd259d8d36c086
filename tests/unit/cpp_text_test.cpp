// Names, comments and strings of emitted C++.
#include <gtest/gtest.h>

#include "compiler/backend/cpp/text.h"

namespace rnnc {
namespace {

TEST(CppNames, Identifiers) {
  EXPECT_EQ(cpp::identifier("l1.W_f"), "l1_W_f");
  EXPECT_EQ(cpp::identifier("class"), "class_");
  EXPECT_EQ(cpp::identifier("std"), "std_");
  EXPECT_EQ(cpp::identifier("NAN"), "NAN_");
  EXPECT_EQ(cpp::identifier("M_PI"), "M_PI_");
  EXPECT_EQ(cpp::identifier("M_El"), "M_El_");
  EXPECT_EQ(cpp::identifier("M_SQRT2f64x"), "M_SQRT2f64x_");
  EXPECT_EQ(cpp::identifier("M_f"), "M_f");
  EXPECT_EQ(cpp::identifier("M_"), "M_");
  EXPECT_EQ(cpp::identifier("σ"), "sigma");
  EXPECT_EQ(cpp::identifier("ΔW"), "DeltaW");
  EXPECT_EQ(cpp::identifier("h→"), "hu2192");
  EXPECT_EQ(cpp::identifier("__x__y"), "x_y");
  EXPECT_EQ(cpp::identifier("1st"), "n1st");
  EXPECT_EQ(cpp::identifier(""), "v");
  EXPECT_EQ(cpp::identifier("\xff\xfe"), "uffufe");
  cpp::Names names;
  EXPECT_EQ(names.add("h"), "h");
  EXPECT_EQ(names.add("h"), "h_2");
  names.open();
  EXPECT_EQ(names.add("h"), "h_3");
  EXPECT_EQ(names.add("h_2"), "h_2_2");
  names.close();
  EXPECT_EQ(names.add("h"), "h_3");
  EXPECT_EQ(names.add_numbered("h", 0), "h0");
  EXPECT_EQ(names.add_numbered("h", 0), "h1");
  for (int number = 0; number < 12; ++number)
    EXPECT_EQ(names.add_numbered("A", 0), (number < 10 ? "A" : "v_A") + std::to_string(number));
  for (const char* base : {"AB", "GATE_", "H1", "X_", "rnnc_model", "XSIMD", "M_PIf"})
    for (const char* number : {"0", "1"}) EXPECT_EQ(names.add_numbered(base, 0), "v_" + std::string(base) + (std::string(base) == "H1" ? "_" : "") + number);
}

TEST(CppNames, CommentsAndStringsStayInTheirLine) {
  EXPECT_EQ(cpp::comment_text("a\nb\\"), "a b");
  EXPECT_EQ(cpp::comment_text("x \xe2\x80\xae y"), "x   y");
  EXPECT_EQ(cpp::comment_text("\xff"), "?");
  EXPECT_EQ(cpp::comment_text("h = σ(x)"), "h = σ(x)");
  EXPECT_EQ(cpp::string_literal("a\"b\\\n1"), "a\\\"b\\\\\\0121");
}

}  // namespace
}  // namespace rnnc
