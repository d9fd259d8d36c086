#include "compiler/loop/windows.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "compiler/base/bug.h"

namespace rnnc::loop {

using ir::NodeId;
using ir::NodeKind;

namespace {

// That a kernel of a schedule reads a stored value.
struct Read {
  const PlannedKernel* kernel = nullptr;
  bool at = false;  // as a whole sequence, at its first or last step
  bool operator==(const Read&) const = default;
};
using Reads = IdVector<NodeId, std::vector<Read>>;

// Planning what a walk of backward computes again takes as long as planning the forward pass does. Of a model of more walks,
// such as hundreds of layers that read the past and the future in turn, what the others read keeps every step.
constexpr std::ptrdiff_t most_recomputing = 64;

// The nodes that a walk has met. The next walk takes no time to begin, however large the program is.
class Met {
 public:
  explicit Met(std::size_t nodes) : walk_of_(nodes, 0) {}
  void next_walk() { ++walk_; }
  // False: it was met before.
  bool insert(NodeId id) {
    if (walk_of_[id] == walk_) return false;
    walk_of_[id] = walk_;
    return true;
  }

 private:
  IdVector<NodeId, std::uint32_t> walk_of_;
  std::uint32_t walk_ = 0;
};

bool is_rising(const Segment& segment) { return segment.direction >= 0; }

class WindowPlanner {
 public:
  explicit WindowPlanner(Plans& plans) : plans_(plans), program_(plans.program), met_(program_.nodes.size()) {
    taped_ = IdVector<NodeId, bool>(program_.nodes.size(), false);
    for (NodeId id : program_.nodes.ids())
      taped_[id] = plans.forward_train.stored[id] && plans.forward_train.stored[id]->tape;
  }

  void run() {
    forward_reads_ = reads_of(plans_.forward_train, IdVector<NodeId, bool>(program_.nodes.size(), false));
    backward_reads_ = reads_of(plans_.backward, taped_);
    for (NodeId id : program_.nodes.ids()) {
      consider(plans_.forward_train, forward_reads_, id);
      consider(plans_.backward, backward_reads_, id);
    }
    // What cannot be computed again keeps every step, which can be what something else needed to be computed again.
    while (!plan_recomputing()) {}
    for (Schedule* schedule : {&plans_.forward_train, &plans_.backward}) place_ends(*schedule);
    forget_idle_windows();
  }

 private:
  // Which kernels read which of the values that `schedule` stores or finds on the tape.
  Reads reads_of(const Schedule& schedule, const IdVector<NodeId, bool>& available) const {
    Reads reads(program_.nodes.size());
    Met met(program_.nodes.size());
    for (const PlannedKernel& kernel : schedule.kernels) {
      if (kernel.kind == KernelKind::boundary) continue;
      met.next_walk();
      std::vector<NodeId> work;
      for (NodeId id : kernel.stores) {
        if (available[id]) reads[id].push_back({&kernel, false});
        else work.push_back(id);
      }
      while (!work.empty()) {
        NodeId id = work.back();
        work.pop_back();
        if (!met.insert(id)) continue;
        for (const Dependency& d : dependencies(program_, id)) {
          bool at = program_[id].kind == NodeKind::at && d.need == Need::all_steps;
          // Sums of products are computed from the factors, whether the products stand anywhere or not.
          const bool from_factors = sums_products(program_, id) && !available[d.node];
          const bool stands = (schedule.stored[d.node] && !from_factors) || available[d.node];
          const Read read{&kernel, at};
          if (stands && (reads[d.node].empty() || reads[d.node].back() != read)) reads[d.node].push_back(read);
          // A view that has a place of its own may be read where its base lies all the same (row_address).
          if (!stands || view_of(program_, d.node)) work.push_back(d.node);
        }
      }
    }
    return reads;
  }

  // Whether all that a kernel at the end of a window needs beside the sequence stands ready then, and its own readers wait.
  bool can_run_in_window(const Schedule& schedule, const Reads& reads, const PlannedKernel& kernel, int phase) const {
    met_.next_walk();
    std::vector<NodeId> work;
    for (NodeId id : kernel.stores) {
      for (const Read& read : reads[id])
        if (read.kernel->position.phase <= phase) return false;
      work.insert(work.end(), program_[id].operands.begin(), program_[id].operands.end());
    }
    while (!work.empty()) {
      NodeId at = work.back();
      work.pop_back();
      if (!met_.insert(at) || schedule.order.available[at]) continue;
      if (schedule.stored[at]) {
        if (schedule.order.position[at].phase >= phase) return false;
        continue;
      }
      for (const Dependency& d : dependencies(program_, at)) work.push_back(d.node);
    }
    return true;
  }

  // A sequence that only its own walk reads, and whatever reads its first or last step, is kept for one window.
  void consider(Schedule& schedule, const Reads& reads, NodeId id) {
    if (!schedule.stored[id]) return;
    Stored& stored = *schedule.stored[id];
    const Position& own = schedule.order.position[id];
    if (stored.extent != Extent::full || own.phase % 2 == 0) return;
    if (program_[id].kind == NodeKind::sum_over) return;  // its sums start at zero once per walk
    const Segment& segment = schedule.order.segment(own.phase);
    if (!stored.tape && stored.far_margin(segment.direction) > 0) return;
    stored.windowed = std::all_of(reads[id].begin(), reads[id].end(), [&](const Read& read) {
      if (read.at) return can_run_in_window(schedule, reads, *read.kernel, own.phase);
      return read.kernel->position.phase == own.phase;
    });
  }

  // Plans what each phase of backward computes again. False: some sequence could not be, and keeps every step from now on.
  bool plan_recomputing() {
    plans_.recompute.clear();
    std::map<int, std::vector<NodeId>> wanted;
    for (NodeId id : program_.nodes.ids())
      if (taped_[id] && plans_.forward_train.stored[id]->windowed && !add_readers(id, wanted)) return keep_every_step({id});
    if (std::ssize(wanted) > most_recomputing) {
      std::vector<NodeId> others;
      for (auto at = std::next(wanted.begin(), most_recomputing); at != wanted.end(); ++at)
        others.insert(others.end(), at->second.begin(), at->second.end());
      return keep_every_step(others);
    }
    for (const auto& [phase, sequences] : wanted) {
      std::vector<NodeId> refused = sequences;
      std::optional<Schedule> again = recompute(phase, sequences, refused);
      if (!again) return keep_every_step(refused);
      plans_.recompute.emplace(phase, std::move(*again));
    }
    return true;
  }
  bool keep_every_step(const std::vector<NodeId>& sequences) {
    for (NodeId id : sequences) plans_.forward_train.stored[id]->windowed = false;
    return false;
  }

  // The phases of backward that read a sequence of the tape. False: it cannot be kept for one window there.
  bool add_readers(NodeId id, std::map<int, std::vector<NodeId>>& wanted) const {
    std::set<int> phases;
    for (const Read& read : backward_reads_[id]) {
      if (read.at) continue;
      int phase = read.kernel->position.phase;
      if (phase % 2 == 0 || plans_.backward.order.segment(phase).axis != program_[id].domain.axis) return false;
      phases.insert(phase);
    }
    if (phases.empty()) return false;
    for (const Read& read : backward_reads_[id])
      if (read.at && !can_run_in_window(plans_.backward, backward_reads_, *read.kernel, *phases.begin())) return false;
    // The steps beyond a window's far end are those of the window before it in the backward walk, if that goes the other way.
    const Segment& made = plans_.forward_train.order.segment(plans_.forward_train.order.position[id].phase);
    bool handed_on = phases.size() == 1 && is_rising(made) != is_rising(plans_.backward.order.segment(*phases.begin()));
    if (plans_.forward_train.stored[id]->far_margin(made.direction) > 0 && !handed_on) return false;
    for (int phase : phases) wanted[phase].push_back(id);
    return true;
  }

  // The part of the forward pass that fills a window of these sequences, from checkpoints and what else the tape has. Nothing
  // if it cannot be; where that is due to one of them, `refused` is that one.
  std::optional<Schedule> recompute(int phase, const std::vector<NodeId>& sequences, std::vector<NodeId>& refused) const {
    IdVector<NodeId, std::optional<Stored>> nothing(program_.nodes.size());
    ScheduleRequest request{{}, nothing, sequences, nothing, 12};
    const std::set<NodeId> wanted(sequences.begin(), sequences.end());
    for (NodeId id : program_.nodes.ids()) {
      if (!taped_[id]) continue;
      const Stored& stored = *plans_.forward_train.stored[id];
      if (!stored.windowed) request.available[id] = stored;
      else if (wanted.contains(id)) request.tape_margins[id] = stored;
    }
    Schedule again = make_schedule(program_, request);
    // What stands around a window comes from its checkpoint and from the window before.
    std::erase_if(again.kernels, [](const PlannedKernel& kernel) { return kernel.kind == KernelKind::boundary; });
    Reads reads = reads_of(again, again.order.available);
    for (const PlannedKernel& kernel : again.kernels) {
      int at = kernel.position.phase;
      if (at > 0 && at % 2 == 0) return std::nullopt;
      if (at == 0) continue;
      if (kernel.kind == KernelKind::accumulate) return std::nullopt;
      if (again.order.segment(at).axis != plans_.backward.order.segment(phase).axis) return std::nullopt;
      for (NodeId id : kernel.stores) {
        if (again.stored[id]->extent != Extent::full || prepare_window(again, reads, id)) continue;
        if (again.stored[id]->tape) refused = {id};
        return std::nullopt;
      }
    }
    return again;
  }
  bool prepare_window(Schedule& again, const Reads& reads, NodeId id) const {
    consider_again(again, reads, id);
    const Stored& stored = *again.stored[id];
    if (!stored.windowed) return false;
    if (stored.before == 0 && stored.after == 0) return true;
    // It goes on from a checkpoint, and takes what is beyond its far end, as the forward pass left them, walking the same way.
    const Segment& segment = again.order.segment(again.order.position[id].phase);
    const std::optional<Stored>& made = plans_.forward_train.stored[id];
    if (!made || !made->windowed) return false;
    const Segment& first = plans_.forward_train.order.segment(plans_.forward_train.order.position[id].phase);
    return is_rising(first) == is_rising(segment) &&
           made->entry_margin(first.direction) == stored.entry_margin(segment.direction);
  }
  static void consider_again(Schedule& again, const Reads& reads, NodeId id) {
    int own = again.order.position[id].phase;
    again.stored[id]->windowed = std::all_of(reads[id].begin(), reads[id].end(), [&](const Read& read) {
      return !read.at && read.kernel->position.phase == own;
    });
  }

  // Kernels that read the first or last step of a windowed sequence run in its windows.
  void place_ends(Schedule& schedule) {
    bool forward = &schedule == &plans_.forward_train;
    for (PlannedKernel& kernel : schedule.kernels) {
      if (kernel.kind != KernelKind::structure || program_[kernel.stores.front()].kind != NodeKind::at) continue;
      NodeId sequence = dependencies(program_, kernel.stores.front()).front().node;
      if (schedule.stored[sequence] && schedule.stored[sequence]->windowed) {
        kernel.window_phase = schedule.order.position[sequence].phase;
      } else if (!forward && taped_[sequence] && plans_.forward_train.stored[sequence]->windowed) {
        for (const auto& [phase, again] : plans_.recompute)
          if (kernel.window_phase < 0 && again.stored[sequence] && again.stored[sequence]->tape) kernel.window_phase = phase;
      }
    }
  }

  // Where nothing of the tape is kept for one window, dividing a walk would save next to nothing.
  void forget_idle_windows() {
    if (!plans_.recompute.empty()) return;
    for (Schedule* schedule : {&plans_.forward_train, &plans_.backward}) {
      for (NodeId id : program_.nodes.ids())
        if (schedule->stored[id]) schedule->stored[id]->windowed = false;
      for (PlannedKernel& kernel : schedule->kernels) kernel.window_phase = -1;
    }
  }

  Plans& plans_;
  const ir::Program& program_;
  IdVector<NodeId, bool> taped_;
  Reads forward_reads_, backward_reads_;
  mutable Met met_;
};

}  // namespace

void plan_windows(Plans& plans) { WindowPlanner(plans).run(); }

}  // namespace rnnc::loop
