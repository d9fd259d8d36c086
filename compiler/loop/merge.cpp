#include "compiler/loop/merge.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace rnnc::loop {

namespace {

// Compares two functions statement by statement. Each function has symbols of its own, made in the same order if they do the
// same; values are numbered within their function. Names do not matter.
class Comparison {
 public:
  bool same(const Function& a, const Function& b) {
    return a.kind == b.kind && a.kind != FunctionKind::entry && a.reads_run == b.reads_run && a.result == b.result &&
           a.vectors == b.vectors && same_values(a, b) && a.parameters.size() == b.parameters.size() &&
           std::equal(a.parameters.begin(), a.parameters.end(), b.parameters.begin(),
                      [&](SymbolId x, SymbolId y) { return bind(x, y); }) &&
           same(a.body, b.body);
  }

 private:
  static bool same_values(const Function& a, const Function& b) {
    return a.values.size() == b.values.size() &&
           std::equal(a.values.begin(), a.values.end(), b.values.begin(),
                      [](const Value& x, const Value& y) { return x.mask == y.mask; });
  }
  bool same(const Body& a, const Body& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [&](const Statement& x, const Statement& y) {
      return x.node.index() == y.node.index() &&
             std::visit([&](const auto& node) { return same(node, std::get<std::decay_t<decltype(node)>>(y.node)); }, x.node);
    });
  }
  bool same(const Instruction& a, const Instruction& b) {
    return a.op == b.op && a.result == b.result && a.operands == b.operands && same(a.address, b.address) &&
           a.count == b.count && same_bits(a.number, b.number) && a.pattern == b.pattern && same(a.index, b.index) &&
           same(a.index2, b.index2) && a.function == b.function && same(a.indices, b.indices);
  }
  bool same(const Loop& a, const Loop& b) {
    const bool bounds = same(a.begin, b.begin) && same(a.end, b.end) && a.step == b.step && a.reversed == b.reversed &&
                        a.unrolled == b.unrolled;
    const auto carry = [](const Loop::Carried& x, const Loop::Carried& y) {
      return x.inside == y.inside && x.initial == y.initial && x.next == y.next && x.result == y.result;
    };
    return bounds && std::equal(a.carried.begin(), a.carried.end(), b.carried.begin(), b.carried.end(), carry) &&
           bind(a.variable, b.variable) && same(a.body, b.body);
  }
  bool same(const Let& a, const Let& b) {
    return a.kind == b.kind && same(a.a, b.a) && same(a.b, b.b) && same(a.address, b.address) && a.which == b.which &&
           bind(a.symbol, b.symbol);
  }
  bool same(const Comment& a, const Comment& b) { return a.text == b.text; }
  bool same(const Launch& a, const Launch& b) {
    return a.kernel == b.kernel && same(a.arguments, b.arguments) && same(a.extent, b.extent) && same(a.cost, b.cost);
  }
  bool same(const Zero& a, const Zero& b) { return same(a.address, b.address) && same(a.count, b.count); }
  bool same(const IfGiven& a, const IfGiven& b) {
    return a.buffer == b.buffer && same(a.given, b.given) && same(a.absent, b.absent);
  }

  bool same(const Address& a, const Address& b) { return a.buffer == b.buffer && same(a.offset, b.offset); }
  bool same(const std::vector<Index>& a, const std::vector<Index>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Index& x, const Index& y) { return same(x, y); });
  }
  bool same(const Index& a, const Index& b) {
    return std::equal(a.terms().begin(), a.terms().end(), b.terms().begin(), b.terms().end(),
                      [&](const Index::Term& x, const Index::Term& y) {
                        return x.coefficient == y.coefficient &&
                               std::equal(x.factors.begin(), x.factors.end(), y.factors.begin(), y.factors.end(),
                                          [&](SymbolId s, SymbolId t) { return renamed(s) == t; });
                      });
  }
  static bool same_bits(double a, double b) { return a == b ? std::signbit(a) == std::signbit(b) : a != a && b != b; }

  bool bind(SymbolId a, SymbolId b) {
    renamed_[a] = b;
    return true;
  }
  SymbolId renamed(SymbolId id) const {
    auto found = renamed_.find(id);
    return found == renamed_.end() ? id : found->second;
  }

  std::map<SymbolId, SymbolId> renamed_;
};

class Merger {
 public:
  explicit Merger(Module& module) : module_(module), becomes_(module.functions.size()) {}

  void run() {
    IdVector<FunctionId, Function> kept;
    std::map<Digest, std::vector<FunctionId>> known;  // ids among `kept`
    for (FunctionId id : module_.functions.ids()) {
      Function& function = module_.functions[id];
      rename_calls(function.body);
      std::vector<FunctionId>& candidates = known[digest_of(function)];
      auto same = std::find_if(candidates.begin(), candidates.end(),
                               [&](FunctionId known) { return Comparison().same(kept[known], function); });
      if (same != candidates.end()) becomes_[id] = *same;
      else candidates.push_back(becomes_[id] = kept.add(std::move(function)));
    }
    module_.functions = std::move(kept);
    for (FunctionId& entry : module_.entries) entry = becomes_[entry];
  }

 private:
  // What is quickly told of a function: only those that agree in it are compared.
  using Digest = std::tuple<FunctionKind, std::size_t, std::size_t, std::size_t>;
  static Digest digest_of(const Function& f) {
    std::size_t hash = f.body.size();
    digest(f.body, hash);
    return {f.kind, f.values.size(), f.parameters.size(), hash};
  }
  // Of what does not depend on symbols: operations, and the arrays that they are for.
  static void digest(const Body& body, std::size_t& hash) {
    const auto mix = [&](std::size_t number) { hash = (hash ^ number) * 0x9e3779b97f4a7c15u + (hash >> 29); };
    for (const Statement& statement : body) {
      mix(statement.node.index());
      if (const auto* instruction = std::get_if<Instruction>(&statement.node)) {
        mix(static_cast<std::size_t>(instruction->op));
        mix(static_cast<std::size_t>(instruction->address.buffer.value));
        mix(static_cast<std::size_t>(instruction->function.value));
      } else if (const auto* loop = std::get_if<Loop>(&statement.node)) {
        digest(loop->body, hash);
      } else if (const auto* choice = std::get_if<IfGiven>(&statement.node)) {
        digest(choice->given, hash);
        digest(choice->absent, hash);
      }
    }
  }

  void rename_calls(Body& body) {
    for (Statement& statement : body) {
      if (auto* instruction = std::get_if<Instruction>(&statement.node)) {
        if (instruction->function.valid()) instruction->function = becomes_[instruction->function];
      } else if (auto* launch = std::get_if<Launch>(&statement.node)) {
        launch->kernel = becomes_[launch->kernel];
      } else if (auto* loop = std::get_if<Loop>(&statement.node)) {
        rename_calls(loop->body);
      } else if (auto* choice = std::get_if<IfGiven>(&statement.node)) {
        rename_calls(choice->given);
        rename_calls(choice->absent);
      }
    }
  }

  Module& module_;
  IdVector<FunctionId, FunctionId> becomes_;
};

}  // namespace

void merge_alike(Module& module) { Merger(module).run(); }

}  // namespace rnnc::loop
