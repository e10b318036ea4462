#include "tests/server/ledger/memory_vfs.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <utility>

namespace giot::ledger {
namespace {

std::string NewName() {
  static std::atomic<int> number = 0;
  return "memory-" + std::to_string(++number);
}

}  // namespace

struct MemoryVfs::Handle {
  sqlite3_file base{};
  MemoryVfs* vfs = nullptr;
  std::shared_ptr<File> file;
  bool syncs_folder = false;  // With its first sync, as SQLite's own VFS does for journals.
};

struct MemoryVfs::Methods {
  static MemoryVfs& Of(sqlite3_vfs* vfs) { return *static_cast<MemoryVfs*>(vfs->pAppData); }
  static Handle& Of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

  static int Open(sqlite3_vfs* base, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    file->pMethods = nullptr;
    MemoryVfs& vfs = Of(base);
    if (const int code = vfs.Ask(Call::kOpen); code != SQLITE_OK) return code;
    std::lock_guard lock(vfs.mutex_);
    std::shared_ptr<File>& entry = vfs.files_[path != nullptr ? path : ""];
    if (entry == nullptr) {
      if ((flags & SQLITE_OPEN_CREATE) == 0) {
        vfs.files_.erase(path);
        return SQLITE_CANTOPEN;
      }
      entry = std::make_shared<File>();
    }
    auto* const handle = new (file) Handle;
    handle->vfs = &vfs;
    handle->file = entry;
    constexpr int kJournals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    handle->syncs_folder = (flags & kJournals) != 0 && (flags & SQLITE_OPEN_CREATE) != 0;
    handle->base.pMethods = &kFileMethods;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }

  static int Close(sqlite3_file* file) {
    Handle& handle = Of(file);
    const int code = handle.vfs->Ask(Call::kClose);
    handle.~Handle();
    return code;
  }

  static int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
    Handle& handle = Of(file);
    if (const int code = handle.vfs->Ask(Call::kRead); code != SQLITE_OK) return code;
    std::lock_guard lock(handle.vfs->mutex_);
    const std::string& bytes = handle.file->now;
    const auto begin = std::min(static_cast<std::size_t>(offset), bytes.size());
    const std::size_t got = std::min(static_cast<std::size_t>(size), bytes.size() - begin);
    std::memset(to, 0, static_cast<std::size_t>(size));
    std::memcpy(to, bytes.data() + begin, got);
    return got == static_cast<std::size_t>(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }

  static int Write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
    Handle& handle = Of(file);
    const int code = handle.vfs->Ask(Call::kWrite);
    const int written = code == SQLITE_OK ? size : size / 2;
    Change(handle, {.is_truncation = false,
                    .offset = static_cast<std::size_t>(offset),
                    .bytes = std::string(static_cast<const char*>(from), static_cast<std::size_t>(written))});
    return code;
  }

  static int Truncate(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = Of(file);
    if (const int code = handle.vfs->Ask(Call::kTruncate); code != SQLITE_OK) return code;
    Change(handle, {.is_truncation = true, .offset = static_cast<std::size_t>(size), .bytes = ""});
    return SQLITE_OK;
  }

  static void Change(Handle& handle, MemoryVfs::Change change) {
    std::lock_guard lock(handle.vfs->mutex_);
    Apply(change, handle.file->now);
    handle.file->unsynced.push_back(std::move(change));
  }

  static int Sync(sqlite3_file* file, int) {
    Handle& handle = Of(file);
    if (const int code = handle.vfs->Ask(Call::kSync); code != SQLITE_OK) return code;
    std::lock_guard lock(handle.vfs->mutex_);
    handle.file->durable = handle.file->now;
    handle.file->is_durable = true;
    handle.file->unsynced.clear();
    if (std::exchange(handle.syncs_folder, false)) {
      for (const auto& entry : handle.vfs->files_) entry.second->is_durable = true;
      handle.vfs->deleted_.clear();
    }
    return SQLITE_OK;
  }

  static int FileSize(sqlite3_file* file, sqlite3_int64* size) {
    Handle& handle = Of(file);
    if (const int code = handle.vfs->Ask(Call::kFileSize); code != SQLITE_OK) return code;
    std::lock_guard lock(handle.vfs->mutex_);
    *size = static_cast<sqlite3_int64>(handle.file->now.size());
    return SQLITE_OK;
  }

  static int Lock(sqlite3_file*, int) { return SQLITE_OK; }
  static int CheckReservedLock(sqlite3_file*, int* reserved) {
    *reserved = 0;
    return SQLITE_OK;
  }
  static int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int SectorSize(sqlite3_file*) { return 4096; }
  // As SQLite's own VFS says of disks: what a torn write was not about is left alone.
  static int Characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int Delete(sqlite3_vfs* base, const char* path, int sync_folder) {
    MemoryVfs& vfs = Of(base);
    if (const int code = vfs.Ask(Call::kDelete); code != SQLITE_OK) return code;
    std::lock_guard lock(vfs.mutex_);
    const auto entry = vfs.files_.find(path);
    if (entry == vfs.files_.end()) return SQLITE_IOERR_DELETE_NOENT;
    if (sync_folder == 0) vfs.deleted_[path] = entry->second;
    vfs.files_.erase(entry);
    return SQLITE_OK;
  }

  static int Access(sqlite3_vfs* base, const char* path, int flags, int* result) {
    MemoryVfs& vfs = Of(base);
    if (const int code = vfs.Ask(Call::kAccess); code != SQLITE_OK) return code;
    std::lock_guard lock(vfs.mutex_);
    const auto entry = vfs.files_.find(path);
    const bool exists = entry != vfs.files_.end() && (flags != SQLITE_ACCESS_READWRITE || !vfs.writing_denied_);
    *result = exists && (flags != SQLITE_ACCESS_EXISTS || !entry->second->now.empty()) ? 1 : 0;
    return SQLITE_OK;
  }

  static int FullPathname(sqlite3_vfs*, const char* path, int size, char* full) {
    sqlite3_snprintf(size, full, "%s", path);
    return SQLITE_OK;
  }

  static int Randomness(sqlite3_vfs*, int size, char* bytes) {
    std::fill_n(bytes, size, '\7');
    return size;
  }
  static int Sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
  static int CurrentTime(sqlite3_vfs*, double* days) {
    *days = 2'460'000.5;
    return SQLITE_OK;
  }
  static int GetLastError(sqlite3_vfs*, int, char*) { return 0; }

  static const sqlite3_io_methods kFileMethods;
};

const sqlite3_io_methods MemoryVfs::Methods::kFileMethods = {.iVersion = 1,
                                                             .xClose = Close,
                                                             .xRead = Read,
                                                             .xWrite = Write,
                                                             .xTruncate = Truncate,
                                                             .xSync = Sync,
                                                             .xFileSize = FileSize,
                                                             .xLock = Lock,
                                                             .xUnlock = Lock,
                                                             .xCheckReservedLock = CheckReservedLock,
                                                             .xFileControl = FileControl,
                                                             .xSectorSize = SectorSize,
                                                             .xDeviceCharacteristics = Characteristics,
                                                             .xShmMap = nullptr,
                                                             .xShmLock = nullptr,
                                                             .xShmBarrier = nullptr,
                                                             .xShmUnmap = nullptr,
                                                             .xFetch = nullptr,
                                                             .xUnfetch = nullptr};

MemoryVfs::MemoryVfs() : name_(NewName()) {
  vfs_.iVersion = 1;
  vfs_.szOsFile = sizeof(Handle);
  vfs_.mxPathname = 512;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = Methods::Open;
  vfs_.xDelete = Methods::Delete;
  vfs_.xAccess = Methods::Access;
  vfs_.xFullPathname = Methods::FullPathname;
  vfs_.xRandomness = Methods::Randomness;
  vfs_.xSleep = Methods::Sleep;
  vfs_.xCurrentTime = Methods::CurrentTime;
  vfs_.xGetLastError = Methods::GetLastError;
  sqlite3_vfs_register(&vfs_, 0);
}

MemoryVfs::~MemoryVfs() { sqlite3_vfs_unregister(&vfs_); }

void MemoryVfs::FailWhen(std::function<int(Call call)> fault) {
  std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

int MemoryVfs::Ask(Call call) {
  std::lock_guard lock(mutex_);
  return fault_ ? fault_(call) : SQLITE_OK;
}

void MemoryVfs::Apply(const Change& change, std::string& bytes) {
  if (change.is_truncation) {
    bytes.resize(change.offset);
    return;
  }
  bytes.resize(std::max(bytes.size(), change.offset + change.bytes.size()));
  std::copy(change.bytes.begin(), change.bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

void MemoryVfs::Keep(const Change& change, std::mt19937_64& random, std::string& bytes) {
  const std::uint64_t fate = random() % 8;
  if (fate < 3) return;
  Change kept = change;
  if (!change.is_truncation && !change.bytes.empty() && fate < 6) {
    const std::size_t torn_at = random() % change.bytes.size();
    if (fate == 3) {  // Its end alone arrived.
      kept.offset += torn_at;
      kept.bytes.erase(0, torn_at);
    } else if (fate == 4) {
      kept.bytes.resize(torn_at);
    } else {  // A stretch of it is noise.
      for (std::size_t i = torn_at; i < std::min(torn_at + 512, kept.bytes.size()); ++i) {
        kept.bytes[i] = static_cast<char>(random());
      }
    }
  }
  Apply(kept, bytes);
}

void MemoryVfs::CutPower(std::mt19937_64& random) {
  std::lock_guard lock(mutex_);
  for (const auto& [path, file] : deleted_) {
    if (!files_.contains(path) && random() % 2 == 0) files_[path] = file;
  }
  deleted_.clear();
  for (auto entry = files_.begin(); entry != files_.end();) {
    const File& before = *entry->second;
    if (!before.is_durable && random() % 2 == 0) {
      entry = files_.erase(entry);
      continue;
    }
    auto after = std::make_shared<File>();  // Handles of before the cut keep the old one.
    after->durable = before.durable;
    for (const Change& change : before.unsynced) Keep(change, random, after->durable);
    after->now = after->durable;
    after->is_durable = true;
    entry->second = std::move(after);
    ++entry;
  }
}

std::map<std::string, std::string> MemoryVfs::Files() const {
  std::lock_guard lock(mutex_);
  std::map<std::string, std::string> files;
  for (const auto& [path, file] : files_) files[path] = file->now;
  return files;
}

void MemoryVfs::Restore(const std::map<std::string, std::string>& files) {
  std::lock_guard lock(mutex_);
  files_.clear();
  deleted_.clear();
  for (const auto& [path, bytes] : files) {
    auto file = std::make_shared<File>();
    file->now = bytes;
    file->durable = bytes;
    file->is_durable = true;
    files_[path] = std::move(file);
  }
}

}  // namespace giot::ledger
