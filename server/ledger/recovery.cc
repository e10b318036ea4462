#include "server/ledger/recovery.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/log_record.h"
#include "server/ledger/proof/merkle.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {
namespace {

absl::Status Lost(const std::string& what) { return absl::DataLossError(absl::StrCat("recovery: ", what)); }

// What does not fit in the file is a loss; that it could not be read is not.
absl::Status AsLoss(const std::string& where, const absl::Status& status) {
  if (absl::IsUnavailable(status)) return status;
  return Lost(absl::StrCat(where, ": ", status.message()));
}

class Recovery {
 public:
  Recovery(LedgerDatabase& database, const std::optional<Head>& head, const std::vector<VerifierKey>& keys)
      : database_(database), head_(head), keys_(keys) {}

  absl::StatusOr<StateMachine> Run();

 private:
  absl::StatusOr<LogRecord> RecordAt(std::uint64_t position) const;
  absl::Status FindRecent();
  absl::Status LoadLog();
  absl::Status CheckBeforeRecent() const;
  absl::StatusOr<StateMachine> LoadMachine();
  absl::Status CheckCheckpoint(StateMachine& machine) const;
  absl::Status CheckHead(const StateMachine& machine) const;

  MerkleLog::ReadTile ReadTile() const {
    return [this](int level, std::uint64_t index) { return database_.ReadTile(level, index); };
  }

  LedgerDatabase& database_;
  const std::optional<Head>& head_;
  const std::vector<VerifierKey>& keys_;

  std::uint64_t size_ = 0;
  LogRecord last_;
  // The first record that may still be remembered, as the rows say, and the start of its tile.
  std::uint64_t first_recent_ = 0;
  std::uint64_t first_read_ = 0;
  MerkleLog log_;
};

absl::StatusOr<LogRecord> Recovery::RecordAt(std::uint64_t position) const {
  const absl::StatusOr<std::string> bytes = database_.Record(position);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<LogRecord> record = DecodeRecord(*bytes);
  if (!record.ok()) return AsLoss(absl::StrCat("table log, position ", position), record.status());
  return record;
}

// Block times never fall, so a search by halves finds it; what it read is checked later.
absl::Status Recovery::FindRecent() {
  absl::StatusOr<LogRecord> last = RecordAt(size_ - 1);
  if (!last.ok()) return last.status();
  last_ = *std::move(last);
  std::uint64_t low = 0;
  std::uint64_t high = size_ - 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const absl::StatusOr<LogRecord> record = RecordAt(middle);
    if (!record.ok()) return record.status();
    if (record->time_us < last_.time_us - kMostExpiryUs) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  first_recent_ = low;
  first_read_ = low - low % Tile::kHashes;
  return absl::OkStatus();
}

// Whatever is read of the records is thus under the root that the checkpoint signs; and finished
// tiles are those that follow from them.
absl::Status Recovery::LoadLog() {
  absl::StatusOr<MerkleLog> log = MerkleLog::Load(first_read_, {}, ReadTile());
  if (!log.ok()) return AsLoss("table tile", log.status());
  log_ = *std::move(log);
  const absl::Status read = database_.EachRecord(first_read_, [&](const LedgerDatabase::Row& row) {
    if (row.position != log_.size()) return Lost(absl::StrCat("table log: no position ", log_.size()));
    log_.Append(LeafHash(row.record));
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  if (log_.size() != size_) return Lost(absl::StrCat("table log: ", log_.size(), " rows, want ", size_));
  for (const Tile& tile : log_.TakeFinished()) {
    const absl::StatusOr<Tile> stored = database_.ReadTile(tile.level, tile.index);
    if (!stored.ok()) return stored.status();
    if (stored->hashes != tile.hashes) {
      return Lost(absl::StrCat("table tile, level ", tile.level, ", tile ", tile.index, ": not the log's hashes"));
    }
  }
  return absl::OkStatus();
}

// That nothing older is still remembered, whatever the search was told.
absl::Status Recovery::CheckBeforeRecent() const {
  if (first_recent_ == 0) return absl::OkStatus();
  const std::uint64_t position = first_recent_ - 1;
  const absl::StatusOr<std::string> bytes = database_.Record(position);
  if (!bytes.ok()) return bytes.status();
  const absl::StatusOr<std::vector<Digest>> proof = log_.InclusionProof(position, size_, ReadTile());
  if (!proof.ok()) return AsLoss("table tile", proof.status());
  const std::string where = absl::StrCat("table log, position ", position);
  if (absl::Status held = VerifyInclusion(LeafHash(*bytes), position, size_, *proof, log_.Root()); !held.ok()) {
    return AsLoss(where, held);
  }
  const absl::StatusOr<LogRecord> record = DecodeRecord(*bytes);
  if (!record.ok()) return AsLoss(where, record.status());
  if (record->time_us >= last_.time_us - kMostExpiryUs) return Lost(absl::StrCat(where, ": block times fall"));
  return absl::OkStatus();
}

absl::StatusOr<StateMachine> Recovery::LoadMachine() {
  absl::StatusOr<StateMachine> machine = StateMachine::Load(
      database_.chain_id(), log_, [&](const auto& each) { return database_.EachEntry(each); },
      [&](const auto& each) {
        return database_.EachRecord(first_recent_, [&](const LedgerDatabase::Row& row) {
          each(row.position, row.record);
          return absl::OkStatus();
        });
      });
  if (!machine.ok()) return AsLoss("table state", machine.status());
  if (size_ > 0 && (machine->height() != last_.height || machine->time_us() != last_.time_us)) {
    return Lost(absl::StrCat("table state: height ", machine->height(), " and time ", machine->time_us(),
                             "; the log ends with ", last_.height, " and ", last_.time_us));
  }
  return machine;
}

absl::Status Recovery::CheckCheckpoint(StateMachine& machine) const {
  if (keys_.empty()) return absl::OkStatus();
  const absl::StatusOr<std::string> note = database_.Checkpoint();
  if (!note.ok()) return note.status();
  if (size_ == 0) {
    return note->empty() ? absl::OkStatus() : Lost("table chain: a checkpoint, but the log is empty");
  }
  const Checkpoint computed{.origin = database_.chain_id(),
                            .size = size_,
                            .root = log_.Root(),
                            .height = machine.height(),
                            .app_hash = machine.app_hash()};
  absl::Status refused = absl::InvalidArgumentError("no key");
  for (const VerifierKey& key : keys_) {
    const absl::StatusOr<Checkpoint> opened = OpenCheckpoint(*note, key);
    if (opened.ok()) {
      if (*opened == computed) return absl::OkStatus();
      return Lost(absl::StrCat("log and state give another checkpoint than the one that was signed: got\n",
                               CheckpointText(computed), "want\n", CheckpointText(*opened)));
    }
    refused = opened.status();
  }
  return AsLoss("table chain, checkpoint", refused);
}

absl::Status Recovery::CheckHead(const StateMachine& machine) const {
  if (!head_ || head_->size == 0) return absl::OkStatus();
  if (head_->size > size_) {
    return Lost(absl::StrCat("the log has ", size_, " records, but ", head_->size,
                             " were acknowledged: it was put back to an earlier state"));
  }
  const absl::StatusOr<Digest> root = log_.RootAt(head_->size, ReadTile());
  if (!root.ok()) return AsLoss("table tile", root.status());
  const bool same_log = *root == head_->log_root;
  const bool newest = size_ > 0 && head_->size == size_;
  if (!same_log || (newest && head_->app_hash != machine.app_hash())) {
    return Lost(absl::StrCat("the first ", head_->size, " records are not those that were acknowledged"));
  }
  return absl::OkStatus();
}

absl::StatusOr<StateMachine> Recovery::Run() {
  if (absl::Status checked = database_.CheckPages(); !checked.ok()) return checked;
  const absl::StatusOr<std::uint64_t> size = database_.Size();
  if (!size.ok()) return size.status();
  size_ = *size;
  if (size_ > 0) {
    if (absl::Status found = FindRecent(); !found.ok()) return found;
  }
  if (absl::Status loaded = LoadLog(); !loaded.ok()) return loaded;
  if (absl::Status checked = CheckBeforeRecent(); !checked.ok()) return checked;
  absl::StatusOr<StateMachine> machine = LoadMachine();
  if (!machine.ok()) return machine.status();
  if (absl::Status checked = CheckCheckpoint(*machine); !checked.ok()) return checked;
  if (absl::Status checked = CheckHead(*machine); !checked.ok()) return checked;
  if (absl::Status checked = database_.CheckIndex(); !checked.ok()) return checked;
  return machine;
}

}  // namespace

absl::StatusOr<StateMachine> Recover(LedgerDatabase& database, const std::optional<Head>& head,
                                     const std::vector<VerifierKey>& keys) {
  return Recovery(database, head, keys).Run();
}

}  // namespace giot::ledger
