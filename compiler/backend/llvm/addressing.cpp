#include "compiler/backend/llvm/addressing.h"

#include <algorithm>

#include "compiler/base/bug.h"

namespace rnnc::backend {
namespace {

void canonicalise(Polynomial& polynomial) {
  auto& terms = polynomial.terms;
  std::sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) { return a.atoms < b.atoms; });
  std::vector<Polynomial::Term> merged;
  for (Polynomial::Term& term : terms) {
    if (term.atoms.empty()) {
      polynomial.constant += term.coefficient;
    } else if (!merged.empty() && merged.back().atoms == term.atoms) {
      merged.back().coefficient += term.coefficient;
    } else {
      merged.push_back(std::move(term));
    }
  }
  std::erase_if(merged, [](const auto& term) { return term.coefficient == 0; });
  terms = std::move(merged);
}

}  // namespace

Polynomial operator+(const Polynomial& a, const Polynomial& b) {
  Polynomial sum = a;
  sum.constant += b.constant;
  sum.terms.insert(sum.terms.end(), b.terms.begin(), b.terms.end());
  canonicalise(sum);
  return sum;
}

Polynomial operator*(const Polynomial& a, const Polynomial& b) {
  Polynomial product;
  product.constant = a.constant * b.constant;
  for (const auto& term : a.terms) product.terms.push_back({term.coefficient * b.constant, term.atoms});
  for (const auto& term : b.terms) product.terms.push_back({term.coefficient * a.constant, term.atoms});
  for (const auto& x : a.terms) {
    for (const auto& y : b.terms) {
      Polynomial::Term term{x.coefficient * y.coefficient, {}};
      std::merge(x.atoms.begin(), x.atoms.end(), y.atoms.begin(), y.atoms.end(), std::back_inserter(term.atoms));
      product.terms.push_back(std::move(term));
    }
  }
  canonicalise(product);
  return product;
}

Polynomial Addressing::atom(llvm::Value* value, bool outermost) {
  if (auto* number = llvm::dyn_cast<llvm::ConstantInt>(value)) return {number->getSExtValue(), {}};
  atoms_.push_back({value, outermost ? 0 : static_cast<int>(scopes_.size()) - 1});
  return {0, {{1, {static_cast<int>(atoms_.size()) - 1}}}};
}

void Addressing::open(llvm::Instruction* terminator) {
  scopes_.back().end = terminator;
  scopes_.emplace_back();
}

void Addressing::close() {
  check(scopes_.size() > 1, "a scope of the code generator closed twice");
  scopes_.pop_back();
  scopes_.back().end = nullptr;
}

template <class Make>
llvm::Value* Addressing::once(int depth, const Key& key, Make&& make) {
  Scope& scope = scopes_[static_cast<std::size_t>(depth)];
  llvm::Value*& value = scope.made[key];
  if (value) return value;
  llvm::IRBuilder<>::InsertPointGuard guard(builder_);
  if (scope.end) builder_.SetInsertPoint(scope.end);
  return value = make();
}

int Addressing::depth_of(const Polynomial::Term& term) const {
  int depth = 0;
  for (int atom : term.atoms) depth = std::max(depth, atoms_[static_cast<std::size_t>(atom)].depth);
  return depth;
}

std::vector<const Polynomial::Term*> Addressing::outermost_first(const Polynomial& polynomial) const {
  std::vector<const Polynomial::Term*> terms;
  for (const auto& term : polynomial.terms) terms.push_back(&term);
  std::stable_sort(terms.begin(), terms.end(), [&](auto* a, auto* b) { return depth_of(*a) < depth_of(*b); });
  return terms;
}

// coefficient * a * b …, the outermost factors first.
llvm::Value* Addressing::product(const Polynomial::Term& term) {
  std::vector<int> factors = term.atoms;
  std::stable_sort(factors.begin(), factors.end(), [&](int a, int b) {
    return atoms_[static_cast<std::size_t>(a)].depth < atoms_[static_cast<std::size_t>(b)].depth;
  });
  Key key{0, term.coefficient};
  llvm::Value* value = nullptr;
  for (int factor : factors) {
    const Atom atom = atoms_[static_cast<std::size_t>(factor)];
    key.push_back(factor);
    value = once(atom.depth, key, [&]() -> llvm::Value* {
      if (value) return builder_.CreateNSWMul(value, atom.value);
      if (term.coefficient == 1) return atom.value;
      return builder_.CreateNSWMul(atom.value, builder_.getInt64(static_cast<std::uint64_t>(term.coefficient)));
    });
  }
  return value;
}

llvm::Value* Addressing::number(const Polynomial& polynomial) {
  llvm::Value* sum = nullptr;
  Key key{1};
  for (const Polynomial::Term* term : outermost_first(polynomial)) {
    key.push_back(static_cast<std::int64_t>(term->atoms.size()));
    key.push_back(term->coefficient);
    key.insert(key.end(), term->atoms.begin(), term->atoms.end());
    llvm::Value* part = product(*term);
    sum = once(depth_of(*term), key, [&]() -> llvm::Value* { return sum ? builder_.CreateNSWAdd(sum, part) : part; });
  }
  llvm::Value* constant = builder_.getInt64(static_cast<std::uint64_t>(polynomial.constant));
  if (!sum) return constant;
  return polynomial.constant == 0 ? sum : builder_.CreateNSWAdd(sum, constant);
}

std::int64_t Addressing::base_number(llvm::Value* base) {
  return bases_.emplace(base, static_cast<std::int64_t>(bases_.size())).first->second;
}

llvm::Value* Addressing::pointer(llvm::Value* base, llvm::Type* element, const Polynomial& offset) {
  llvm::Value* pointer = base;
  Key key{2, base_number(base)};
  for (const Polynomial::Term* term : outermost_first(offset)) {
    key.push_back(static_cast<std::int64_t>(term->atoms.size()));
    key.push_back(term->coefficient);
    key.insert(key.end(), term->atoms.begin(), term->atoms.end());
    llvm::Value* part = product(*term);
    pointer = once(depth_of(*term), key, [&] { return builder_.CreateGEP(element, pointer, part); });
  }
  if (offset.constant == 0) return pointer;
  return builder_.CreateGEP(element, pointer, builder_.getInt64(static_cast<std::uint64_t>(offset.constant)));
}

}  // namespace rnnc::backend
