#include "models/bundle/bundle_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::bundle {
namespace {

struct FileLimit {
  std::string_view name;
  std::int64_t max_bytes;
};

// Generous for what a bundle holds, small for what a process can bear.
constexpr FileLimit kFileLimits[] = {
    {kManifestFile, 256 << 10}, {kManifestDigestFile, 1 << 10}, {kSignatureFile, 1 << 10},
    {kPolicyFile, 64 << 20},    {kCanaryFile, 4 << 20},         {kModelCardFile, 1 << 20},
};

const FileLimit* FindLimit(std::string_view name) {
  for (const FileLimit& limit : kFileLimits) {
    if (limit.name == name) return &limit;
  }
  return nullptr;
}

absl::Status Failed(absl::string_view action, const std::filesystem::path& path, int error) {
  return absl::ErrnoToStatus(error, absl::StrCat("cannot ", action, " ", path.string()));
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int get() const { return descriptor_; }
  bool ok() const { return descriptor_ >= 0; }
  bool Close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

absl::StatusOr<std::string> ReadAll(const FileDescriptor& file, std::size_t size, const std::filesystem::path& path) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(file.get(), bytes.data() + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed("read", path, errno);
    if (count == 0) return absl::DataLossError(absl::StrCat(path.string(), ": became shorter while it was read"));
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

absl::Status WriteAll(const FileDescriptor& file, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed("write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadBundleFile(const std::filesystem::path& directory, std::string_view name) {
  const std::filesystem::path path = directory / name;
  const FileLimit* limit = FindLimit(name);
  if (limit == nullptr) return absl::InvalidArgumentError(absl::StrCat(path.string(), ": not a bundle's file"));
  // O_NONBLOCK: opening a pipe must not wait for somebody to write to it.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.ok() && errno == ENOENT) return absl::NotFoundError(absl::StrCat(path.string(), ": missing"));
  if (!file.ok() && errno == ELOOP) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": is a symbolic link, want a regular file"));
  }
  if (!file.ok()) return Failed("open", path, errno);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return Failed("stat", path, errno);
  if (!S_ISREG(status.st_mode)) return absl::InvalidArgumentError(absl::StrCat(path.string(), ": want a regular file"));
  if (status.st_size > limit->max_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), ": got ", status.st_size, " bytes, want at most ", limit->max_bytes));
  }
  return ReadAll(file, static_cast<std::size_t>(status.st_size), path);
}

absl::Status CheckNothingElse(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::directory_iterator entry(directory, error);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    return absl::NotFoundError(absl::StrCat(directory.string(), ": no such directory"));
  }
  if (error) return Failed("list", directory, error.value());
  while (entry != std::filesystem::directory_iterator()) {
    if (FindLimit(entry->path().filename().string()) == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(entry->path().string(), ": not a bundle's file"));
    }
    entry.increment(error);
    if (error) return Failed("list", directory, error.value());
  }
  return absl::OkStatus();
}

absl::Status WriteFileSynced(const std::filesystem::path& directory, std::string_view name, std::string_view bytes) {
  const std::filesystem::path path = directory / name;
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!file.ok()) return Failed("create", path, errno);
  if (absl::Status status = WriteAll(file, bytes, path); !status.ok()) return status;
  if (::fsync(file.get()) != 0) return Failed("sync", path, errno);
  if (!file.Close()) return Failed("close", path, errno);
  return absl::OkStatus();
}

absl::Status SyncDirectory(const std::filesystem::path& directory) {
  const FileDescriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.ok()) return Failed("open", directory, errno);
  if (::fsync(file.get()) != 0) return Failed("sync", directory, errno);
  return absl::OkStatus();
}

absl::Status RenameToNew(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return absl::OkStatus();
  const bool unsupported = errno == EINVAL || errno == ENOSYS;
  const bool exists = errno == EEXIST || (unsupported && ::access(to.c_str(), F_OK) == 0);
  if (exists) return absl::AlreadyExistsError(absl::StrCat(to.string(), ": exists already"));
  if (!unsupported) return Failed("rename to", to, errno);
  if (::rename(from.c_str(), to.c_str()) != 0) return Failed("rename to", to, errno);
  return absl::OkStatus();
}

absl::StatusOr<TemporaryDirectory> TemporaryDirectory::Create(const std::filesystem::path& parent,
                                                              std::string_view label) {
  std::string path = (parent / absl::StrCat(".", absl::string_view(label.data(), label.size()), ".XXXXXX")).string();
  if (::mkdtemp(path.data()) == nullptr) return Failed("create a directory in", parent, errno);
  TemporaryDirectory directory(std::move(path));
  if (::chmod(directory.path().c_str(), 0755) != 0) return Failed("chmod", directory.path(), errno);
  return directory;
}

TemporaryDirectory::TemporaryDirectory(std::filesystem::path path) : path_(std::move(path)) {}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace giot::bundle
