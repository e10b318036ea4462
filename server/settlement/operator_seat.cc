#include "server/settlement/operator_seat.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/transaction.h"
#include "server/settlement/entry_reader.h"

namespace giot::settlement {
namespace {

constexpr std::int64_t kExpiresAfterUs = 300'000'000;

std::string Hex(const ledger::PublicKey& key) { return ledger::HexOf(ledger::BytesOf(key)); }

absl::Status Replaced(ledger::Driver& driver, const ledger::PublicKey& key, const ledger::Account& account) {
  const auto entry = ReadEntry<ledger::OperatorEntry>(driver, ledger::OperatorKey(account));
  if (!entry.ok()) return entry.status();
  return absl::FailedPreconditionError(absl::StrCat("operator key ", Hex(key), " was replaced: the present one is ",
                                                    *entry ? Hex((*entry)->key) : "unknown"));
}

}  // namespace

absl::StatusOr<ledger::Account> OperatorSeat::Account() const {
  if (!key_) return absl::FailedPreconditionError("operator: this server has no operator's key");
  const ledger::PublicKey& key = key_->public_key();
  const auto entry = ReadEntry<ledger::KeyEntry>(driver_, ledger::KeyKey(key));
  if (!entry.ok()) return entry.status();
  if (!*entry) {
    return absl::FailedPreconditionError(absl::StrCat("operator key ", Hex(key), " is not registered on the ledger"));
  }
  if ((*entry)->role != ledger::v1::KEY_ROLE_OPERATOR) {
    return absl::FailedPreconditionError(absl::StrCat(
        "operator key ", Hex(key), " has another role on the ledger: ", ledger::v1::KeyRole_Name((*entry)->role)));
  }
  if ((*entry)->revoked) return Replaced(driver_, key, (*entry)->account);
  return (*entry)->account;
}

std::optional<ledger::PublicKey> OperatorSeat::key() const {
  if (!key_) return std::nullopt;
  return key_->public_key();
}

std::string OperatorSeat::Seal(ledger::v1::Body body) const {
  body.set_expires_us(std::max(now_us_(), driver_.BlockTimeUs()) + kExpiresAfterUs);
  return ledger::Seal(std::move(body), driver_.chain_id(), *key_);
}

}  // namespace giot::settlement
