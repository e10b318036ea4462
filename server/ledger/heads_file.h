#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/proof/digest.h"

namespace giot::ledger {

// How far the ledger had come when it last acknowledged something.
struct Head {
  std::uint64_t size = 0;
  std::uint64_t height = 0;
  Digest log_root{};
  Digest app_hash{};
  friend bool operator==(const Head&, const Head&) = default;
};

// The heads file of FORMAT.md section 8, beside the database and apart from it: a database that was
// put back to an earlier state is behind it. It does its I/O through a SQLite VFS, so that one
// seam reaches every system call of the writer. One thread at a time.
class HeadsFile {
 public:
  enum class Access { kCreate, kOpen };

  // `vfs` null: SQLite's default. An empty file counts as missing. kCreate: AlreadyExists; kOpen: NotFound,
  // DataLoss if no slot is valid. Unavailable.
  static absl::StatusOr<HeadsFile> Open(const std::string& path, Access access, const char* vfs);

  HeadsFile(HeadsFile&&) noexcept;
  ~HeadsFile();

  // nullopt in a new file.
  const std::optional<Head>& head() const { return head_; }
  // Whether the other slot holds what is neither a head nor nothing: a write that power cut off,
  // or damage. To be told to the operator.
  bool damaged() const { return damaged_; }

  // Durable when it returns OK. Unavailable: the older slot is still there.
  absl::Status Write(const Head& head);

 private:
  struct File;

  explicit HeadsFile(std::unique_ptr<File> file);

  absl::Status ReadSlots();

  std::unique_ptr<File> file_;
  std::uint64_t sequence_ = 0;
  std::optional<Head> head_;
  bool damaged_ = false;
};

}  // namespace giot::ledger
