#include "client/deals/deal_report.h"

#include "absl/strings/str_format.h"
#include "client/text_table.h"
#include "nlohmann/json.hpp"

namespace giot::client {
namespace {

constexpr double kMicro = 1e6;

double Money(std::int64_t micros) { return static_cast<double>(micros) / kMicro; }

std::string MoneyText(std::int64_t micros) { return absl::StrFormat("%.4f", Money(micros)); }

void AddRow(const std::string& outcome, const DealTally::Count& count, TextTable& table) {
  const auto money = [](std::int64_t micros) { return micros == 0 ? "-" : MoneyText(micros); };
  table.AddRow({outcome, absl::StrFormat("%d", count.vehicles), money(count.rewards), money(count.lost)});
}

}  // namespace

bool IsRight(const DealReport& report) { return report.tally.problems().empty() && Conserves(report.chain); }

void PrintDeals(const DealReport& report, std::ostream& out) {
  const DealTally& tally = report.tally;
  const DealTally::Count all = tally.all();
  out << absl::StrFormat("On the ledger %s, under the GDM menus: %d tasks, %d vehicles, %d of which never deliver\n\n",
                         report.chain_id, report.tasks, all.vehicles, report.absentees);
  TextTable table({"outcome", "vehicles", "rewards", "deposits lost"});
  AddRow("paid", tally.paid(), table);
  AddRow("refused", tally.refused(), table);
  AddRow("refused by auditors", tally.refused_by_auditors(), table);
  AddRow("forfeited", tally.forfeited(), table);
  AddRow("all", all, table);
  table.Print(out);
  out << absl::StrFormat(
      "\nOutcomes and balances are proved by the ledger's state, %d of the %d transactions in its log by receipts.\n"
      "The vehicles had %s, earned %s, lost %s, and have %s. Balances, escrow, reserves, deposits and\n"
      "bonds add up to what was paid in: %s.\n",
      report.transactions, report.log_size, MoneyText(tally.funded_micros()), MoneyText(all.rewards),
      MoneyText(all.lost), MoneyText(tally.balances_micros()), Conserves(report.chain) ? "yes" : "NO");
  for (const std::string& problem : tally.problems()) out << "WRONG: " << problem << '\n';
}

nlohmann::ordered_json DealJson(const DealReport& report) {
  const DealTally& tally = report.tally;
  const DealTally::Count all = tally.all();
  return {{"chain_id", report.chain_id},
          {"tasks", report.tasks},
          {"vehicles", all.vehicles},
          {"absentees", report.absentees},
          {"paid", tally.paid().vehicles},
          {"refused", tally.refused().vehicles},
          {"refused_by_auditors", tally.refused_by_auditors().vehicles},
          {"forfeited", tally.forfeited().vehicles},
          {"not_taken", tally.not_taken()},
          {"disputed", tally.disputed()},
          {"funded_money", Money(tally.funded_micros())},
          {"paid_money", Money(all.rewards)},
          {"lost_deposits", Money(all.lost)},
          {"balances", Money(tally.balances_micros())},
          {"transactions", report.transactions},
          {"log_size", report.log_size},
          {"conservation_holds", Conserves(report.chain)},
          {"problems", tally.problems()}};
}

}  // namespace giot::client
