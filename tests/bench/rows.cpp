#include "tests/bench/rows.h"

#include "tests/bench/handwritten.h"

namespace rnnc::bench {
namespace {

constexpr CellKind rnn{"examples/cells/rnn.rnn", "RNN", 1, handwritten_rnn};
constexpr CellKind lstm{"examples/cells/lstm.rnn", "LSTM", 4, handwritten_lstm};
constexpr CellKind peephole{"examples/cells/peephole.rnn", "Peephole", 4, handwritten_peephole};
constexpr CellKind gru{"examples/cells/gru.rnn", "GRU", 3, handwritten_gru};
constexpr CellKind gru_before{"examples/cells/gru_before.rnn", "GRUBefore", 3, handwritten_gru_before};

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
    {"smoke", &peephole, 3, 9, 2, 4, Mode::train},
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
  double forward = 2.0 * row.B * row.T * row.cell->gates * row.H * (row.I + row.H);
  return row.mode == Mode::train ? 3 * forward : forward;
}

std::string sizes_of(const Row& row) {
  std::string text;
  for (int size : {row.I, row.H, row.B, row.T}) text += (text.empty() ? "" : "/") + std::to_string(size);
  return text;
}

}  // namespace rnnc::bench
