#include "models/quality/durable_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::quality {
namespace {

class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { Close(); }

  bool ok() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  bool Close() {
    const int descriptor = std::exchange(descriptor_, -1);
    return descriptor < 0 || ::close(descriptor) == 0;
  }

 private:
  int descriptor_;
};

absl::Status Failure(absl::string_view action, const std::filesystem::path& path) {
  return absl::UnavailableError(absl::StrCat("cannot ", action, " ", path.string(), ": ", std::strerror(errno)));
}

absl::Status WriteSynced(const std::filesystem::path& path, std::string_view bytes) {
  OpenFile file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file.ok()) return Failure("create", path);
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failure("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0) return Failure("sync", path);
  return file.Close() ? absl::OkStatus() : Failure("close", path);
}

absl::Status Sync(const std::filesystem::path& directory) {
  const OpenFile file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.ok() || ::fsync(file.get()) != 0) return Failure("sync", directory);
  return absl::OkStatus();
}

absl::Status Fill(const std::filesystem::path& directory, const std::map<std::string, std::string>& files) {
  if (::chmod(directory.c_str(), 0755) != 0) return Failure("chmod", directory);
  for (const auto& [name, bytes] : files) {
    if (absl::Status status = WriteSynced(directory / name, bytes); !status.ok()) return status;
  }
  return Sync(directory);
}

absl::Status RenameToNew(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return absl::OkStatus();
  if (errno == EEXIST) return absl::AlreadyExistsError(absl::StrCat(to.string(), ": exists already"));
  return Failure("rename to", to);
}

}  // namespace

absl::StatusOr<std::string> ReadRegularFile(const std::filesystem::path& path, std::size_t most_bytes) {
  // O_NONBLOCK: opening a pipe must not wait for a writer.
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.ok() && (errno == ENOENT || errno == ENOTDIR)) {
    return absl::NotFoundError(absl::StrCat(path.string(), ": missing"));
  }
  if (!file.ok() && errno == ELOOP) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": is a symbolic link, want a regular file"));
  }
  if (!file.ok()) return Failure("open", path);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return Failure("stat", path);
  if (!S_ISREG(status.st_mode)) return absl::InvalidArgumentError(absl::StrCat(path.string(), ": want a regular file"));
  if (static_cast<std::uintmax_t>(status.st_size) > most_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), ": got ", status.st_size, " bytes, want at most ", most_bytes));
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failure("read", path);
    if (count == 0) return absl::UnavailableError(absl::StrCat(path.string(), ": became shorter while it was read"));
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

absl::Status CreateDirectoryWith(const std::filesystem::path& directory,
                                 const std::map<std::string, std::string>& files) {
  std::error_code error;
  if (std::filesystem::exists(directory, error)) {
    return absl::AlreadyExistsError(absl::StrCat(directory.string(), ": exists already"));
  }
  const std::filesystem::path parent = directory.parent_path();
  std::filesystem::create_directories(parent, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat("cannot create ", parent.string(), ": ", error.message()));
  }
  std::string temporary = (parent / absl::StrCat(".", directory.filename().string(), ".XXXXXX")).string();
  if (::mkdtemp(temporary.data()) == nullptr) return Failure("create a directory in", parent);
  absl::Status status = Fill(temporary, files);
  if (status.ok()) status = RenameToNew(temporary, directory);
  if (!status.ok()) {
    std::filesystem::remove_all(temporary, error);
    return status;
  }
  return Sync(parent);
}

}  // namespace giot::quality
