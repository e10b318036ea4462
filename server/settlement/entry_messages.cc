#include "server/settlement/entry_messages.h"

#include <string>

namespace giot::settlement {
namespace {

template <typename Bytes>
std::string Text(const Bytes& bytes) {
  return std::string(ledger::BytesOf(bytes));
}

}  // namespace

v1::LedgerParameters ToProto(const ledger::Parameters& entry) {
  v1::LedgerParameters message;
  message.set_mint(Text(entry.mint));
  message.set_treasury(Text(entry.treasury));
  for (const ledger::PublicKey& auditor : entry.auditors) message.add_auditors(Text(auditor));
  message.set_auditor_threshold(entry.threshold);
  message.set_min_bond_micros(entry.min_bond);
  message.set_penalty_micros(entry.penalty);
  message.set_availability_grace_us(entry.availability_grace);
  message.set_dispute_window_us(entry.dispute_window);
  message.set_vote_window_us(entry.vote_window);
  message.set_evidence_window_us(entry.evidence_window);
  message.set_max_task_us(entry.max_task);
  return message;
}

v1::Task ToProto(const ledger::TaskId& id, const ledger::TaskTerms& terms, const ledger::TaskFunds& funds,
                 std::int64_t now_us) {
  v1::Task message;
  message.set_id(Text(id));
  message.set_operator_account(Text(terms.operator_account));
  for (const ledger::TaskItem& from : terms.menu) {
    v1::TaskItem& item = *message.add_menu();
    item.set_quality_micros(static_cast<std::int32_t>(from.quality));
    item.set_reward_micros(from.reward);
    item.set_update_rate_micros(static_cast<std::int32_t>(from.update_rate));
  }
  message.set_menu_digest(Text(ledger::MenuDigest(terms.menu)));
  message.set_accept_by_us(terms.accept_by);
  message.set_submit_by_us(terms.submit_by);
  message.set_score_by_us(terms.score_by);
  message.set_deposit_micros(terms.deposit);
  message.set_delta_micros(static_cast<std::int32_t>(terms.delta));
  message.set_allowance_micros(static_cast<std::int32_t>(terms.allowance));
  message.set_min_reputation_micros(static_cast<std::int32_t>(terms.min_reputation));
  message.set_scorer_digest(Text(terms.scorer));
  message.set_nonce_commitment(Text(terms.nonce_commitment));
  message.set_slots_left(static_cast<std::int32_t>(funds.slots_left));
  message.set_open_acceptances(static_cast<std::int32_t>(funds.open));
  const bool open = funds.status == ledger::TaskStatus::kOpen && funds.slots_left > 0 && now_us <= terms.accept_by;
  message.set_state(open ? v1::TASK_STATE_OPEN : v1::TASK_STATE_CLOSED);
  return message;
}

v1::Acceptance ToProto(const AcceptanceId& id, const ledger::Acceptance& entry) {
  v1::Acceptance message;
  message.set_task(Text(id.task));
  message.set_vehicle(Text(id.vehicle));
  message.set_state(ToProto(entry.status));
  message.set_item(entry.item);
  message.set_reserve_micros(entry.reserve);
  message.set_deposit_micros(entry.deposit);
  message.set_deadline_us(entry.deadline);
  message.set_data_digest(Text(entry.data));
  message.set_payable_micros(static_cast<std::int32_t>(entry.payable));
  message.set_evidence_digest(Text(entry.evidence));
  return message;
}

// Both number them alike.
v1::AcceptanceState ToProto(ledger::AcceptanceStatus status) { return static_cast<v1::AcceptanceState>(status); }

}  // namespace giot::settlement
