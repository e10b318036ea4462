#include "server/settlement/evidence_store.h"

#include <sodium.h>
#include <sys/file.h>

#include <array>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/text_encoding.h"
#include "server/settlement/private_folder.h"

namespace giot::settlement {
namespace {

constexpr std::string_view kFirstLine = "giot evidence 1\n";
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kOverhead = kFirstLine.size() + kNonceBytes + kTagBytes;
constexpr std::size_t kHexDigits = 64;  // Of an id or a key.
constexpr std::size_t kNameSize = 2 * kHexDigits + 1;
constexpr std::size_t kMostFileBytes = std::size_t{1} << 30;

static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == std::tuple_size_v<EvidenceKey::Bytes>);

std::string NameOf(const AcceptanceId& id) {
  return absl::StrCat(ledger::HexOf(ledger::BytesOf(id.task)), "-", ledger::HexOf(ledger::BytesOf(id.vehicle)));
}

std::optional<AcceptanceId> IdOf(std::string_view name) {
  AcceptanceId id;
  if (name.size() != kNameSize || name[kHexDigits] != '-') return std::nullopt;
  const std::optional<std::string> task = ledger::FromHex(name.substr(0, kHexDigits));
  const std::optional<std::string> vehicle = ledger::FromHex(name.substr(kHexDigits + 1));
  if (!task || !vehicle) return std::nullopt;
  ledger::FromBytes(*task, id.task);
  ledger::FromBytes(*vehicle, id.vehicle);
  return id;
}

std::string AdditionalData(const AcceptanceId& id) {
  return absl::StrCat(std::string(kFirstLine), std::string(ledger::BytesOf(id.task)),
                      std::string(ledger::BytesOf(id.vehicle)));
}

const unsigned char* Unsigned(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* Unsigned(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

// Makes the file that says which key the folder is of, if it is not there, and locks it.
absl::StatusOr<ledger::FileDescriptor> LockFolder(const std::filesystem::path& folder, const EvidenceKey& key) {
  const std::filesystem::path path = folder / "key-id";
  const std::string wanted = absl::StrCat(ledger::HexOf(ledger::BytesOf(key.id())), "\n");
  const absl::Status made = ledger::CreateFile(path, wanted);
  if (!made.ok() && !absl::IsAlreadyExists(made)) return made;
  absl::StatusOr<ledger::FileDescriptor> file = ledger::OpenRegularFile(path);
  if (!file.ok()) return file.status();
  if (flock(file->number(), LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("evidence: ", folder.string(), " is in use by another process"));
  }
  std::string got;
  if (absl::Status read = ledger::ReadWhole(*file, path, wanted.size(), got); absl::IsUnavailable(read)) return read;
  if (got.size() != wanted.size()) return absl::DataLossError(absl::StrCat(path.string(), ": is damaged"));
  if (got == wanted) return file;
  return absl::FailedPreconditionError(absl::StrCat("evidence: ", folder.string(),
                                                    " was written with another key: got the one with id ",
                                                    wanted.substr(0, 16), ", want ", got.substr(0, 16)));
}

}  // namespace

EvidenceStore::EvidenceStore(std::filesystem::path folder, EvidenceKey key, std::int64_t most_bytes,
                             ledger::FileDescriptor lock)
    : folder_(std::move(folder)), key_(std::move(key)), most_bytes_(most_bytes), lock_(std::move(lock)) {}

absl::StatusOr<std::unique_ptr<EvidenceStore>> EvidenceStore::Open(const std::filesystem::path& folder, EvidenceKey key,
                                                                   std::int64_t most_bytes) {
  if (sodium_init() < 0) std::abort();  // No randomness to be had.
  if (absl::Status made = MakePrivateFolder(folder); !made.ok()) return made;
  absl::StatusOr<ledger::FileDescriptor> lock = LockFolder(folder, key);
  if (!lock.ok()) return lock.status();
  std::unique_ptr<EvidenceStore> store(new EvidenceStore(folder, std::move(key), most_bytes, *std::move(lock)));
  if (absl::Status loaded = store->Load(); !loaded.ok()) return loaded;
  return store;
}

absl::Status EvidenceStore::Load() {
  const absl::StatusOr<std::vector<std::string>> names = WholeFiles(folder_, kNameSize);
  if (!names.ok()) return names.status();
  const engine::MutexLock lock(&mutex_);
  for (const std::string& name : *names) {
    const std::optional<AcceptanceId> id = IdOf(name);
    if (!id) continue;
    std::error_code error;
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(folder_ / name, error));
    if (error) return absl::UnavailableError(absl::StrCat("cannot read ", name, ": ", error.message()));
    files_[*id] = bytes;
    bytes_ += bytes;
  }
  return absl::OkStatus();
}

std::filesystem::path EvidenceStore::PathOf(const AcceptanceId& id) const { return folder_ / NameOf(id); }

absl::Status EvidenceStore::CheckRoom(const AcceptanceId& id, std::int64_t bytes) const {
  if (files_.contains(id)) return absl::AlreadyExistsError(absl::StrCat("evidence: ", NameOf(id), " is there"));
  if (bytes <= most_bytes_ - bytes_) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("evidence: ", bytes_, " of ", most_bytes_, " bytes are taken, no room for ", bytes, " more"));
}

absl::Status EvidenceStore::Reserve(const AcceptanceId& id, std::int64_t bytes) {
  const auto size = bytes + static_cast<std::int64_t>(kOverhead);
  const engine::MutexLock lock(&mutex_);
  if (reserved_.contains(id)) {
    return absl::AlreadyExistsError(absl::StrCat("evidence: room for ", NameOf(id), " is reserved"));
  }
  if (absl::Status room = CheckRoom(id, size); !room.ok()) return room;
  reserved_[id] = size;
  bytes_ += size;
  return absl::OkStatus();
}

void EvidenceStore::ReleaseLocked(const AcceptanceId& id) {
  const auto reserved = reserved_.find(id);
  if (reserved == reserved_.end()) return;
  bytes_ -= reserved->second;
  reserved_.erase(reserved);
}

void EvidenceStore::Release(const AcceptanceId& id) {
  const engine::MutexLock lock(&mutex_);
  ReleaseLocked(id);
}

absl::Status EvidenceStore::Enter(const AcceptanceId& id, std::int64_t bytes) {
  const engine::MutexLock lock(&mutex_);
  ReleaseLocked(id);
  if (absl::Status room = CheckRoom(id, bytes); !room.ok()) return room;
  files_[id] = bytes;
  bytes_ += bytes;
  return absl::OkStatus();
}

void EvidenceStore::Forget(const AcceptanceId& id) {
  const engine::MutexLock lock(&mutex_);
  const auto file = files_.find(id);
  if (file == files_.end()) return;
  bytes_ -= file->second;
  files_.erase(file);
}

absl::Status EvidenceStore::Keep(const AcceptanceId& id, std::string_view bytes) {
  const auto size = static_cast<std::int64_t>(bytes.size() + kOverhead);
  if (absl::Status entered = Enter(id, size); !entered.ok()) return entered;
  absl::Status written = ledger::CreateFile(PathOf(id), Encrypt(id, bytes));
  if (written.ok()) return written;
  if (absl::IsAlreadyExists(written)) {
    written = absl::UnavailableError(absl::StrCat(written.message(), ": whether it is durable is unknown"));
  } else {
    // Nothing may be signed for a file whose durability is unknown; one that stays there is looked at by Open.
    RemoveFile(PathOf(id)).IgnoreError();
  }
  Forget(id);
  return written;
}

absl::StatusOr<std::string> EvidenceStore::Find(const AcceptanceId& id) const {
  const std::filesystem::path path = PathOf(id);
  const absl::StatusOr<ledger::FileDescriptor> file = ledger::OpenRegularFile(path);
  if (!file.ok() && absl::IsNotFound(file.status()) && Has(id)) {
    return absl::DataLossError(absl::StrCat("evidence: ", path.string(), " is missing"));
  }
  if (!file.ok()) return file.status();
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > kMostFileBytes) {
    return absl::DataLossError(absl::StrCat("evidence: ", path.string(), " is not as it was written"));
  }
  std::string bytes;
  if (absl::Status read = ledger::ReadWhole(*file, path, size, bytes); !read.ok()) return read;
  return Decrypt(id, bytes);
}

bool EvidenceStore::Has(const AcceptanceId& id) const {
  const engine::MutexLock lock(&mutex_);
  return files_.contains(id);
}

absl::Status EvidenceStore::Erase(const AcceptanceId& id) {
  if (absl::Status removed = RemoveFile(PathOf(id)); !removed.ok()) return removed;
  Forget(id);
  return absl::OkStatus();
}

std::vector<AcceptanceId> EvidenceStore::After(const std::optional<AcceptanceId>& after, int most) const {
  const engine::MutexLock lock(&mutex_);
  std::vector<AcceptanceId> ids;
  auto file = after ? files_.upper_bound(*after) : files_.begin();
  for (; file != files_.end() && std::cmp_less(ids.size(), most); ++file) ids.push_back(file->first);
  return ids;
}

std::int64_t EvidenceStore::bytes() const {
  const engine::MutexLock lock(&mutex_);
  return bytes_;
}

std::string EvidenceStore::Encrypt(const AcceptanceId& id, std::string_view bytes) const {
  std::string nonce(kNonceBytes, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  std::string sealed(bytes.size() + kTagBytes, '\0');
  const std::string data = AdditionalData(id);
  crypto_aead_xchacha20poly1305_ietf_encrypt(Unsigned(sealed), nullptr, Unsigned(bytes), bytes.size(), Unsigned(data),
                                             data.size(), nullptr, Unsigned(nonce), key_.bytes().data());
  return absl::StrCat(std::string(kFirstLine), nonce, sealed);
}

absl::StatusOr<std::string> EvidenceStore::Decrypt(const AcceptanceId& id, std::string_view file) const {
  if (file.size() >= kOverhead && file.starts_with(kFirstLine)) {
    const std::string_view nonce = file.substr(kFirstLine.size(), kNonceBytes);
    const std::string_view sealed = file.substr(kFirstLine.size() + kNonceBytes);
    std::string bytes(sealed.size() - kTagBytes, '\0');
    const std::string data = AdditionalData(id);
    const int failed =
        crypto_aead_xchacha20poly1305_ietf_decrypt(Unsigned(bytes), nullptr, nullptr, Unsigned(sealed), sealed.size(),
                                                   Unsigned(data), data.size(), Unsigned(nonce), key_.bytes().data());
    if (failed == 0) return bytes;
  }
  return absl::DataLossError(absl::StrCat("evidence: ", PathOf(id).string(), " is not as it was written"));
}

}  // namespace giot::settlement
