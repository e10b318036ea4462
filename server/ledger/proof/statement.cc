#include "server/ledger/proof/statement.h"

#include <algorithm>

#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {
namespace {

std::string Part(std::int64_t value) { return ByteWriter().I64(value).Take(); }

}  // namespace

bool IsChainId(std::string_view text) {
  constexpr std::size_t kMostBytes = 48;
  return !text.empty() && text.size() <= kMostBytes && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/';
  });
}

std::string Frame(std::initializer_list<std::string_view> parts) {
  ByteWriter writer;
  for (const std::string_view part : parts) writer.U32(static_cast<std::uint32_t>(part.size())).Raw(part);
  return writer.Take();
}

std::string TransactionStatement(std::string_view chain_id, std::string_view body) {
  return Frame({"giot.ledger.transaction.v1", chain_id, body});
}

std::string ReceiptStatement(std::string_view chain_id, const Digest& task, const PublicKey& vehicle,
                             const Digest& data_digest, std::int64_t received_us) {
  return Frame(
      {"giot.ledger.receipt.v1", chain_id, BytesOf(task), BytesOf(vehicle), BytesOf(data_digest), Part(received_us)});
}

std::string AvailabilityStatement(std::string_view chain_id, const Digest& task, const PublicKey& vehicle,
                                  const Digest& data_digest) {
  return Frame({"giot.ledger.availability.v1", chain_id, BytesOf(task), BytesOf(vehicle), BytesOf(data_digest)});
}

std::string ApprovalStatement(std::string_view chain_id, const PublicKey& operator_key,
                              const v1::RegisterOperator& message) {
  v1::RegisterOperator approved = message;
  approved.clear_approvals();
  return Frame({"giot.ledger.approval.v1", chain_id, "register", BytesOf(operator_key), CanonicalBytes(approved)});
}

std::string ApprovalStatement(std::string_view chain_id, const v1::RotateKey& message) {
  v1::RotateKey approved = message;
  approved.clear_approvals();
  return Frame({"giot.ledger.approval.v1", chain_id, "rotate", "", CanonicalBytes(approved)});
}

std::string PossessionStatement(std::string_view chain_id, v1::KeyRole role, const PublicKey& account) {
  return Frame({"giot.ledger.possession.v1", chain_id, Part(role), BytesOf(account)});
}

}  // namespace giot::ledger
