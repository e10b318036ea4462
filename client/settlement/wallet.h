#pragma once

#include <cstdint>
#include <string>

#include "giot/ledger/v1/ledger.pb.h"
#include "giot/v1/sensing_quality.pb.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::client {

// A secret key, and what it signs for one ledger: transactions (client/settlement/transactions.h) and the
// statements of FORMAT.md section 2 and of the settlement service. Nothing here leaves the machine but what is
// returned. Thread-safe.
class Wallet {
 public:
  // How long a transaction may wait to be placed: half of what the ledger admits, so that clocks may differ by
  // the other half.
  static constexpr std::int64_t kExpiryUs = 300'000'000;

  // Key files: server/ledger/proof/key_file.h. Requires ledger::IsChainId(chain_id).
  Wallet(ledger::SecretKey key, std::string chain_id);

  // The account's, too, unless it is a later key of an operator.
  const ledger::PublicKey& key() const { return key_.public_key(); }
  const std::string& chain_id() const { return chain_id_; }
  // The source id of what a vehicle delivers: its key in lower-case hex.
  std::string SourceId() const;

  // The envelope of a body; `now_us`: the ledger's time (ProvenLedger::NowUs). With another random nonce each time, so
  // that it is another transaction: keep the envelope to repeat it.
  std::string Seal(ledger::v1::Body body, std::int64_t now_us) const;

  // A vehicle's: it states itself as the source of a capture, and signs that.
  void SignCapture(const ledger::Digest& data_sha256, v1::Capture& capture) const;
  // The salt of its data's digest, which nobody else can know and which is the same each time, so that a
  // delivery can be repeated without a note of it; and its signature that it delivers.
  ledger::Digest SaltFor(const ledger::Digest& task, const ledger::Digest& data_sha256) const;
  ledger::Signature SignDelivery(const ledger::Digest& task, const ledger::Digest& data_digest) const;

  // An auditor's: that it asks for evidence; that it has seen data that an operator refuses; that it approves.
  ledger::Signature SignFetch(const ledger::Digest& task, const ledger::PublicKey& vehicle, std::int64_t time_us) const;
  ledger::v1::KeySignature Attest(const ledger::Digest& task, const ledger::PublicKey& vehicle,
                                  const ledger::Digest& data_digest) const;
  ledger::v1::KeySignature Approve(const ledger::PublicKey& operator_key,
                                   const ledger::v1::RegisterOperator& message) const;
  ledger::v1::KeySignature Approve(const ledger::v1::RotateKey& message) const;

  // A new key's: that whoever presents it has it. `account` is what it is going to serve (FORMAT.md section 5).
  ledger::Signature ProvePossession(ledger::v1::KeyRole role, const ledger::PublicKey& account) const;

 private:
  ledger::v1::KeySignature Sign(const std::string& statement) const;

  ledger::SecretKey key_;
  std::string chain_id_;
};

}  // namespace giot::client
