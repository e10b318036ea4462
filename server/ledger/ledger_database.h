#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/sqlite_connection.h"
#include "server/ledger/state/merkle_log.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

// The first eight bytes of a transaction's id, as `log` and its index have them.
std::int64_t IdPrefix(const Digest& id);
// What a row of `log` adds to `id_sum`, modulo 2^64.
std::uint64_t IdTerm(std::int64_t prefix, std::uint64_t position);

// The SQLite file of FORMAT.md section 8: rows in and out, no rules, and no trust in what it reads
// (callers check it against roots). WAL, synchronous=FULL, one connection, exclusive. Both drivers
// keep one. One thread at a time. Every call: DataLoss for what is missing or malformed, Unavailable for
// I/O errors.
class LedgerDatabase {
 public:
  // kRead changes nothing, not even the write-ahead log. A file or folder that cannot be written is then read
  // without a lock, which wants the log to be empty.
  enum class Access { kCreate, kWrite, kRead };

  // kCreate: AlreadyExists. NotFound; FailedPrecondition if another process has it, or its format
  // version is newer or needs an upgrade, or its log cannot be read (above); DataLoss if it is no ledger, or of
  // another chain (where `chain_id` is not empty); Unavailable. `vfs` null: SQLite's default.
  static absl::StatusOr<LedgerDatabase> Open(const std::filesystem::path& path, Access access,
                                             std::string_view chain_id, const char* vfs);

  // Of the files that it makes, reads and writes (`user_version`).
  static constexpr std::int64_t kFormatVersion = 1;
  // What format_upgrade.h does. `change` takes the version by one, false if it cannot; `check` sees the ledger as it
  // would be. Both within the transaction that their errors undo.
  static absl::Status Upgrade(const std::filesystem::path& path,
                              const std::function<absl::StatusOr<bool>(SqliteConnection&, std::int64_t from)>& change,
                              const std::function<absl::Status(LedgerDatabase&)>& check, const char* vfs);

  LedgerDatabase(LedgerDatabase&&) noexcept;
  ~LedgerDatabase();

  const std::string& chain_id() const;

  // Pages of 4 KiB that the write-ahead log may hold before Commit copies it into the database first, which takes
  // milliseconds: the more, the rarer and the longer.
  static constexpr int kMostLogFrames = 1024;
  void set_most_log_frames(int frames);

  // One SQLite transaction, durable when it returns OK: what the machine has done since the last
  // call, and the checkpoint if any. Unavailable (disk full, I/O error; the reason in the message): whether
  // it was written is then only known after opening anew, and this object refuses to write again.
  absl::Status Commit(StateMachine& machine, std::string_view checkpoint, std::int64_t engine_height = 0);
  // The engine's height at the last Commit, empty blocks counted; 0 in the embedded driver.
  absl::StatusOr<std::int64_t> EngineHeight();

  absl::StatusOr<std::uint64_t> Size();
  absl::StatusOr<std::string> Checkpoint();  // Empty before the first.
  absl::StatusOr<std::string> Record(std::uint64_t position);
  absl::StatusOr<Tile> ReadTile(int level, std::uint64_t index);
  // Positions whose transaction's id starts as `id` does, ascending.
  absl::StatusOr<std::vector<std::uint64_t>> FindId(const Digest& id);
  // Whether every page is used once and laid out as SQLite wants it: a damage that reading does not meet would break
  // the next write. Reads the whole file.
  absl::Status CheckPages();
  // The sum of IdTerm over all rows, as it was written with them.
  std::uint64_t id_sum() const;
  // Whether the index of FindId gives that sum, in order: what it lost would read as never logged. O(n).
  absl::Status CheckIndex();

  // In order; these stop at the first error of `each`, and return it.
  absl::Status EachEntry(const std::function<absl::Status(std::string_view key, std::string value)>& each);
  struct Row {
    std::uint64_t position = 0;
    std::string_view record;
    std::int64_t id_prefix = 0;
  };
  absl::Status EachRecord(std::uint64_t from, const std::function<absl::Status(const Row& row)>& each);
  absl::Status EachTile(const std::function<absl::Status(const Tile& tile)>& each);

  // Copies some pages into a backup, so that the writer can go on between calls; true when it is
  // whole and durable under its name. A second path has to wait for the first to be whole or given up:
  // FailedPrecondition. AlreadyExists, Unavailable; then the backup is given up.
  absl::StatusOr<bool> BackUpSome(const std::filesystem::path& to, int pages);
  // Leaves nothing of a backup that is not whole, if there is one.
  void GiveUpBackUp();

 private:
  struct Connection;

  explicit LedgerDatabase(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace giot::ledger
