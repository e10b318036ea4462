#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "server/ledger/sqlite_connection.h"
#include "server/ledger/writer_queue.h"

namespace giot::bench {

// What the ledger is compared with: the same bytes in a table of SQLite with the same durability, in the
// same groups by the same queue, and one signature verified each on the caller's thread; nothing else.
class BareStore {
 public:
  static absl::StatusOr<std::unique_ptr<BareStore>> Create(const std::filesystem::path& path, std::size_t group);
  ~BareStore();

  void Submit(std::string envelope, ledger::Driver::Done done);

 private:
  BareStore(std::unique_ptr<ledger::SqliteConnection> connection, std::size_t group);

  void Write();
  absl::Status Insert(const std::vector<ledger::WriterQueue::Waiting>& group);

  std::unique_ptr<ledger::SqliteConnection> connection_;
  const std::size_t group_;
  std::int64_t position_ = 0;
  ledger::WriterQueue queue_;
  std::thread writer_;
};

}  // namespace giot::bench
