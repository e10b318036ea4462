#include "client/programs/witness_command.h"

#include <cstdint>
#include <iostream>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/programs/command_flags.h"
#include "client/settlement/settlement_client.h"
#include "client/settlement/witnessing.h"
#include "server/ledger/proof/files.h"
#include "server/ledger/proof/key_file.h"
#include "server/ledger/proof/witness.h"

ABSL_DECLARE_FLAG(std::string, name);
ABSL_FLAG(std::string, state, "", "witness: file with the newest checkpoint that was cosigned");
ABSL_FLAG(bool, once, false, "witness: look once, and say by the exit status what was found");
ABSL_FLAG(absl::Duration, interval, absl::Minutes(1), "witness: between looks");

namespace giot::client {
namespace {

absl::StatusOr<ledger::Witness> WitnessFromFlags() {
  if (absl::GetFlag(FLAGS_state).empty()) return absl::InvalidArgumentError("--state: want the witness's file");
  absl::StatusOr<ledger::VerifierKey> log = VerifierKeyFromFlags();
  if (!log.ok()) return log.status();
  absl::StatusOr<ledger::SecretKey> key = ledger::ReadSecretKey(absl::GetFlag(FLAGS_key));
  if (!key.ok()) return key.status();
  return ledger::Witness::Open(absl::GetFlag(FLAGS_state), *std::move(log), absl::GetFlag(FLAGS_name), *std::move(key),
                               [] { return static_cast<std::uint64_t>(absl::ToUnixSeconds(absl::Now())); });
}

absl::Status Publish(const std::string& note) {
  const std::string path = absl::GetFlag(FLAGS_out);
  if (!path.empty()) return ledger::ReplaceFile(path, note);
  std::cout << note << std::endl;  // At once, also into a pipe.
  return absl::OkStatus();
}

absl::Status RunWitness(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  absl::StatusOr<ledger::Witness> witness = WitnessFromFlags();
  if (!witness.ok()) return witness.status();
  SettlementClient client(absl::GetFlag(FLAGS_server), CallOptionsFromFlags());
  for (;;) {
    const absl::StatusOr<std::string> note = CosignNewest(client, *witness);
    const absl::Status status = note.ok() ? Publish(*note) : note.status();
    if (absl::GetFlag(FLAGS_once) || absl::IsDataLoss(status)) return status;
    if (!status.ok()) std::cerr << status << '\n';
    absl::SleepFor(absl::GetFlag(FLAGS_interval));
  }
}

}  // namespace

std::vector<Command> WitnessCommands() {
  return {{"witness", "--state=FILE --key=FILE --name=NAME --verifier_key=FILE [--once]",
           "cosigns checkpoints that go on from those before; status 2 where a ledger was rolled back", RunWitness}};
}

}  // namespace giot::client
