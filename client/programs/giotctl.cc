// giotctl: asks a giot-server for menus and scores, after its models and after its health; deals with its ledger for
// operators, vehicles, auditors and witnesses; and verifies what a ledger proves.
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/program.h"
#include "client/programs/audit_commands.h"
#include "client/programs/contract_commands.h"
#include "client/programs/key_commands.h"
#include "client/programs/ledger_commands.h"
#include "client/programs/offline_commands.h"
#include "client/programs/operator_commands.h"
#include "client/programs/score_commands.h"
#include "client/programs/task_commands.h"
#include "client/programs/vehicle_commands.h"
#include "client/programs/witness_command.h"
#include "models/quality/decoder_limits.h"

namespace giot::client {
namespace {

constexpr char kProgram[] = "giotctl";

std::vector<Command> AllCommands() {
  std::vector<Command> all;
  for (auto commands : {ContractCommands(), ScoreCommands(), TaskCommands(), VehicleCommands(), LedgerCommands(),
                        OfflineCommands(), OperatorCommands(), KeyCommands(), AuditCommands(), WitnessCommands()}) {
    std::move(commands.begin(), commands.end(), std::back_inserter(all));
  }
  return all;
}

std::string Usage(const std::vector<Command>& commands) {
  std::string usage = "asks a giot-server, and keeps its ledger honest\n\n";
  for (const Command& command : commands) {
    absl::StrAppend(&usage, "  giotctl ", command.name, command.arguments.empty() ? "" : " ", command.arguments,
                    "\n      ", command.what, "\n");
  }
  return usage +
         "\nexit status: 0 done; 1 refused, unreachable or not serving, or bad flags; 2 a false certificate, or a "
         "ledger, "
         "proof or answer that does not verify";
}

std::size_t Words(const std::string& name) {
  return 1 + static_cast<std::size_t>(std::count(name.begin(), name.end(), ' '));
}

// The one with the longest name that the words begin with, or nullptr.
const Command* FindCommand(const std::vector<Command>& commands, const std::vector<std::string>& words) {
  const Command* found = nullptr;
  for (const Command& command : commands) {
    const std::size_t count = Words(command.name);
    if (count > words.size() || (found != nullptr && count <= Words(found->name))) continue;
    const auto end = words.begin() + static_cast<std::ptrdiff_t>(count);
    if (absl::StrJoin(words.begin(), end, " ") == command.name) found = &command;
  }
  return found;
}

ExitCode Main(const std::vector<Command>& commands, const std::vector<std::string>& words, char** argv) {
  const Command* command = FindCommand(commands, words);
  if (command == nullptr) {
    return Fail(kProgram, absl::InvalidArgumentError(absl::StrCat("got '", absl::StrJoin(words, " "),
                                                                  "', want one of the commands that --help tells")));
  }
  if (command->decodes_images) quality::LimitDecoders(argv);
  const auto first = words.begin() + static_cast<std::ptrdiff_t>(Words(command->name));
  const absl::Status status = command->run({first, words.end()});
  return status.ok() ? kExitOk : Fail(kProgram, status);
}

}  // namespace
}  // namespace giot::client

int main(int argc, char** argv) {
  const std::vector<giot::client::Command> commands = giot::client::AllCommands();
  const std::vector<std::string> words =
      giot::client::ParseCommandLine(argc, argv, giot::client::Usage(commands), "client/programs/");
  return giot::client::Main(commands, words, argv);
}
