#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/types/span.h"

namespace giot::bench {

// The times at which answers are compared, 30 us to 100 ms, about evenly on a logarithmic scale.
absl::Span<const std::chrono::microseconds> AnswerTimes();

// The best value that there was at each of AnswerTimes(), none before the first answer.
class AnswerLog {
 public:
  AnswerLog() : best_(AnswerTimes().size()) {}

  // A value found `elapsed` after the request; values never fall.
  void Note(std::chrono::nanoseconds elapsed, double value);

  std::optional<double> best(std::size_t time) const { return best_[time]; }

 private:
  std::vector<std::optional<double>> best_;
};

// One method at one time, over all markets.
struct Summary {
  double mean = 0.0;      // Of the shares of the best known utility.
  double p01 = 0.0;       // Their 1st percentile.
  double answered = 0.0;  // Share of markets that have an answer.
};

// `logs` and `best_known` (positive) are those of the same markets, at least one. No answer yet,
// or one that costs more than it brings, counts as 0: no menu is posted.
Summary Summarize(absl::Span<const AnswerLog> logs, absl::Span<const double> best_known, std::size_t time);

}  // namespace giot::bench
