#include "bench/ledger/sync_floor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>

#include "absl/status/status.h"

namespace giot::bench {
namespace {

constexpr std::size_t kPages = 8;  // Of the write-ahead log, for a deposit.
constexpr std::size_t kPageBytes = 4096 + 24;
constexpr std::size_t kRounds = 64;  // Of pages that the file has room for.
constexpr std::size_t kSlotBytes = 112;

// Of `bytes` zeros, on the disk.
class SyncedFile {
 public:
  SyncedFile(const std::filesystem::path& path, std::size_t bytes)
      : descriptor_(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
    Write(std::string(bytes, '\0'), 0);
  }
  ~SyncedFile() { close(descriptor_); }
  SyncedFile(const SyncedFile&) = delete;
  SyncedFile& operator=(const SyncedFile&) = delete;

  void Write(const std::string& bytes, std::size_t offset) {
    const ssize_t written = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written != static_cast<ssize_t>(bytes.size()) || fdatasync(descriptor_) != 0) {
      status_.Update(absl::UnavailableError(absl::ErrnoToStatus(errno, "cannot write and sync").message()));
    }
  }
  const absl::Status& status() const { return status_; }

 private:
  const int descriptor_;
  absl::Status status_;
};

}  // namespace

absl::StatusOr<double> SyncsPerSecond(const std::filesystem::path& folder, std::size_t count) {
  const std::string pages(kPages * kPageBytes, 'p');
  const std::string slot(kSlotBytes, 's');
  SyncedFile log(folder / "floor.log", kRounds * pages.size());
  SyncedFile heads(folder / "floor.heads", kSlotBytes);
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < count; ++i) {
    log.Write(pages, i % kRounds * pages.size());
    heads.Write(slot, 0);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  absl::Status status = log.status();
  status.Update(heads.status());
  if (!status.ok()) return status;
  return static_cast<double>(count) / seconds;
}

}  // namespace giot::bench
