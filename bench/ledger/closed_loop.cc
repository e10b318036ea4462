#include "bench/ledger/closed_loop.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <semaphore>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::bench {
namespace {

using Clock = std::chrono::steady_clock;

double MsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

}  // namespace

double Quantile(std::vector<double>& values, double quantile) {
  if (values.empty()) return 0.0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(quantile * static_cast<double>(values.size() - 1))];
}

absl::StatusOr<Throughput> SubmitAll(std::vector<std::string> envelopes, int threads, int waiting,
                                     const SubmitFunction& submit) {
  std::vector<double> latencies(envelopes.size());
  std::counting_semaphore<> free(waiting);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  absl::Status failure;
  const auto submit_some = [&] {
    for (std::size_t i = next++; i < envelopes.size(); i = next++) {
      free.acquire();
      submit(std::move(envelopes[i]), [&, i, called = Clock::now()](const absl::StatusOr<ledger::Placed>& placed) {
        latencies[i] = MsSince(called);
        if (!placed.ok() || placed->code != ledger::v1::CODE_OK) {
          std::lock_guard lock(mutex);
          failure.Update(placed.ok() ? absl::InternalError(absl::StrCat("code ", placed->code)) : placed.status());
        }
        free.release();
      });
    }
  };
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> submitters;
  for (int i = 0; i < threads; ++i) submitters.emplace_back(submit_some);
  for (std::thread& submitter : submitters) submitter.join();
  for (int i = 0; i < waiting; ++i) free.acquire();
  const double seconds = MsSince(start) / 1000.0;
  if (!failure.ok()) return failure;
  return Throughput{.per_second = static_cast<double>(latencies.size()) / seconds,
                    .p50_ms = Quantile(latencies, 0.5),
                    .p99_ms = Quantile(latencies, 0.99)};
}

}  // namespace giot::bench
