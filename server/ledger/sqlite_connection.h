#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct sqlite3;
struct sqlite3_stmt;

namespace giot::ledger {

// A connection of SQLite and the statements that were prepared on it. Its errors: FailedPrecondition if
// another connection has the file; DataLoss if SQLite finds it damaged, or not as the statement
// expects; Unavailable for everything else (I/O, disk full). One thread at a time.
class SqliteConnection {
 public:
  // `flags` are those of sqlite3_open_v2; `vfs` null: the default.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(const std::string& path, int flags, const char* vfs);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // Statements whose rows, if any, do not matter.
  absl::Status Execute(const char* sql);
  // Closing will leave the write-ahead log as it is.
  void KeepLog();

  // What went wrong, if `code` is an error.
  absl::Status StatusOf(int code, absl::string_view doing) const;

  sqlite3* handle() const { return handle_; }
  const std::string& path() const { return path_; }

 private:
  friend class SqliteQuery;

  SqliteConnection(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}

  const std::string path_;
  sqlite3* const handle_;
  std::map<const char*, sqlite3_stmt*> prepared_;  // By the address of the literal.
};

// One execution of a statement. What is bound must outlive it. An error of preparing or binding is told
// by the first Step.
class SqliteQuery {
 public:
  // `sql` is a literal, prepared once a connection; at most one query of it at a time.
  SqliteQuery(SqliteConnection& connection, const char* sql);
  ~SqliteQuery();
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;

  SqliteQuery& Bind(std::int64_t value);
  SqliteQuery& Bind(std::string_view blob);

  // Whether there is a row.
  absl::StatusOr<bool> Step();
  // To the end, where rows do not matter.
  absl::Status Run();

  // Of the row, by column from 0; bytes until the next step. DataLoss for a value of another type.
  absl::StatusOr<std::int64_t> Integer(int column) const;
  absl::StatusOr<std::string_view> Blob(int column) const;
  absl::StatusOr<std::string_view> Text(int column) const;

 private:
  absl::StatusOr<std::string_view> Bytes(int column, int type, const char* wanted) const;
  absl::Status WrongType(int column, const char* wanted) const;

  SqliteConnection& connection_;
  const char* const sql_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
  int code_ = 0;
};

}  // namespace giot::ledger
