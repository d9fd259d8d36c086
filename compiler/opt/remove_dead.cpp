#include "compiler/opt/passes.h"
#include "compiler/opt/transcribe.h"

namespace rnnc::opt {

using namespace ir;

Program remove_dead(const Program& program) {
  std::vector<NodeId> roots;
  for (const Result& result : program.results) roots.push_back(result.node);
  for (const StateInfo& state : program.states)
    if (state.equation.valid()) roots.push_back(program.value(state.equation));
  IdVector<NodeId, char> live = needed(program, roots);
  // A name stays with its value; a transient equation is kept by the reads that refer to it, not for its name.
  IdVector<EquationId, char> keep(program.equations.size(), false);
  for (EquationId id : program.equations.ids()) {
    const Equation& equation = program.equations[id];
    keep[id] = equation.value.valid() && live[equation.value] && !equation.transient;
  }
  for (const StateInfo& state : program.states)
    if (state.equation.valid()) keep[state.equation] = true;
  return transcribe(program, keep);
}

}  // namespace rnnc::opt
