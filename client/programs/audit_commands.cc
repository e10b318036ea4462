#include "client/programs/audit_commands.h"

#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/data_file.h"
#include "client/programs/command_flags.h"
#include "client/programs/connected_ledger.h"
#include "client/programs/evidence_scoring.h"
#include "client/programs/message_json.h"
#include "client/programs/micros_text.h"
#include "client/programs/proposal.h"
#include "client/programs/settlement_printer.h"
#include "client/programs/small_file.h"
#include "client/settlement/data_digest.h"
#include "client/settlement/transactions.h"
#include "models/quality/quality_model.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/state/delivery.h"

ABSL_FLAG(std::string, in_state, "disputed",
          "audit list: accepted, submitted, below, disputed, paid, refused, forfeited, or all");
ABSL_FLAG(std::string, payable, "", "audit vote: the quality to vote for, instead of what scoring again gives");
ABSL_FLAG(std::string, salt, "", "audit attest: what the vehicle's 'submit salt' printed");

namespace giot::client {
namespace {

absl::StatusOr<v1::AcceptanceState> StateFromFlags() {
  const std::string name = absl::GetFlag(FLAGS_in_state);
  v1::AcceptanceState state = v1::ACCEPTANCE_STATE_UNSPECIFIED;
  if (name == "all" ||
      v1::AcceptanceState_Parse(absl::StrCat("ACCEPTANCE_STATE_", absl::AsciiStrToUpper(name)), &state)) {
    return state;
  }
  return absl::InvalidArgumentError(absl::StrCat("--in_state: got '", name, "', want disputed, all, ..."));
}

absl::Status List(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<v1::AcceptanceState> state = StateFromFlags();
  if (!state.ok()) return state.status();
  SettlementClient client(absl::GetFlag(FLAGS_server), CallOptionsFromFlags());
  v1::ListAcceptancesRequest request;
  request.set_state(*state);
  v1::ListAcceptancesResponse all;
  do {
    const absl::StatusOr<v1::ListAcceptancesResponse> page = client.ListAcceptances(request);
    if (!page.ok()) return page.status();
    all.mutable_acceptances()->MergeFrom(page->acceptances());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  absl::GetFlag(FLAGS_json) ? void(std::cout << JsonWithHexOf(all)) : PrintAcceptances(all, std::cout);
  return absl::OkStatus();
}

absl::Status Fetch(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<ledger::Digest> task = TaskFromFlags();
  if (!task.ok()) return task.status();
  const absl::StatusOr<ledger::Digest> vehicle = VehicleFromFlags();
  if (!vehicle.ok()) return vehicle.status();
  if (absl::GetFlag(FLAGS_out).empty()) return absl::InvalidArgumentError("--out: want a new file for the evidence");
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  const absl::StatusOr<Wallet> auditor = WalletFromFlags((*connected)->ledger.chain_id());
  if (!auditor.ok()) return auditor.status();

  v1::FetchEvidenceRequest request;
  const std::int64_t now_us = absl::ToUnixMicros(absl::Now());
  request.set_task(std::string(ledger::BytesOf(*task)));
  request.set_vehicle(std::string(ledger::BytesOf(*vehicle)));
  request.set_auditor(std::string(ledger::BytesOf(auditor->key())));
  request.set_time_us(now_us);
  request.set_signature(std::string(ledger::BytesOf(auditor->SignFetch(*task, *vehicle, now_us))));
  const absl::StatusOr<v1::DeliveryEvidence> evidence = (*connected)->client.FetchEvidence(request);
  if (!evidence.ok()) return evidence.status();
  const absl::StatusOr<ledger::Acceptance> acceptance = (*connected)->ledger.ReadAcceptance(*task, *vehicle);
  if (!acceptance.ok()) return acceptance.status();
  if (absl::Status status = CheckEvidence(*evidence, *task, *vehicle, *acceptance); !status.ok()) return status;
  return PrintOrWrite(ledger::CanonicalBytes(*evidence));
}

// A file of `audit fetch`, held to what the ledger says now, and scored again.
struct Case {
  ledger::TaskId task{};
  ledger::PublicKey vehicle{};
  ledger::TaskTerms terms;
  ledger::Acceptance acceptance;
  Judgement judgement;
};

absl::StatusOr<v1::DeliveryEvidence> ReadEvidence(const std::string& path) {
  const absl::StatusOr<std::string> bytes = ReadSmallFile(path);
  if (!bytes.ok()) return bytes.status();
  v1::DeliveryEvidence evidence;
  if (evidence.ParseFromString(*bytes)) return evidence;
  return absl::InvalidArgumentError(absl::StrCat(path, ": got something else, want what 'audit fetch' wrote"));
}

absl::StatusOr<Case> Open(ProvenLedger& ledger, const std::string& path) {
  const absl::StatusOr<v1::DeliveryEvidence> evidence = ReadEvidence(path);
  if (!evidence.ok()) return evidence.status();
  Case opened;
  if (!ledger::FromBytes(evidence->task(), opened.task) || !ledger::FromBytes(evidence->vehicle(), opened.vehicle)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": got no task and vehicle of 32 bytes"));
  }
  absl::StatusOr<ledger::TaskTerms> terms = ledger.ReadTerms(opened.task);
  if (!terms.ok()) return terms.status();
  const absl::StatusOr<ledger::Acceptance> acceptance = ledger.ReadAcceptance(opened.task, opened.vehicle);
  if (!acceptance.ok()) return acceptance.status();
  opened.terms = *std::move(terms);
  opened.acceptance = *acceptance;
  if (absl::Status status = CheckEvidence(*evidence, opened.task, opened.vehicle, opened.acceptance); !status.ok()) {
    return status;
  }
  // Never those of the evidence, which are the operator's word.
  const absl::StatusOr<v1::TaskDescription> description = ledger.ReadDescription(opened.task);
  if (!description.ok()) return description.status();
  absl::StatusOr<quality::QualityModel> model = quality::LoadQualityModel(absl::GetFlag(FLAGS_local_model));
  if (!model.ok()) return model.status();
  absl::StatusOr<Judgement> judgement =
      ScoreEvidence(*evidence, description->requirements(), opened.terms, *std::move(model));
  if (!judgement.ok()) return judgement.status();
  opened.judgement = *std::move(judgement);
  return opened;
}

void PrintCase(const Case& opened) {
  const std::uint32_t asked = opened.terms.menu[opened.acceptance.item].quality;
  const auto payable = static_cast<std::uint32_t>(opened.judgement.payable_micros);
  const bool pays = payable + ledger::kScoreTolerance >= asked;
  std::cout << "asked " << MicrosText(asked) << ", operator's score counts for "
            << MicrosText(opened.acceptance.payable) << ", scored again " << MicrosText(payable) << ": "
            << (pays ? "to pay" : "to refuse") << '\n';
  if (opened.judgement.follows_operator) {
    std::cout << "the operator says that the source sent this before; one delivery cannot show whether it did\n";
  }
  for (const std::string& reason : opened.judgement.score.reasons()) std::cout << "  " << reason << '\n';
}

absl::Status Score(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "the file of evidence"); !status.ok()) return status;
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  const absl::StatusOr<Case> opened = Open((*connected)->ledger, arguments[0]);
  if (!opened.ok()) return opened.status();
  PrintCase(*opened);
  return absl::OkStatus();
}

absl::Status VoteFor(ConnectedLedger& connected, const std::string& payable) {
  const absl::StatusOr<std::int32_t> micros = ParseShare("--payable", payable);
  if (!micros.ok()) return micros.status();
  const absl::StatusOr<ledger::Digest> task = TaskFromFlags();
  if (!task.ok()) return task.status();
  const absl::StatusOr<ledger::Digest> vehicle = VehicleFromFlags();
  if (!vehicle.ok()) return vehicle.status();
  return PlaceByFlags(connected, ResolveBody(*task, *vehicle, *micros));
}

absl::Status Vote(const std::vector<std::string>& arguments) {
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  if (const std::string payable = absl::GetFlag(FLAGS_payable); !payable.empty()) {
    if (absl::Status status = WantArguments(arguments, 0, "none beside --payable"); !status.ok()) return status;
    return VoteFor(**connected, payable);
  }
  if (absl::Status status = WantArguments(arguments, 1, "the file of evidence"); !status.ok()) return status;
  const absl::StatusOr<Case> opened = Open((*connected)->ledger, arguments[0]);
  if (!opened.ok()) return opened.status();
  PrintCase(*opened);
  return PlaceByFlags(**connected, ResolveBody(opened->task, opened->vehicle, opened->judgement.payable_micros));
}

absl::Status Attest(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "the file that the vehicle gave"); !status.ok()) return status;
  const absl::StatusOr<v1::ScoreSensingQualityRequest> data = ReadDataFile(arguments[0]);
  if (!data.ok()) return data.status();
  const absl::StatusOr<ledger::Digest> sha256 = DataSha256(*data);
  if (!sha256.ok()) return sha256.status();
  const absl::StatusOr<ledger::Digest> task = TaskFromFlags();
  if (!task.ok()) return task.status();
  const absl::StatusOr<ledger::Digest> vehicle = VehicleFromFlags();
  if (!vehicle.ok()) return vehicle.status();
  const absl::StatusOr<ledger::Digest> salt = ParseHexDigest("--salt", absl::GetFlag(FLAGS_salt));
  if (!salt.ok()) return salt.status();
  const absl::StatusOr<ledger::VerifierKey> key = VerifierKeyFromFlags();
  if (!key.ok()) return key.status();
  const absl::StatusOr<Wallet> auditor = WalletFromFlags(key->name);
  if (!auditor.ok()) return auditor.status();
  std::cout << KeySignatureText(auditor->Attest(*task, *vehicle, ledger::DataDigest(*salt, *sha256))) << '\n';
  return absl::OkStatus();
}

}  // namespace

std::vector<Command> AuditCommands() {
  return {
      {"audit list", "[--in_state=STATE]", "acceptances that are disputed", List},
      {"audit fetch", "--task=TASK --vehicle=KEY --key=AUDITOR --out=FILE", "gets what was delivered, verified", Fetch},
      {"audit score", "EVIDENCE --local_model=DIR", "scores it again", Score, true},
      {"audit vote", "EVIDENCE --local_model=DIR --key=AUDITOR", "votes by that; or by --task, --vehicle and --payable",
       Vote, true},
      {"audit attest", "FILE --salt=SALT --task=TASK --vehicle=KEY --key=AUDITOR",
       "vouches for data that the operator refuses", Attest}};
}

}  // namespace giot::client
