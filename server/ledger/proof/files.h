#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::ledger {

// Small files, whole or not at all. Messages name the path, never what a file holds.

// Closes a file at its end; a negative number is none.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor();

  int number() const { return number_; }

 private:
  int number_;
};

// The reason is in errno.
absl::Status FileFailed(const std::filesystem::path& path, std::string_view what);

// A regular file, to read; never waits. NotFound; InvalidArgument if it is of another kind; Unavailable.
absl::StatusOr<FileDescriptor> OpenRegularFile(const std::filesystem::path& path);

// Reads up to `most` bytes from where it stands into `bytes`, whose memory is the caller's to wipe.
// InvalidArgument if there are more; Unavailable.
absl::Status ReadWhole(const FileDescriptor& file, const std::filesystem::path& path, std::size_t most,
                       std::string& bytes);

// Both make a file of mode 0600, synced together with its folder, and leave nothing behind if
// they fail but, if only the folder could not be synced, the file. Unavailable; CreateFile: AlreadyExists.
absl::Status CreateFile(const std::filesystem::path& path, std::string_view bytes);
absl::Status ReplaceFile(const std::filesystem::path& path, std::string_view bytes);

}  // namespace giot::ledger
