#include "server/quality/nonce_secret.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace giot::scoring {
namespace {

constexpr std::size_t kHexDigits = 2 * sizeof(Digest);
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOthers = 0077;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  const int number_;
};

// With the reason in errno.
absl::Status Failed(const std::filesystem::path& path, const char* what) {
  const std::string message = absl::StrCat("nonce_secret_file: cannot ", what, " ", path.string());
  return absl::UnavailableError(absl::ErrnoToStatus(errno, message).message());
}

absl::Status Create(const std::filesystem::path& path, const Digest& secret) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (file.number() < 0) return Failed(path, "create");
  const std::string text = quality::HexOf(secret) + "\n";
  if (write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      fsync(file.number()) != 0) {
    const absl::Status status = Failed(path, "write");
    unlink(path.c_str());
    return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<Digest> Read(const Descriptor& file, const std::filesystem::path& path) {
  struct stat about = {};
  if (fstat(file.number(), &about) != 0) return Failed(path, "read");
  if (!S_ISREG(about.st_mode) || (about.st_mode & kOthers) != 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "nonce_secret_file: %s: got mode %04o, want a file of mode 0600", path.string(), about.st_mode & 07777U));
  }
  std::array<char, 2 * kHexDigits> text{};
  const ssize_t size = read(file.number(), text.data(), text.size());
  if (size < 0) return Failed(path, "read");
  const absl::string_view digits =
      absl::StripTrailingAsciiWhitespace(absl::string_view(text.data(), static_cast<std::size_t>(size)));
  Digest secret{};
  std::size_t bytes = 0;
  if (digits.size() != kHexDigits ||
      sodium_hex2bin(secret.data(), secret.size(), digits.data(), digits.size(), nullptr, &bytes, nullptr) != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("nonce_secret_file: ", path.string(), ": want ", kHexDigits, " hexadecimal digits"));
  }
  return secret;
}

}  // namespace

NonceSecret NonceSecret::Random() {
  if (sodium_init() < 0) std::abort();  // No randomness to be had.
  Digest secret{};
  randombytes_buf(secret.data(), secret.size());
  return NonceSecret(secret);
}

absl::StatusOr<NonceSecret> NonceSecret::FromFile(const std::filesystem::path& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0 && errno == ENOENT) {
    const NonceSecret made = Random();
    if (absl::Status status = Create(path, made.secret_); !status.ok()) return status;
    return made;
  }
  if (file.number() < 0) return Failed(path, "read");
  const absl::StatusOr<Digest> secret = Read(file, path);
  if (!secret.ok()) return secret.status();
  return NonceSecret(*secret);
}

Digest NonceSecret::Commitment() const { return quality::Sha256(quality::BytesOf(secret_)); }

Digest NonceSecret::NonceFor(std::string_view source_id, const Digest& image_digest) const {
  std::string committed(quality::BytesOf(secret_));
  committed += source_id;
  return quality::Sha256(committed, quality::BytesOf(image_digest));
}

}  // namespace giot::scoring
