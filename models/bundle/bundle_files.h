#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::bundle {

inline constexpr char kManifestFile[] = "manifest.json";
inline constexpr char kManifestDigestFile[] = "manifest.sha256";
inline constexpr char kSignatureFile[] = "manifest.sig";
inline constexpr char kPolicyFile[] = "policy.pt";
inline constexpr char kCanaryFile[] = "canary.json";
inline constexpr char kModelCardFile[] = "MODEL_CARD.md";

// The files whose digests the manifest holds.
inline constexpr const char* kDigestedFiles[] = {kPolicyFile, kCanaryFile, kModelCardFile};

// The whole of <directory>/<name>. NotFound if there is none; InvalidArgument
// if it is a symbolic link or anything but a regular file, or larger than a
// bundle's file of that name may be (checked before a byte is read).
absl::StatusOr<std::string> ReadBundleFile(const std::filesystem::path& directory, std::string_view name);

// InvalidArgument if `directory` holds anything that is not a bundle's file;
// NotFound if it is no directory.
absl::Status CheckNothingElse(const std::filesystem::path& directory);

// Creates <directory>/<name>, which must not exist, and syncs it to disk.
absl::Status WriteFileSynced(const std::filesystem::path& directory, std::string_view name, std::string_view bytes);

// Makes created and renamed entries of `directory` durable.
absl::Status SyncDirectory(const std::filesystem::path& directory);

// Renames, failing with AlreadyExists if `to` exists.
absl::Status RenameToNew(const std::filesystem::path& from, const std::filesystem::path& to);

// A new empty directory, removed with all its contents on destruction unless
// it was renamed away.
class TemporaryDirectory {
 public:
  // <parent>/.<label>.XXXXXX, readable by everybody.
  static absl::StatusOr<TemporaryDirectory> Create(const std::filesystem::path& parent, std::string_view label);

  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::filesystem::path path);

  std::filesystem::path path_;
};

}  // namespace giot::bundle
