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

Checkpoint CheckpointOf(const StateMachine& machine) {
  return {.origin = machine.chain_id(),
          .size = machine.log().size(),
          .root = machine.log().Root(),
          .height = machine.height(),
          .app_hash = machine.app_hash()};
}

MerkleLog::ReadTile Answers::ReadTile() {
  return [this](int level, std::uint64_t index) { return database_.ReadTile(level, index); };
}

absl::StatusOr<Answers::Found> Answers::CheckedRecord(std::uint64_t position, std::uint64_t size, const Digest& root) {
  absl::StatusOr<std::vector<Digest>> way = machine_.log().InclusionProof(position, size, ReadTile());
  if (!way.ok()) return way.status();
  const absl::StatusOr<std::string> bytes = database_.Record(position);
  if (!bytes.ok()) return bytes.status();
  const std::string row = absl::StrCat("position ", position);
  if (absl::Status held = VerifyInclusion(LeafHash(*bytes), position, size, *way, root); !held.ok()) {
    return Altered("log or tile", row, held);
  }
  absl::StatusOr<LogRecord> record = DecodeRecord(*bytes);
  if (!record.ok()) return Altered("log", row, record.status());
  return Found{.position = position, .record = *std::move(record), .proof = *std::move(way)};
}

absl::StatusOr<Answers::Found> Answers::FindWithin(const Digest& id, std::uint64_t size, const Digest& root) {
  const absl::StatusOr<std::vector<std::uint64_t>> positions = database_.FindId(id);
  if (!positions.ok()) return positions.status();
  for (const std::uint64_t position : *positions) {
    if (position >= machine_.log().size()) {
      return Altered(
          "log_txid_prefix", HexOf(BytesOf(id)),
          absl::OutOfRangeError(absl::StrCat("got position ", position, ", the log has ", machine_.log().size())));
    }
    if (position >= size) break;
    absl::StatusOr<Found> found = CheckedRecord(position, size, root);
    if (!found.ok()) return found;
    const v1::Code code = found->record.code;
    const bool seen = code == v1::CODE_OK || code > v1::CODE_REPLAYED;
    if (seen && TransactionId(found->record.envelope) == id) return found;
  }
  return absl::NotFoundError(absl::StrCat("id: ", HexOf(BytesOf(id)), " is not in the log"));
}

absl::StatusOr<LogRecord> Answers::RecordAt(std::uint64_t position) {
  absl::StatusOr<Found> found = CheckedRecord(position, machine_.log().size(), machine_.log().Root());
  if (!found.ok()) return found.status();
  return std::move(found->record);
}

absl::StatusOr<Placed> Answers::At(std::uint64_t position) {
  const absl::StatusOr<LogRecord> record = RecordAt(position);
  if (!record.ok()) return record.status();
  return Placed{
      .id = TransactionId(record->envelope), .position = position, .height = record->height, .code = record->code};
}

absl::StatusOr<Placed> Answers::Find(const Digest& id) {
  const absl::StatusOr<Found> found = FindWithin(id, machine_.log().size(), machine_.log().Root());
  if (!found.ok()) return found.status();
  return Placed{.id = id, .position = found->position, .height = found->record.height, .code = found->record.code};
}

absl::StatusOr<Receipt> Answers::ReceiptOf(const Digest& id, const Checkpoint& checkpoint, std::string_view note) {
  absl::StatusOr<Found> found = FindWithin(id, checkpoint.size, checkpoint.root);
  if (absl::IsNotFound(found.status())) {
    const absl::StatusOr<Placed> later = Find(id);
    if (!later.ok()) return later.status();
    return absl::FailedPreconditionError(absl::StrCat("id: ", HexOf(BytesOf(id)), " is at ", later->position,
                                                      ", the checkpoint's size is ", checkpoint.size));
  }
  if (!found.ok()) return found.status();
  return Receipt{.record = std::move(found->record),
                 .position = found->position,
                 .proof = std::move(found->proof),
                 .checkpoint = std::string(note)};
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
