#include "server/ledger/ledger_database.h"

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/ledger_backup.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/sqlite_connection.h"

namespace giot::ledger {
namespace {

constexpr std::int64_t kApplicationId = 0x67696f74;

// In order of their names.
constexpr std::array kSchema = {
    "CREATE TABLE chain (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE log (position INTEGER PRIMARY KEY, record BLOB NOT NULL, txid_prefix INTEGER NOT NULL)",
    "CREATE INDEX log_txid_prefix ON log (txid_prefix)",
    "CREATE TABLE state (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE tile (level INTEGER, tile INTEGER, hashes BLOB NOT NULL, PRIMARY KEY (level, tile)) WITHOUT ROWID",
};

constexpr char kGetChainId[] = "SELECT value FROM chain WHERE name = 'chain_id'";
constexpr char kPutChainId[] = "INSERT INTO chain VALUES ('chain_id', ?)";
constexpr char kGetCheckpoint[] = "SELECT value FROM chain WHERE name = 'checkpoint'";
constexpr char kPutCheckpoint[] = "REPLACE INTO chain VALUES ('checkpoint', ?)";
constexpr char kGetEngineHeight[] = "SELECT value FROM chain WHERE name = 'engine_height'";
constexpr char kPutEngineHeight[] = "REPLACE INTO chain VALUES ('engine_height', ?)";
constexpr char kGetIdSum[] = "SELECT value FROM chain WHERE name = 'id_sum'";
constexpr char kPutIdSum[] = "REPLACE INTO chain VALUES ('id_sum', ?)";
constexpr char kCountForeign[] =
    "SELECT count(*) FROM chain WHERE name NOT IN ('chain_id', 'checkpoint', 'engine_height', 'id_sum')";
constexpr char kAddRecord[] = "INSERT INTO log VALUES (?, ?, ?)";
constexpr char kAddTile[] = "INSERT INTO tile VALUES (?, ?, ?)";
constexpr char kPutEntry[] = "REPLACE INTO state VALUES (?, ?)";
constexpr char kEraseEntry[] = "DELETE FROM state WHERE key = ?";

std::string JoinHashes(const std::vector<Digest>& hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * std::tuple_size_v<Digest>);
  for (const Digest& hash : hashes) bytes += BytesOf(hash);
  return bytes;
}

std::string VersionMark(std::int64_t version) { return absl::StrCat("PRAGMA user_version=", version); }

std::vector<Digest> SplitHashes(std::string_view bytes) {
  std::vector<Digest> hashes(bytes.size() / std::tuple_size_v<Digest>);
  for (Digest& hash : hashes) {
    FromBytes(bytes.substr(0, hash.size()), hash);
    bytes.remove_prefix(hash.size());
  }
  return hashes;
}

int CountFrames(void* frames, sqlite3*, const char*, int count) {
  *static_cast<int*>(frames) = count;
  return SQLITE_OK;
}

std::string EscapedUri(std::string_view path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      absl::StrAppend(&uri, "%", HexOf({&c, 1}));
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

std::int64_t IdPrefix(const Digest& id) { return ByteReader(BytesOf(id)).I64(); }

// An odd factor, so that no change of one prefix is lost.
std::uint64_t IdTerm(std::int64_t prefix, std::uint64_t position) {
  return static_cast<std::uint64_t>(prefix) * (2 * position + 1);
}

struct LedgerDatabase::Connection {
  ~Connection() {
    backup.reset();
    if (!log_to_remove.empty()) RemoveEmptyLog();
  }

  // Opened, and nothing read of it.
  static absl::StatusOr<std::unique_ptr<Connection>> To(const std::filesystem::path& path, Access access,
                                                        const char* vfs_name);
  absl::Status OpenFile(const std::filesystem::path& path, Access access, const char* vfs_name);
  absl::StatusOr<bool> PrepareToRead(const std::filesystem::path& path);
  absl::Status Create(std::string_view new_chain_id);
  absl::StatusOr<std::int64_t> Version();
  absl::Status CheckIdentity();
  absl::Status RaiseVersion(const std::function<absl::StatusOr<bool>(SqliteConnection&, std::int64_t from)>& change,
                            std::int64_t from);
  absl::Status CheckSchema();
  absl::Status ReadChain(std::string_view wanted_chain_id);
  absl::Status UseLog();
  absl::Status WriteBlock(StateMachine& machine, std::string_view checkpoint, std::int64_t engine_height);
  absl::Status WriteRecords(const StateMachine::Persisted& block);
  absl::Status WriteEntries(StateStore& state);
  absl::Status FoldLog();
  absl::StatusOr<std::string> ChainValue(const char* sql);
  absl::StatusOr<std::int64_t> Number(const char* sql);
  absl::Status Malformed(const std::string& what) const {
    return absl::DataLossError(absl::StrCat("ledger_database: ", sqlite->path(), ": ", what));
  }
  // While the lock is held: nobody else can have begun to use it.
  void RemoveEmptyLog();

  std::unique_ptr<SqliteConnection> sqlite;
  sqlite3_vfs* vfs = nullptr;
  std::string chain_id;
  std::uint64_t id_sum = 0;
  int log_frames = 0;
  int most_log_frames = kMostLogFrames;
  bool writable = false;
  std::string log_to_remove;  // That reading made.
  std::unique_ptr<LedgerBackup> backup;
};

namespace {

// Through the VFS, as SQLite itself would look.
absl::StatusOr<bool> Has(sqlite3_vfs* vfs, const std::string& path, int access) {
  int has = 0;
  if (const int code = vfs->xAccess(vfs, path.c_str(), access, &has); code != SQLITE_OK) {
    return absl::UnavailableError(absl::StrCat("ledger_database: cannot look for ", path, ": ", sqlite3_errstr(code)));
  }
  return has != 0;
}

}  // namespace

absl::Status LedgerDatabase::Connection::Create(std::string_view new_chain_id) {
  if (absl::Status begun = sqlite->Execute("PRAGMA page_size=4096"); !begun.ok()) return begun;
  if (absl::Status used = UseLog(); !used.ok()) return used;
  if (absl::Status begun = sqlite->Execute("BEGIN EXCLUSIVE"); !begun.ok()) return begun;
  for (const char* sql : kSchema) {
    if (absl::Status made = sqlite->Execute(sql); !made.ok()) return made;
  }
  const std::string marks = absl::StrCat("PRAGMA application_id=", kApplicationId, "; ", VersionMark(kFormatVersion));
  if (absl::Status marked = sqlite->Execute(marks.c_str()); !marked.ok()) return marked;
  if (absl::Status put = SqliteQuery(*sqlite, kPutChainId).Bind(new_chain_id).Run(); !put.ok()) return put;
  const std::string no_ids = ByteWriter().U64(0).Take();
  if (absl::Status put = SqliteQuery(*sqlite, kPutIdSum).Bind(no_ids).Run(); !put.ok()) return put;
  return sqlite->Execute("COMMIT");
}

absl::Status LedgerDatabase::Connection::UseLog() {
  SqliteQuery query(*sqlite, "PRAGMA journal_mode=WAL");
  if (const absl::StatusOr<bool> row = query.Step(); !row.ok()) return row.status();
  const absl::StatusOr<std::string_view> mode = query.Text(0);
  if (!mode.ok()) return mode.status();
  if (*mode != "wal")
    return absl::UnavailableError(absl::StrCat("ledger_database: journal mode ", std::string(*mode), ", want wal"));
  sqlite3_wal_hook(sqlite->handle(), CountFrames, &log_frames);
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> LedgerDatabase::Connection::Number(const char* sql) {
  SqliteQuery query(*sqlite, sql);
  const absl::StatusOr<bool> row = query.Step();
  if (!row.ok()) return row.status();
  return query.Integer(0);
}

absl::StatusOr<std::int64_t> LedgerDatabase::Connection::Version() {
  const absl::StatusOr<std::int64_t> id = Number("PRAGMA application_id");
  if (!id.ok()) return id.status();
  if (*id != kApplicationId) return Malformed(absl::StrCat("application id ", *id, ": not a ledger"));
  return Number("PRAGMA user_version");
}

absl::Status LedgerDatabase::Connection::CheckIdentity() {
  const absl::StatusOr<std::int64_t> version = Version();
  if (!version.ok()) return version.status();
  if (*version != kFormatVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("ledger_database: ", sqlite->path(), ": format version ", *version,
                     *version < kFormatVersion ? ", needs an upgrade to " : ", this program has ", kFormatVersion));
  }
  return CheckSchema();
}

// Nothing that was added to it, such as a trigger, may act.
absl::Status LedgerDatabase::Connection::CheckSchema() {
  SqliteQuery query(*sqlite, "SELECT sql FROM sqlite_schema ORDER BY name");
  for (const char* sql : kSchema) {
    const absl::StatusOr<bool> row = query.Step();
    if (!row.ok()) return row.status();
    if (!*row) return Malformed(absl::StrCat("no ", sql));
    const absl::StatusOr<std::string_view> found = query.Text(0);
    if (!found.ok()) return found.status();
    if (*found != sql) return Malformed(absl::StrCat("schema: got ", std::string(*found), ", want ", sql));
  }
  const absl::StatusOr<bool> more = query.Step();
  if (!more.ok()) return more.status();
  return *more ? Malformed("schema has more than a ledger's") : absl::OkStatus();
}

absl::Status LedgerDatabase::Connection::ReadChain(std::string_view wanted_chain_id) {
  const absl::StatusOr<std::int64_t> foreign = Number(kCountForeign);
  if (!foreign.ok()) return foreign.status();
  if (*foreign != 0) return Malformed("chain has rows that a ledger has not");
  absl::StatusOr<std::string> id = ChainValue(kGetChainId);
  if (!id.ok()) return id.status();
  if (id->empty()) return Malformed("no chain id");
  if (!wanted_chain_id.empty() && *id != wanted_chain_id) {
    return Malformed(absl::StrCat("chain id ", *id, ", want ", std::string(wanted_chain_id)));
  }
  chain_id = *std::move(id);
  const absl::StatusOr<std::string> sum = ChainValue(kGetIdSum);
  if (!sum.ok()) return sum.status();
  ByteReader reader(*sum);
  id_sum = reader.U64();
  return reader.AtEnd() ? absl::OkStatus() : Malformed("id_sum has not eight bytes");
}

absl::StatusOr<std::string> LedgerDatabase::Connection::ChainValue(const char* sql) {
  SqliteQuery query(*sqlite, sql);
  const absl::StatusOr<bool> row = query.Step();
  if (!row.ok()) return row.status();
  if (!*row) return std::string();
  const absl::StatusOr<std::string_view> value = query.Blob(0);
  if (!value.ok()) return value.status();
  return std::string(*value);
}

void LedgerDatabase::Connection::RemoveEmptyLog() {
  int has_bytes = 1;
  vfs->xAccess(vfs, log_to_remove.c_str(), SQLITE_ACCESS_EXISTS, &has_bytes);
  if (has_bytes == 0) vfs->xDelete(vfs, log_to_remove.c_str(), 0);
}

LedgerDatabase::LedgerDatabase(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
LedgerDatabase::LedgerDatabase(LedgerDatabase&&) noexcept = default;
LedgerDatabase::~LedgerDatabase() = default;

const std::string& LedgerDatabase::chain_id() const { return connection_->chain_id; }
std::uint64_t LedgerDatabase::id_sum() const { return connection_->id_sum; }
void LedgerDatabase::set_most_log_frames(int frames) { connection_->most_log_frames = frames; }

absl::StatusOr<std::unique_ptr<LedgerDatabase::Connection>> LedgerDatabase::Connection::To(
    const std::filesystem::path& path, Access access, const char* vfs_name) {
  auto connection = std::make_unique<Connection>();
  connection->vfs = sqlite3_vfs_find(vfs_name);
  if (connection->vfs == nullptr) return absl::UnavailableError(absl::StrCat("ledger_database: no VFS ", vfs_name));
  const absl::StatusOr<bool> exists = Has(connection->vfs, path.string(), SQLITE_ACCESS_EXISTS);
  if (!exists.ok()) return exists.status();
  if (*exists && access == Access::kCreate) {
    return absl::AlreadyExistsError(absl::StrCat("ledger_database: ", path.string(), " is there already"));
  }
  if (!*exists && access != Access::kCreate) {
    return absl::NotFoundError(absl::StrCat("ledger_database: ", path.string(), " is missing or empty"));
  }
  connection->writable = access != Access::kRead;
  if (absl::Status opened = connection->OpenFile(path, access, vfs_name); !opened.ok()) return opened;
  return connection;
}

absl::StatusOr<LedgerDatabase> LedgerDatabase::Open(const std::filesystem::path& path, Access access,
                                                    std::string_view chain_id, const char* vfs_name) {
  absl::StatusOr<std::unique_ptr<Connection>> opened = Connection::To(path, access, vfs_name);
  if (!opened.ok()) return opened.status();
  Connection& connection = **opened;
  if (access == Access::kCreate) {
    if (absl::Status created = connection.Create(chain_id); !created.ok()) return created;
  }
  if (absl::Status checked = connection.CheckIdentity(); !checked.ok()) return checked;
  if (access == Access::kWrite) {
    if (absl::Status used = connection.UseLog(); !used.ok()) return used;
  }
  if (absl::Status read = connection.ReadChain(chain_id); !read.ok()) return read;
  return LedgerDatabase(*std::move(opened));
}

absl::Status LedgerDatabase::Connection::RaiseVersion(
    const std::function<absl::StatusOr<bool>(SqliteConnection&, std::int64_t from)>& change, std::int64_t from) {
  for (std::int64_t version = from; version < kFormatVersion; ++version) {
    const absl::StatusOr<bool> changed = change(*sqlite, version);
    if (!changed.ok()) return changed.status();
    if (!*changed) {
      return absl::FailedPreconditionError(
          absl::StrCat("ledger_database: ", sqlite->path(), ": no step from format version ", version));
    }
  }
  if (absl::Status marked = sqlite->Execute(VersionMark(kFormatVersion).c_str()); !marked.ok()) return marked;
  if (absl::Status checked = CheckIdentity(); !checked.ok()) return checked;
  return ReadChain("");
}

absl::Status LedgerDatabase::Upgrade(
    const std::filesystem::path& path,
    const std::function<absl::StatusOr<bool>(SqliteConnection&, std::int64_t from)>& change,
    const std::function<absl::Status(LedgerDatabase&)>& check, const char* vfs_name) {
  absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::To(path, Access::kWrite, vfs_name);
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<std::int64_t> version = (*connection)->Version();
  if (!version.ok()) return version.status();
  if (*version >= kFormatVersion) return (*connection)->CheckIdentity();
  // An error rolls the transaction back as the connection is closed.
  LedgerDatabase database(*std::move(connection));
  SqliteConnection& sqlite = *database.connection_->sqlite;
  if (absl::Status begun = sqlite.Execute("BEGIN EXCLUSIVE"); !begun.ok()) return begun;
  if (absl::Status raised = database.connection_->RaiseVersion(change, *version); !raised.ok()) return raised;
  if (absl::Status checked = check(database); !checked.ok()) return checked;
  return sqlite.Execute("COMMIT");
}

absl::Status LedgerDatabase::Connection::OpenFile(const std::filesystem::path& path, Access access,
                                                  const char* vfs_name) {
  std::string name = path.string();
  int flags = SQLITE_OPEN_READWRITE;
  if (access == Access::kCreate) flags |= SQLITE_OPEN_CREATE;
  if (access == Access::kRead) {
    const absl::StatusOr<bool> lockable = PrepareToRead(path);
    if (!lockable.ok()) return lockable.status();
    if (!*lockable) {
      name = EscapedUri(name);
      flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    }
  }
  absl::StatusOr<std::unique_ptr<SqliteConnection>> opened = SqliteConnection::Open(name, flags, vfs_name);
  if (!opened.ok()) return opened.status();
  sqlite = *std::move(opened);
  if (access == Access::kRead) {
    sqlite->KeepLog();
    if (absl::Status set = sqlite->Execute("PRAGMA query_only=ON"); !set.ok()) return set;
  }
  return sqlite->Execute(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA mmap_size=0;"
      "PRAGMA cache_size=-32768;"
      "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF");
}

// Whether the file can be locked; else it must do without a write-ahead log.
absl::StatusOr<bool> LedgerDatabase::Connection::PrepareToRead(const std::filesystem::path& path) {
  const std::string log = path.string() + "-wal";
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  const absl::StatusOr<bool> file_writable = Has(vfs, path.string(), SQLITE_ACCESS_READWRITE);
  if (!file_writable.ok()) return file_writable;
  const absl::StatusOr<bool> log_writable = Has(vfs, log, SQLITE_ACCESS_READWRITE);
  if (!log_writable.ok()) return log_writable;
  const absl::StatusOr<bool> folder_writable = Has(vfs, folder, SQLITE_ACCESS_READWRITE);
  if (!folder_writable.ok()) return folder_writable;
  if (*file_writable && (*log_writable || *folder_writable)) {
    if (!*log_writable) log_to_remove = log;
    return true;
  }
  const absl::StatusOr<bool> log_has_bytes = Has(vfs, log, SQLITE_ACCESS_EXISTS);
  if (!log_has_bytes.ok()) return log_has_bytes;
  if (!*log_has_bytes) return false;
  return absl::FailedPreconditionError(absl::StrCat(
      "ledger_database: ", path.string(), " has a write-ahead log, and cannot be locked where it lies; copy both"));
}

absl::Status LedgerDatabase::Commit(StateMachine& machine, std::string_view checkpoint, std::int64_t engine_height) {
  if (!connection_->writable) return absl::UnavailableError("ledger_database: not to be written to any more");
  const absl::Status written = connection_->WriteBlock(machine, checkpoint, engine_height);
  if (!written.ok()) {
    connection_->writable = false;
    // Whatever the file system says of it from now on may be untrue.
    connection_->sqlite->KeepLog();
    return absl::UnavailableError(written.message());
  }
  return absl::OkStatus();
}

absl::Status LedgerDatabase::Connection::WriteBlock(StateMachine& machine, std::string_view checkpoint,
                                                    std::int64_t engine_height) {
  if (absl::Status folded = FoldLog(); !folded.ok()) return folded;
  if (absl::Status begun = SqliteQuery(*sqlite, "BEGIN IMMEDIATE").Run(); !begun.ok()) return begun;
  if (absl::Status put = WriteRecords(machine.TakeBlock()); !put.ok()) return put;
  if (absl::Status put = WriteEntries(machine.state()); !put.ok()) return put;
  if (!checkpoint.empty()) {
    if (absl::Status put = SqliteQuery(*sqlite, kPutCheckpoint).Bind(checkpoint).Run(); !put.ok()) return put;
  }
  if (engine_height != 0) {
    const std::string height = ByteWriter().I64(engine_height).Take();
    if (absl::Status put = SqliteQuery(*sqlite, kPutEngineHeight).Bind(height).Run(); !put.ok()) return put;
  }
  return SqliteQuery(*sqlite, "COMMIT").Run();
}

absl::Status LedgerDatabase::Connection::WriteRecords(const StateMachine::Persisted& block) {
  std::uint64_t position = block.first_position;
  for (std::size_t i = 0; i < block.records.size(); ++i, ++position) {
    const std::int64_t prefix = IdPrefix(block.ids[i]);
    SqliteQuery add(*sqlite, kAddRecord);
    add.Bind(static_cast<std::int64_t>(position)).Bind(block.records[i]).Bind(prefix);
    if (absl::Status added = add.Run(); !added.ok()) return added;
    id_sum += IdTerm(prefix, position);
  }
  for (const Tile& tile : block.tiles) {
    const std::string hashes = JoinHashes(tile.hashes);
    SqliteQuery add(*sqlite, kAddTile);
    add.Bind(std::int64_t{tile.level}).Bind(static_cast<std::int64_t>(tile.index)).Bind(hashes);
    if (absl::Status added = add.Run(); !added.ok()) return added;
  }
  const std::string sum = ByteWriter().U64(id_sum).Take();
  return SqliteQuery(*sqlite, kPutIdSum).Bind(sum).Run();
}

absl::Status LedgerDatabase::Connection::WriteEntries(StateStore& state) {
  absl::Status written;
  state.TakeChanges([&](const std::string& key, const std::string* value) {
    if (!written.ok()) return;
    written = value != nullptr ? SqliteQuery(*sqlite, kPutEntry).Bind(key).Bind(*value).Run()
                               : SqliteQuery(*sqlite, kEraseEntry).Bind(key).Run();
  });
  return written;
}

// SQLite itself would do so within the commit, and keep errors to itself.
absl::Status LedgerDatabase::Connection::FoldLog() {
  if (log_frames < most_log_frames) return absl::OkStatus();
  const int code = sqlite3_wal_checkpoint_v2(sqlite->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code == SQLITE_OK) log_frames = 0;
  return sqlite->StatusOf(code, "copy the write-ahead log");
}

absl::StatusOr<std::int64_t> LedgerDatabase::EngineHeight() {
  const absl::StatusOr<std::string> bytes = connection_->ChainValue(kGetEngineHeight);
  if (!bytes.ok()) return bytes.status();
  if (bytes->empty()) return 0;
  ByteReader reader(*bytes);
  const std::int64_t height = reader.I64();
  if (!reader.AtEnd()) return connection_->Malformed("engine_height has not eight bytes");
  return height;
}

absl::StatusOr<std::uint64_t> LedgerDatabase::Size() {
  SqliteQuery query(
      *connection_->sqlite,
      "SELECT coalesce((SELECT min(position) FROM log), 0), coalesce((SELECT max(position) FROM log), -1)");
  if (const absl::StatusOr<bool> row = query.Step(); !row.ok()) return row.status();
  const absl::StatusOr<std::int64_t> least = query.Integer(0);
  if (!least.ok()) return least.status();
  const absl::StatusOr<std::int64_t> greatest = query.Integer(1);
  if (!greatest.ok()) return greatest.status();
  if (*least != 0) return connection_->Malformed(absl::StrCat("log starts at ", *least, ", want 0"));
  return static_cast<std::uint64_t>(*greatest + 1);
}

absl::StatusOr<std::string> LedgerDatabase::Checkpoint() { return connection_->ChainValue(kGetCheckpoint); }

absl::StatusOr<std::string> LedgerDatabase::Record(std::uint64_t position) {
  SqliteQuery query(*connection_->sqlite, "SELECT record FROM log WHERE position = ?");
  const absl::StatusOr<bool> row = query.Bind(static_cast<std::int64_t>(position)).Step();
  if (!row.ok()) return row.status();
  if (!*row) return connection_->Malformed(absl::StrCat("log: no record ", position));
  const absl::StatusOr<std::string_view> record = query.Blob(0);
  if (!record.ok()) return record.status();
  return std::string(*record);
}

absl::StatusOr<Tile> LedgerDatabase::ReadTile(int level, std::uint64_t index) {
  SqliteQuery query(*connection_->sqlite, "SELECT hashes FROM tile WHERE level = ? AND tile = ?");
  query.Bind(std::int64_t{level}).Bind(static_cast<std::int64_t>(index));
  const absl::StatusOr<bool> row = query.Step();
  if (!row.ok()) return row.status();
  if (!*row) return connection_->Malformed(absl::StrCat("tile: none of level ", level, " at ", index));
  const absl::StatusOr<std::string_view> hashes = query.Blob(0);
  if (!hashes.ok()) return hashes.status();
  if (hashes->size() != Tile::kHashes * std::tuple_size_v<Digest>) {
    return connection_->Malformed(absl::StrCat("tile: ", hashes->size(), " bytes of level ", level, " at ", index));
  }
  return Tile{.level = level, .index = index, .hashes = SplitHashes(*hashes)};
}

absl::StatusOr<std::vector<std::uint64_t>> LedgerDatabase::FindId(const Digest& id) {
  SqliteQuery query(*connection_->sqlite,
                    "SELECT position FROM log INDEXED BY log_txid_prefix WHERE txid_prefix = ? ORDER BY position");
  query.Bind(IdPrefix(id));
  std::vector<std::uint64_t> positions;
  for (;;) {
    const absl::StatusOr<bool> row = query.Step();
    if (!row.ok()) return row.status();
    if (!*row) return positions;
    const absl::StatusOr<std::int64_t> position = query.Integer(0);
    if (!position.ok()) return position.status();
    positions.push_back(static_cast<std::uint64_t>(*position));
  }
}

absl::Status LedgerDatabase::CheckPages() {
  SqliteQuery query(*connection_->sqlite, "PRAGMA quick_check(1)");
  if (const absl::StatusOr<bool> row = query.Step(); !row.ok()) return row.status();
  const absl::StatusOr<std::string_view> found = query.Text(0);
  if (!found.ok()) return found.status();
  return *found == "ok" ? absl::OkStatus() : connection_->Malformed(std::string(*found));
}

absl::Status LedgerDatabase::CheckIndex() {
  SqliteQuery query(*connection_->sqlite,
                    "SELECT txid_prefix, position FROM log INDEXED BY log_txid_prefix ORDER BY txid_prefix, position");
  std::uint64_t sum = 0;
  std::optional<std::pair<std::int64_t, std::int64_t>> last;
  for (;;) {
    const absl::StatusOr<bool> row = query.Step();
    if (!row.ok()) return row.status();
    if (!*row) break;
    const absl::StatusOr<std::int64_t> prefix = query.Integer(0);
    if (!prefix.ok()) return prefix.status();
    const absl::StatusOr<std::int64_t> position = query.Integer(1);
    if (!position.ok()) return position.status();
    const std::pair now(*prefix, *position);
    if (last && now <= *last)
      return connection_->Malformed(absl::StrCat("log_txid_prefix: not in order at ", *position));
    last = now;
    sum += IdTerm(*prefix, static_cast<std::uint64_t>(*position));
  }
  if (sum == connection_->id_sum) return absl::OkStatus();
  return connection_->Malformed(
      absl::StrCat("log_txid_prefix: its rows give id_sum ", sum, ", want ", connection_->id_sum));
}

absl::Status LedgerDatabase::EachEntry(
    const std::function<absl::Status(std::string_view key, std::string value)>& each) {
  SqliteQuery query(*connection_->sqlite, "SELECT key, value FROM state ORDER BY key");
  for (;;) {
    const absl::StatusOr<bool> row = query.Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    const absl::StatusOr<std::string_view> key = query.Blob(0);
    if (!key.ok()) return key.status();
    const absl::StatusOr<std::string_view> value = query.Blob(1);
    if (!value.ok()) return value.status();
    if (absl::Status done = each(*key, std::string(*value)); !done.ok()) return done;
  }
}

absl::Status LedgerDatabase::EachRecord(std::uint64_t from, const std::function<absl::Status(const Row& row)>& each) {
  SqliteQuery query(*connection_->sqlite,
                    "SELECT position, record, txid_prefix FROM log WHERE position >= ? ORDER BY position");
  query.Bind(static_cast<std::int64_t>(from));
  for (;;) {
    const absl::StatusOr<bool> row = query.Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    const absl::StatusOr<std::int64_t> position = query.Integer(0);
    if (!position.ok()) return position.status();
    const absl::StatusOr<std::string_view> record = query.Blob(1);
    if (!record.ok()) return record.status();
    const absl::StatusOr<std::int64_t> prefix = query.Integer(2);
    if (!prefix.ok()) return prefix.status();
    const absl::Status done =
        each({.position = static_cast<std::uint64_t>(*position), .record = *record, .id_prefix = *prefix});
    if (!done.ok()) return done;
  }
}

absl::Status LedgerDatabase::EachTile(const std::function<absl::Status(const Tile& tile)>& each) {
  SqliteQuery query(*connection_->sqlite, "SELECT level, tile, hashes FROM tile ORDER BY level, tile");
  for (;;) {
    const absl::StatusOr<bool> row = query.Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
    const absl::StatusOr<std::int64_t> level = query.Integer(0);
    if (!level.ok()) return level.status();
    const absl::StatusOr<std::int64_t> index = query.Integer(1);
    if (!index.ok()) return index.status();
    const absl::StatusOr<std::string_view> hashes = query.Blob(2);
    if (!hashes.ok()) return hashes.status();
    const Tile tile{
        .level = static_cast<int>(*level), .index = static_cast<std::uint64_t>(*index), .hashes = SplitHashes(*hashes)};
    if (absl::Status done = each(tile); !done.ok()) return done;
  }
}

absl::StatusOr<bool> LedgerDatabase::BackUpSome(const std::filesystem::path& to, int pages) {
  std::unique_ptr<LedgerBackup>& backup = connection_->backup;
  if (backup == nullptr) {
    absl::StatusOr<std::unique_ptr<LedgerBackup>> started = LedgerBackup::Start(*connection_->sqlite, to);
    if (!started.ok()) return started.status();
    backup = *std::move(started);
  }
  if (backup->to() != to) {
    return absl::FailedPreconditionError(
        absl::StrCat("ledger_database: a backup to ", backup->to().string(), " is being made"));
  }
  const absl::StatusOr<bool> whole = backup->Copy(pages);
  if (!whole.ok() || *whole) backup.reset();
  return whole;
}

void LedgerDatabase::GiveUpBackUp() { connection_->backup.reset(); }

}  // namespace giot::ledger
