// Applies a rewrite to every node of a Program, operands first, until nothing changes.
#pragma once

#include <functional>

#include "compiler/ir/program.h"

namespace rnnc::opt {

// Works on its own copy, which only grows while it works: a rewrite adds nodes (and equations) to `program()` and
// returns the node that takes the old one's place. A node is settled when its operands are and the rewrite leaves it
// as it is.
class Rewriter {
 public:
  // Returns an equal value: `id` itself if there is nothing to do. The operands of `id` are settled.
  using Rewrite = std::function<ir::NodeId(Rewriter&, ir::NodeId id)>;

  // `program` must outlive this.
  Rewriter(const ir::Program& program, Rewrite rewrite);

  ir::Program& program() { return program_; }
  const ir::Node& operator[](ir::NodeId id) const { return program_[id]; }
  // Whether the node (settled) is the value of an equation that a reader sees: a rewrite that is there for the looks
  // leaves such a value in one piece.
  bool named(ir::NodeId id) const { return id.index() < named_.size() && named_[id]; }

  // Whether a rewrite may compute a part of a named sum or function apart from the whole. A reader of the gradient
  // wants d.h as it is; of a forward value the parts alone are often all that is used.
  bool takes_apart(ir::NodeId id) const { return takes_names_apart || !named(id); }
  bool takes_names_apart = true;

  // Whether something needs the value (settled) in one piece: a result, a product, a sum over its entries. Slices, and
  // functions of which only slices are used, do not.
  bool used_whole(ir::NodeId id) const { return id.index() < whole_.size() && whole_[id]; }

  // How a value (settled) is sliced: not that we know, by one slice, by a few that have nothing in common, or by so many, or
  // such that overlap, that it is not to be cut apart: it would be computed more than once, or in crumbs.
  enum class Slices : std::uint8_t { none, one, few, many };
  Slices slices(ir::NodeId id) const { return id.index() < slices_.size() ? slices_[id] : Slices::none; }

  // The node that takes the place of `id`.
  ir::NodeId settle(ir::NodeId id);
  // Settles everything and writes the outcome down without what is no longer used. All equations are kept, except
  // transient ones that nothing reads any more. If nothing changed, the outcome is the Program that came in.
  ir::Program finish();
  bool changed() const { return changed_; }

 private:
  struct Frame {
    ir::NodeId id;       // to be settled
    ir::NodeId instead;  // once known: what it settles as, itself to be settled first
  };
  bool push(ir::NodeId id);
  void step();
  void close(ir::NodeId id, ir::NodeId settled);
  void find_whole();
  void find_slices();

  const ir::Program& original_;
  ir::Program program_;
  Rewrite rewrite_;
  rnnc::IdVector<ir::NodeId, ir::NodeId> settled_;
  rnnc::IdVector<ir::NodeId, char> open_;   // on the stack
  rnnc::IdVector<ir::NodeId, char> value_;  // value of an equation when we began
  rnnc::IdVector<ir::NodeId, char> named_;
  rnnc::IdVector<ir::NodeId, char> whole_;
  rnnc::IdVector<ir::NodeId, Slices> slices_;
  std::vector<Frame> stack_;
  bool changed_ = false;
};

}  // namespace rnnc::opt
