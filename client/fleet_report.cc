#include "client/fleet_report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "client/text_table.h"
#include "nlohmann/json.hpp"

namespace giot::client {
namespace {

constexpr double kMedian = 0.5;
constexpr double kTail = 0.99;
constexpr double kHigh = 0.95;

std::string Percent(double share, int digits) { return absl::StrFormat("%.*f %%", digits, 100.0 * share); }

std::string Microseconds(const FleetTally& tally, double share) {
  return absl::StrFormat("%.1f us", absl::ToDoubleMicroseconds(tally.Latency(share)));
}

nlohmann::ordered_json JsonOf(const SensingTally& sensing) {
  nlohmann::ordered_json json = {{"mean_agreed", sensing.MeanAgreed()},
                                 {"mean_scored", sensing.MeanScored()},
                                 {"honest_paid_share", sensing.HonestPaidShare()},
                                 {"settled", sensing.settled()},
                                 {"declined", sensing.declined()},
                                 {"cheats", sensing.cheats()},
                                 {"cheats_paid", sensing.cheats_paid()},
                                 {"cheats_caught_share", sensing.CheatsCaughtShare()},
                                 {"paid", sensing.Paid()},
                                 {"overpaid", sensing.Overpaid()},
                                 {"shortfall_p95", sensing.Shortfall(kHigh)}};
  if (const auto found = sensing.FoundPerMoney()) json["found_per_money"] = *found;
  for (const Conduct conduct : kAllConducts) {
    json["by_conduct"][std::string(NameOf(conduct))] = {{"sent", sensing.deliveries(conduct)},
                                                        {"paid", sensing.paid(conduct)}};
  }
  return json;
}

std::vector<std::string> SensingCells(const std::string& method, const SensingTally& sensing) {
  return {method,
          absl::StrFormat("%.3f", sensing.MeanAgreed()),
          absl::StrFormat("%.3f", sensing.MeanScored()),
          Percent(sensing.HonestPaidShare(), 1),
          absl::StrFormat("%d", sensing.settled()),
          absl::StrFormat("%d", sensing.declined()),
          Percent(sensing.CheatsCaughtShare(), 1),
          absl::StrFormat("%.4f", sensing.Paid()),
          absl::StrFormat("%.4f", sensing.Overpaid()),
          absl::StrFormat("%.3f", sensing.Shortfall(kHigh))};
}

std::vector<std::string> ConductCells(const std::string& method, const SensingTally& sensing) {
  std::vector<std::string> cells = {method};
  for (const Conduct conduct : kAllConducts) {
    cells.push_back(absl::StrFormat("%d/%d", sensing.paid(conduct), sensing.deliveries(conduct)));
  }
  return cells;
}

}  // namespace

void PrintFleetTable(const std::vector<FleetRow>& rows, std::ostream& out) {
  TextTable table({"menus", "server utility", "expected", "of optimum", "worst", "takes part", "truthful",
                   "vehicle utility", "p50", "p99"});
  for (const auto& [method, tally, sensing] : rows) {
    table.AddRow({method, absl::StrFormat("%.5f", tally.ServerUtility()),
                  absl::StrFormat("%.5f", tally.ExpectedServerUtility()), Percent(tally.ShareOfOptimum(), 3),
                  Percent(tally.WorstShareOfOptimum(), 3), Percent(tally.Participation(), 1),
                  Percent(tally.TruthfulShare(), 1), absl::StrFormat("%.5f", tally.VehicleUtility()),
                  Microseconds(tally, kMedian), Microseconds(tally, kTail)});
  }
  table.Print(out);
}

void PrintSensingTables(const std::vector<FleetRow>& rows, std::ostream& out) {
  const bool counted = std::any_of(rows.begin(), rows.end(),
                                   [](const FleetRow& row) { return row.sensing && row.sensing->FoundPerMoney(); });
  std::vector<std::string> columns = {"menus",    "agreed",        "scored",     "honest paid", "settled",
                                      "declined", "cheats caught", "money paid", "for nothing", "shortfall p95"};
  if (counted) columns.emplace_back("found per money");
  TextTable table(columns);
  std::vector<std::string> header = {"paid of sent"};
  for (const Conduct conduct : kAllConducts) header.emplace_back(NameOf(conduct));
  TextTable by_conduct(header);
  for (const auto& [method, tally, sensing] : rows) {
    if (!sensing) continue;
    std::vector<std::string> cells = SensingCells(method, *sensing);
    if (counted) cells.push_back(absl::StrFormat("%.3f", sensing->FoundPerMoney().value_or(0.0)));
    table.AddRow(std::move(cells));
    by_conduct.AddRow(ConductCells(method, *sensing));
  }
  table.Print(out);
  out << '\n';
  by_conduct.Print(out);
}

nlohmann::ordered_json FleetJson(const std::vector<FleetRow>& rows) {
  nlohmann::ordered_json json;
  for (const auto& [method, tally, sensing] : rows) {
    json[method] = {{"vehicles", tally.vehicles()},
                    {"server_utility", tally.ServerUtility()},
                    {"expected_server_utility", tally.ExpectedServerUtility()},
                    {"share_of_optimum", tally.ShareOfOptimum()},
                    {"worst_share_of_optimum", tally.WorstShareOfOptimum()},
                    {"participation", tally.Participation()},
                    {"truthful_share", tally.TruthfulShare()},
                    {"vehicle_utility", tally.VehicleUtility()},
                    {"latency_p50_us", absl::ToDoubleMicroseconds(tally.Latency(kMedian))},
                    {"latency_p99_us", absl::ToDoubleMicroseconds(tally.Latency(kTail))}};
    if (sensing) json[method]["sensing"] = JsonOf(*sensing);
  }
  return json;
}

}  // namespace giot::client
