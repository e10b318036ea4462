#include "client/fleet_report.h"

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "client/text_table.h"
#include "nlohmann/json.hpp"

namespace giot::client {
namespace {

constexpr double kMedian = 0.5;
constexpr double kTail = 0.99;

std::string Percent(double share, int digits) { return absl::StrFormat("%.*f %%", digits, 100.0 * share); }

std::string Microseconds(const FleetTally& tally, double share) {
  return absl::StrFormat("%.1f us", absl::ToDoubleMicroseconds(tally.Latency(share)));
}

}  // namespace

void PrintFleetTable(const std::vector<FleetRow>& rows, std::ostream& out) {
  TextTable table({"menus", "server utility", "expected", "of optimum", "worst", "takes part", "truthful",
                   "vehicle utility", "p50", "p99"});
  for (const auto& [method, tally] : rows) {
    table.AddRow({method, absl::StrFormat("%.5f", tally.ServerUtility()),
                  absl::StrFormat("%.5f", tally.ExpectedServerUtility()), Percent(tally.ShareOfOptimum(), 3),
                  Percent(tally.WorstShareOfOptimum(), 3), Percent(tally.Participation(), 1),
                  Percent(tally.TruthfulShare(), 1), absl::StrFormat("%.5f", tally.VehicleUtility()),
                  Microseconds(tally, kMedian), Microseconds(tally, kTail)});
  }
  table.Print(out);
}

void PrintFleetJson(const std::vector<FleetRow>& rows, std::ostream& out) {
  nlohmann::ordered_json json;
  for (const auto& [method, tally] : rows) {
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
  }
  out << json.dump(2) << '\n';
}

}  // namespace giot::client
