#include "server/ledger/proof/transaction.h"

#include <sodium.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "server/ledger/proof/fields.h"
#include "server/ledger/proof/statement.h"

namespace giot::ledger {
namespace {

constexpr std::size_t kSignatureBytes = std::tuple_size_v<Signature>;

std::string_view BodyOf(std::string_view envelope) {
  return envelope.size() < kSignatureBytes ? std::string_view() : envelope.substr(kSignatureBytes);
}

std::string RandomNonce() {
  if (sodium_init() < 0) std::abort();  // No randomness to be had.
  std::array<std::uint8_t, kNonceBytes> nonce;
  randombytes_buf(nonce.data(), nonce.size());
  return std::string(BytesOf(nonce));
}

// Fills in body and signer.
v1::Code JudgeEnvelope(std::string_view chain_id, OpenedTransaction& opened) {
  const std::string_view envelope = opened.envelope;
  if (envelope.size() > kMostEnvelopeBytes) return v1::CODE_TOO_LARGE;
  const std::string_view body = BodyOf(envelope);
  if (body.empty()) return v1::CODE_MALFORMED;
  if (!opened.body.ParseFromArray(body.data(), static_cast<int>(body.size())) ||
      !FromBytes(opened.body.signer(), opened.signer) || opened.body.nonce().size() != kNonceBytes ||
      opened.body.transaction_case() == v1::Body::TRANSACTION_NOT_SET) {
    return v1::CODE_MALFORMED;
  }
  if (!IsCanonical(body, opened.body)) return v1::CODE_NOT_CANONICAL;
  if (opened.body.chain_id() != chain_id) return v1::CODE_WRONG_CHAIN;
  Signature signature;
  FromBytes(envelope.substr(0, kSignatureBytes), signature);
  if (!Verify(opened.signer, TransactionStatement(chain_id, body), signature)) return v1::CODE_BAD_SIGNATURE;
  return v1::CODE_OK;
}

}  // namespace

// Without maps, which the messages of the ledger do not have, Protobuf writes the known fields in
// the order of their numbers.
std::string CanonicalBytes(const google::protobuf::MessageLite& message) { return message.SerializeAsString(); }

bool IsCanonical(std::string_view bytes, google::protobuf::Message& message) {
  message.DiscardUnknownFields();
  return CanonicalBytes(message) == bytes;
}

std::string Seal(v1::Body body, std::string_view chain_id, const SecretKey& signer) {
  body.set_chain_id(std::string(chain_id));
  body.set_signer(std::string(BytesOf(signer.public_key())));
  if (body.nonce().empty()) body.set_nonce(RandomNonce());
  const std::string bytes = CanonicalBytes(body);
  const Signature signature = signer.Sign(TransactionStatement(chain_id, bytes));
  return std::string(BytesOf(signature)) + bytes;
}

Digest TransactionId(std::string_view envelope) { return Sha256({BodyOf(envelope)}); }

OpenedTransaction OpenEnvelope(std::string_view chain_id, std::string envelope) {
  OpenedTransaction opened;
  opened.envelope = std::move(envelope);
  opened.id = TransactionId(opened.envelope);
  opened.envelope_code = JudgeEnvelope(chain_id, opened);
  return opened;
}

OpenedTransaction OpenTransaction(std::string_view chain_id, std::string envelope) {
  OpenedTransaction opened = OpenEnvelope(chain_id, std::move(envelope));
  if (opened.envelope_code == v1::CODE_OK) opened.field_code = CheckFields(chain_id, opened.body);
  return opened;
}

}  // namespace giot::ledger
