#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace giot::ledger {

// A disk in memory, as a SQLite VFS: its power can be cut, and its calls can fail. Thread-safe.
class MemoryVfs {
 public:
  enum class Call { kOpen, kRead, kWrite, kTruncate, kSync, kFileSize, kDelete, kAccess, kClose };
  static constexpr Call kCalls[] = {Call::kOpen,     Call::kRead,   Call::kWrite,  Call::kTruncate, Call::kSync,
                                    Call::kFileSize, Call::kDelete, Call::kAccess, Call::kClose};

  MemoryVfs();
  ~MemoryVfs();
  MemoryVfs(const MemoryVfs&) = delete;
  MemoryVfs& operator=(const MemoryVfs&) = delete;

  const char* name() const { return name_.c_str(); }

  // Asked before each call: what it returns instead, or SQLITE_OK. A write that fails has written half.
  void FailWhen(std::function<int(Call call)> fault);

  // Whoever asks whether a file may be written is told no.
  void DenyWriting() { writing_denied_ = true; }

  // What was not synced is lost, or not, or torn: each write for itself, down to the byte.
  void CutPower(std::mt19937_64& random);

  // The files as programs see them; restored ones are durable.
  std::map<std::string, std::string> Files() const;
  void Restore(const std::map<std::string, std::string>& files);

 private:
  struct Change {
    bool is_truncation = false;
    std::size_t offset = 0;  // Of a truncation, the new size.
    std::string bytes;
  };
  struct File {
    std::string now;
    std::string durable;
    bool is_durable = false;  // Its name.
    std::vector<Change> unsynced;
  };
  struct Handle;
  struct Methods;

  static void Apply(const Change& change, std::string& bytes);
  void Keep(const Change& change, std::mt19937_64& random, std::string& bytes);
  int Ask(Call call);

  const std::string name_;
  sqlite3_vfs vfs_{};
  std::atomic<bool> writing_denied_ = false;
  mutable std::mutex mutex_;
  std::function<int(Call)> fault_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::map<std::string, std::shared_ptr<File>> deleted_;  // Without its folder having been synced.
};

}  // namespace giot::ledger
