#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/answers.h"
#include "server/ledger/heads_file.h"
#include "server/ledger/ledger_database.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

// What of a ledger has to be where it was acknowledged: ids and positions.
using Acknowledged = std::map<Digest, std::uint64_t>;

// A ledger of the test's chain that was recovered, without a driver's thread.
struct OpenLedger {
  // As EmbeddedDriver::Open does.
  static absl::StatusOr<std::unique_ptr<OpenLedger>> Open(const std::filesystem::path& path, const char* vfs);

  // OK if each is found at its position.
  absl::Status Holds(const Acknowledged& acknowledged);
  // A block of one transaction: signed, committed and in the heads file.
  absl::Status Append(const std::string& envelope);

  LedgerDatabase database;
  HeadsFile heads;
  StateMachine machine;
};

// How often a test does something: as the environment variable says, or else `usual`.
int CountFrom(const char* variable, int usual);

}  // namespace giot::ledger
