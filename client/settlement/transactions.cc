#include "client/settlement/transactions.h"

#include <algorithm>
#include <utility>

namespace giot::client {
namespace {

using ledger::v1::Body;
using ledger::v1::KeySignature;

std::string Bytes(const ledger::Digest& digest) { return std::string(ledger::BytesOf(digest)); }

}  // namespace

Body AcceptBody(const ledger::Digest& task, int item, const ledger::Digest& menu_digest) {
  Body body;
  body.mutable_accept()->set_task(Bytes(task));
  body.mutable_accept()->set_item(item);
  body.mutable_accept()->set_menu_digest(Bytes(menu_digest));
  return body;
}

Body SubmitBody(const ledger::Digest& task, const ledger::Digest& data_digest, const ledger::v1::DataReceipt& receipt) {
  Body body;
  body.mutable_submit()->set_task(Bytes(task));
  body.mutable_submit()->set_data_digest(Bytes(data_digest));
  *body.mutable_submit()->mutable_receipt() = receipt;
  return body;
}

Body SubmitBody(const ledger::Digest& task, const ledger::Digest& data_digest, std::vector<KeySignature> availability) {
  Body body;
  body.mutable_submit()->set_task(Bytes(task));
  body.mutable_submit()->set_data_digest(Bytes(data_digest));
  for (KeySignature& word : ApprovalsInOrder(std::move(availability))) {
    *body.mutable_submit()->add_availability() = std::move(word);
  }
  return body;
}

Body DisputeBody(const ledger::Digest& task) {
  Body body;
  body.mutable_dispute()->set_task(Bytes(task));
  return body;
}

Body SettleBody(const ledger::Digest& task, const ledger::PublicKey& vehicle) {
  Body body = SettleBody(task);
  body.mutable_settle()->set_vehicle(Bytes(vehicle));
  return body;
}

Body SettleBody(const ledger::Digest& task) {
  Body body;
  body.mutable_settle()->set_task(Bytes(task));
  return body;
}

Body EvidenceBody(ledger::v1::Evidence evidence) {
  Body body;
  *body.mutable_evidence() = std::move(evidence);
  return body;
}

Body WithdrawBody(std::int64_t amount_micros, bool from_bond, std::string_view reference) {
  Body body;
  body.mutable_withdraw()->set_amount_micros(amount_micros);
  body.mutable_withdraw()->set_from_bond(from_bond);
  body.mutable_withdraw()->set_reference(std::string(reference));
  return body;
}

Body DepositBody(const ledger::PublicKey& account, std::int64_t amount_micros, std::string_view reference) {
  Body body;
  body.mutable_deposit()->set_account(Bytes(account));
  body.mutable_deposit()->set_amount_micros(amount_micros);
  body.mutable_deposit()->set_reference(std::string(reference));
  return body;
}

Body ResolveBody(const ledger::Digest& task, const ledger::PublicKey& vehicle, std::int32_t payable_micros) {
  Body body;
  body.mutable_resolve()->set_task(Bytes(task));
  body.mutable_resolve()->set_vehicle(Bytes(vehicle));
  body.mutable_resolve()->set_payable_micros(payable_micros);
  return body;
}

Body RegisterOperatorBody(ledger::v1::RegisterOperator message) {
  Body body;
  *body.mutable_register_operator() = std::move(message);
  return body;
}

Body TopUpBondBody(std::int64_t amount_micros) {
  Body body;
  body.mutable_top_up_bond()->set_amount_micros(amount_micros);
  return body;
}

Body RotateKeyBody(ledger::v1::RotateKey message) {
  Body body;
  *body.mutable_rotate_key() = std::move(message);
  return body;
}

std::vector<KeySignature> ApprovalsInOrder(std::vector<KeySignature> approvals) {
  std::stable_sort(approvals.begin(), approvals.end(),
                   [](const KeySignature& a, const KeySignature& b) { return a.key() < b.key(); });
  const auto same = [](const KeySignature& a, const KeySignature& b) { return a.key() == b.key(); };
  approvals.erase(std::unique(approvals.begin(), approvals.end(), same), approvals.end());
  return approvals;
}

}  // namespace giot::client
