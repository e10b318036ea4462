#include "server/settlement/private_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/files.h"

namespace giot::settlement {
namespace {

constexpr mode_t kOwnerOnly = 0700;
constexpr std::size_t kPartialSuffix = 7;  // A dot and six characters.

absl::Status Sync(const std::filesystem::path& folder) {
  const ledger::FileDescriptor descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.number() < 0 || fsync(descriptor.number()) != 0) return ledger::FileFailed(folder, "sync");
  return absl::OkStatus();
}

}  // namespace

absl::Status MakePrivateFolder(const std::filesystem::path& folder) {
  if (mkdir(folder.c_str(), kOwnerOnly) != 0) {
    if (errno != EEXIST) return ledger::FileFailed(folder, "create");
    return absl::OkStatus();
  }
  return Sync(folder.has_parent_path() ? folder.parent_path() : ".");
}

absl::StatusOr<std::vector<std::string>> WholeFiles(const std::filesystem::path& folder, std::size_t name_size) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return absl::UnavailableError(absl::StrCat("cannot read ", folder.string(), ": ", error.message()));
  std::erase_if(names, [&](const std::string& name) { return name.size() < name_size; });
  for (const std::string& name : names) {
    const bool partial = name.size() == name_size + kPartialSuffix && name[name_size] == '.';
    if (!partial) continue;
    if (absl::Status removed = RemoveFile(folder / name); !removed.ok()) return removed;
  }
  std::erase_if(names, [&](const std::string& name) { return name.size() != name_size; });
  std::sort(names.begin(), names.end());
  if (absl::Status durable = Sync(folder); !durable.ok()) return durable;
  return names;
}

absl::Status RemoveFile(const std::filesystem::path& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return ledger::FileFailed(path, "remove");
}

}  // namespace giot::settlement
