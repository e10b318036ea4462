#include "server/ledger/cometbft/signed_copy.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "server/ledger/answers.h"
#include "server/ledger/ledger_database.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/files.h"
#include "server/ledger/recovery.h"

namespace giot::ledger {
namespace {

absl::Status Sign(const std::filesystem::path& copy, const SecretKey& key,
                  const std::function<absl::Status(const StateMachine& machine)>& allow) {
  absl::StatusOr<LedgerDatabase> database = LedgerDatabase::Open(copy, LedgerDatabase::Access::kWrite, {}, nullptr);
  if (!database.ok()) return database.status();
  absl::StatusOr<StateMachine> machine = Recover(*database, std::nullopt, {});
  if (!machine.ok()) return machine.status();
  if (absl::Status allowed = allow(*machine); !allowed.ok()) return allowed;
  return database->Commit(*machine, SignCheckpoint(CheckpointOf(*machine), key));
}

// A link, since renaming would replace what is there.
absl::Status Publish(const std::filesystem::path& copy, const std::filesystem::path& path) {
  if (link(copy.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) return absl::AlreadyExistsError(absl::StrCat("ledger: ", path.string(), " is there already"));
    return FileFailed(path, "link");
  }
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const FileDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.number() < 0 || fsync(opened.number()) != 0) return FileFailed(folder, "sync");
  return absl::OkStatus();
}

}  // namespace

absl::Status SignCopy(const std::filesystem::path& copy, const std::filesystem::path& path, const SecretKey& key,
                      const std::function<absl::Status(const StateMachine& machine)>& allow) {
  absl::Status made = Sign(copy, key, allow);
  if (made.ok()) made = Publish(copy, path);
  std::error_code gone;
  std::filesystem::remove(copy, gone);
  return made;
}

}  // namespace giot::ledger
