#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "server/ledger/proof/log_record.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {

// A part of the log whose signatures are verified on other threads, while the caller does
// something else. Filled, started, finished and read by one thread.
class OpenedRecords {
 public:
  struct Opened {
    std::string record;  // As it was stored.
    std::int64_t id_prefix = 0;
    absl::StatusOr<LogRecord> decoded = absl::UnknownError("not opened");  // Its envelope is the transaction's.
    OpenedTransaction transaction;
  };

  // For about `size` records.
  OpenedRecords(std::string_view chain_id, std::size_t size) : chain_id_(chain_id) { records_.reserve(size); }
  ~OpenedRecords() { Finish(); }
  OpenedRecords(const OpenedRecords&) = delete;
  OpenedRecords& operator=(const OpenedRecords&) = delete;

  void Add(std::string_view record, std::int64_t id_prefix);
  std::size_t size() const { return records_.size(); }

  // Begins on `threads` threads besides the caller's, which must not Add any more.
  void Start(int threads);
  // Helps, and returns when all are opened; they are the caller's to move from.
  std::vector<Opened>& Finish();

 private:
  void OpenSome();

  const std::string chain_id_;
  std::vector<Opened> records_;
  std::atomic<std::size_t> next_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace giot::ledger
