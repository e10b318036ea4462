#include "trainer/replace_file.h"

#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "models/bundle/bundle_files.h"

namespace giot::trainer {

absl::Status ReplaceFile(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const std::string partial = absl::StrCat(".", path.filename().string(), ".partial");
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot create ", folder.string()));
  // Left by a crash.
  std::filesystem::remove(folder / partial, error);
  if (absl::Status status = bundle::WriteFileSynced(folder, partial, bytes); !status.ok()) return status;
  std::filesystem::rename(folder / partial, path, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot create ", path.string()));
  return bundle::SyncDirectory(folder);
}

}  // namespace giot::trainer
