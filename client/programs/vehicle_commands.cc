#include "client/programs/vehicle_commands.h"

#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/data_file.h"
#include "client/programs/command_flags.h"
#include "client/programs/connected_ledger.h"
#include "client/programs/micros_text.h"
#include "client/programs/proposal.h"
#include "client/programs/score_commands.h"
#include "client/programs/settlement_printer.h"
#include "client/settlement/data_digest.h"
#include "client/settlement/transactions.h"
#include "client/settlement/vehicle_session.h"
#include "server/ledger/proof/settlement_statement.h"

ABSL_FLAG(int, item, 0, "accept: which item of the menu, from 0");
ABSL_FLAG(std::vector<std::string>, availability, {},
          "submit: what auditors' 'audit attest' printed, separated by commas, where the operator refuses the data");
ABSL_FLAG(absl::Duration, wait, absl::ZeroDuration(), "submit: how long to wait for what becomes of it");

namespace giot::client {
namespace {

// The session of --key in --task.
struct FlagSession {
  FlagSession(std::unique_ptr<ConnectedLedger> ledger, Wallet signer, const ledger::TaskId& task)
      : connected(std::move(ledger)), wallet(std::move(signer)), session(connected->ledger, wallet, task) {}

  std::unique_ptr<ConnectedLedger> connected;
  Wallet wallet;
  VehicleSession session;
};

absl::StatusOr<std::unique_ptr<FlagSession>> SessionFromFlags() {
  const absl::StatusOr<ledger::Digest> task = TaskFromFlags();
  if (!task.ok()) return task.status();
  absl::StatusOr<std::unique_ptr<ConnectedLedger>> connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  absl::StatusOr<Wallet> wallet = WalletFromFlags((*connected)->ledger.chain_id());
  if (!wallet.ok()) return wallet.status();
  return std::make_unique<FlagSession>(*std::move(connected), *std::move(wallet), *task);
}

absl::Status InSession(const std::vector<std::string>& arguments,
                       const std::function<absl::StatusOr<PlacedTransaction>(VehicleSession&)>& step) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const auto session = SessionFromFlags();
  if (!session.ok()) return session.status();
  return ReportPlaced(step((*session)->session));
}

absl::Status Accept(const std::vector<std::string>& arguments) {
  return InSession(arguments, [](VehicleSession& session) { return session.Accept(absl::GetFlag(FLAGS_item)); });
}

absl::Status Dispute(const std::vector<std::string>& arguments) {
  return InSession(arguments, [](VehicleSession& session) { return session.Dispute(); });
}

absl::StatusOr<v1::ScoreSensingQualityRequest> DataFromFlags(const std::string& file) {
  absl::StatusOr<v1::ScoreSensingQualityRequest> data = ReadDataFile(file);
  if (!data.ok()) return data;
  absl::StatusOr<v1::Capture> capture = CaptureFromFlags();
  if (!capture.ok()) return capture.status();
  *data->mutable_capture() = *std::move(capture);
  if (data->capture().captured_at_us() == 0) {
    data->mutable_capture()->set_captured_at_us(absl::ToUnixMicros(absl::Now()));
  }
  return data;
}

absl::Status Deliver(VehicleSession& session, v1::ScoreSensingQualityRequest data) {
  // So that the score is held to what the task asks for.
  if (const auto what = session.Description(); !what.ok()) return what.status();
  const absl::StatusOr<Delivered> delivered = session.Deliver(std::move(data));
  if (!delivered.ok()) return delivered.status();
  if (!absl::GetFlag(FLAGS_json)) {
    std::cout << "delivered: data digest " << HexText(delivered->data_digest) << ", counts for "
              << MicrosText(delivered->payable_micros) << '\n';
    for (const std::string& reason : delivered->score.reasons()) std::cout << "  not more: " << reason << '\n';
  }
  return ReportPlaced(session.Submit(*delivered));
}

// By the word of auditors, to whom the vehicle gave data and salt.
absl::Status SubmitAttested(FlagSession& open, const ledger::TaskId& task, const v1::ScoreSensingQualityRequest& data) {
  const absl::StatusOr<ledger::Digest> sha256 = DataSha256(data);
  if (!sha256.ok()) return sha256.status();
  std::vector<ledger::v1::KeySignature> words;
  for (const std::string& text : absl::GetFlag(FLAGS_availability)) {
    absl::StatusOr<ledger::v1::KeySignature> word = ParseKeySignature(text);
    if (!word.ok()) return word.status();
    words.push_back(*std::move(word));
  }
  const ledger::Digest digest = ledger::DataDigest(open.wallet.SaltFor(task, *sha256), *sha256);
  return Place(*open.connected, open.wallet, SubmitBody(task, digest, std::move(words)));
}

absl::Status AwaitByFlags(VehicleSession& session) {
  const absl::Duration wait = absl::GetFlag(FLAGS_wait);
  if (wait <= absl::ZeroDuration()) return absl::OkStatus();
  const absl::StatusOr<ledger::Acceptance> outcome = session.AwaitOutcome(wait);
  if (!outcome.ok()) return outcome.status();
  PrintAcceptance(*outcome, std::cout);
  return absl::OkStatus();
}

absl::Status Submit(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "the file that is delivered"); !status.ok()) return status;
  absl::StatusOr<v1::ScoreSensingQualityRequest> data = DataFromFlags(arguments[0]);
  if (!data.ok()) return data.status();
  const absl::StatusOr<ledger::Digest> task = TaskFromFlags();
  if (!task.ok()) return task.status();
  const auto open = SessionFromFlags();
  if (!open.ok()) return open.status();
  const absl::Status status = absl::GetFlag(FLAGS_availability).empty() ? Deliver((*open)->session, *std::move(data))
                                                                        : SubmitAttested(**open, *task, *data);
  return status.ok() ? AwaitByFlags((*open)->session) : status;
}

absl::Status Salt(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "a file"); !status.ok()) return status;
  const absl::StatusOr<v1::ScoreSensingQualityRequest> data = DataFromFlags(arguments[0]);
  if (!data.ok()) return data.status();
  const absl::StatusOr<ledger::Digest> sha256 = DataSha256(*data);
  if (!sha256.ok()) return sha256.status();
  const absl::StatusOr<ledger::Digest> task = TaskFromFlags();
  if (!task.ok()) return task.status();
  const absl::StatusOr<ledger::VerifierKey> key = VerifierKeyFromFlags();
  if (!key.ok()) return key.status();
  const absl::StatusOr<Wallet> wallet = WalletFromFlags(key->name);
  if (!wallet.ok()) return wallet.status();
  std::cout << HexText(wallet->SaltFor(*task, *sha256)) << '\n';
  return absl::OkStatus();
}

absl::Status ShowAcceptance(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<ledger::Digest> task = TaskFromFlags();
  if (!task.ok()) return task.status();
  const absl::StatusOr<ledger::Digest> vehicle = VehicleFromFlags();
  if (!vehicle.ok()) return vehicle.status();
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  const absl::StatusOr<ledger::Acceptance> acceptance = (*connected)->ledger.ReadAcceptance(*task, *vehicle);
  if (!acceptance.ok()) return acceptance.status();
  PrintAcceptance(*acceptance, std::cout);
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> VehicleCommands() {
  return {{"accept", "--task=TASK --item=N --key=FILE", "accepts an item of a task's menu", Accept},
          {"submit", "FILE --task=TASK --key=FILE [--wait=30s]", "delivers an image or a WAV file and tells the ledger",
           Submit},
          {"submit salt", "FILE --task=TASK --key=FILE", "what auditors need beside the file to vouch for it", Salt},
          {"acceptance", "--task=TASK --vehicle=KEY", "what became of it, proved", ShowAcceptance},
          {"dispute", "--task=TASK --key=FILE", "has auditors judge a score that does not pay", Dispute}};
}

}  // namespace giot::client
