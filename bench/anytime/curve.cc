#include "bench/anytime/curve.h"

#include <algorithm>

namespace giot::bench {
namespace {

using std::chrono::microseconds;

constexpr microseconds kTimes[] = {microseconds(30),    microseconds(50),    microseconds(70),    microseconds(100),
                                   microseconds(150),   microseconds(200),   microseconds(300),   microseconds(500),
                                   microseconds(700),   microseconds(1000),  microseconds(1500),  microseconds(2000),
                                   microseconds(3000),  microseconds(5000),  microseconds(7000),  microseconds(10000),
                                   microseconds(15000), microseconds(20000), microseconds(30000), microseconds(50000),
                                   microseconds(70000), microseconds(100000)};

}  // namespace

absl::Span<const microseconds> AnswerTimes() { return kTimes; }

void AnswerLog::Note(std::chrono::nanoseconds elapsed, double value) {
  for (std::size_t time = best_.size(); time-- > 0 && elapsed <= AnswerTimes()[time];) best_[time] = value;
}

Summary Summarize(absl::Span<const AnswerLog> logs, absl::Span<const double> best_known, std::size_t time) {
  std::vector<double> shares;
  Summary summary;
  const auto markets = static_cast<double>(logs.size());
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const std::optional<double> value = logs[i].best(time);
    shares.push_back(std::max(0.0, value.value_or(0.0)) / best_known[i]);
    summary.mean += shares.back() / markets;
    summary.answered += value ? 1.0 / markets : 0.0;
  }
  const auto percentile = shares.begin() + static_cast<std::ptrdiff_t>(logs.size() / 100);
  std::nth_element(shares.begin(), percentile, shares.end());
  summary.p01 = *percentile;
  return summary;
}

}  // namespace giot::bench
