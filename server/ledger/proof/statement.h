#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::ledger {

// What is signed (FORMAT.md section 2): frame(domain, chain id, parts). No two different
// statements have the same bytes.

// 1 to 48 of a-z 0-9 - . /
bool IsChainId(std::string_view text);

// Each part with its length before it.
std::string Frame(std::initializer_list<std::string_view> parts);

std::string TransactionStatement(std::string_view chain_id, std::string_view body);

std::string ReceiptStatement(std::string_view chain_id, const Digest& task, const PublicKey& vehicle,
                             const Digest& data_digest, std::int64_t received_us);

std::string AvailabilityStatement(std::string_view chain_id, const Digest& task, const PublicKey& vehicle,
                                  const Digest& data_digest);

// What auditors approve; `approvals` of the message does not matter.
std::string ApprovalStatement(std::string_view chain_id, const PublicKey& operator_key,
                              const v1::RegisterOperator& message);
std::string ApprovalStatement(std::string_view chain_id, const v1::RotateKey& message);

// That whoever signs has the new key; `account` is what it will serve.
std::string PossessionStatement(std::string_view chain_id, v1::KeyRole role, const PublicKey& account);

}  // namespace giot::ledger
