#include "server/quality/history_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::scoring {
namespace {

constexpr std::string_view kMagic = "giot history 1\n";
constexpr std::size_t kCheckBytes = 8;
constexpr std::size_t kRecordBytes = 104;
constexpr std::size_t kRecordsAtOnce = 4096;
constexpr mode_t kMode = 0600;

using RecordBytes = std::array<char, kRecordBytes>;

template <typename Bytes>
char* Put(const Bytes& bytes, char* to) {
  return std::transform(bytes.begin(), bytes.end(), to, [](std::uint8_t byte) { return static_cast<char>(byte); });
}

char* Put(std::uint64_t word, char* to) {
  for (std::size_t i = 0; i < sizeof(word); ++i) *to++ = static_cast<char>(word >> (8 * i));
  return to;
}

template <typename Bytes>
const char* Get(const char* from, Bytes& bytes) {
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(*from++);
  return from;
}

const char* Get(const char* from, std::uint64_t& word) {
  word = 0;
  for (std::size_t i = 0; i < sizeof(word); ++i) {
    word |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(*from++)) << (8 * i);
  }
  return from;
}

std::array<std::uint8_t, kCheckBytes> CheckOf(const char* record) {
  const Digest digest = quality::Sha256({record, kRecordBytes - kCheckBytes});
  std::array<std::uint8_t, kCheckBytes> check{};
  std::copy_n(digest.begin(), kCheckBytes, check.begin());
  return check;
}

RecordBytes Encode(const HistoryRecord& record) {
  RecordBytes bytes{};
  char* to = Put(record.source, bytes.data());
  to = Put(record.image.sha256, to);
  to = Put(record.image.perceptual_hash, to);
  to = Put(static_cast<std::uint64_t>(record.image.captured_at_us), to);
  to = Put(std::bit_cast<std::uint64_t>(record.image.latitude), to);
  to = Put(std::bit_cast<std::uint64_t>(record.image.longitude), to);
  Put(CheckOf(bytes.data()), to);
  return bytes;
}

// False if the record is not as it was written.
bool Decode(const char* bytes, HistoryRecord& record) {
  std::uint64_t captured_at = 0;
  std::uint64_t latitude = 0;
  std::uint64_t longitude = 0;
  std::array<std::uint8_t, kCheckBytes> check{};
  const char* from = Get(bytes, record.source);
  from = Get(from, record.image.sha256);
  from = Get(from, record.image.perceptual_hash);
  from = Get(from, captured_at);
  from = Get(from, latitude);
  from = Get(from, longitude);
  Get(from, check);
  record.image.captured_at_us = static_cast<std::int64_t>(captured_at);
  record.image.latitude = std::bit_cast<double>(latitude);
  record.image.longitude = std::bit_cast<double>(longitude);
  return check == CheckOf(bytes);
}

// With the reason in errno.
absl::Status Failed(const std::filesystem::path& path, const char* what) {
  const std::string message = absl::StrCat("history_file: cannot ", what, " ", path.string());
  return absl::UnavailableError(absl::ErrnoToStatus(errno, message).message());
}

absl::Status Damaged(const std::filesystem::path& path, off_t offset, const char* what) {
  return absl::DataLossError(absl::StrCat("history_file: ", path.string(), ": byte ", offset, ": ", what,
                                          "; move the file away to start with an empty history"));
}

bool WriteAll(int descriptor, std::string_view bytes, off_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
  return true;
}

// Fills `bytes` from `offset` on, or as far as the file reaches: how much that is, or -1.
ssize_t ReadAll(int descriptor, std::string& bytes, off_t offset) {
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = pread(descriptor, bytes.data() + size, bytes.size() - size, offset + static_cast<off_t>(size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(size);
}

bool SyncFolderOf(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = fsync(descriptor) == 0;
  close(descriptor);
  return synced;
}

off_t OffsetOf(std::int64_t record) {
  return static_cast<off_t>(kMagic.size()) + static_cast<off_t>(record) * static_cast<off_t>(kRecordBytes);
}

}  // namespace

HistoryFile::HistoryFile(HistoryFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), records_(other.records_) {}

HistoryFile::~HistoryFile() {
  if (descriptor_ < 0) return;
  fsync(descriptor_);
  close(descriptor_);
}

absl::StatusOr<HistoryFile> HistoryFile::Open(const std::filesystem::path& path,
                                              const std::function<void(const HistoryRecord&)>& each) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
  if (descriptor < 0) return Failed(path, "open");
  HistoryFile file(path, descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) return Failed(path, "lock");
  if (absl::Status status = file.Load(each); !status.ok()) return status;
  return file;
}

absl::Status HistoryFile::Load(const std::function<void(const HistoryRecord&)>& each) {
  std::string magic(kMagic.size(), '\0');
  const ssize_t got = ReadAll(descriptor_, magic, 0);
  if (got < 0) return Failed(path_, "read");
  magic.resize(static_cast<std::size_t>(got));
  if (magic != kMagic) {
    // A prefix was being written when a process ended; anything else is somebody's file.
    if (!kMagic.starts_with(magic)) return Damaged(path_, 0, "no history");
    if (!WriteAll(descriptor_, kMagic, 0) || !SyncFolderOf(path_)) return Failed(path_, "write");
    return absl::OkStatus();
  }
  std::string bytes(kRecordsAtOnce * kRecordBytes, '\0');
  for (;;) {
    const ssize_t size = ReadAll(descriptor_, bytes, OffsetOf(records_));
    if (size < 0) return Failed(path_, "read");
    const std::size_t whole = static_cast<std::size_t>(size) / kRecordBytes;
    for (std::size_t r = 0; r < whole; ++r) {
      HistoryRecord record;
      if (!Decode(bytes.data() + r * kRecordBytes, record)) {
        return Damaged(path_, OffsetOf(records_), "a record fails its check");
      }
      each(record);
      ++records_;
    }
    if (whole < kRecordsAtOnce) break;
  }
  if (ftruncate(descriptor_, OffsetOf(records_)) != 0) return Failed(path_, "shorten");
  return absl::OkStatus();
}

absl::Status HistoryFile::Append(const HistoryRecord& record) {
  const RecordBytes bytes = Encode(record);
  if (!WriteAll(descriptor_, {bytes.data(), bytes.size()}, OffsetOf(records_))) return Failed(path_, "write");
  ++records_;
  return absl::OkStatus();
}

absl::Status HistoryFile::Replace(const std::vector<HistoryRecord>& records) {
  std::string bytes(kMagic);
  bytes.reserve(kMagic.size() + records.size() * kRecordBytes);
  for (const HistoryRecord& record : records) {
    const RecordBytes encoded = Encode(record);
    bytes.append(encoded.data(), encoded.size());
  }
  std::filesystem::path half = path_;
  half += ".new";
  HistoryFile made(half, open(half.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, kMode));
  if (made.descriptor_ < 0) return Failed(half, "create");
  // Locked before it has its name, so that nobody finds it unlocked.
  const bool written = flock(made.descriptor_, LOCK_EX | LOCK_NB) == 0 && WriteAll(made.descriptor_, bytes, 0) &&
                       fsync(made.descriptor_) == 0 && rename(half.c_str(), path_.c_str()) == 0;
  if (!written) {
    const absl::Status status = Failed(half, "write");
    unlink(half.c_str());
    return status;
  }
  std::swap(descriptor_, made.descriptor_);
  records_ = static_cast<std::int64_t>(records.size());
  return SyncFolderOf(path_) ? absl::OkStatus() : Failed(path_, "sync the folder of");
}

}  // namespace giot::scoring
