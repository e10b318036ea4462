#include "server/ledger/sqlite_connection.h"

#include <sqlite3.h>

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::ledger {

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& path, int flags,
                                                                         const char* vfs) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(path, handle));
  if (code != SQLITE_OK) return connection->StatusOf(code, "open");
  return connection;
}

SqliteConnection::~SqliteConnection() {
  for (const auto& [sql, statement] : prepared_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

absl::Status SqliteConnection::Execute(const char* sql) {
  return StatusOf(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr), sql);
}

void SqliteConnection::KeepLog() { sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }

absl::Status SqliteConnection::StatusOf(int code, absl::string_view doing) const {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return absl::OkStatus();
  std::string message = absl::StrCat("ledger_database: ", path_, ": ", doing, ": ",
                                     handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code));
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return absl::FailedPreconditionError(absl::StrCat(message, "; another process has it open"));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:
    case SQLITE_SCHEMA:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case SQLITE_FORMAT:
    case SQLITE_TOOBIG:
      return absl::DataLossError(message);
    default:
      break;
  }
  if (const int reason = handle_ != nullptr ? sqlite3_system_errno(handle_) : 0; reason != 0) {
    absl::StrAppend(&message, " (", std::strerror(reason), ")");
  }
  return absl::UnavailableError(message);
}

SqliteQuery::SqliteQuery(SqliteConnection& connection, const char* sql) : connection_(connection), sql_(sql) {
  sqlite3_stmt*& prepared = connection.prepared_[sql];
  if (prepared == nullptr) {
    code_ = sqlite3_prepare_v3(connection.handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  }
  statement_ = prepared;
}

SqliteQuery::~SqliteQuery() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

SqliteQuery& SqliteQuery::Bind(std::int64_t value) {
  if (code_ == SQLITE_OK) code_ = sqlite3_bind_int64(statement_, ++bound_, value);
  return *this;
}

SqliteQuery& SqliteQuery::Bind(std::string_view blob) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* const data = blob.empty() ? "" : blob.data();
  if (code_ == SQLITE_OK) code_ = sqlite3_bind_blob64(statement_, ++bound_, data, blob.size(), SQLITE_STATIC);
  return *this;
}

absl::StatusOr<bool> SqliteQuery::Step() {
  if (code_ == SQLITE_OK || code_ == SQLITE_ROW) code_ = sqlite3_step(statement_);
  if (code_ == SQLITE_ROW) return true;
  if (code_ == SQLITE_DONE) return false;
  return connection_.StatusOf(code_, sql_);
}

absl::Status SqliteQuery::Run() {
  for (;;) {
    const absl::StatusOr<bool> row = Step();
    if (!row.ok()) return row.status();
    if (!*row) return absl::OkStatus();
  }
}

absl::StatusOr<std::int64_t> SqliteQuery::Integer(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_INTEGER) return WrongType(column, "an integer");
  return sqlite3_column_int64(statement_, column);
}

absl::StatusOr<std::string_view> SqliteQuery::Blob(int column) const { return Bytes(column, SQLITE_BLOB, "a blob"); }

absl::StatusOr<std::string_view> SqliteQuery::Text(int column) const { return Bytes(column, SQLITE_TEXT, "a text"); }

absl::StatusOr<std::string_view> SqliteQuery::Bytes(int column, int type, const char* wanted) const {
  if (sqlite3_column_type(statement_, column) != type) return WrongType(column, wanted);
  const void* const data = sqlite3_column_blob(statement_, column);
  if (data == nullptr && sqlite3_errcode(connection_.handle_) == SQLITE_NOMEM) {
    return connection_.StatusOf(SQLITE_NOMEM, sql_);
  }
  return std::string_view(static_cast<const char*>(data),
                          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

absl::Status SqliteQuery::WrongType(int column, const char* wanted) const {
  return absl::DataLossError(
      absl::StrCat("ledger_database: ", connection_.path_, ": column ", column, " of ", sql_, " is not ", wanted));
}

}  // namespace giot::ledger
