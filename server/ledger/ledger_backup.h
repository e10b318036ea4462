#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/sqlite_connection.h"

namespace giot::ledger {

// A copy of a database that its connection goes on writing to meanwhile. It grows under another name
// ("<path>.partial"), which is removed if the copy never becomes whole. One thread at a time.
class LedgerBackup {
 public:
  // `source` must outlive it. AlreadyExists, Unavailable.
  static absl::StatusOr<std::unique_ptr<LedgerBackup>> Start(SqliteConnection& source, std::filesystem::path to);
  ~LedgerBackup();
  LedgerBackup(const LedgerBackup&) = delete;
  LedgerBackup& operator=(const LedgerBackup&) = delete;

  const std::filesystem::path& to() const { return to_; }

  // True when it is whole and durable under its name. AlreadyExists, Unavailable, DataLoss.
  absl::StatusOr<bool> Copy(int pages);

 private:
  struct Pages;

  explicit LedgerBackup(std::filesystem::path to);

  absl::Status Publish();

  const std::filesystem::path to_;
  const std::filesystem::path partial_;
  std::unique_ptr<Pages> pages_;
};

}  // namespace giot::ledger
