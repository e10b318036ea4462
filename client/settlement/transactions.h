#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::client {

// The bodies of transactions (proto/giot/ledger/v1/ledger.proto), ready for Wallet::Seal, which adds chain,
// signer, nonce and expiry. Who may sign which, and what it does: server/ledger/FORMAT.md section 5. Money
// in micro-units, qualities in 1e-6. Pure functions.

// Of vehicles.
ledger::v1::Body AcceptBody(const ledger::Digest& task, int item, const ledger::Digest& menu_digest);
ledger::v1::Body SubmitBody(const ledger::Digest& task, const ledger::Digest& data_digest,
                            const ledger::v1::DataReceipt& receipt);
// Where the operator gives no receipt: by the word of auditors (Wallet::Attest), in any order.
ledger::v1::Body SubmitBody(const ledger::Digest& task, const ledger::Digest& data_digest,
                            std::vector<ledger::v1::KeySignature> availability);
ledger::v1::Body DisputeBody(const ledger::Digest& task);

// Of anybody, after a deadline: of an acceptance, or of the task itself.
ledger::v1::Body SettleBody(const ledger::Digest& task, const ledger::PublicKey& vehicle);
ledger::v1::Body SettleBody(const ledger::Digest& task);
ledger::v1::Body EvidenceBody(ledger::v1::Evidence evidence);

// Of whoever has money, and of the mint. `reference`: of the payment outside; at most 64 bytes.
ledger::v1::Body WithdrawBody(std::int64_t amount_micros, bool from_bond, std::string_view reference);
ledger::v1::Body DepositBody(const ledger::PublicKey& account, std::int64_t amount_micros, std::string_view reference);

// Of auditors.
ledger::v1::Body ResolveBody(const ledger::Digest& task, const ledger::PublicKey& vehicle, std::int32_t payable_micros);

// Of operators; approvals, which ApprovalsInOrder gives, are part of the messages.
ledger::v1::Body RegisterOperatorBody(ledger::v1::RegisterOperator message);
ledger::v1::Body TopUpBondBody(std::int64_t amount_micros);
ledger::v1::Body RotateKeyBody(ledger::v1::RotateKey message);

// By ascending keys, as the ledger wants signatures of auditors; the first of those of one key.
std::vector<ledger::v1::KeySignature> ApprovalsInOrder(std::vector<ledger::v1::KeySignature> approvals);

}  // namespace giot::client
