// A line that says how far something is: rewritten in place on a terminal, now and then a new line elsewhere.
#pragma once

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

namespace rnnc::runtime {

// "00:42", "12:05", "3:12:05".
inline std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds < 0 ? 0 : seconds > 1e9 ? 1e9 : seconds + 0.5);
  char text[32];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%d:%02d:%02d", static_cast<int>(whole / 3600), static_cast<int>(whole / 60 % 60),
                  static_cast<int>(whole % 60));
  } else {
    std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(whole / 60), static_cast<int>(whole % 60));
  }
  return text;
}

class ProgressLine {
 public:
  // `terminal`: what to take `stream` for; by default what it is. Elsewhere than on a terminal a line appears at most
  // every `plain_seconds`.
  explicit ProgressLine(std::FILE* stream, std::optional<bool> terminal = {}, double plain_seconds = 5)
      : stream_(stream), terminal_(terminal.value_or(::isatty(::fileno(stream)) != 0)), plain_seconds_(plain_seconds) {}
  ~ProgressLine() { finish(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // One line without a line feed, ASCII. `keep`: it stays, whatever comes after.
  void show(const std::string& line, bool keep = false) {
    const auto at = std::chrono::steady_clock::now();
    if (terminal_) {
      std::fprintf(stream_, "\r%s\x1b[K%s", line.substr(0, width()).c_str(), keep ? "\n" : "");
      open_ = !keep;
    } else if (keep || !shown_ || std::chrono::duration<double>(at - shown_at_).count() >= plain_seconds_) {
      std::fprintf(stream_, "%s\n", line.c_str());
      shown_at_ = at;
      shown_ = true;
    }
    std::fflush(stream_);
  }
  // Ends the line, so that other output can follow.
  void finish() {
    if (open_) std::fputc('\n', stream_);
    open_ = false;
    std::fflush(stream_);
  }

 private:
  // A line as wide as the terminal or wider would wrap, and could not be rewritten.
  std::size_t width() const {
    winsize size{};
    if (::ioctl(::fileno(stream_), TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return 200;
    return static_cast<std::size_t>(size.ws_col - 1);
  }

  std::FILE* stream_;
  bool terminal_;
  double plain_seconds_;
  bool open_ = false, shown_ = false;
  std::chrono::steady_clock::time_point shown_at_;
};

}  // namespace rnnc::runtime
