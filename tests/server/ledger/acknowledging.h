#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

#include "server/ledger/driver.h"
#include "tests/server/ledger/open_ledger.h"

namespace giot::ledger {

// Submits, and keeps what was acknowledged. It must outlive the driver, or its callbacks.
class Acknowledging {
 public:
  void Submit(Driver& driver, std::string envelope);
  // Until each has its answer.
  void Wait();

  Acknowledged acknowledged() const;
  int submitted() const { return submitted_; }
  int answered() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int submitted_ = 0;
  int answered_ = 0;
  Acknowledged acknowledged_;
};

}  // namespace giot::ledger
