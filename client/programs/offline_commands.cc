#include "client/programs/offline_commands.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/programs/command_flags.h"
#include "client/programs/ledger_init.h"
#include "client/programs/micros_text.h"
#include "client/programs/settlement_printer.h"
#include "client/programs/small_file.h"
#include "server/ledger/proof/receipt.h"
#include "server/ledger/proof/state_proof.h"
#include "server/ledger/verifier.h"

ABSL_FLAG(std::string, folder, "", "ledger init: where the files go");
ABSL_FLAG(std::string, chain_id, "",
          "ledger init: the ledger's name, written like an address: example.com/giot/road-17");
ABSL_FLAG(int, auditors, 3, "ledger init: how many auditors, 1 to 16");
ABSL_FLAG(int, threshold, 2, "ledger init: how many of them decide; more than half");
ABSL_FLAG(std::string, min_bond, "100", "ledger init: least bond of an operator that publishes, money");
ABSL_FLAG(std::string, penalty, "10", "ledger init: taken from the bond for a missing or wrong score, money");
ABSL_FLAG(absl::Duration, availability_grace, absl::Hours(1),
          "ledger init: how long after a task's submit_by the word of auditors still counts");
ABSL_FLAG(absl::Duration, dispute_window, absl::Hours(24), "ledger init: from a score that does not pay");
ABSL_FLAG(absl::Duration, vote_window, absl::Hours(72), "ledger init: from a dispute");
ABSL_FLAG(absl::Duration, evidence_window, absl::Hours(168), "ledger init: how long bonds are kept after a task's end");
ABSL_FLAG(absl::Duration, max_task, absl::Hours(720), "ledger init: from publication to score_by");
ABSL_FLAG(std::string, earlier, "", "ledger verify: a checkpoint that was kept, which the ledger must agree with");

namespace giot::client {
namespace {

absl::StatusOr<ledger::v1::Genesis> ParametersFromFlags() {
  const absl::StatusOr<std::int64_t> bond = ParseMicros("--min_bond", absl::GetFlag(FLAGS_min_bond));
  if (!bond.ok()) return bond.status();
  const absl::StatusOr<std::int64_t> penalty = ParseMicros("--penalty", absl::GetFlag(FLAGS_penalty));
  if (!penalty.ok()) return penalty.status();
  ledger::v1::Genesis parameters;
  parameters.set_auditor_threshold(absl::GetFlag(FLAGS_threshold));
  parameters.set_min_bond_micros(*bond);
  parameters.set_penalty_micros(*penalty);
  parameters.set_availability_grace_us(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_availability_grace)));
  parameters.set_dispute_window_us(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_dispute_window)));
  parameters.set_vote_window_us(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_vote_window)));
  parameters.set_evidence_window_us(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_evidence_window)));
  parameters.set_max_task_us(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_max_task)));
  return parameters;
}

absl::Status Init(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const std::filesystem::path folder = absl::GetFlag(FLAGS_folder);
  if (folder.empty()) return absl::InvalidArgumentError("--folder: want where the files go");
  absl::StatusOr<ledger::v1::Genesis> parameters = ParametersFromFlags();
  if (!parameters.ok()) return parameters.status();
  const absl::Status status = InitLedger(folder, absl::GetFlag(FLAGS_chain_id), absl::GetFlag(FLAGS_auditors),
                                         *std::move(parameters), absl::ToUnixMicros(absl::Now()));
  if (!status.ok()) return status;
  const absl::StatusOr<std::string> verifier = ReadSmallFile(folder / "verifier.key");
  if (!verifier.ok()) return verifier.status();
  std::cout << "made the keys and the genesis of " << absl::GetFlag(FLAGS_chain_id) << " in " << folder.string()
            << "\nverifier key, for everyone: " << *verifier;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> EarlierFromFlags() {
  const std::string path = absl::GetFlag(FLAGS_earlier);
  if (path.empty()) return std::nullopt;
  absl::StatusOr<std::string> note = ReadSmallFile(path);
  if (!note.ok()) return note.status();
  return *std::move(note);
}

absl::Status VerifyFile(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "the file of a ledger"); !status.ok()) return status;
  const absl::StatusOr<ledger::VerifierKey> key = VerifierKeyFromFlags();
  if (!key.ok()) return key.status();
  const absl::StatusOr<std::optional<std::string>> earlier = EarlierFromFlags();
  if (!earlier.ok()) return earlier.status();
  const int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  const absl::StatusOr<ledger::Verified> verified = ledger::VerifyLedger(arguments[0], *key, *earlier, threads);
  if (!verified.ok()) return verified.status();
  std::cout << "ledger verified, " << verified->transactions << " transactions, conservation holds, root "
            << HexText(verified->checkpoint.root) << '\n'
            << verified->failed << " of them refused by the rules, " << verified->blocks << " blocks; minted "
            << MicrosText(verified->minted) << ", withdrawn " << MicrosText(verified->withdrawn) << '\n';
  return absl::OkStatus();
}

absl::Status VerifyProof(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "the file of a state proof"); !status.ok()) return status;
  const absl::StatusOr<ledger::VerifierKey> key = VerifierKeyFromFlags();
  if (!key.ok()) return key.status();
  const absl::StatusOr<std::string> text = ReadSmallFile(arguments[0]);
  if (!text.ok()) return text.status();
  const absl::StatusOr<ledger::StateProofFile> file = ledger::ParseStateProof(*text);
  if (!file.ok()) return absl::DataLossError(file.status().message());
  const absl::StatusOr<ledger::Checkpoint> checkpoint = ledger::VerifyStateProofFile(*file, *key);
  if (!checkpoint.ok()) return absl::DataLossError(checkpoint.status().message());
  std::cout << "proved: as of " << checkpoint->size << " transactions, height " << checkpoint->height << ", "
            << key->name << (file->proof.value ? " has\n" : " has no such entry\n");
  if (file->proof.value) PrintEntry(file->key, *file->proof.value, std::cout);
  return absl::OkStatus();
}

absl::Status VerifyReceiptFile(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "the file of a receipt"); !status.ok()) return status;
  const absl::StatusOr<ledger::VerifierKey> key = VerifierKeyFromFlags();
  if (!key.ok()) return key.status();
  const absl::StatusOr<std::string> text = ReadSmallFile(arguments[0]);
  if (!text.ok()) return text.status();
  const absl::StatusOr<ledger::Receipt> receipt = ledger::ParseReceipt(*text);
  if (!receipt.ok()) return absl::DataLossError(receipt.status().message());
  const absl::StatusOr<ledger::Checkpoint> checkpoint = ledger::VerifyReceipt(*receipt, *key);
  if (!checkpoint.ok()) return absl::DataLossError(checkpoint.status().message());
  std::cout << "receipt verified: position " << receipt->position << " of " << checkpoint->size << " in the log of "
            << key->name << '\n';
  PrintRecord(receipt->record, key->name, std::cout);
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> OfflineCommands() {
  return {{"ledger init", "--folder=DIR --chain_id=NAME", "keys, token and genesis of a new ledger", Init},
          {"ledger verify", "FILE --verifier_key=FILE", "recomputes a whole ledger from its file, offline", VerifyFile},
          {"ledger proof verify", "FILE --verifier_key=FILE", "verifies a state proof, offline", VerifyProof},
          {"receipt verify", "FILE --verifier_key=FILE", "verifies a receipt, offline", VerifyReceiptFile}};
}

}  // namespace giot::client
