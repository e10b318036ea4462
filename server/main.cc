// giot-server: see docs/operations.md.

#include <fcntl.h>
#include <google/protobuf/stubs/common.h>
#include <grpcpp/grpcpp.h>
#include <poll.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sysexits.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cmake/version.h"
#include "models/policy/runtime.h"
#include "models/quality/decoder_limits.h"
#include "server/options.h"
#include "server/server.h"

ABSL_FLAG(bool, version, false, "print the version and leave");

namespace {

using giot::server::ProgramOptions;
using giot::server::Server;

int ExitCode(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return EX_USAGE;
    case absl::StatusCode::kUnavailable:
      return EX_UNAVAILABLE;
    default:
      return EX_CONFIG;  // No usable model, or a damaged history or secret file.
  }
}

void PrintVersion() {
  std::cout << "giot-server " << giot::kVersion << " (commit " << giot::kCommit << ", " << giot::kCompiler << ")\n"
            << "gRPC " << grpc::Version() << ", Protobuf "
            << google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION) << ", LibTorch " << TORCH_VERSION
            << '\n';
}

// SIGTERM and SIGINT, from now on. A handler and a pipe rather than sigwait: a
// library's threads that started before main do not block signals, and one of
// them would take the signal and end the process. One at a time.
class StopSignals {
 public:
  StopSignals() {
    if (pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) != 0) std::abort();
    struct sigaction action = {};
    action.sa_handler = [](int signal) {
      const int before = errno;
      const auto byte = static_cast<char>(signal);
      static_cast<void>(!write(pipe_[1], &byte, 1));
      errno = before;
    };
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
  }

  // The next signal, or 0 once `timeout` is over.
  int Wait(absl::Duration timeout) {
    const absl::Time end = absl::Now() + timeout;
    for (char signal = 0;;) {
      if (read(pipe_[0], &signal, 1) == 1) return signal;
      const std::int64_t left = absl::ToInt64Milliseconds(end - absl::Now());
      if (left <= 0) return 0;
      pollfd readable{pipe_[0], POLLIN, 0};
      poll(&readable, 1, static_cast<int>(std::min<std::int64_t>(left, 3'600'000)));
    }
  }

 private:
  inline static int pipe_[2] = {-1, -1};
};

// Written beside and renamed, so that who waits for it never reads half of it.
absl::Status WritePortFile(const std::filesystem::path& path, int port) {
  if (path.empty()) return absl::OkStatus();
  std::filesystem::path half = path;
  half += ".tmp";
  std::ofstream(half) << port << '\n';
  std::error_code error;
  std::filesystem::rename(half, path, error);
  if (error) return absl::UnavailableError(absl::StrCat("--port_file: ", path.string(), ": ", error.message()));
  return absl::OkStatus();
}

void Drain(Server& server, const ProgramOptions& options, StopSignals& signals) {
  // Time for clients that call again and again to see that they are refused.
  constexpr absl::Duration kRefusal = absl::Milliseconds(200);
  server.StopAdvertising();
  signals.Wait(options.drain_grace);  // A second signal cuts the grace short.
  server.RefuseCalls();
  signals.Wait(kRefusal);
  server.Shutdown(options.drain_timeout);
}

// Ends the server as a signal does, once its ledger says that it must.
class LedgerFailure {
 public:
  void Tell(const absl::Status& reason) {
    spdlog::critical("event=ledger_failed error=\"{}\"", absl::CEscape(reason.ToString()));
    happened_ = true;
    kill(getpid(), SIGTERM);
  }
  bool happened() const { return happened_; }

 private:
  std::atomic<bool> happened_ = false;
};

int Run(ProgramOptions options) {
  spdlog::set_level(spdlog::level::from_str(options.log_level));
  spdlog::set_pattern("time=%Y-%m-%dT%H:%M:%S.%e%z level=%l %v");
  StopSignals signals;
  LedgerFailure ledger_failure;
  options.server.ledger.on_must_end = [&](const absl::Status& reason) { ledger_failure.Tell(reason); };
  absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(options.server);
  absl::Status status = server.status();
  if (status.ok()) status = WritePortFile(options.port_file, (*server)->port());
  if (!status.ok()) {
    spdlog::error("event=start_failed error=\"{}\"", absl::CEscape(status.ToString()));
    return ExitCode(status);
  }
  const int signal = signals.Wait(absl::InfiniteDuration());
  spdlog::info("event=draining signal={}", signal);
  Drain(**server, options, signals);
  spdlog::info("event=stopped");
  return ledger_failure.happened() ? EX_UNAVAILABLE : EX_OK;
}

}  // namespace

int main(int argc, char** argv) {
  giot::quality::LimitDecoders(argv);
  giot::policy::SetComputeThreads(1);
  absl::SetProgramUsageMessage(
      "giot-server --model_root=DIR [flags]: serves contract menus, and scores sensing data, over gRPC");
  absl::ParseCommandLine(argc, argv);
  if (absl::GetFlag(FLAGS_version)) {
    PrintVersion();
    return EX_OK;
  }
  absl::StatusOr<ProgramOptions> options = giot::server::OptionsFromFlags();
  if (!options.ok()) {
    std::cerr << "giot-server: " << options.status().message() << '\n';
    return EX_USAGE;
  }
  return Run(*std::move(options));
}
