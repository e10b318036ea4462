#include "server/ledger/answers.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/merkle.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {
namespace {

absl::Status Altered(absl::string_view table, absl::string_view row, const absl::Status& reason) {
  return absl::DataLossError(absl::StrCat("answers: table ", table, ", ", row, ": ", reason.message()));
}

}  // namespace

MerkleLog::ReadTile Answers::ReadTile() {
  return [this](int level, std::uint64_t index) { return database_.ReadTile(level, index); };
}

absl::StatusOr<LogRecord> Answers::CheckedRecord(std::uint64_t position, std::uint64_t size, const Digest& root,
                                                 std::vector<Digest>& proof) {
  absl::StatusOr<std::vector<Digest>> way = machine_.log().InclusionProof(position, size, ReadTile());
  if (!way.ok()) return way.status();
  const absl::StatusOr<std::string> bytes = database_.Record(position);
  if (!bytes.ok()) return bytes.status();
  const std::string row = absl::StrCat("position ", position);
  if (absl::Status held = VerifyInclusion(LeafHash(*bytes), position, size, *way, root); !held.ok()) {
    return Altered("log or tile", row, held);
  }
  proof = *std::move(way);
  absl::StatusOr<LogRecord> record = DecodeRecord(*bytes);
  if (!record.ok()) return Altered("log", row, record.status());
  return record;
}

absl::StatusOr<LogRecord> Answers::RecordAt(std::uint64_t position) {
  std::vector<Digest> proof;
  return CheckedRecord(position, machine_.log().size(), machine_.log().Root(), proof);
}

absl::StatusOr<Placed> Answers::At(std::uint64_t position) {
  const absl::StatusOr<LogRecord> record = RecordAt(position);
  if (!record.ok()) return record.status();
  return Placed{
      .id = TransactionId(record->envelope), .position = position, .height = record->height, .code = record->code};
}

absl::StatusOr<Placed> Answers::Find(const Digest& id) {
  const absl::StatusOr<std::vector<std::uint64_t>> positions = database_.FindId(id);
  if (!positions.ok()) return positions.status();
  for (const std::uint64_t position : *positions) {
    const absl::StatusOr<Placed> placed = At(position);
    if (absl::IsOutOfRange(placed.status())) return Altered("log_txid_prefix", HexOf(BytesOf(id)), placed.status());
    if (!placed.ok()) return placed.status();
    const bool seen = placed->code == v1::CODE_OK || placed->code > v1::CODE_REPLAYED;
    if (seen && placed->id == id) return placed;
  }
  return absl::NotFoundError(absl::StrCat("id: ", HexOf(BytesOf(id)), " is not in the log"));
}

absl::StatusOr<Receipt> Answers::ReceiptOf(const Digest& id, const Checkpoint& checkpoint, std::string_view note) {
  const absl::StatusOr<Placed> placed = Find(id);
  if (!placed.ok()) return placed.status();
  if (placed->position >= checkpoint.size) {
    return absl::FailedPreconditionError(absl::StrCat("id: ", HexOf(BytesOf(id)), " is at ", placed->position,
                                                      ", the checkpoint's size is ", checkpoint.size));
  }
  Receipt receipt;
  receipt.position = placed->position;
  receipt.checkpoint = std::string(note);
  absl::StatusOr<LogRecord> record = CheckedRecord(placed->position, checkpoint.size, checkpoint.root, receipt.proof);
  if (!record.ok()) return record.status();
  receipt.record = *std::move(record);
  return receipt;
}

absl::StatusOr<ConsistencyProof> Answers::ProveConsistency(std::uint64_t old_size, const Checkpoint& checkpoint,
                                                           std::string_view note) {
  if (old_size > checkpoint.size) {
    return absl::OutOfRangeError(absl::StrCat("old_size: got ", old_size, ", want at most ", checkpoint.size));
  }
  const MerkleLog& log = machine_.log();
  absl::StatusOr<std::vector<Digest>> proof = log.ConsistencyProof(old_size, checkpoint.size, ReadTile());
  if (!proof.ok()) return proof.status();
  const absl::StatusOr<Digest> old_root = log.RootAt(old_size, ReadTile());
  if (!old_root.ok()) return old_root.status();
  if (absl::Status held = VerifyConsistency(old_size, *old_root, checkpoint.size, checkpoint.root, *proof);
      !held.ok()) {
    return Altered("tile", absl::StrCat("size ", old_size), held);
  }
  return ConsistencyProof{.old_size = old_size, .proof = *std::move(proof), .checkpoint = std::string(note)};
}

absl::StatusOr<StateProofFile> Answers::Prove(std::string_view key, std::string_view note) {
  StateMachine::Answer answer = machine_.Query(key, true);
  if (!answer.proof) return absl::InternalError(absl::StrCat("key: no proof of ", HexOf(key)));
  StateProofFile file{.key = std::string(key),
                      .proof = *std::move(answer.proof),
                      .log_root = machine_.log().Root(),
                      .state_root = machine_.StateRoot(),
                      .checkpoint = std::string(note)};
  if (absl::Status held = VerifyStateProof(key, file.proof, file.state_root); !held.ok()) {
    return Altered("state", HexOf(key), held);
  }
  return file;
}

}  // namespace giot::ledger
