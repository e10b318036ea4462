#include "server/ledger/ledger_backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::ledger {
namespace {

// With the reason in errno.
absl::Status Failed(absl::string_view doing, const std::filesystem::path& path) {
  const std::string message = absl::StrCat("ledger_backup: cannot ", doing, " ", path.string());
  return absl::UnavailableError(absl::ErrnoToStatus(errno, message).message());
}

absl::Status Sync(const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Failed("open", path);
  const absl::Status synced = fsync(descriptor) == 0 ? absl::OkStatus() : Failed("sync", path);
  close(descriptor);
  return synced;
}

absl::Status Exists(const std::filesystem::path& path) {
  return absl::AlreadyExistsError(absl::StrCat("ledger_backup: ", path.string(), " is there already"));
}

}  // namespace

struct LedgerBackup::Pages {
  ~Pages() { sqlite3_backup_finish(backup); }

  std::unique_ptr<SqliteConnection> target;
  sqlite3_backup* backup = nullptr;
};

LedgerBackup::LedgerBackup(std::filesystem::path to) : to_(std::move(to)), partial_(to_.string() + ".partial") {}

LedgerBackup::~LedgerBackup() {
  pages_.reset();
  std::error_code gone;
  std::filesystem::remove(partial_, gone);
}

absl::StatusOr<std::unique_ptr<LedgerBackup>> LedgerBackup::Start(SqliteConnection& source, std::filesystem::path to) {
  std::error_code error;
  if (std::filesystem::exists(to, error)) return Exists(to);
  std::unique_ptr<LedgerBackup> backup(new LedgerBackup(std::move(to)));
  std::filesystem::remove(backup->partial_, error);  // Of a process that died.

  auto target = SqliteConnection::Open(backup->partial_.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  if (!target.ok()) return target.status();
  // Nobody sees the file before it is whole.
  if (absl::Status set = (*target)->Execute("PRAGMA journal_mode=OFF"); !set.ok()) return set;
  auto pages = std::make_unique<Pages>();
  pages->target = *std::move(target);
  pages->backup = sqlite3_backup_init(pages->target->handle(), "main", source.handle(), "main");
  if (pages->backup == nullptr) {
    return pages->target->StatusOf(sqlite3_extended_errcode(pages->target->handle()), "start a backup");
  }
  backup->pages_ = std::move(pages);
  return backup;
}

absl::StatusOr<bool> LedgerBackup::Copy(int pages) {
  const int code = sqlite3_backup_step(pages_->backup, pages);
  if (code == SQLITE_OK) return false;
  if (code != SQLITE_DONE) return pages_->target->StatusOf(code, "copy pages");
  if (absl::Status published = Publish(); !published.ok()) return published;
  return true;
}

absl::Status LedgerBackup::Publish() {
  pages_.reset();
  if (absl::Status synced = Sync(partial_); !synced.ok()) return synced;
  // A link, since renaming would replace what is there.
  if (link(partial_.c_str(), to_.c_str()) != 0) return errno == EEXIST ? Exists(to_) : Failed("link", to_);
  const std::filesystem::path folder = to_.has_parent_path() ? to_.parent_path() : std::filesystem::path(".");
  return Sync(folder);
}

}  // namespace giot::ledger
