#include "server/ledger/verifier.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/heads_file.h"
#include "server/ledger/ledger_database.h"
#include "server/ledger/opened_records.h"
#include "server/ledger/state/audit.h"
#include "server/ledger/state/entries.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {
namespace {

constexpr std::size_t kRecordsAtOnce = 4096;

absl::Status Wrong(absl::string_view where, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("verifier: ", where, ": ", what));
}

std::string LogRow(std::uint64_t position) { return absl::StrCat("table log, position ", position); }

class Verification {
 public:
  Verification(LedgerDatabase database, const VerifierKey& key, int threads)
      : database_(std::move(database)),
        key_(key),
        helpers_(std::max(threads, 1) - 1),
        machine_(database_.chain_id()),
        filling_(std::make_unique<OpenedRecords>(database_.chain_id(), kRecordsAtOnce)) {}

  // What the log must have been, of something that was said at an earlier size.
  void Expect(const char* who, std::uint64_t size, const Digest& root, std::uint64_t height, const Digest& app_hash) {
    if (size > 0) expected_.push_back({who, size, root, height, app_hash});
  }

  absl::StatusOr<Verified> Run();

 private:
  struct Expected {
    std::string who;
    std::uint64_t size = 0;
    Digest root{};
    std::uint64_t height = 0;
    Digest app_hash{};
  };

  absl::Status ReadLog();
  absl::Status Replay(OpenedRecords& part);
  absl::Status BeginBlock(std::uint64_t position, const LogRecord& record);
  absl::Status EndBlock();
  absl::Status CompareBlock();
  absl::Status CompareExpected();
  absl::Status CompareTiles();
  absl::Status CompareState();
  absl::StatusOr<Checkpoint> CompareCheckpoint();

  LedgerDatabase database_;
  const VerifierKey& key_;
  const int helpers_;
  StateMachine machine_;
  bool has_engine_ = false;
  std::vector<Expected> expected_;
  std::unique_ptr<OpenedRecords> filling_;
  std::unique_ptr<OpenedRecords> opening_;
  std::vector<OpenedRecords::Opened> block_;  // As it was stored.
  std::uint64_t tiles_ = 0;
  std::uint64_t id_sum_ = 0;
  Verified verified_;
};

absl::Status Verification::ReadLog() {
  std::uint64_t next = 0;
  const absl::Status read = database_.EachRecord(0, [&](const LedgerDatabase::Row& row) {
    if (row.position != next) return Wrong(LogRow(next), "is missing");
    ++next;
    filling_->Add(row.record, row.id_prefix);
    if (filling_->size() < kRecordsAtOnce) return absl::OkStatus();
    // While helpers open this part, the one before it is replayed here, and the next one read.
    std::unique_ptr<OpenedRecords> opened = std::exchange(opening_, std::move(filling_));
    filling_ = std::make_unique<OpenedRecords>(database_.chain_id(), kRecordsAtOnce);
    if (opened != nullptr) opened->Finish();
    opening_->Start(helpers_);
    return opened == nullptr ? absl::OkStatus() : Replay(*opened);
  });
  if (!read.ok()) return read;
  if (opening_ != nullptr) {
    if (absl::Status replayed = Replay(*opening_); !replayed.ok()) return replayed;
  }
  filling_->Start(helpers_);
  if (absl::Status replayed = Replay(*filling_); !replayed.ok()) return replayed;
  return EndBlock();
}

absl::Status Verification::Replay(OpenedRecords& part) {
  for (OpenedRecords::Opened& opened : part.Finish()) {
    const std::uint64_t position = verified_.transactions++;
    if (!opened.decoded.ok()) return Wrong(LogRow(position), opened.decoded.status().message());
    const LogRecord& record = *opened.decoded;
    if (block_.empty() || record.height != block_.front().decoded->height) {
      if (absl::Status begun = BeginBlock(position, record); !begun.ok()) return begun;
    }
    if (machine_.Apply(opened.transaction) != v1::CODE_OK) ++verified_.failed;
    block_.push_back(std::move(opened));
  }
  return absl::OkStatus();
}

absl::Status Verification::BeginBlock(std::uint64_t position, const LogRecord& record) {
  if (absl::Status ended = EndBlock(); !ended.ok()) return ended;
  const std::uint64_t least = position == 0 ? 0 : machine_.height() + 1;
  const bool exact = position == 0 || !has_engine_;
  if (record.height < least || (exact && record.height != least)) {
    return Wrong(LogRow(position), absl::StrCat("height: got ", record.height, ", want ", least));
  }
  if (record.time_us < machine_.time_us()) {
    return Wrong(LogRow(position), absl::StrCat("time: got ", record.time_us, ", want at least ", machine_.time_us()));
  }
  machine_.Begin(record.height, record.time_us);
  ++verified_.blocks;
  return absl::OkStatus();
}

absl::Status Verification::EndBlock() {
  if (block_.empty()) return absl::OkStatus();
  machine_.End();
  machine_.state().ForgetChanges();
  if (absl::Status same = CompareBlock(); !same.ok()) return same;
  block_.clear();
  return CompareExpected();
}

// A record holds the code, so that equal bytes are equal outcomes.
absl::Status Verification::CompareBlock() {
  const StateMachine::Persisted computed = machine_.TakeBlock();
  for (std::size_t i = 0; i < block_.size(); ++i) {
    const std::uint64_t position = computed.first_position + i;
    if (block_[i].record != computed.records[i]) {
      const absl::StatusOr<LogRecord> wanted = DecodeRecord(computed.records[i]);
      const LogRecord& got = *block_[i].decoded;
      return Wrong(LogRow(position),
                   absl::StrCat("got code ", v1::Code_Name(got.code), ", index ", got.index, ", time ", got.time_us,
                                ", want ", v1::Code_Name(wanted->code), ", ", wanted->index, ", ", wanted->time_us));
    }
    if (block_[i].id_prefix != IdPrefix(computed.ids[i])) {
      return Wrong(LogRow(position),
                   absl::StrCat("txid_prefix: got ", block_[i].id_prefix, ", want ", IdPrefix(computed.ids[i])));
    }
    id_sum_ += IdTerm(block_[i].id_prefix, position);
  }
  for (const Tile& tile : computed.tiles) {
    const absl::StatusOr<Tile> stored = database_.ReadTile(tile.level, tile.index);
    if (!stored.ok()) return stored.status();
    if (stored->hashes != tile.hashes) {
      return Wrong(absl::StrCat("table tile, level ", tile.level, ", tile ", tile.index), "not the log's hashes");
    }
    ++tiles_;
  }
  return absl::OkStatus();
}

absl::Status Verification::CompareExpected() {
  const std::uint64_t size = machine_.log().size();
  for (auto expected = expected_.begin(); expected != expected_.end();) {
    if (expected->size > size) {
      ++expected;
      continue;
    }
    if (expected->size < size || expected->root != machine_.log().Root() || expected->height != machine_.height() ||
        expected->app_hash != machine_.app_hash()) {
      return Wrong(absl::StrCat("table log, the first ", expected->size, " rows"),
                   absl::StrCat("not those of ", expected->who));
    }
    expected = expected_.erase(expected);
  }
  return absl::OkStatus();
}

absl::Status Verification::CompareTiles() {
  std::uint64_t stored = 0;
  const absl::Status read = database_.EachTile([&](const Tile&) {
    ++stored;
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  if (stored != tiles_) return Wrong("table tile", absl::StrCat("got ", stored, " rows, want ", tiles_));
  return absl::OkStatus();
}

absl::Status Verification::CompareState() {
  std::size_t stored = 0;
  const absl::Status read = database_.EachEntry([&](std::string_view key, std::string value) {
    ++stored;
    const std::string* computed = machine_.state().Find(key);
    const std::string where = absl::StrCat("table state, key ", HexOf(key));
    if (computed == nullptr) return Wrong(where, "the log gives no such entry");
    if (*computed != value) {
      return Wrong(where, absl::StrCat("got ", HexOf(value), ", the log gives ", HexOf(*computed)));
    }
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  if (stored != machine_.state().size()) {
    return Wrong("table state", absl::StrCat("got ", stored, " rows, want ", machine_.state().size()));
  }
  if (absl::Status audited = AuditState(machine_.state()); !audited.ok()) return Wrong("state", audited.message());
  return absl::OkStatus();
}

absl::StatusOr<Checkpoint> Verification::CompareCheckpoint() {
  const absl::StatusOr<std::string> note = database_.Checkpoint();
  if (!note.ok()) return note.status();
  const absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(*note, key_);
  if (!checkpoint.ok()) return Wrong("table chain, checkpoint", checkpoint.status().message());
  const Checkpoint computed{.origin = machine_.chain_id(),
                            .size = machine_.log().size(),
                            .root = machine_.log().Root(),
                            .height = machine_.height(),
                            .app_hash = machine_.app_hash()};
  if (*checkpoint == computed) return computed;
  return Wrong("table chain, checkpoint",
               absl::StrCat("signed:\n", CheckpointText(*checkpoint), "the log gives:\n", CheckpointText(computed)));
}

absl::StatusOr<Verified> Verification::Run() {
  if (database_.chain_id() != key_.name) {
    return Wrong("table chain, chain_id", absl::StrCat("got ", database_.chain_id(), ", the key's is ", key_.name));
  }
  const absl::StatusOr<std::int64_t> engine_height = database_.EngineHeight();
  if (!engine_height.ok()) return engine_height.status();
  has_engine_ = *engine_height != 0;
  if (absl::Status checked = database_.CheckPages(); !checked.ok()) return checked;
  // That no row lies before the first.
  if (const absl::StatusOr<std::uint64_t> size = database_.Size(); !size.ok()) return size.status();
  if (absl::Status read = ReadLog(); !read.ok()) return read;
  if (!expected_.empty()) {
    return Wrong("table log", absl::StrCat("got ", verified_.transactions, " rows, want at least the ",
                                           expected_.front().size, " of ", expected_.front().who));
  }
  if (absl::Status same = CompareTiles(); !same.ok()) return same;
  if (absl::Status same = CompareState(); !same.ok()) return same;
  if (database_.id_sum() != id_sum_) {
    return Wrong("table chain, id_sum", absl::StrCat("got ", database_.id_sum(), ", want ", id_sum_));
  }
  if (absl::Status same = database_.CheckIndex(); !same.ok()) return same;
  absl::StatusOr<Checkpoint> checkpoint = CompareCheckpoint();
  if (!checkpoint.ok()) return checkpoint.status();
  verified_.chain_id = database_.chain_id();
  verified_.checkpoint = *std::move(checkpoint);
  if (const std::optional<Chain> chain = machine_.state().Get<Chain>(ChainKey())) {
    verified_.minted = chain->minted;
    verified_.withdrawn = chain->withdrawn;
  }
  return verified_;
}

}  // namespace

absl::StatusOr<Verified> VerifyLedger(const std::filesystem::path& path, const VerifierKey& key,
                                      const std::optional<std::string>& earlier, int threads) {
  absl::StatusOr<LedgerDatabase> database = LedgerDatabase::Open(path, LedgerDatabase::Access::kRead, "", nullptr);
  if (!database.ok()) return database.status();
  Verification verification(*std::move(database), key, threads);
  if (earlier) {
    const absl::StatusOr<Checkpoint> kept = OpenCheckpoint(*earlier, key);
    if (!kept.ok()) return absl::InvalidArgumentError(absl::StrCat("earlier: ", kept.status().message()));
    verification.Expect("the earlier checkpoint", kept->size, kept->root, kept->height, kept->app_hash);
  }
  const absl::StatusOr<HeadsFile> heads = HeadsFile::Open(path.string() + ".heads", HeadsFile::Access::kOpen, nullptr);
  if (!heads.ok() && !absl::IsNotFound(heads.status())) return heads.status();
  if (heads.ok()) {
    const Head& head = *heads->head();
    verification.Expect("the heads file", head.size, head.log_root, head.height, head.app_hash);
  }
  return verification.Run();
}

}  // namespace giot::ledger
