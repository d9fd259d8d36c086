#include "tests/bench/onednn.h"

#ifndef RNNC_HAS_ONEDNN

namespace rnnc::bench {

const rnnc_model* onednn_model(const std::string&, int, int) { return nullptr; }
void set_onednn_threads(int) {}
std::string onednn_description() { return "built without oneDNN"; }

}  // namespace rnnc::bench

#else

#include <omp.h>

#include <algorithm>
#include <dnnl.hpp>
#include <unordered_map>

#include "tests/bench/handwritten_model.h"

namespace rnnc::bench {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;
using Descriptor = memory::desc;
using Arguments = std::unordered_map<int, memory>;

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

enum class Layer { rnn, lstm, peephole, gru, lbr_gru };

// What a layer's parameters are called, gate by gate in the order in which oneDNN has them.
struct Naming {
  Layer layer;
  const char* cell;
  std::vector<const char*> states;
  std::vector<std::string> w, u, bias, peephole;
};
const Naming namings[] = {
    {Layer::rnn, "RNN", {"h"}, {"W"}, {"U"}, {"b"}, {}},
    {Layer::lstm, "LSTM", {"h", "c"}, {"W_i", "W_f", "W_g", "W_o"}, {"U_i", "U_f", "U_g", "U_o"},
     {"b_i", "b_f", "b_g", "b_o"}, {}},
    {Layer::peephole, "Peephole", {"h", "c"}, {"W_i", "W_f", "W_g", "W_o"}, {"U_i", "U_f", "U_g", "U_o"},
     {"b_i", "b_f", "b_g", "b_o"}, {"p_i", "p_f", "p_o"}},
    {Layer::gru, "GRUBefore", {"h"}, {"W_z", "W_r", "W_n"}, {"U_z", "U_r", "U_n"}, {"b_z", "b_r", "b_n"}, {}},
    // The bias of the product that the reset gate acts on comes last. Those of the other gates are sums of two.
    {Layer::lbr_gru, "GRU", {"h"}, {"W_z", "W_r", "W_n"}, {"U_z", "U_r", "U_n"}, {"b_z", "b_r", "b_n", "d_n"}, {}},
};

// One array of a layer: the argument of the primitive, and the parameters that it is made of.
struct Weights {
  int argument, gradient;
  Index rows;     // columns of the parameters' matrices; 0: they are vectors
  std::vector<std::string> names;
};

// A layer for one T and B, forward for inference or with its backward pass.
struct Plan {
  Index T = 0, B = 0;
  bool train = false;
  dnnl::primitive forward, backward;
  Arguments forward_arguments, backward_arguments;
  std::unordered_map<int, void*> own;  // arrays that stand in for those that a caller does not want
  // Each weight's plain form, and what forward and backward read; gradients as backward writes them, and plain.
  struct Packed {
    memory plain, forward, backward, gradient, plain_gradient;
  };
  std::vector<Packed> weights;
  std::int64_t generation = -1;  // of the parameters in them
};

class OnednnCell final : public Cell {
 public:
  OnednnCell(const Naming& naming, Index I, Index H)
      : Cell(naming.cell, I, H, naming.states, nullptr), layer_(naming.layer), lstm_(naming.states.size() == 2) {
    for (const std::string& name : naming.w) parameters.push_back({name, H, I});
    for (const std::string& name : naming.u) parameters.push_back({name, H, H});
    for (const std::string& name : naming.bias) parameters.push_back({name, H, 0});
    for (const std::string& name : naming.peephole) parameters.push_back({name, H, 0});
    for (const std::string& name : naming.bias)
      if (has_second_bias(name)) parameters.push_back({"d" + name.substr(1), H, 0});
    weights_.push_back({DNNL_ARG_WEIGHTS_LAYER, DNNL_ARG_DIFF_WEIGHTS_LAYER, I, naming.w});
    weights_.push_back({DNNL_ARG_WEIGHTS_ITER, DNNL_ARG_DIFF_WEIGHTS_ITER, H, naming.u});
    weights_.push_back({DNNL_ARG_BIAS, DNNL_ARG_DIFF_BIAS, 0, naming.bias});
    if (!naming.peephole.empty())
      weights_.push_back({DNNL_ARG_WEIGHTS_PEEPHOLE, DNNL_ARG_DIFF_WEIGHTS_PEEPHOLE, 0, naming.peephole});
  }

  // All but the parameters is oneDNN's own.
  void lay_out_packed(Arena& arena) const override { arena.take(plain_size()); }
  void lay_out_tape(Arena& arena, Index, Index) const override { arena.take(1); }
  void lay_out_forward(Arena& arena, Index, Index) const override { arena.take(1); }
  void lay_out_backward(Arena& arena, Index, Index) const override { arena.take(1); }

  void pack(const float* parameters, float* packed) const override;
  void forward(const Run& run) const override;
  void backward(const Run& run) const override;

 private:
  // The two biases of one gate act as their sum.
  bool has_second_bias(const std::string& name) const {
    return layer_ == Layer::lbr_gru && (name == "b_z" || name == "b_r");
  }
  Index plain_size() const {
    Index size = 0;
    for (const Weights& weights : weights_) size += std::max<Index>(weights.rows, 1) * H * std::ssize(weights.names);
    return size;
  }
  Descriptor plain(const Weights& weights) const;
  Plan& plan_for(const Run& run) const;
  template <class Forward, class Backward, class Make>
  void build(Plan& plan, Make&& make) const;
  void make_primitives(Plan& plan) const;
  void fill(Plan& plan, const float* packed) const;
  using Arrays = std::vector<std::pair<int, const void*>>;  // argument, the caller's array or null
  Arrays forward_arrays(const Run& run) const;
  void execute(const dnnl::primitive& primitive, Arguments& arguments, const Arrays& arrays) const;
  void deliver_gradients(Plan& plan, float* parameters) const;

  const Layer layer_;
  const bool lstm_;
  std::vector<Weights> weights_;
  // As in any program that uses the library: primitives are made once for each size, and weights once for each pack.
  mutable std::int64_t generation_ = 0;
  mutable Plan plan_;
  mutable dnnl::stream stream_{engine()};
};

// As [gates][H][rows]: each gate's parameter as it is.
Descriptor OnednnCell::plain(const Weights& weights) const {
  const Index gates = std::ssize(weights.names);
  if (weights.rows == 0) return {{1, 1, gates, H}, memory::data_type::f32, Tag::ldgo};
  return {{1, 1, weights.rows, gates, H}, memory::data_type::f32, Tag::ldgoi};
}

void OnednnCell::pack(const float* parameters, float* packed) const {
  for (const Weights& weights : weights_) {
    const Index size = std::max<Index>(weights.rows, 1) * H;
    for (const std::string& name : weights.names) {
      std::copy_n(parameters + offset(name), size, packed);
      if (has_second_bias(name)) {
        const float* other = parameters + offset("d" + name.substr(1));
        for (Index j = 0; j < H; ++j) packed[j] += other[j];
      }
      packed += size;
    }
  }
  ++generation_;
}

// Copies the parameters in and lets oneDNN bring them into the formats that it has chosen.
void OnednnCell::fill(Plan& plan, const float* packed) const {
  auto bring = [&](memory& from, memory& to) {
    if (to) dnnl::reorder(from, to).execute(stream_, from, to);
  };
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    Plan::Packed& array = plan.weights[i];
    const Index size = Index(array.plain.get_desc().get_size() / sizeof(float));
    std::copy_n(packed, size, static_cast<float*>(array.plain.get_data_handle()));
    packed += size;
    bring(array.plain, array.forward);
    bring(array.plain, array.backward);
  }
  stream_.wait();
  plan.generation = generation_;
}

// `Forward` and `Backward` are dnnl's classes of the layer, `make` has the descriptors of their operations.
template <class Forward, class Backward, class Make>
void OnednnCell::build(Plan& plan, Make&& make) const {
  using Kind = dnnl::prop_kind;
  const auto tensor = [](const memory::dims& dims, Tag tag) { return Descriptor(dims, memory::data_type::f32, tag); };
  const Descriptor x = tensor({plan.T, plan.B, I}, Tag::tnc), y = tensor({plan.T, plan.B, H}, Tag::tnc);
  const Descriptor state = tensor({1, 1, plan.B, H}, Tag::ldnc);
  std::vector<Descriptor> any;
  for (const Weights& weights : weights_) {
    const Descriptor as_is = plain(weights);
    any.push_back(weights.rows == 0 ? as_is : tensor(as_is.dims(), Tag::any));
  }
  const typename Forward::primitive_desc forward(
      make.forward(plan.train ? Kind::forward_training : Kind::forward_inference, x, state, any, y), engine());
  plan.forward = Forward(forward);
  auto own = [&](Arguments& arguments, int argument, const Descriptor& descriptor) {
    memory& array = arguments[argument] = memory(descriptor, engine());
    plan.own[argument] = array.get_data_handle();
    return array;
  };
  Arguments& to = plan.forward_arguments;
  for (const auto& [argument, descriptor] : {std::pair(DNNL_ARG_SRC_LAYER, x), std::pair(DNNL_ARG_SRC_ITER, state),
                                             std::pair(DNNL_ARG_DST_LAYER, y), std::pair(DNNL_ARG_DST_ITER, state)})
    own(to, argument, descriptor);
  if (lstm_) {
    own(to, DNNL_ARG_SRC_ITER_C, state);
    own(to, DNNL_ARG_DST_ITER_C, state);
  }
  plan.weights.resize(weights_.size());
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    plan.weights[i].plain = memory(plain(weights_[i]), engine());
    plan.weights[i].forward = own(to, weights_[i].argument, make.weights(forward, i));
  }
  if (!plan.train) return;
  own(to, DNNL_ARG_WORKSPACE, forward.workspace_desc());
  const typename Backward::primitive_desc backward(make.backward(x, state, any, y), engine(), forward);
  plan.backward = Backward(backward);
  Arguments& back = plan.backward_arguments;
  back = to;
  for (const auto& [argument, gradient] :
       {std::pair(DNNL_ARG_SRC_LAYER, DNNL_ARG_DIFF_SRC_LAYER), std::pair(DNNL_ARG_SRC_ITER, DNNL_ARG_DIFF_SRC_ITER),
        std::pair(DNNL_ARG_DST_LAYER, DNNL_ARG_DIFF_DST_LAYER), std::pair(DNNL_ARG_DST_ITER, DNNL_ARG_DIFF_DST_ITER)})
    own(back, gradient, to.at(argument).get_desc());
  if (lstm_) {
    own(back, DNNL_ARG_DIFF_SRC_ITER_C, state);
    own(back, DNNL_ARG_DIFF_DST_ITER_C, state);
  }
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    plan.weights[i].backward = own(back, weights_[i].argument, make.weights(backward, i));
    plan.weights[i].gradient = own(back, weights_[i].gradient, make.gradients(backward, i));
    plan.weights[i].plain_gradient = memory(plain(weights_[i]), engine());
  }
}

// The parts of the primitive descriptors that all layers have.
struct Getters {
  template <class Primitive>
  Descriptor weights(const Primitive& p, std::size_t i) const {
    return i == 0 ? p.weights_layer_desc() : i == 1 ? p.weights_iter_desc() : p.bias_desc();
  }
  template <class Primitive>
  Descriptor gradients(const Primitive& p, std::size_t i) const {
    return i == 0 ? p.diff_weights_layer_desc() : i == 1 ? p.diff_weights_iter_desc() : p.diff_bias_desc();
  }
};
constexpr auto direction = dnnl::rnn_direction::unidirectional_left2right;
using Descriptors = std::vector<Descriptor>;

struct MakeRnn : Getters {
  static constexpr auto activation = dnnl::algorithm::eltwise_tanh;
  auto forward(dnnl::prop_kind kind, const Descriptor& x, const Descriptor& s, const Descriptors& w,
               const Descriptor& y) const {
    return dnnl::vanilla_rnn_forward::desc(kind, activation, direction, x, s, w[0], w[1], w[2], y, s);
  }
  auto backward(const Descriptor& x, const Descriptor& s, const Descriptors& w, const Descriptor& y) const {
    return dnnl::vanilla_rnn_backward::desc(dnnl::prop_kind::backward, activation, direction, x, s, w[0], w[1], w[2], y,
                                            s, x, s, w[0], w[1], w[2], y, s);
  }
};

template <class Forward, class Backward>
struct MakeGru : Getters {
  auto forward(dnnl::prop_kind kind, const Descriptor& x, const Descriptor& s, const Descriptors& w,
               const Descriptor& y) const {
    return typename Forward::desc(kind, direction, x, s, w[0], w[1], w[2], y, s);
  }
  auto backward(const Descriptor& x, const Descriptor& s, const Descriptors& w, const Descriptor& y) const {
    return typename Backward::desc(dnnl::prop_kind::backward, direction, x, s, w[0], w[1], w[2], y, s, x, s, w[0], w[1],
                                   w[2], y, s);
  }
};

// With three more weights for peepholes, or without.
struct MakeLstm {
  template <class Primitive>
  Descriptor weights(const Primitive& p, std::size_t i) const {
    return i == 3 ? p.weights_peephole_desc() : Getters().weights(p, i);
  }
  template <class Primitive>
  Descriptor gradients(const Primitive& p, std::size_t i) const {
    return i == 3 ? p.diff_weights_peephole_desc() : Getters().gradients(p, i);
  }
  auto forward(dnnl::prop_kind kind, const Descriptor& x, const Descriptor& s, const Descriptors& w,
               const Descriptor& y) const {
    using Operation = dnnl::lstm_forward::desc;
    return w.size() < 4 ? Operation(kind, direction, x, s, s, w[0], w[1], w[2], y, s, s)
                        : Operation(kind, direction, x, s, s, w[0], w[1], w[3], w[2], y, s, s);
  }
  auto backward(const Descriptor& x, const Descriptor& s, const Descriptors& w, const Descriptor& y) const {
    using Operation = dnnl::lstm_backward::desc;
    constexpr auto kind = dnnl::prop_kind::backward;
    if (w.size() < 4)
      return Operation(kind, direction, x, s, s, w[0], w[1], w[2], y, s, s, x, s, s, w[0], w[1], w[2], y, s, s);
    return Operation(kind, direction, x, s, s, w[0], w[1], w[3], w[2], y, s, s, x, s, s, w[0], w[1], w[3], w[2], y, s,
                     s);
  }
};

void OnednnCell::make_primitives(Plan& plan) const {
  using namespace dnnl;
  switch (layer_) {
    case Layer::rnn: return build<vanilla_rnn_forward, vanilla_rnn_backward>(plan, MakeRnn());
    case Layer::lstm:
    case Layer::peephole: return build<lstm_forward, lstm_backward>(plan, MakeLstm());
    case Layer::gru: return build<gru_forward, gru_backward>(plan, MakeGru<gru_forward, gru_backward>());
    case Layer::lbr_gru:
      return build<lbr_gru_forward, lbr_gru_backward>(plan, MakeGru<lbr_gru_forward, lbr_gru_backward>());
  }
}

Plan& OnednnCell::plan_for(const Run& run) const {
  const bool train = run.tape != nullptr;
  if (plan_.T != run.T || plan_.B != run.B || plan_.train != train) {
    plan_ = Plan();
    plan_.T = run.T;
    plan_.B = run.B;
    plan_.train = train;
    make_primitives(plan_);
  }
  if (plan_.generation != generation_) fill(plan_, run.packed);
  return plan_;
}

// Arrays of the caller take the place of the plan's own.
void OnednnCell::execute(const dnnl::primitive& primitive, Arguments& arguments, const Arrays& arrays) const {
  for (const auto& [argument, array] : arrays)
    arguments.at(argument).set_data_handle(array ? const_cast<void*>(array) : plan_.own.at(argument));
  primitive.execute(stream_, arguments);
  stream_.wait();
}

OnednnCell::Arrays OnednnCell::forward_arrays(const Run& run) const {
  Arrays arrays{{DNNL_ARG_SRC_LAYER, run.x},
                {DNNL_ARG_SRC_ITER, run.first[0]},
                {DNNL_ARG_DST_LAYER, run.y[0]},
                {DNNL_ARG_DST_ITER, run.last[0]}};
  if (lstm_) {
    arrays.push_back({DNNL_ARG_SRC_ITER_C, run.first[1]});
    arrays.push_back({DNNL_ARG_DST_ITER_C, run.last[1]});
  }
  return arrays;
}

void OnednnCell::forward(const Run& run) const {
  Plan& plan = plan_for(run);
  execute(plan.forward, plan.forward_arguments, forward_arrays(run));
}

void OnednnCell::backward(const Run& run) const {
  Plan& plan = plan_for(run);
  for (Plan::Packed& array : plan.weights)  // oneDNN adds to what is there
    std::fill_n(static_cast<char*>(array.gradient.get_data_handle()), array.gradient.get_desc().get_size(), char{0});
  Arrays arrays = forward_arrays(run);
  arrays.insert(arrays.end(), {{DNNL_ARG_DIFF_SRC_LAYER, run.dx},
                               {DNNL_ARG_DIFF_SRC_ITER, run.dfirst[0]},
                               {DNNL_ARG_DIFF_DST_LAYER, run.dy[0]},
                               {DNNL_ARG_DIFF_DST_ITER, run.dlast[0]}});
  if (lstm_) {
    arrays.push_back({DNNL_ARG_DIFF_SRC_ITER_C, run.dfirst[1]});
    arrays.push_back({DNNL_ARG_DIFF_DST_ITER_C, run.dlast[1]});
  }
  execute(plan.backward, plan.backward_arguments, arrays);
  if (run.dparameters) deliver_gradients(plan, run.dparameters);
}

void OnednnCell::deliver_gradients(Plan& plan, float* parameters) const {
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    Plan::Packed& array = plan.weights[i];
    dnnl::reorder(array.gradient, array.plain_gradient).execute(stream_, array.gradient, array.plain_gradient);
    stream_.wait();
    const float* gradient = static_cast<const float*>(array.plain_gradient.get_data_handle());
    const Index size = std::max<Index>(weights_[i].rows, 1) * H;
    for (const std::string& name : weights_[i].names) {
      std::copy_n(gradient, size, parameters + offset(name));
      if (has_second_bias(name)) std::copy_n(gradient, size, parameters + offset("d" + name.substr(1)));
      gradient += size;
    }
  }
}

}  // namespace

const rnnc_model* onednn_model(const std::string& cell, int I, int H) {
  const auto naming =
      std::find_if(std::begin(namings), std::end(namings), [&](const Naming& n) { return n.cell == cell; });
  if (naming == std::end(namings)) return nullptr;
  return publish(std::make_unique<OnednnCell>(*naming, I, H), "oneDNN");
}

void set_onednn_threads(int count) { omp_set_num_threads(count); }

std::string onednn_description() {
  const dnnl_version_t* version = dnnl_version();
  return std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch);
}

}  // namespace rnnc::bench

#endif
