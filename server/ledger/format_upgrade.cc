#include "server/ledger/format_upgrade.h"

#include <optional>

#include "server/ledger/heads_file.h"
#include "server/ledger/ledger_database.h"
#include "server/ledger/recovery.h"

namespace giot::ledger {
namespace {

absl::Status Recovers(LedgerDatabase& database, const std::filesystem::path& path, const std::vector<VerifierKey>& keys,
                      const char* vfs) {
  const absl::StatusOr<HeadsFile> heads = HeadsFile::Open(path.string() + ".heads", HeadsFile::Access::kOpen, vfs);
  if (!heads.ok() && !absl::IsNotFound(heads.status())) return heads.status();
  return Recover(database, heads.ok() ? heads->head() : std::nullopt, keys).status();
}

}  // namespace

const std::vector<FormatStep>& FormatSteps() {
  static const std::vector<FormatStep> kSteps;
  return kSteps;
}

absl::Status UpgradeFormat(const std::filesystem::path& path, const std::vector<VerifierKey>& keys,
                           const std::vector<FormatStep>& steps, const char* vfs) {
  const auto change = [&](SqliteConnection& connection, std::int64_t from) -> absl::StatusOr<bool> {
    for (const FormatStep& step : steps) {
      if (step.from != from) continue;
      if (absl::Status changed = step.change(connection); !changed.ok()) return changed;
      return true;
    }
    return false;
  };
  const auto check = [&](LedgerDatabase& database) { return Recovers(database, path, keys, vfs); };
  return LedgerDatabase::Upgrade(path, change, check, vfs);
}

}  // namespace giot::ledger
