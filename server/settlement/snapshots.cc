#include "server/settlement/snapshots.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/settlement/private_folder.h"

namespace giot::settlement {
namespace {

constexpr char kPrefix[] = "ledger-";
constexpr char kTimeFormat[] = "ledger-%Y%m%dT%H%M%SZ";
constexpr std::size_t kNameSize = 23;

}  // namespace

absl::StatusOr<std::filesystem::path> Snapshots::Take(std::int64_t now_us) {
  if (absl::Status made = MakePrivateFolder(folder_); !made.ok()) return made;
  std::filesystem::path path =
      folder_ / absl::FormatTime(kTimeFormat, absl::FromUnixMicros(now_us), absl::UTCTimeZone());
  if (absl::Status exported = driver_.Export(path); !exported.ok()) return exported;
  if (absl::Status removed = RemoveOld(); !removed.ok()) return removed;
  return path;
}

absl::Status Snapshots::RemoveOld() const {
  absl::StatusOr<std::vector<std::string>> names = WholeFiles(folder_, kNameSize);
  if (!names.ok()) return names.status();
  std::erase_if(*names, [](const std::string& name) { return !name.starts_with(kPrefix); });
  const std::size_t kept = static_cast<std::size_t>(kept_);
  for (std::size_t i = 0; i + kept < names->size(); ++i) {
    if (absl::Status removed = RemoveFile(folder_ / (*names)[i]); !removed.ok()) return removed;
  }
  return absl::OkStatus();
}

}  // namespace giot::settlement
