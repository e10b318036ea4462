#include "server/ledger/proof/key_file.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/files.h"
#include "server/ledger/proof/text_encoding.h"

namespace giot::ledger {
namespace {

constexpr std::size_t kKeyFileBytes = 65;
constexpr std::size_t kMostVerifierKeyBytes = 4096;
constexpr mode_t kModeBits = 07777;

void Wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

absl::Status CheckOwner(const FileDescriptor& file, const std::filesystem::path& path) {
  struct stat about = {};
  if (fstat(file.number(), &about) != 0) return FileFailed(path, "read");
  if (about.st_uid != geteuid()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), ": owner: got user ", about.st_uid, ", want this process's, ", geteuid()));
  }
  const mode_t mode = about.st_mode & kModeBits;
  if (mode != 0600 && mode != 0400) {
    return absl::FailedPreconditionError(absl::StrFormat("%s: mode: got %04o, want 0600 or 0400", path.string(), mode));
  }
  return absl::OkStatus();
}

// 64 lower-case hex digits and a line break. No part of `text` is shown.
absl::Status DecodeKey(const std::filesystem::path& path, std::string_view text, Seed& key) {
  std::optional<std::string> bytes;
  if (text.size() == kKeyFileBytes && text.ends_with('\n')) bytes = FromHex(text.substr(0, kKeyFileBytes - 1));
  if (!bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(path.string(), ": want 64 lower-case hexadecimal digits and a line break"));
  }
  FromBytes(*bytes, key);
  Wipe(*bytes);
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadPrivateFile(const std::filesystem::path& path, std::size_t most, std::string& bytes) {
  const absl::StatusOr<FileDescriptor> file = OpenRegularFile(path);
  if (!file.ok()) return file.status();
  if (absl::Status status = CheckOwner(*file, path); !status.ok()) return status;
  return ReadWhole(*file, path, most, bytes);
}

absl::StatusOr<SecretKey> ReadSecretKey(const std::filesystem::path& path) {
  std::string text;
  Seed seed{};
  absl::Status status = ReadPrivateFile(path, kKeyFileBytes, text);
  if (status.ok()) status = DecodeKey(path, text, seed);
  Wipe(text);
  if (!status.ok()) return status;
  SecretKey key(seed);
  sodium_memzero(seed.data(), seed.size());
  return key;
}

absl::StatusOr<SecretKey> CreateSecretKey(const std::filesystem::path& path) {
  if (sodium_init() < 0) std::abort();  // No randomness to be had.
  Seed seed;
  randombytes_buf(seed.data(), seed.size());
  SecretKey key(seed);
  std::string text = HexOf(BytesOf(seed));
  text.reserve(kKeyFileBytes);
  text += '\n';
  const absl::Status status = CreateFile(path, text);
  Wipe(text);
  sodium_memzero(seed.data(), seed.size());
  if (!status.ok()) return status;
  return key;
}

absl::StatusOr<PublicKey> ReadPublicKey(const std::filesystem::path& path) {
  const absl::StatusOr<FileDescriptor> file = OpenRegularFile(path);
  if (!file.ok()) return file.status();
  std::string text;
  PublicKey key{};
  if (absl::Status status = ReadWhole(*file, path, kKeyFileBytes, text); !status.ok()) return status;
  if (absl::Status status = DecodeKey(path, text, key); !status.ok()) return status;
  return key;
}

absl::StatusOr<VerifierKey> ReadVerifierKey(const std::filesystem::path& path) {
  const absl::StatusOr<FileDescriptor> file = OpenRegularFile(path);
  if (!file.ok()) return file.status();
  std::string text;
  if (absl::Status status = ReadWhole(*file, path, kMostVerifierKeyBytes, text); !status.ok()) return status;
  if (!text.ends_with('\n')) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": want a verifier key and a line break"));
  }
  text.pop_back();
  return ParseVerifierKey(text);
}

}  // namespace giot::ledger
