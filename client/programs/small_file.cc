#include "client/programs/small_file.h"

#include <sys/stat.h>

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/proof/files.h"

namespace giot::client {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr mode_t kOthers = 0077;

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const std::filesystem::path& path) {
  const absl::StatusOr<ledger::FileDescriptor> file = ledger::OpenRegularFile(path);
  if (!file.ok()) return file.status();
  std::string bytes;
  if (absl::Status status = ledger::ReadWhole(*file, path, kMostBytes, bytes); !status.ok()) return status;
  return bytes;
}

absl::StatusOr<std::string> ReadSecretText(const std::filesystem::path& path) {
  struct stat about = {};
  if (stat(path.c_str(), &about) == 0 && (about.st_mode & kOthers) != 0) {
    return absl::FailedPreconditionError(absl::StrCat(path.string(), ": others may read it, want mode 0600"));
  }
  absl::StatusOr<std::string> text = ReadSmallFile(path);
  if (text.ok()) absl::StripTrailingAsciiWhitespace(&*text);
  return text;
}

absl::Status WriteNewFile(const std::filesystem::path& path, std::string_view bytes) {
  return ledger::CreateFile(path, bytes);
}

}  // namespace giot::client
