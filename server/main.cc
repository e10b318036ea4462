// giot-server: see docs/operations.md.

#include <google/protobuf/stubs/common.h>
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sysexits.h>
#include <torch/version.h>

#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "cmake/version.h"
#include "models/policy/runtime.h"
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
      return EX_CONFIG;  // No usable model.
  }
}

void PrintVersion() {
  std::cout << "giot-server " << giot::kVersion << " (commit " << giot::kCommit << ", " << giot::kCompiler << ")\n"
            << "gRPC " << grpc::Version() << ", Protobuf "
            << google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION) << ", LibTorch " << TORCH_VERSION
            << '\n';
}

// SIGTERM and SIGINT, blocked in every thread so that only this one takes them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

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

void Drain(Server& server, const ProgramOptions& options, const sigset_t& signals) {
  server.StopAdvertising();
  // A second signal cuts the grace short.
  const timespec grace = absl::ToTimespec(options.drain_grace);
  sigtimedwait(&signals, nullptr, &grace);
  server.RefuseCalls();
  // Time for clients that call again and again to see it.
  constexpr timespec kRefusal{0, 200'000'000};
  sigtimedwait(&signals, nullptr, &kRefusal);
  server.Shutdown(options.drain_timeout);
}

int Run(const ProgramOptions& options) {
  spdlog::set_level(spdlog::level::from_str(options.log_level));
  spdlog::set_pattern("time=%Y-%m-%dT%H:%M:%S.%e%z level=%l %v");
  const sigset_t signals = BlockStopSignals();
  absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(options.server);
  absl::Status status = server.status();
  if (status.ok()) status = WritePortFile(options.port_file, (*server)->port());
  if (!status.ok()) {
    spdlog::error("event=start_failed error=\"{}\"", absl::CEscape(status.ToString()));
    return ExitCode(status);
  }
  int signal = 0;
  sigwait(&signals, &signal);
  spdlog::info("event=draining signal={}", signal);
  Drain(**server, options, signals);
  spdlog::info("event=stopped");
  return EX_OK;
}

}  // namespace

int main(int argc, char** argv) {
  giot::policy::SetComputeThreads(1);
  absl::SetProgramUsageMessage("giot-server --model_root=DIR [flags]: serves contract menus over gRPC");
  absl::ParseCommandLine(argc, argv);
  if (absl::GetFlag(FLAGS_version)) {
    PrintVersion();
    return EX_OK;
  }
  const absl::StatusOr<ProgramOptions> options = giot::server::OptionsFromFlags();
  if (!options.ok()) {
    std::cerr << "giot-server: " << options.status().message() << '\n';
    return EX_USAGE;
  }
  return Run(*options);
}
