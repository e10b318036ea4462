#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/settlement/wallet.h"
#include "giot/ledger/v1/ledger.pb.h"

namespace giot::client {

// A transaction that auditors are asked to approve on their own machines: RegisterOperator, its signer set, or
// RotateKey; the file holds its body, canonical, without approvals, nonce and expiry.

std::string ProposalBytes(ledger::v1::Body body, const std::string& chain_id);
// InvalidArgument if it is not one for that chain.
absl::StatusOr<ledger::v1::Body> ParseProposal(std::string_view bytes, const std::string& chain_id);

ledger::v1::KeySignature Approve(const Wallet& auditor, const ledger::v1::Body& proposal);
ledger::v1::Body WithApprovals(ledger::v1::Body proposal, std::vector<ledger::v1::KeySignature> approvals);

// A key and its signature in hex, with a colon between them. ParseKeySignature: InvalidArgument.
std::string KeySignatureText(const ledger::v1::KeySignature& signature);
absl::StatusOr<ledger::v1::KeySignature> ParseKeySignature(std::string_view text);

}  // namespace giot::client
