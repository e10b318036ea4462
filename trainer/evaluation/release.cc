#include "trainer/evaluation/release.h"

#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "models/bundle/bundle_files.h"

namespace giot::trainer {
namespace {

constexpr const char* kBundleFiles[] = {bundle::kManifestFile, bundle::kManifestDigestFile, bundle::kSignatureFile,
                                        bundle::kPolicyFile,   bundle::kCanaryFile,         bundle::kModelCardFile};

absl::Status CopyBundle(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const char* name : kBundleFiles) {
    const absl::StatusOr<std::string> bytes = bundle::ReadBundleFile(from, name);
    if (absl::IsNotFound(bytes.status()) && name == bundle::kSignatureFile) continue;
    if (!bytes.ok()) return bytes.status();
    if (absl::Status status = bundle::WriteFileSynced(to, name, *bytes); !status.ok()) return status;
  }
  return bundle::SyncDirectory(to);
}

absl::Status VerifyCopy(const std::filesystem::path& directory, const bundle::Bundle& original) {
  const absl::StatusOr<std::shared_ptr<const bundle::Bundle>> copy = bundle::Bundle::Load(directory);
  if (!copy.ok()) return copy.status();
  if ((*copy)->digest() == original.digest()) return absl::OkStatus();
  return absl::DataLossError("the bundle changed while it was promoted");
}

}  // namespace

std::optional<std::filesystem::path> NewestRelease(const std::filesystem::path& root, const std::string& name) {
  int newest = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root / name, error)) {
    int version = 0;
    if (absl::SimpleAtoi(entry.path().filename().string(), &version) && version > newest) newest = version;
  }
  if (newest == 0) return std::nullopt;
  return root / name / std::to_string(newest);
}

absl::StatusOr<std::filesystem::path> PromoteBundle(const std::filesystem::path& directory,
                                                    const bundle::Bundle& bundle, const std::filesystem::path& root) {
  const std::filesystem::path parent = root / bundle.manifest().name;
  const std::string version = std::to_string(bundle.manifest().version);
  std::error_code error;
  std::filesystem::create_directories(parent, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot create ", parent.string()));
  absl::StatusOr<bundle::TemporaryDirectory> temporary = bundle::TemporaryDirectory::Create(parent, version);
  if (!temporary.ok()) return temporary.status();
  if (absl::Status status = CopyBundle(directory, temporary->path()); !status.ok()) return status;
  if (absl::Status status = VerifyCopy(temporary->path(), bundle); !status.ok()) return status;
  if (absl::Status status = bundle::RenameToNew(temporary->path(), parent / version); !status.ok()) return status;
  if (absl::Status status = bundle::SyncDirectory(parent); !status.ok()) return status;
  std::filesystem::remove_all(directory, error);
  return parent / version;
}

}  // namespace giot::trainer
