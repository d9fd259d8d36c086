#include "compiler/loop/loop_ir.h"

#include <algorithm>
#include <map>

#include "compiler/base/bug.h"

namespace rnnc::loop {
namespace {

// Coefficients are byte and element counts: one that leaves 64 bits comes from dimensions no machine can hold.
[[noreturn]] void too_large() { throw Unsupported("an array of this model would be larger than 2^63 bytes"); }

std::int64_t checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) too_large();
  return sum;
}

std::int64_t checked_mul(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) too_large();
  return product;
}

// Sorts, adds up terms of equal factors and drops those that vanish.
std::vector<Index::Term> canonical(std::vector<Index::Term> terms) {
  std::sort(terms.begin(), terms.end(),
            [](const Index::Term& a, const Index::Term& b) { return a.factors < b.factors; });
  std::vector<Index::Term> result;
  for (Index::Term& term : terms) {
    if (!result.empty() && result.back().factors == term.factors) {
      result.back().coefficient = checked_add(result.back().coefficient, term.coefficient);
    } else {
      result.push_back(std::move(term));
    }
  }
  std::erase_if(result, [](const Index::Term& term) { return term.coefficient == 0; });
  return result;
}

}  // namespace

Index::Index(std::int64_t constant) {
  if (constant != 0) terms_.push_back({constant, {}});
}

Index::Index(SymbolId symbol) { terms_.push_back({1, {symbol}}); }

bool Index::is_constant() const { return terms_.empty() || (terms_.size() == 1 && terms_[0].factors.empty()); }

std::int64_t Index::constant() const {
  // The empty list of factors sorts first.
  return !terms_.empty() && terms_[0].factors.empty() ? terms_[0].coefficient : 0;
}

bool Index::mentions(SymbolId symbol) const {
  return std::any_of(terms_.begin(), terms_.end(), [&](const Term& term) {
    return std::binary_search(term.factors.begin(), term.factors.end(), symbol);
  });
}

Index operator+(const Index& a, const Index& b) {
  Index sum;
  sum.terms_ = a.terms_;
  sum.terms_.insert(sum.terms_.end(), b.terms_.begin(), b.terms_.end());
  sum.terms_ = canonical(std::move(sum.terms_));
  return sum;
}

Index operator-(const Index& a, const Index& b) { return a + b * Index(-1); }

Index operator*(const Index& a, const Index& b) {
  Index product;
  for (const Index::Term& x : a.terms_) {
    for (const Index::Term& y : b.terms_) {
      Index::Term term;
      term.coefficient = checked_mul(x.coefficient, y.coefficient);
      std::merge(x.factors.begin(), x.factors.end(), y.factors.begin(), y.factors.end(),
                 std::back_inserter(term.factors));
      product.terms_.push_back(std::move(term));
    }
  }
  product.terms_ = canonical(std::move(product.terms_));
  return product;
}

std::string_view op_name(Op op) {
  switch (op) {
#define X(name) \
  case Op::name: return #name;
    RNNC_OPS(X)
#undef X
  }
  throw Bug("an instruction of the loop IR has no such operation");
}

}  // namespace rnnc::loop
