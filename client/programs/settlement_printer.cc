#include "client/programs/settlement_printer.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "client/programs/message_json.h"
#include "client/programs/micros_text.h"
#include "client/text_table.h"
#include "server/ledger/proof/transaction.h"

namespace giot::client {
namespace {

std::string Hex(std::string_view bytes) { return ledger::HexOf(bytes); }

// "ACCEPTANCE_STATE_PAID" -> "PAID".
std::string ShortName(std::string_view prefix, const std::string& name) {
  return std::string(absl::StripPrefix(name, std::string(prefix)));
}

std::string StateName(v1::AcceptanceState state) {
  return ShortName("ACCEPTANCE_STATE_", v1::AcceptanceState_Name(state));
}

std::string DurationText(std::int64_t us) { return absl::FormatDuration(absl::Microseconds(us)); }

class Lines {
 public:
  explicit Lines(std::ostream& out) : out_(out) {}

  Lines& Add(std::string_view name, const absl::AlphaNum& value) {
    constexpr std::size_t kWidth = 20;
    const std::string padding(name.size() < kWidth ? kWidth - name.size() : 1, ' ');
    out_ << name << padding << std::string(value.Piece()) << '\n';
    return *this;
  }

 private:
  std::ostream& out_;
};

void PrintParameters(const ledger::Parameters& entry, std::ostream& out) {
  Lines lines(out);
  lines.Add("mint", HexText(entry.mint)).Add("treasury", HexText(entry.treasury));
  for (const ledger::PublicKey& auditor : entry.auditors) lines.Add("auditor", HexText(auditor));
  lines.Add("auditors needed", static_cast<int>(entry.threshold))
      .Add("least bond", MicrosText(entry.min_bond))
      .Add("penalty", MicrosText(entry.penalty))
      .Add("availability grace", DurationText(entry.availability_grace))
      .Add("dispute window", DurationText(entry.dispute_window))
      .Add("vote window", DurationText(entry.vote_window))
      .Add("evidence window", DurationText(entry.evidence_window))
      .Add("longest task", DurationText(entry.max_task));
}

void PrintChain(const ledger::Chain& entry, std::ostream& out) {
  Lines(out)
      .Add("height", entry.height)
      .Add("block time", TimeText(entry.time))
      .Add("minted", MicrosText(entry.minted))
      .Add("withdrawn", MicrosText(entry.withdrawn))
      .Add("balances", MicrosText(entry.balances))
      .Add("escrow", MicrosText(entry.escrow))
      .Add("reserves", MicrosText(entry.reserves))
      .Add("deposits", MicrosText(entry.deposits))
      .Add("bonds", MicrosText(entry.bonds));
}

void PrintTerms(const ledger::TaskTerms& entry, std::ostream& out) {
  Lines(out)
      .Add("operator", HexText(entry.operator_account))
      .Add("menu digest", HexText(ledger::MenuDigest(entry.menu)))
      .Add("accept by", TimeText(entry.accept_by))
      .Add("submit by", TimeText(entry.submit_by))
      .Add("score by", TimeText(entry.score_by))
      .Add("deposit", MicrosText(entry.deposit))
      .Add("delta", MicrosText(entry.delta))
      .Add("allowance", MicrosText(entry.allowance))
      .Add("least reputation", MicrosText(entry.min_reputation))
      .Add("scorer", HexText(entry.scorer))
      .Add("nonce commitment", HexText(entry.nonce_commitment));
  TextTable table({"item", "quality", "reward", "update rate"});
  for (std::size_t i = 0; i < entry.menu.size(); ++i) {
    table.AddRow({absl::StrCat(i), MicrosText(entry.menu[i].quality), MicrosText(entry.menu[i].reward),
                  MicrosText(entry.menu[i].update_rate)});
  }
  table.Print(out);
}

void PrintFunds(const ledger::TaskFunds& entry, std::ostream& out) {
  Lines(out)
      .Add("escrow", MicrosText(entry.escrow))
      .Add("slots left", entry.slots_left)
      .Add("open acceptances", entry.open)
      .Add("acceptances", entry.acceptances)
      .Add("state", entry.status == ledger::TaskStatus::kOpen ? "OPEN" : "CLOSED");
}

void PrintKey(const ledger::KeyEntry& entry, std::ostream& out) {
  Lines(out)
      .Add("role", ShortName("KEY_ROLE_", ledger::v1::KeyRole_Name(entry.role)))
      .Add("revoked", entry.revoked ? "yes" : "no")
      .Add("account", HexText(entry.account));
}

template <typename Entry>
bool PrintIf(char kind, const std::string& key, const std::string& value,
             void (*print)(const Entry& entry, std::ostream& out), std::ostream& out) {
  Entry entry;
  if (key.empty() || key[0] != kind || !ledger::Decode(value, entry)) return false;
  print(entry, out);
  return true;
}

}  // namespace

std::string TimeText(std::int64_t us) {
  return absl::FormatTime(absl::RFC3339_full, absl::FromUnixMicros(us), absl::UTCTimeZone());
}

std::string HexText(const ledger::Digest& digest) { return Hex(ledger::BytesOf(digest)); }

std::string NameOf(ledger::AcceptanceStatus status) {
  // The wire's numbers are the ledger's.
  return StateName(static_cast<v1::AcceptanceState>(status));
}

void PrintPlaced(const PlacedTransaction& placed, bool json, std::ostream& out) {
  if (json) {
    v1::Placement message;
    message.set_transaction(std::string(ledger::BytesOf(placed.id)));
    message.set_position(placed.position);
    message.set_code(placed.code);
    message.set_code_name(ledger::v1::Code_Name(placed.code));
    out << JsonWithHexOf(message);
    return;
  }
  out << "placed: transaction " << HexText(placed.id) << ", position " << placed.position << ", "
      << TimeText(placed.time_us) << '\n';
}

void PrintLedger(const v1::GetLedgerResponse& about, std::ostream& out) {
  Lines(out)
      .Add("chain", about.chain_id())
      .Add("driver", about.driver())
      .Add("verifier key", about.verifier_key())
      .Add("operator", about.operator_account().empty() ? "none" : Hex(about.operator_account()))
      .Add("operator's key", about.operator_key().empty() ? "none" : Hex(about.operator_key()))
      .Add("block time", TimeText(about.block_time_us()))
      .Add("height", about.height())
      .Add("transactions", about.transactions())
      .Add("app hash", Hex(about.app_hash()))
      .Add("minted", MicrosText(about.minted_micros()))
      .Add("withdrawn", MicrosText(about.withdrawn_micros()))
      .Add("scorer", about.scorer_digest().empty() ? "none" : Hex(about.scorer_digest()))
      .Add("nonce commitment", Hex(about.nonce_commitment()))
      .Add("auditors", absl::StrCat(about.parameters().auditors_size(), ", of which ",
                                    about.parameters().auditor_threshold(), " decide"));
}

void PrintTasks(const v1::ListTasksResponse& reply, std::ostream& out) {
  TextTable table({"task", "slots left", "items", "highest reward", "accept by", "state"});
  for (const v1::Task& task : reply.tasks()) {
    std::int64_t highest = 0;
    for (const v1::TaskItem& item : task.menu()) highest = std::max(highest, item.reward_micros());
    table.AddRow({Hex(task.id()), absl::StrCat(task.slots_left()), absl::StrCat(task.menu_size()), MicrosText(highest),
                  TimeText(task.accept_by_us()), ShortName("TASK_STATE_", v1::TaskState_Name(task.state()))});
  }
  table.Print(out);
}

void PrintTask(const v1::Task& task, std::ostream& out) {
  Lines lines(out);
  lines.Add("task", Hex(task.id()))
      .Add("operator", Hex(task.operator_account()))
      .Add("state", ShortName("TASK_STATE_", v1::TaskState_Name(task.state())))
      .Add("slots left", task.slots_left())
      .Add("open acceptances", task.open_acceptances())
      .Add("accept by", TimeText(task.accept_by_us()))
      .Add("submit by", TimeText(task.submit_by_us()))
      .Add("score by", TimeText(task.score_by_us()))
      .Add("deposit", MicrosText(task.deposit_micros()))
      .Add("delta", MicrosText(task.delta_micros()))
      .Add("allowance", MicrosText(task.allowance_micros()))
      .Add("least reputation", MicrosText(task.min_reputation_micros()))
      .Add("menu digest", Hex(task.menu_digest()));
  if (task.has_description()) {
    const v1::TaskDescription& what = task.description();
    lines.Add("what", what.text());
    if (what.radius_m() > 0.0) {
      lines.Add("where", absl::StrCat("within ", what.radius_m(), " m of ", what.latitude(), ", ", what.longitude()));
    }
  }
  TextTable table({"item", "quality", "reward", "update rate"});
  for (int i = 0; i < task.menu_size(); ++i) {
    const v1::TaskItem& item = task.menu(i);
    table.AddRow({absl::StrCat(i), MicrosText(item.quality_micros()), MicrosText(item.reward_micros()),
                  MicrosText(item.update_rate_micros())});
  }
  table.Print(out);
}

void PrintAcceptances(const v1::ListAcceptancesResponse& reply, std::ostream& out) {
  TextTable table({"task", "vehicle", "state", "item", "payable", "deadline", "evidence"});
  for (const v1::Acceptance& one : reply.acceptances()) {
    table.AddRow({Hex(one.task()), Hex(one.vehicle()), StateName(one.state()), absl::StrCat(one.item()),
                  MicrosText(one.payable_micros()), one.deadline_us() == 0 ? "" : TimeText(one.deadline_us()),
                  one.has_evidence() ? "yes" : ""});
  }
  table.Print(out);
}

void PrintAcceptance(const ledger::Acceptance& acceptance, std::ostream& out) {
  Lines lines(out);
  lines.Add("state", NameOf(acceptance.status)).Add("item", static_cast<int>(acceptance.item));
  if (acceptance.reserve != 0) lines.Add("reserved reward", MicrosText(acceptance.reserve));
  if (acceptance.deposit != 0) lines.Add("deposit", MicrosText(acceptance.deposit));
  if (acceptance.deadline != 0) lines.Add("deadline", TimeText(acceptance.deadline));
  if (acceptance.data != ledger::Digest{}) lines.Add("data digest", HexText(acceptance.data));
  if (acceptance.evidence == ledger::Digest{}) return;
  lines.Add("payable quality", MicrosText(acceptance.payable)).Add("evidence digest", HexText(acceptance.evidence));
}

void PrintAccount(const ledger::AccountEntry& account, std::ostream& out) {
  Lines(out)
      .Add("balance", MicrosText(account.balance))
      .Add("reputation", MicrosText(account.reputation))
      .Add("fulfilled", account.fulfilled)
      .Add("failed", account.failed);
}

void PrintOperator(const ledger::OperatorEntry& entry, std::ostream& out) {
  Lines(out)
      .Add("key", HexText(entry.key))
      .Add("checkpoint key", HexText(entry.checkpoint_key))
      .Add("bond", MicrosText(entry.bond))
      .Add("bond locked until", TimeText(entry.bond_locked_until))
      .Add("state", entry.status == ledger::OperatorStatus::kActive ? "ACTIVE" : "SLASHED");
}

void PrintRecord(const ledger::LogRecord& record, const std::string& chain_id, std::ostream& out) {
  const ledger::OpenedTransaction opened = ledger::OpenEnvelope(chain_id, record.envelope);
  Lines(out)
      .Add("transaction", HexText(opened.id))
      .Add("code", ledger::v1::Code_Name(record.code))
      .Add("height", record.height)
      .Add("block time", TimeText(record.time_us))
      .Add("signer", HexText(opened.signer));
  out << JsonWithHexOf(opened.body);
}

void PrintEntry(const std::string& key, const std::string& value, std::ostream& out) {
  if (PrintIf('P', key, value, PrintParameters, out) || PrintIf('C', key, value, PrintChain, out) ||
      PrintIf('k', key, value, PrintKey, out) || PrintIf('c', key, value, PrintAccount, out) ||
      PrintIf('o', key, value, PrintOperator, out) || PrintIf('t', key, value, PrintTerms, out) ||
      PrintIf('u', key, value, PrintFunds, out) || PrintIf('a', key, value, PrintAcceptance, out)) {
    return;
  }
  out << Hex(value) << '\n';
}

}  // namespace giot::client
