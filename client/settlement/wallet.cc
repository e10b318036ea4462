#include "client/settlement/wallet.h"

#include <utility>

#include "client/settlement/data_digest.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/transaction.h"

namespace giot::client {

Wallet::Wallet(ledger::SecretKey key, std::string chain_id) : key_(std::move(key)), chain_id_(std::move(chain_id)) {}

std::string Wallet::SourceId() const { return ledger::HexOf(ledger::BytesOf(key())); }

std::string Wallet::Seal(ledger::v1::Body body, std::int64_t now_us) const {
  body.set_expires_us(now_us + kExpiryUs);
  return ledger::Seal(std::move(body), chain_id_, key_);
}

void Wallet::SignCapture(const ledger::Digest& data_sha256, v1::Capture& capture) const {
  capture.set_source_id(SourceId());
  capture.set_public_key(std::string(ledger::BytesOf(key())));
  capture.set_signature(std::string(ledger::BytesOf(key_.Sign(CaptureStatement(capture, data_sha256)))));
}

ledger::Digest Wallet::SaltFor(const ledger::Digest& task, const ledger::Digest& data_sha256) const {
  // Ed25519 signs deterministically (RFC 8032), and nobody without the key can make this signature.
  const ledger::Signature unpredictable =
      key_.Sign(ledger::Frame({"giot.client.salt.v1", chain_id_, ledger::BytesOf(task), ledger::BytesOf(data_sha256)}));
  return ledger::Sha256({ledger::BytesOf(unpredictable)});
}

ledger::Signature Wallet::SignDelivery(const ledger::Digest& task, const ledger::Digest& data_digest) const {
  return key_.Sign(ledger::DeliveryStatement(chain_id_, task, key(), data_digest));
}

ledger::Signature Wallet::SignFetch(const ledger::Digest& task, const ledger::PublicKey& vehicle,
                                    std::int64_t time_us) const {
  return key_.Sign(ledger::FetchStatement(chain_id_, task, vehicle, time_us));
}

ledger::v1::KeySignature Wallet::Attest(const ledger::Digest& task, const ledger::PublicKey& vehicle,
                                        const ledger::Digest& data_digest) const {
  return Sign(ledger::AvailabilityStatement(chain_id_, task, vehicle, data_digest));
}

ledger::v1::KeySignature Wallet::Approve(const ledger::PublicKey& operator_key,
                                         const ledger::v1::RegisterOperator& message) const {
  return Sign(ledger::ApprovalStatement(chain_id_, operator_key, message));
}

ledger::v1::KeySignature Wallet::Approve(const ledger::v1::RotateKey& message) const {
  return Sign(ledger::ApprovalStatement(chain_id_, message));
}

ledger::Signature Wallet::ProvePossession(ledger::v1::KeyRole role, const ledger::PublicKey& account) const {
  return key_.Sign(ledger::PossessionStatement(chain_id_, role, account));
}

ledger::v1::KeySignature Wallet::Sign(const std::string& statement) const {
  ledger::v1::KeySignature made;
  made.set_key(std::string(ledger::BytesOf(key())));
  made.set_signature(std::string(ledger::BytesOf(key_.Sign(statement))));
  return made;
}

}  // namespace giot::client
