#include "client/settlement/proven_ledger.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/receipt.h"
#include "server/ledger/proof/state_proof.h"
#include "server/ledger/proof/transaction.h"

namespace giot::client {
namespace {

constexpr absl::Duration kReceiptPoll = absl::Milliseconds(100);

absl::Status Unproved(std::string_view what, const absl::Status& why) {
  return absl::DataLossError(absl::StrCat(std::string(what), ": the server's proof does not hold: ", why.message()));
}

absl::Status Differs(std::string_view what, const absl::AlphaNum& got, const absl::AlphaNum& wanted) {
  return absl::DataLossError(
      absl::StrCat("the server's ", std::string(what), ": got ", got.Piece(), ", want ", wanted.Piece()));
}

struct OpenedReceipt {
  ledger::Receipt receipt;
  ledger::Checkpoint checkpoint;
};

absl::StatusOr<OpenedReceipt> OpenReceipt(const std::string& text, const ledger::Digest& transaction,
                                          const ledger::VerifierKey& key) {
  absl::StatusOr<ledger::Receipt> receipt = ledger::ParseReceipt(text);
  if (!receipt.ok()) return Unproved("receipt", receipt.status());
  absl::StatusOr<ledger::Checkpoint> checkpoint = ledger::VerifyReceipt(*receipt, key);
  if (!checkpoint.ok()) return Unproved("receipt", checkpoint.status());
  const ledger::Digest id = ledger::TransactionId(receipt->record.envelope);
  if (id != transaction) {
    return Differs("receipt", ledger::HexOf(ledger::BytesOf(id)), ledger::HexOf(ledger::BytesOf(transaction)));
  }
  return OpenedReceipt{*std::move(receipt), *std::move(checkpoint)};
}

}  // namespace

ProvenLedger::ProvenLedger(SettlementClient& client, ledger::VerifierKey key, Clock& clock)
    : client_(client), key_(std::move(key)), clock_(clock) {}

absl::StatusOr<std::int64_t> ProvenLedger::NowUs() {
  {
    const std::lock_guard lock(mutex_);
    if (ahead_us_) return absl::ToUnixMicros(clock_.Now()) + *ahead_us_;
  }
  const absl::StatusOr<v1::GetLedgerResponse> about = client_.GetLedger();
  if (!about.ok()) return about.status();
  const std::int64_t now_us = absl::ToUnixMicros(clock_.Now());
  const std::int64_t most_us = now_us + absl::ToInt64Microseconds(kMostAhead);
  if (about->block_time_us() > most_us) {
    return absl::FailedPreconditionError(absl::StrCat("the server's block_time_us: got ", about->block_time_us(),
                                                      ", want at most ", most_us, ", ",
                                                      absl::FormatDuration(kMostAhead), " ahead of this machine's"));
  }
  const std::lock_guard lock(mutex_);
  ahead_us_ = std::max(now_us, about->block_time_us()) - now_us;
  return now_us + *ahead_us_;
}

absl::StatusOr<std::optional<std::string>> ProvenLedger::Read(std::string_view key) {
  const std::optional<ledger::Checkpoint> seen_before = newest();
  const absl::StatusOr<std::string> text = client_.Prove(key);
  if (!text.ok()) return text.status();
  absl::StatusOr<ledger::StateProofFile> file = ledger::ParseStateProof(*text);
  if (!file.ok()) return Unproved("state", file.status());
  if (file->key != key) return Differs("state proof's key", ledger::HexOf(file->key), ledger::HexOf(key));
  const absl::StatusOr<ledger::Checkpoint> checkpoint = ledger::VerifyStateProofFile(*file, key_);
  if (!checkpoint.ok()) return Unproved("state", checkpoint.status());
  if (absl::Status status = Note(*checkpoint, seen_before); !status.ok()) return status;
  return std::move(file->proof.value);
}

template <typename Entry>
absl::StatusOr<Entry> ProvenLedger::ReadEntry(std::string_view what, const std::string& key) {
  const absl::StatusOr<std::optional<std::string>> value = Read(key);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return absl::NotFoundError(absl::StrCat("the ledger has no such ", std::string(what)));
  Entry entry;
  // A proof that holds: the ledger is of a later version than this library.
  if (!ledger::Decode(**value, entry)) {
    return absl::UnimplementedError(
        absl::StrCat(std::string(what), ": got an entry of an unknown form, want version 1"));
  }
  return entry;
}

absl::StatusOr<ledger::Parameters> ProvenLedger::ReadParameters() {
  return ReadEntry<ledger::Parameters>("parameters", ledger::ParametersKey());
}

absl::StatusOr<ledger::Chain> ProvenLedger::ReadChain() {
  return ReadEntry<ledger::Chain>("chain", ledger::ChainKey());
}

absl::StatusOr<ledger::KeyEntry> ProvenLedger::ReadKey(const ledger::PublicKey& key) {
  return ReadEntry<ledger::KeyEntry>("key", ledger::KeyKey(key));
}

absl::StatusOr<ledger::OperatorEntry> ProvenLedger::ReadOperator(const ledger::Account& account) {
  return ReadEntry<ledger::OperatorEntry>("operator", ledger::OperatorKey(account));
}

absl::StatusOr<ledger::TaskTerms> ProvenLedger::ReadTerms(const ledger::TaskId& task) {
  return ReadEntry<ledger::TaskTerms>("task", ledger::TermsKey(task));
}

absl::StatusOr<ledger::Acceptance> ProvenLedger::ReadAcceptance(const ledger::TaskId& task,
                                                                const ledger::PublicKey& vehicle) {
  return ReadEntry<ledger::Acceptance>("acceptance", ledger::AcceptanceKey(task, vehicle));
}

absl::StatusOr<ledger::AccountEntry> ProvenLedger::ReadAccount(const ledger::Account& account) {
  absl::StatusOr<ledger::AccountEntry> entry = ReadEntry<ledger::AccountEntry>("account", ledger::AccountKey(account));
  if (absl::IsNotFound(entry.status())) return ledger::AccountEntry();
  return entry;
}

absl::StatusOr<v1::TaskDescription> ProvenLedger::ReadDescription(const ledger::TaskId& task) {
  absl::StatusOr<v1::Task> told = client_.GetTask(task);
  if (!told.ok()) return told.status();
  if (!told->has_description()) return absl::NotFoundError("the server has no description of the task");
  const absl::StatusOr<ledger::LogRecord> record = ReadRecord(task);
  if (!record.ok()) return record.status();
  const ledger::OpenedTransaction published = ledger::OpenEnvelope(chain_id(), record->envelope);
  const std::string& wanted = published.body.publish_task().description_digest();
  const ledger::Digest digest = ledger::Sha256({ledger::CanonicalBytes(told->description())});
  if (wanted != ledger::BytesOf(digest)) {
    return Differs("description's digest", ledger::HexOf(ledger::BytesOf(digest)), ledger::HexOf(wanted));
  }
  return std::move(*told->mutable_description());
}

absl::StatusOr<PlacedTransaction> ProvenLedger::Place(const std::string& envelope) {
  const ledger::Digest id = ledger::TransactionId(envelope);
  const std::optional<ledger::Checkpoint> seen_before = newest();
  const absl::StatusOr<v1::TransactResponse> reply = client_.Transact(envelope, true);
  if (!reply.ok()) return reply.status();
  absl::StatusOr<std::string> text = reply->receipt();
  if (text->empty()) text = AwaitReceipt(id);
  if (!text.ok()) return text.status();
  const absl::StatusOr<OpenedReceipt> opened = OpenReceipt(*text, id, key_);
  if (!opened.ok()) return opened.status();
  if (absl::Status status = Note(opened->checkpoint, seen_before); !status.ok()) return status;
  const ledger::LogRecord& record = opened->receipt.record;
  if (record.code != reply->placement().code()) return Differs("code", reply->placement().code(), record.code);
  return PlacedTransaction{id, opened->receipt.position, record.time_us, record.code, *std::move(text)};
}

absl::StatusOr<PlacedTransaction> ProvenLedger::PlaceSuccessfully(const std::string& envelope) {
  absl::StatusOr<PlacedTransaction> placed = Place(envelope);
  if (!placed.ok() || placed->code == ledger::v1::CODE_OK) return placed;
  return absl::FailedPreconditionError(absl::StrCat(ledger::v1::Code_Name(placed->code),
                                                    ": the ledger's rules refuse it, transaction ",
                                                    ledger::HexOf(ledger::BytesOf(placed->id))));
}

absl::StatusOr<ledger::LogRecord> ProvenLedger::ReadRecord(const ledger::Digest& transaction) {
  const std::optional<ledger::Checkpoint> seen_before = newest();
  const absl::StatusOr<std::string> text = client_.GetReceipt(transaction);
  if (!text.ok()) return text.status();
  absl::StatusOr<OpenedReceipt> opened = OpenReceipt(*text, transaction, key_);
  if (!opened.ok()) return opened.status();
  if (absl::Status status = Note(opened->checkpoint, seen_before); !status.ok()) return status;
  return std::move(opened->receipt.record);
}

std::optional<ledger::Checkpoint> ProvenLedger::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

absl::StatusOr<std::string> ProvenLedger::AwaitReceipt(const ledger::Digest& transaction) {
  const absl::Time deadline = clock_.Now() + kReceiptWait;
  for (;;) {
    absl::StatusOr<std::string> text = client_.GetReceipt(transaction);
    if (!absl::IsUnavailable(text.status())) return text;
    if (clock_.Now() + kReceiptPoll > deadline) return text;
    clock_.Sleep(kReceiptPoll);
  }
}

absl::Status ProvenLedger::Note(const ledger::Checkpoint& checkpoint,
                                const std::optional<ledger::Checkpoint>& seen_before) {
  if (seen_before && checkpoint.size < seen_before->size) {
    return Differs("checkpoint", absl::StrCat("a log of ", checkpoint.size, " transactions"),
                   absl::StrCat(seen_before->size, " or more, as it showed before"));
  }
  const std::lock_guard lock(mutex_);
  if (newest_ && ledger::Contradict(checkpoint, *newest_)) {
    return absl::DataLossError(absl::StrCat("the server showed two ledgers of ", checkpoint.size,
                                            " transactions, height ", checkpoint.height));
  }
  if (!newest_ || checkpoint.size > newest_->size) newest_ = checkpoint;
  return absl::OkStatus();
}

}  // namespace giot::client
