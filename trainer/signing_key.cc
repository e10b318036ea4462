#include "trainer/signing_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "models/bundle/digest.h"

namespace giot::trainer {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value() const { return value_; }

 private:
  const int value_;
};

absl::Status CheckPrivate(int file, const std::filesystem::path& path) {
  struct stat info = {};
  if (fstat(file, &info) != 0) return absl::ErrnoToStatus(errno, path.string());
  if (!S_ISREG(info.st_mode)) return absl::PermissionDeniedError(absl::StrCat(path.string(), ": not a regular file"));
  const unsigned mode = info.st_mode & 0777u;
  if ((mode & 0177u) == 0) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrFormat("%s: permissions are %04o, want 0600 or less", path.string(), mode));
}

}  // namespace

absl::StatusOr<std::string> ReadSigningKey(const std::filesystem::path& path) {
  // Non-blocking, so that opening a pipe by mistake does not hang.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.value() < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path.string()));
  if (absl::Status status = CheckPrivate(file.value(), path); !status.ok()) return status;
  std::array<char, 2 * bundle::kSecretKeyHexSize> buffer{};
  const ssize_t size = read(file.value(), buffer.data(), buffer.size());
  if (size < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path.string()));
  const std::string key =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace({buffer.data(), static_cast<std::size_t>(size)}));
  if (bundle::IsLowerHex(key, bundle::kSecretKeyHexSize)) return key;
  return absl::InvalidArgumentError(
      absl::StrCat(path.string(), ": want an Ed25519 secret key of ", bundle::kSecretKeyHexSize, " hex digits"));
}

}  // namespace giot::trainer
