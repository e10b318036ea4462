#pragma once

#include <cstdint>
#include <filesystem>

#include "absl/status/statusor.h"
#include "server/ledger/driver.h"

namespace giot::settlement {

// Snapshots of a ledger that goes on meanwhile, in a folder of their own: what to back up. Each is a file in the
// embedded driver's format, ledger-<time, UTC, 20261130T003000Z>, which a verifier takes.
class Snapshots {
 public:
  // `kept` >= 1. The driver must outlive it.
  Snapshots(ledger::Driver& driver, std::filesystem::path folder, int kept)
      : driver_(driver), folder_(std::move(folder)), kept_(kept) {}

  // Takes one, named for `now_us`, and then removes all but the newest `kept`. The folder is made if it is not there.
  // AlreadyExists, Unavailable, errors of the driver. One thread at a time.
  absl::StatusOr<std::filesystem::path> Take(std::int64_t now_us);

 private:
  absl::Status RemoveOld() const;

  ledger::Driver& driver_;
  const std::filesystem::path folder_;
  const int kept_;
};

}  // namespace giot::settlement
