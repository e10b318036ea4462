#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "trainer/logging/scalars.h"

namespace giot::trainer {

// "01:23", or "1:02:03" from an hour on; seconds rounded, "--:--" if not finite.
std::string FormatDuration(double seconds);

// Shows how far a loop has come: a bar that redraws itself on a terminal,
// otherwise one plain line for each report with scalars. One thread at a time.
class Progress {
 public:
  struct Options {
    bool terminal = false;
    int bar_width = 30;             // Characters.
    double redraw_interval = 0.1;   // Seconds between two drawings of the bar.
    std::function<double()> clock;  // Seconds, monotonic.
  };

  // `done` of `total` steps are behind us already; rate and time left are
  // measured from here. `out` must outlive this object.
  Progress(std::ostream& out, std::int64_t done, std::int64_t total, Options options);

  // After each step. `scalars` are the newest metrics, or empty.
  void Report(std::int64_t done, const Scalars& scalars);
  // A message on a line of its own.
  void Note(const std::string& message);
  // Leaves the bar behind.
  void Finish();

 private:
  std::string Pace(std::int64_t done) const;
  void Draw(std::int64_t done);

  std::ostream& out_;
  const std::int64_t first_;
  const std::int64_t total_;
  const Options options_;
  const double start_;
  double last_drawn_;
  std::string newest_;  // The newest metrics as text.
  std::size_t drawn_size_ = 0;
};

}  // namespace giot::trainer
