// giot-ledger-node: a validator's application beside its own CometBFT, for an operator that validates without serving.
//
//   giot-ledger-node --ledger=PATH --chain_id=ID --abci_socket=PATH
//
// The ledger is made if it is not there; the engine's proxy_app is unix://PATH of the socket. SIGTERM and SIGINT end
// it, with exit status 0. It ends by itself, with a message on standard error, if a flag is wrong (64), if it cannot
// start (78, or 69 where trying again may help), or if a block could not be persisted or what is stored is damaged
// (70).

#include <fcntl.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cmake/version.h"
#include "server/ledger/cometbft/abci_server.h"
#include "server/ledger/cometbft/application.h"

ABSL_FLAG(std::string, ledger, "", "the ledger's database; made if it is not there");
ABSL_FLAG(std::string, chain_id, "", "of the ledger and of the engine: 1 to 48 of a-z 0-9 - . /");
ABSL_FLAG(std::string, abci_socket, "", "unix socket that the engine connects to; made, mode 0600");
ABSL_FLAG(bool, version, false, "print the version and leave");

namespace {

using giot::ledger::AbciServer;
using giot::ledger::Application;

// Why the program is to end: the first byte that comes through a pipe, from a signal's handler or from any thread.
class End : public giot::ledger::ApplicationObserver {
 public:
  End() {
    if (pipe2(pipe_, O_CLOEXEC) != 0) std::abort();
    struct sigaction action = {};
    action.sa_handler = [](int) { Tell(kSignal); };
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
  }

  void OnStopped(const absl::Status& reason) override {
    std::cerr << "giot-ledger-node: " << reason << '\n';
    Tell(kStopped);
  }

  int ExitCode() {
    char why = kStopped;
    while (read(pipe_[0], &why, 1) < 0 && errno == EINTR) {
    }
    return why == kSignal ? EX_OK : EX_SOFTWARE;
  }

 private:
  static constexpr char kSignal = 's';
  static constexpr char kStopped = 'x';

  static void Tell(char why) {
    const int before = errno;
    static_cast<void>(!write(pipe_[1], &why, 1));
    errno = before;
  }

  inline static int pipe_[2] = {-1, -1};
};

int CannotStart(const absl::Status& status) {
  std::cerr << "giot-ledger-node: " << status << '\n';
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return EX_USAGE;
    case absl::StatusCode::kUnavailable:
      return EX_UNAVAILABLE;
    default:
      return EX_CONFIG;
  }
}

int Run() {
  for (const auto* flag : {&FLAGS_ledger, &FLAGS_abci_socket}) {
    if (absl::GetFlag(*flag).empty()) {
      std::cerr << "giot-ledger-node: --" << flag->Name() << " is missing\n";
      return EX_USAGE;
    }
  }
  End end;
  giot::ledger::ApplicationOptions options;
  options.path = absl::GetFlag(FLAGS_ledger);
  options.chain_id = absl::GetFlag(FLAGS_chain_id);
  options.observer = &end;
  const absl::StatusOr<std::unique_ptr<Application>> application = Application::Open(std::move(options));
  if (!application.ok()) return CannotStart(application.status());
  const absl::StatusOr<std::unique_ptr<AbciServer>> server =
      AbciServer::Start(absl::GetFlag(FLAGS_abci_socket), **application);
  if (!server.ok()) return CannotStart(server.status());
  return end.ExitCode();
}

}  // namespace

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "giot-ledger-node --ledger=PATH --chain_id=ID --abci_socket=PATH: one validator's ledger, beside its CometBFT");
  absl::ParseCommandLine(argc, argv);
  if (absl::GetFlag(FLAGS_version)) {
    std::cout << "giot-ledger-node " << giot::kVersion << " (commit " << giot::kCommit << ", " << giot::kCompiler
              << ")\n";
    return EX_OK;
  }
  return Run();
}
