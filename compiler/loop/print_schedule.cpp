// `--emit=schedule`: what runs when, what is stored where, and what is hoisted, stacked and recomputed.
#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "compiler/ir/print_expression.h"
#include "compiler/loop/lower.h"
#include "compiler/loop/schedule.h"
#include "compiler/loop/static_data.h"

namespace rnnc::loop {

using ir::NodeId;

namespace {

class SchedulePrinter {
 public:
  SchedulePrinter(const ir::Program& program, const Schedule& schedule)
      : program_(program), schedule_(schedule), initial_values_(program),
        expressions_(program, initial_values_, ir::most_nodes_of_a_comment) {
    for (ir::EquationId e : program.equations.ids())
      if (program.equations[e].value.valid() && program.equation_of(program.equations[e].value) == e)
        expressions_.name(program.equations[e].value, program.equations[e].name);
  }

  std::string run(const std::string& title) {
    out_ << title << "\n";
    std::map<int, std::vector<const PlannedKernel*>> phases;
    for (const PlannedKernel& kernel : schedule_.kernels)
      if (kernel.window_phase < 0) phases[kernel.position.phase].push_back(&kernel);
    for (const auto& [phase, kernels] : phases) print_phase(phase, kernels);
    return out_.str();
  }

 private:
  void print_phase(int phase, const std::vector<const PlannedKernel*>& kernels) {
    if (phase % 2 == 0) {
      out_ << "  once per run\n";
      for (const PlannedKernel* kernel : kernels) print_kernel(*kernel, 4);
      return;
    }
    const Segment& segment = schedule_.order.segment(phase);
    std::string axis = expressions_.axis_name(segment.axis);
    out_ << "  in blocks of steps, " << (segment.direction < 0 ? "falling" : "rising") << " " << axis << "\n";
    int stage = -1, component = -1;
    for (const PlannedKernel* kernel : kernels) {
      if (kernel->position.stage != stage || kernel->position.component != component) {
        stage = kernel->position.stage;
        component = kernel->position.component;
        if (component == 0) out_ << "    all rows of the block at once\n";
        else out_ << "    recurrence, step by step (" << recurrence_names(kernels, component) << ")\n";
      }
      print_kernel(*kernel, 6);
    }
    bool heading = false;
    for (const PlannedKernel& kernel : schedule_.kernels) {
      if (kernel.window_phase != phase) continue;
      if (!std::exchange(heading, true)) out_ << "    at the end of each window\n";
      print_kernel(kernel, 6);
    }
  }

  std::string recurrence_names(const std::vector<const PlannedKernel*>& kernels, int component) const {
    std::set<std::string> names;
    for (const PlannedKernel* kernel : kernels)
      if (kernel->position.component == component)
        for (NodeId id : kernel->stores)
          if (schedule_.stored[id]->before + schedule_.stored[id]->after > 0) names.insert(name_of(program_, id));
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
  }

  void print_kernel(const PlannedKernel& kernel, int indent) {
    std::string space(static_cast<std::size_t>(indent), ' ');
    if (kernel.kind == KernelKind::boundary) {
      out_ << space << "fill the steps around " << name_of(program_, kernel.stores.front()) << "\n";
      return;
    }
    out_ << space << heading(kernel) << "\n";
    for (NodeId id : kernel.stores)
      out_ << space << "  " << name_of(program_, id) << " = " << clipped(expressions_.definition(id)) << "    "
           << storage(id) << "\n";
  }

  // A kernel's products, those with one operand stacked into one walk over it.
  std::string heading(const PlannedKernel& kernel) const {
    std::map<NodeId, std::vector<NodeId>> walks;
    for (NodeId id : kernel.products) walks[program_[id].operands[1]].push_back(program_[id].operands[0]);
    std::string text;
    for (const auto& [operand, matrices] : walks) {
      std::string stack;
      for (NodeId matrix : matrices) stack += (stack.empty() ? "" : "; ") + expressions_.reference(matrix);
      text += std::string(text.empty() ? "" : ", ") + (matrices.size() > 1 ? "stacked [" + stack + "]" : stack) + " @ " +
              clipped(expressions_.reference(operand));
    }
    switch (kernel.kind) {
      case KernelKind::map: return text.empty() ? "elementwise:" : "products " + text + ", and behind them:";
      case KernelKind::reduce: return "reduction over entries:";
      case KernelKind::accumulate: return is_product_over_rows(kernel) ? "one product over all rows:" : "sum over rows:";
      case KernelKind::structure:
      case KernelKind::boundary: break;
    }
    return "moved:";
  }
  bool is_product_over_rows(const PlannedKernel& kernel) const {
    return sums_products(program_, kernel.stores.front());
  }

  std::string storage(NodeId id) const {
    const Stored& stored = *schedule_.stored[id];
    std::string where = stored.tape ? "tape" : "workspace";
    switch (stored.extent) {
      case Extent::full:
        return "(" + where + (stored.windowed ? ": one window" : ": every step") + margins(stored) + ")";
      case Extent::block: return "(" + where + ": this block)";
      case Extent::step: return "(" + where + ": this step)";
      case Extent::row: return "(" + where + ": one per row)";
      case Extent::single: return "(" + where + ")";
    }
    return "";
  }
  static std::string margins(const Stored& stored) {
    std::string text;
    if (stored.before > 0) text += ", " + std::to_string(stored.before) + " before";
    if (stored.after > 0) text += ", " + std::to_string(stored.after) + " after";
    return text;
  }
  static std::string clipped(const std::string& text) { return ir::clipped(text, 120); }

  const ir::Program& program_;
  const Schedule& schedule_;
  ir::InitialValues initial_values_;
  ir::ExpressionPrinter expressions_;
  std::ostringstream out_;
};

}  // namespace

std::string to_string(const ir::Program& program, const Schedule& schedule, const std::string& title) {
  return SchedulePrinter(program, schedule).run(title);
}

std::string to_string(const Plans& plans) {
  std::string text = to_string(plans.program, plans.forward, "forward (inference)");
  if (!plans.has_backward) return text;
  text += "\n" + to_string(plans.program, plans.forward_train, "forward_train") + "\n" +
          to_string(plans.program, plans.backward, "backward");
  for (const auto& [phase, again] : plans.recompute) {
    int number = (phase + 1) / 2;
    text += "\n" + to_string(plans.program, again,
                             "computed again in each window of backward's walk" +
                                 (plans.recompute.size() > 1 || number > 1 ? " number " + std::to_string(number) : ""));
  }
  return text;
}

}  // namespace rnnc::loop
