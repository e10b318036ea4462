#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/driver.h"
#include "server/ledger/proof/ed25519.h"
#include "server/ledger/state/entries.h"

namespace giot::settlement {

// Who acts for the operator: the key that this server was given, as long as the ledger says that it is the
// operator's present one. Thread-safe.
class OperatorSeat {
 public:
  // The driver must outlive it. Without a key nobody acts.
  OperatorSeat(ledger::Driver& driver, std::optional<ledger::SecretKey> key, std::function<std::int64_t()> now_us)
      : driver_(driver), key_(std::move(key)), now_us_(std::move(now_us)) {}

  // The account that the key signs for. FailedPrecondition saying why it signs for none: there is no key, it is
  // not registered, it has another role, or was replaced (by which); errors of the driver.
  absl::StatusOr<ledger::Account> Account() const;

  // nullopt without a key. Whether it is the present one is for Account to say.
  std::optional<ledger::PublicKey> key() const;

  // Both require a key. The transaction expires in five minutes.
  ledger::Signature Sign(std::string_view statement) const { return key_->Sign(statement); }
  std::string Seal(ledger::v1::Body body) const;

 private:
  ledger::Driver& driver_;
  const std::optional<ledger::SecretKey> key_;
  const std::function<std::int64_t()> now_us_;
};

}  // namespace giot::settlement
