// Whole numbers in LLVM: polynomials over 64-bit values, emitted as far out of the loops as they can stand.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <cstdint>
#include <map>
#include <vector>

namespace rnnc::backend {

// An Index whose symbols have become values: a constant and a sum of integer coefficients times products of atoms.
struct Polynomial {
  struct Term {
    std::int64_t coefficient = 0;
    std::vector<int> atoms;  // sorted: equal means equal
  };
  std::int64_t constant = 0;
  std::vector<Term> terms;  // sorted by atoms, no zero coefficients
};
Polynomial operator+(const Polynomial& a, const Polynomial& b);
Polynomial operator*(const Polynomial& a, const Polynomial& b);

// Knows the values that whole numbers are made of, and at which depth of nesting each came to be. Sums are built
// outermost values first, so that what an inner loop does not change is computed before it, once, and shared by all
// that need it; the constant part comes last and becomes the displacement of the memory operand.
class Addressing {
 public:
  explicit Addressing(llvm::IRBuilder<>& builder) : builder_(builder) { scopes_.emplace_back(); }

  // A value made at the builder's present place (`outermost`: or before everything else in the function).
  Polynomial atom(llvm::Value* value, bool outermost = false);
  Polynomial constant(std::int64_t number) const { return {number, {}}; }

  llvm::Value* number(const Polynomial& polynomial);
  // base + polynomial elements. `base` is made before every loop.
  llvm::Value* pointer(llvm::Value* base, llvm::Type* element, const Polynomial& offset);

  // A loop's body or a branch begins: what does not depend on it goes before `terminator`. Ends are nested.
  void open(llvm::Instruction* terminator);
  void close();

 private:
  struct Atom {
    llvm::Value* value = nullptr;
    int depth = 0;
  };
  using Key = std::vector<std::int64_t>;
  struct Scope {
    llvm::Instruction* end = nullptr;  // where this depth's code ends for the scope inside it; null: the innermost
    std::map<Key, llvm::Value*> made;
  };
  template <class Make>
  llvm::Value* once(int depth, const Key& key, Make&& make);
  int depth_of(const Polynomial::Term& term) const;
  std::vector<const Polynomial::Term*> outermost_first(const Polynomial& polynomial) const;
  llvm::Value* product(const Polynomial::Term& term);
  std::int64_t base_number(llvm::Value* base);

  llvm::IRBuilder<>& builder_;
  std::vector<Atom> atoms_;
  std::vector<Scope> scopes_;
  std::map<llvm::Value*, std::int64_t> bases_;
};

}  // namespace rnnc::backend
