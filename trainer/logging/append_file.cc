#include "trainer/logging/append_file.h"

#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace giot::trainer {

absl::StatusOr<AppendFile> AppendFile::Open(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "ae");
  if (file == nullptr) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path.string()));
  return AppendFile(path, file);
}

absl::Status AppendFile::Append(std::string_view bytes) {
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
  if (!written || std::fflush(file_.get()) != 0) return Failure();
  return absl::OkStatus();
}

absl::Status AppendFile::Sync() { return fsync(fileno(file_.get())) == 0 ? absl::OkStatus() : Failure(); }

absl::Status AppendFile::Failure() const {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", path_.string()));
}

}  // namespace giot::trainer
