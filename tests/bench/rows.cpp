#include "tests/bench/rows.h"

#include "tests/bench/handwritten.h"

namespace rnnc::bench {
namespace {

constexpr CellKind rnn{"examples/cells/rnn.rnn", "RNN", 1, 1, handwritten_rnn};
constexpr CellKind lstm{"examples/cells/lstm.rnn", "LSTM", 4, 4, handwritten_lstm};
constexpr CellKind peephole{"examples/cells/peephole.rnn", "Peephole", 4, 4, handwritten_peephole};
constexpr CellKind gru{"examples/cells/gru.rnn", "GRU", 3, 3, handwritten_gru};
constexpr CellKind gru_before{"examples/cells/gru_before.rnn", "GRUBefore", 3, 3, handwritten_gru_before};
constexpr CellKind mgu{"examples/cells/mgu.rnn", "MGU", 2, 2, handwritten_mgu};
constexpr CellKind layer_norm_lstm{"examples/cells/layer_norm_lstm.rnn", "LayerNormLSTM", 4, 4};
constexpr CellKind slstm{"examples/cells/slstm.rnn", "SLSTM", 4, 4};
constexpr CellKind min_gru{"examples/cells/min_gru.rnn", "MinGRU", 2, 0, handwritten_min_gru};
constexpr CellKind sru{"examples/cells/sru.rnn", "SRU", 3, 0, handwritten_sru, false};
constexpr CellKind indrnn{"examples/cells/indrnn.rnn", "IndRNN", 1, 0, handwritten_indrnn};
// The readout is the fifth product with a matrix of H I numbers; the second layer has eight of H H.
constexpr CellKind two_layer_lstm{"tests/bench/two_layer_lstm.rnn", "TwoLayerLSTM", 5, 12};

constexpr Row all[] = {
    {"stream_lstm20", &lstm, 1, 20, 1, 1, Mode::step},
    {"audio_lstm20", &lstm, 1, 20, 1, 512, Mode::forward},
    {"audio_lstm40", &lstm, 1, 40, 1, 512, Mode::forward},
    {"kws_gru", &gru, 40, 128, 1, 100, Mode::forward},
    {"kws_gruv", &gru_before, 40, 128, 1, 100, Mode::forward},
    {"asr_lstm", &lstm, 512, 512, 1, 100, Mode::forward},
    {"asr_lstm1024", &lstm, 1024, 1024, 1, 50, Mode::forward},
    {"serve_lstm", &lstm, 256, 256, 8, 100, Mode::forward},
    {"charlm_lstm", &lstm, 64, 256, 32, 100, Mode::train},
    {"charlm_gru", &gru, 64, 256, 32, 100, Mode::train},
    {"charlm_gruv", &gru_before, 64, 256, 32, 100, Mode::train},
    {"big_lstm", &lstm, 512, 512, 64, 50, Mode::train},
    {"small_train", &lstm, 16, 32, 16, 100, Mode::train},
    {"vanilla", &rnn, 128, 256, 32, 100, Mode::train},
    {"peephole", &peephole, 64, 256, 32, 100, Mode::train},
    {"mgu", &mgu, 64, 256, 32, 100, Mode::train},
    {"lnlstm", &layer_norm_lstm, 256, 256, 16, 128, Mode::train},
    {"slstm", &slstm, 256, 256, 16, 128, Mode::train},
    {"mingru", &min_gru, 512, 512, 16, 512, Mode::train},
    {"sru", &sru, 512, 512, 16, 512, Mode::train},
    {"indrnn", &indrnn, 512, 512, 16, 512, Mode::train},
    {"two_layer", &two_layer_lstm, 65, 256, 32, 100, Mode::train},
    {"smoke", &peephole, 3, 9, 2, 4, Mode::train},
    {"smoke_lstm", &lstm, 3, 9, 2, 4, Mode::train},
    {"smoke_rnn", &rnn, 3, 9, 2, 4, Mode::train},
    {"smoke_gru", &gru, 3, 9, 2, 4, Mode::train},
    {"smoke_gruv", &gru_before, 3, 9, 2, 4, Mode::train},
    {"smoke_gru_fwd", &gru, 3, 9, 2, 4, Mode::forward},
    {"smoke_sru", &sru, 9, 9, 2, 4, Mode::train},
    {"smoke_indrnn", &indrnn, 3, 9, 2, 4, Mode::train},
    {"smoke_min_gru", &min_gru, 3, 9, 2, 4, Mode::train},
    {"smoke_mgu", &mgu, 3, 9, 2, 4, Mode::train},
    {"smoke_slstm", &slstm, 3, 9, 2, 4, Mode::train},
    {"smoke_lnlstm", &layer_norm_lstm, 3, 9, 2, 4, Mode::train},
    {"smoke_two_layer", &two_layer_lstm, 3, 9, 2, 4, Mode::train},
};

}  // namespace

std::span<const Row> rows() { return all; }

const char* name_of(Mode mode) {
  switch (mode) {
    case Mode::step: return "step";
    case Mode::forward: return "fwd";
    case Mode::train: return "train";
  }
  return "";
}

double product_flops(const Row& row) {
  const double multiplied = row.cell->input_products * row.I + row.cell->recurrent_products * row.H;
  const double forward = 2.0 * row.B * row.T * row.H * multiplied;
  return row.mode == Mode::train ? 3 * forward : forward;
}

std::int64_t recurrent_bytes(const Row& row) {
  return std::int64_t{4} * row.cell->recurrent_products * row.H * row.H;
}

std::string sizes_of(const Row& row) {
  std::string text;
  for (int size : {row.I, row.H, row.B, row.T}) text += (text.empty() ? "" : "/") + std::to_string(size);
  return text;
}

}  // namespace rnnc::bench
