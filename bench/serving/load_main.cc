// giot-bench-load: calls a server in a closed loop or at a fixed rate, and
// prints what came of it as one line of JSON.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "bench/serving/load_generator.h"
#include "bench/serving/requests.h"
#include "client/quantile.h"

ABSL_FLAG(std::string, server, "", "host:port");
ABSL_FLAG(std::string, method, "generate",
          "echo; discard, which sends nothing back; generate for GenerateContract; score for ScoreSensingQuality");
ABSL_FLAG(int, connections, 1, "connections");
ABSL_FLAG(int, streams, 1, "calls in flight on each connection");
ABSL_FLAG(std::int64_t, calls, 10'000, "calls that are measured, at most");
ABSL_FLAG(std::int64_t, warmup, 0, "calls before them");
ABSL_FLAG(bool, warmup_by_health, false, "these are health checks");
ABSL_FLAG(absl::Duration, time, absl::Seconds(10), "no call starts after this time");
ABSL_FLAG(double, rate, 0.0, "calls a second, evenly spaced; 0 for a closed loop");
ABSL_FLAG(int, types, 10, "cost types of a market (generate)");
ABSL_FLAG(int, payload, 32, "bytes of a message (echo, discard)");
ABSL_FLAG(std::string, images, "", "folder of the images to send (score; echo and discard instead of --payload)");
ABSL_FLAG(int, list, 0, "also list the latencies of this many first calls");

namespace giot::bench {
namespace {

constexpr int kDistinctMarkets = 256;
constexpr int kDistinctSources = 64;

// NotFound if the folder has no files.
absl::StatusOr<std::vector<std::string>> ReadFiles(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) paths.push_back(entry.path());
  if (paths.empty()) return absl::NotFoundError("--images: no files in '" + folder.string() + "'");
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> files;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return files;
}

absl::StatusOr<std::vector<std::string>> Payloads() {
  const std::string folder = absl::GetFlag(FLAGS_images);
  if (!folder.empty()) return ReadFiles(folder);
  return std::vector<std::string>{std::string(static_cast<std::size_t>(absl::GetFlag(FLAGS_payload)), 'x')};
}

// Sets what is called, and with what.
absl::Status SetMethod(const std::string& method, LoadPlan& plan) {
  if (method == "generate") {
    plan.method = kGenerateMethod;
    plan.requests = GenerateRequests(kDistinctMarkets, absl::GetFlag(FLAGS_types));
    return absl::OkStatus();
  }
  const absl::StatusOr<std::vector<std::string>> payloads = Payloads();
  if (!payloads.ok()) return payloads.status();
  if (method == "echo" || method == "discard") {
    plan.method = method == "echo" ? kEchoMethod : kDiscardMethod;
    plan.requests = EchoRequests(*payloads);
  } else if (method == "score") {
    plan.method = kScoreMethod;
    plan.requests = ScoreRequests(*payloads, kDistinctSources);
  } else {
    return absl::InvalidArgumentError("--method: want echo, discard, generate or score, got " + method);
  }
  return absl::OkStatus();
}

absl::StatusOr<LoadPlan> PlanFromFlags() {
  LoadPlan plan;
  plan.server = absl::GetFlag(FLAGS_server);
  plan.connections = absl::GetFlag(FLAGS_connections);
  plan.streams = absl::GetFlag(FLAGS_streams);
  plan.calls = absl::GetFlag(FLAGS_calls);
  plan.warmup_calls = absl::GetFlag(FLAGS_warmup);
  plan.warmup_by_health = absl::GetFlag(FLAGS_warmup_by_health);
  plan.time = absl::GetFlag(FLAGS_time);
  plan.rate = absl::GetFlag(FLAGS_rate);
  if (plan.server.empty() || plan.connections < 1 || plan.streams < 1 || plan.calls < 1 || plan.warmup_calls < 0) {
    return absl::InvalidArgumentError("wants --server, and --connections, --streams and --calls of at least 1");
  }
  if (absl::Status status = SetMethod(absl::GetFlag(FLAGS_method), plan); !status.ok()) return status;
  return plan;
}

void Print(const LoadResult& result) {
  const auto first = result.latencies_us.begin();
  const auto listed = std::min<std::ptrdiff_t>(absl::GetFlag(FLAGS_list), std::ssize(result.latencies_us));
  std::cout << absl::StrFormat(
                   R"({"calls": %d, "failed": %d, "first_error": "%s", "seconds": %.6f, "throughput": %.1f, )"
                   R"("p50_us": %.1f, "p99_us": %.1f, "first_us": [%s]})",
                   result.latencies_us.size(), result.failed, absl::CHexEscape(result.first_error), result.seconds,
                   result.Throughput(), client::Quantile(result.latencies_us, 0.5),
                   client::Quantile(result.latencies_us, 0.99), absl::StrJoin(first, first + listed, ", "))
            << '\n';
}

int Main() {
  const absl::StatusOr<LoadPlan> plan = PlanFromFlags();
  if (!plan.ok()) {
    std::cerr << plan.status() << '\n';
    return 2;
  }
  const absl::StatusOr<LoadResult> result = GenerateLoad(*plan);
  if (!result.ok()) {
    std::cerr << result.status() << '\n';
    return 1;
  }
  Print(*result);
  return result->failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("calls a server in a closed loop or at a fixed rate; prints one line of JSON");
  absl::ParseCommandLine(argc, argv);
  return giot::bench::Main();
}
