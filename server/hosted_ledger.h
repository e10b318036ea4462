#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/driver.h"
#include "server/ledger_options.h"
#include "server/settlement/operator_token.h"
#include "server/settlement/repeating.h"
#include "server/settlement/scorer.h"
#include "server/settlement/settlement.h"
#include "server/settlement/snapshots.h"

namespace giot::server {

// The ledger that this server keeps, and the settlement on it.
class HostedLedger {
 public:
  // Opens the ledger, or makes it where there is none yet and Genesis is given. Errors are those of the drivers, of key
  // files, and of settlement::Settlement::Open; NotFound if there is neither a ledger nor Genesis. Logs what it opened.
  // `on_ledger` is told when the ledger stops, why, and from which thread is not said.
  static absl::StatusOr<std::unique_ptr<HostedLedger>> Open(const LedgerOptions& options,
                                                            absl::StatusOr<settlement::Scorer> scorer,
                                                            std::function<void(const absl::Status&)> on_ledger);

  settlement::Settlement& settlement() { return *settlement_; }
  // nullopt if there is none.
  const std::optional<settlement::OperatorToken>& token() const { return token_; }

 private:
  HostedLedger() = default;

  void TakeSnapshots(const LedgerOptions& options);

  std::optional<settlement::OperatorToken> token_;
  std::unique_ptr<ledger::Driver> driver_;
  std::unique_ptr<settlement::Settlement> settlement_;  // Ends before the driver does, as the next.
  std::optional<settlement::Snapshots> snapshots_;
  std::optional<settlement::Repeating> taking_snapshots_;
};

}  // namespace giot::server
