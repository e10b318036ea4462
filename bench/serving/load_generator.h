#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/support/byte_buffer.h"

namespace giot::bench {

// Requests are serialized beforehand and replies are not parsed, so that a
// client on the server's own cores costs both servers the same.
struct LoadPlan {
  std::string server;                      // host:port
  std::string method;                      // /package.Service/Method
  std::vector<grpc::ByteBuffer> requests;  // Sent in turn; not empty.
  int connections = 1;
  int streams = 1;         // Calls in flight on each connection.
  std::int64_t calls = 0;  // Measured ones; bounds the run together with `time`.
  std::int64_t warmup_calls = 0;
  // What these are: the method with its requests, or health checks, which warm
  // the client and its connections alone.
  bool warmup_by_health = false;
  absl::Duration time = absl::Seconds(10);
  // Calls a second, evenly spaced; 0 is a closed loop: each stream calls again
  // as soon as its reply is there.
  double rate = 0.0;
};

struct LoadResult {
  std::int64_t failed = 0;
  std::string first_error;
  double seconds = 0.0;
  // Of the measured calls that succeeded, in order of completion. At a fixed
  // rate a call's time starts when it was due, not when a stream was free.
  std::vector<double> latencies_us;
  double Throughput() const { return seconds > 0.0 ? static_cast<double>(latencies_us.size()) / seconds : 0.0; }
};

// Unavailable if the connections are not there within five seconds.
absl::StatusOr<LoadResult> GenerateLoad(const LoadPlan& plan);

}  // namespace giot::bench
