#include "server/ledger/heads_file.h"

#include <sqlite3.h>

#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/bytes.h"

namespace giot::ledger {
namespace {

constexpr std::string_view kMagic("giot heads 1\n\0\0\0", 16);
constexpr std::size_t kCheckBytes = 8;
constexpr std::size_t kSlotBytes = 112;
// A device writes blocks of at most this many bytes, so that a torn one spares the other slot.
constexpr sqlite3_int64 kSlotDistance = 4096;

struct Slot {
  std::uint64_t sequence = 0;
  Head head;
};

std::string CheckOf(std::string_view slot) { return std::string(BytesOf(Sha256({slot})).substr(0, kCheckBytes)); }

std::string Encode(const Slot& slot) {
  ByteWriter writer;
  writer.Raw(kMagic).U64(slot.sequence).U64(slot.head.size).U64(slot.head.height);
  writer.Raw(BytesOf(slot.head.log_root)).Raw(BytesOf(slot.head.app_hash));
  return writer.Raw(CheckOf(writer.bytes())).Take();
}

std::optional<Slot> Decode(std::string_view bytes) {
  Slot slot;
  ByteReader reader(bytes);
  const bool magic = reader.Raw(kMagic.size()) == kMagic;
  slot.sequence = reader.U64();
  slot.head.size = reader.U64();
  slot.head.height = reader.U64();
  FromBytes(reader.Raw(slot.head.log_root.size()), slot.head.log_root);
  FromBytes(reader.Raw(slot.head.app_hash.size()), slot.head.app_hash);
  const std::string_view check = reader.Raw(kCheckBytes);
  if (!magic || !reader.AtEnd() || check != CheckOf(bytes.substr(0, bytes.size() - kCheckBytes))) return std::nullopt;
  return slot;
}

bool IsBlank(std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; }

absl::Status Failed(absl::string_view doing, absl::string_view path, int code) {
  return absl::UnavailableError(absl::StrCat("heads_file: cannot ", doing, " ", path, ": ", sqlite3_errstr(code)));
}

}  // namespace

// What a VFS needs to live as long as the file that it opened.
struct HeadsFile::File {
  ~File() {
    if (file()->pMethods != nullptr) file()->pMethods->xClose(file());
  }

  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory.data()); }
  const sqlite3_io_methods& methods() { return *file()->pMethods; }

  std::vector<char> path;  // Absolute; ends in zeros, as SQLite's own names do.
  std::vector<std::max_align_t> memory;
};

HeadsFile::HeadsFile(std::unique_ptr<File> file) : file_(std::move(file)) {}
HeadsFile::HeadsFile(HeadsFile&&) noexcept = default;
HeadsFile::~HeadsFile() = default;

absl::StatusOr<HeadsFile> HeadsFile::Open(const std::string& path, Access access, const char* vfs_name) {
  sqlite3_vfs* const vfs = sqlite3_vfs_find(vfs_name);
  if (vfs == nullptr) return absl::UnavailableError(absl::StrCat("heads_file: no VFS ", vfs_name ? vfs_name : ""));
  auto file = std::make_unique<File>();
  file->path.resize(static_cast<std::size_t>(vfs->mxPathname) + 4);
  file->memory.resize(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
  if (const int code = vfs->xFullPathname(vfs, path.c_str(), vfs->mxPathname + 1, file->path.data());
      code != SQLITE_OK && code != SQLITE_OK_SYMLINK) {
    return Failed("find", path, code);
  }

  int exists = 0;
  if (const int code = vfs->xAccess(vfs, file->path.data(), SQLITE_ACCESS_EXISTS, &exists); code != SQLITE_OK) {
    return Failed("look for", path, code);
  }
  if (exists != 0 && access == Access::kCreate) return absl::AlreadyExistsError(absl::StrCat("heads_file: ", path));
  if (exists == 0 && access == Access::kOpen) {
    return absl::NotFoundError(absl::StrCat("heads_file: ", path, " is missing or empty"));
  }

  // As a super-journal, it is a file that SQLite does not lock and whose folder it syncs with it.
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_SUPER_JOURNAL;
  if (access == Access::kCreate) flags |= SQLITE_OPEN_CREATE;
  if (const int code = vfs->xOpen(vfs, file->path.data(), file->file(), flags, &flags); code != SQLITE_OK) {
    return Failed("open", path, code);
  }
  HeadsFile heads(std::move(file));
  if (access == Access::kOpen) {
    if (absl::Status read = heads.ReadSlots(); !read.ok()) return read;
  }
  return heads;
}

absl::Status HeadsFile::ReadSlots() {
  for (const sqlite3_int64 offset : {sqlite3_int64{0}, kSlotDistance}) {
    std::string bytes(kSlotBytes, '\0');
    // What lies beyond the file's end is read as zeros.
    const int code = file_->methods().xRead(file_->file(), bytes.data(), static_cast<int>(kSlotBytes), offset);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) return Failed("read", file_->path.data(), code);
    const std::optional<Slot> slot = Decode(bytes);
    damaged_ = damaged_ || (!slot && !IsBlank(bytes));
    if (slot && slot->sequence >= sequence_) {
      sequence_ = slot->sequence;
      head_ = slot->head;
    }
  }
  if (head_) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("heads_file: ", file_->path.data(), " holds no valid slot"));
}

absl::Status HeadsFile::Write(const Head& head) {
  const Slot slot{.sequence = sequence_ + 1, .head = head};
  const std::string bytes = Encode(slot);
  const sqlite3_int64 offset = slot.sequence % 2 == 0 ? kSlotDistance : 0;
  int code = file_->methods().xWrite(file_->file(), bytes.data(), static_cast<int>(bytes.size()), offset);
  if (code != SQLITE_OK) return Failed("write", file_->path.data(), code);
  code = file_->methods().xSync(file_->file(), SQLITE_SYNC_NORMAL);
  if (code != SQLITE_OK) return Failed("sync", file_->path.data(), code);
  sequence_ = slot.sequence;
  head_ = head;
  return absl::OkStatus();
}

}  // namespace giot::ledger
