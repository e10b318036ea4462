#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::ledger {

inline constexpr std::size_t kMostEnvelopeBytes = 65'536;
inline constexpr std::size_t kNonceBytes = 16;
inline constexpr std::int64_t kMostExpiryUs = 600'000'000;
inline constexpr std::int64_t kMostAmountMicros = std::int64_t{1} << 53;

// The deterministic serialisation, the only one that is accepted.
std::string CanonicalBytes(const google::protobuf::MessageLite& message);
// Whether `bytes`, from which `message` was parsed, are that; drops fields that are not listed.
bool IsCanonical(std::string_view bytes, google::protobuf::Message& message);

// Fills in chain id and signer, and a random nonce where there is none, and signs. For
// vehicles, operators and tests; the server never holds a vehicle's key.
std::string Seal(v1::Body body, std::string_view chain_id, const SecretKey& signer);

// SHA-256 of the body; of nothing for an envelope that is too short for one.
Digest TransactionId(std::string_view envelope);

// An envelope as far as it can be judged without any state: checks 1 to 5 and 9 of FORMAT.md
// section 2.
struct OpenedTransaction {
  std::string envelope;
  v1::Code envelope_code = v1::CODE_OK;  // Of checks 1 to 5; if it is not OK, body and signer mean nothing.
  v1::Code field_code = v1::CODE_OK;     // Of check 9.
  Digest id{};
  PublicKey signer{};
  v1::Body body;
};

// Checks 1 to 5 alone; `field_code` stays OK.
OpenedTransaction OpenEnvelope(std::string_view chain_id, std::string envelope);

// Never fails: what is wrong is a code. About 60 us, nearly all for signatures. Pure and
// thread-safe: callers do it on their own threads, before the state machine's single one.
OpenedTransaction OpenTransaction(std::string_view chain_id, std::string envelope);

}  // namespace giot::ledger
