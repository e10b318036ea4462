#include "server/ledger/proof/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::ledger {
namespace {

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

absl::Status SyncFolderOf(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const FileDescriptor descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.number() < 0 || fsync(descriptor.number()) != 0) return FileFailed(folder, "sync");
  return absl::OkStatus();
}

// A synced file beside `path`, whose name it gives.
absl::StatusOr<std::string> WriteBeside(const std::filesystem::path& path, std::string_view bytes) {
  std::string name = path.string() + ".XXXXXX";
  const FileDescriptor file(mkostemp(name.data(), O_CLOEXEC));
  if (file.number() < 0) return FileFailed(path, "create");
  if (!WriteAll(file.number(), bytes) || fsync(file.number()) != 0) {
    const absl::Status status = FileFailed(path, "write");
    unlink(name.c_str());
    return status;
  }
  return name;
}

}  // namespace

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) close(number_);
}

absl::Status FileFailed(const std::filesystem::path& path, std::string_view what) {
  const std::string message = absl::StrCat("cannot ", std::string(what), " ", path.string());
  return absl::UnavailableError(absl::ErrnoToStatus(errno, message).message());
}

absl::StatusOr<FileDescriptor> OpenRegularFile(const std::filesystem::path& path) {
  FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0 && errno == ENOENT) return absl::NotFoundError(absl::StrCat(path.string(), ": no such file"));
  struct stat about = {};
  if (file.number() < 0 || fstat(file.number(), &about) != 0) return FileFailed(path, "open");
  if (!S_ISREG(about.st_mode)) return absl::InvalidArgumentError(absl::StrCat(path.string(), ": not a regular file"));
  return file;
}

absl::Status ReadWhole(const FileDescriptor& file, const std::filesystem::path& path, std::size_t most,
                       std::string& bytes) {
  // Of one size from the start: growing would leave copies in memory that nobody wipes.
  bytes.assign(most + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(file.number(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileFailed(path, "read");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > most) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": longer than ", most, " bytes"));
  }
  bytes.resize(size);
  return absl::OkStatus();
}

absl::Status CreateFile(const std::filesystem::path& path, std::string_view bytes) {
  const absl::StatusOr<std::string> made = WriteBeside(path, bytes);
  if (!made.ok()) return made.status();
  // Unlike rename, link does not replace what is there.
  const int failed = link(made->c_str(), path.c_str()) == 0 ? 0 : errno;
  unlink(made->c_str());
  if (failed == EEXIST) return absl::AlreadyExistsError(absl::StrCat(path.string(), ": exists, and is left as it is"));
  errno = failed;
  return failed == 0 ? SyncFolderOf(path) : FileFailed(path, "create");
}

absl::Status ReplaceFile(const std::filesystem::path& path, std::string_view bytes) {
  const absl::StatusOr<std::string> made = WriteBeside(path, bytes);
  if (!made.ok()) return made.status();
  if (rename(made->c_str(), path.c_str()) == 0) return SyncFolderOf(path);
  const absl::Status status = FileFailed(path, "replace");
  unlink(made->c_str());
  return status;
}

}  // namespace giot::ledger
