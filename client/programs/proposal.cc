#include "client/programs/proposal.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/settlement/transactions.h"
#include "server/ledger/proof/text_encoding.h"
#include "server/ledger/proof/transaction.h"

namespace giot::client {
namespace {

using ledger::v1::Body;
using ledger::v1::KeySignature;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

}  // namespace

std::string ProposalBytes(Body body, const std::string& chain_id) {
  body.set_chain_id(chain_id);
  body.clear_nonce();
  body.clear_expires_us();
  return ledger::CanonicalBytes(WithApprovals(std::move(body), {}));
}

absl::StatusOr<Body> ParseProposal(std::string_view bytes, const std::string& chain_id) {
  Body body;
  if (!body.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) || !ledger::IsCanonical(bytes, body) ||
      !(body.has_register_operator() || body.has_rotate_key())) {
    return absl::InvalidArgumentError("proposal: got something else, want what 'operator propose' wrote");
  }
  if (body.chain_id() != chain_id) {
    return absl::InvalidArgumentError(
        absl::StrCat("proposal: got one for the chain '", body.chain_id(), "', want ", chain_id));
  }
  if (body.has_register_operator() && body.signer().size() != kKeyBytes) {
    return absl::InvalidArgumentError(absl::StrCat("proposal: signer: got ", body.signer().size(), " bytes, want 32"));
  }
  return body;
}

KeySignature Approve(const Wallet& auditor, const Body& proposal) {
  if (proposal.has_rotate_key()) return auditor.Approve(proposal.rotate_key());
  ledger::PublicKey signer{};
  ledger::FromBytes(proposal.signer(), signer);
  return auditor.Approve(signer, proposal.register_operator());
}

Body WithApprovals(Body proposal, std::vector<KeySignature> approvals) {
  auto& field = proposal.has_rotate_key() ? *proposal.mutable_rotate_key()->mutable_approvals()
                                          : *proposal.mutable_register_operator()->mutable_approvals();
  field.Clear();
  for (KeySignature& approval : ApprovalsInOrder(std::move(approvals))) field.Add(std::move(approval));
  return proposal;
}

std::string KeySignatureText(const KeySignature& signature) {
  return absl::StrCat(ledger::HexOf(signature.key()), ":", ledger::HexOf(signature.signature()));
}

absl::StatusOr<KeySignature> ParseKeySignature(std::string_view text) {
  const std::size_t colon = text.find(':');
  std::optional<std::string> key = ledger::FromHex(text.substr(0, colon));
  std::optional<std::string> made;
  if (colon != std::string_view::npos) made = ledger::FromHex(text.substr(colon + 1));
  if (!key || key->size() != kKeyBytes || !made || made->size() != kSignatureBytes) {
    return absl::InvalidArgumentError(absl::StrCat("approval: got '", std::string(text),
                                                   "', want KEY:SIGNATURE in hex, as 'operator approve' prints it"));
  }
  KeySignature signature;
  signature.set_key(*std::move(key));
  signature.set_signature(*std::move(made));
  return signature;
}

}  // namespace giot::client
