#include "client/menu_printer.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/conversion.h"
#include "client/text_table.h"
#include "client/vehicle.h"

namespace giot::client {
namespace {

constexpr double kMicro = 1e6;

std::string Micros(std::int64_t micros) { return absl::StrFormat("%.6f", static_cast<double>(micros) / kMicro); }
std::string Money(double money) { return absl::StrFormat("%.6f", money); }
std::string Cost(double cost) { return absl::StrFormat("%.6g", cost); }
std::string Percent(double share) { return absl::StrFormat("%.2f %%", 100.0 * share); }

void Print(const contract::ScreeningMarket& market, const v1::GenerateContractResponse& reply, std::ostream& out) {
  const auto menu = MenuFromProto(reply);
  if (!menu.ok()) return;
  TextTable table({"type", "cost", "share", "quality", "reward", "utility"});
  for (int k = 0; k < market.types(); ++k) {
    const double cost_type = market.cost_types()[static_cast<std::size_t>(k)];
    const double share = market.probabilities()[static_cast<std::size_t>(k)];
    std::vector<std::string> cells = {absl::StrCat(k + 1), Cost(cost_type), Percent(share)};
    if (k < menu->size()) {
      const contract::PostedItem& item = (*menu)[k];
      cells.insert(cells.end(), {Micros(item.quality_micros), Micros(item.reward_micros),
                                 Money(VehicleUtility(market, item, cost_type))});
    } else {
      cells.insert(cells.end(), {"left out", "", ""});
    }
    table.AddRow(cells);
  }
  table.Print(out);
}

void Print(const uncertain::UncertainMarket& market, const v1::GenerateContractResponse& reply, std::ostream& out) {
  const auto menu = MenuFromProto(reply);
  if (!menu.ok() || menu->size() != market.types()) return;
  TextTable table({"type", "cost", "share", "quality", "reward", "utility", "takes part"});
  for (int k = 0; k < market.types(); ++k) {
    const double cost_type = market.cost_types()[static_cast<std::size_t>(k)];
    const double share = market.probabilities()[static_cast<std::size_t>(k)];
    const contract::PostedItem& item = (*menu)[k];
    const double utility = static_cast<double>(item.reward_micros) / kMicro -
                           cost_type * market.Cost(static_cast<double>(item.quality_micros) / kMicro);
    table.AddRow({absl::StrCat(k + 1), Cost(cost_type), Percent(share), Micros(item.quality_micros),
                  Micros(item.reward_micros), Money(utility), Percent(market.Participation(utility))});
  }
  table.Print(out);
}

void Print(const freshness::FreshnessMarket& market, const v1::GenerateContractResponse& reply, std::ostream& out) {
  const auto menu = FreshnessMenuFromProto(reply, market.types());
  if (!menu.ok()) return;
  TextTable table({"type", "sensing", "updating", "share", "item", "quality", "update rate", "reward", "utility"});
  for (int t = 0; t < market.types(); ++t) {
    const auto type = static_cast<std::size_t>(t);
    std::vector<std::string> cells = {absl::StrCat(t + 1), Cost(market.sensing_costs()[type]),
                                      Cost(market.update_costs()[type]), Percent(market.probabilities()[type])};
    if (const int choice = menu->choice(t); choice != freshness::kOptsOut) {
      const freshness::PostedItem& item = (*menu)[choice];
      const double cost = market.Cost(t, static_cast<double>(item.quality_micros) / kMicro,
                                      static_cast<double>(item.update_rate_micros) / kMicro);
      cells.insert(cells.end(),
                   {absl::StrCat(choice + 1), Micros(item.quality_micros), Micros(item.update_rate_micros),
                    Micros(item.reward_micros), Money(static_cast<double>(item.reward_micros) / kMicro - cost)});
    } else {
      cells.insert(cells.end(), {"none", "", "", "", ""});
    }
    table.AddRow(cells);
  }
  table.Print(out);
}

template <typename Market>
void PrintIfValid(const absl::StatusOr<Market>& market, const v1::GenerateContractResponse& reply, std::ostream& out) {
  if (market.ok()) Print(*market, reply, out);
}

}  // namespace

void PrintMenu(const v1::GenerateContractRequest& request, const v1::GenerateContractResponse& reply,
               std::ostream& out) {
  switch (request.market_case()) {
    case v1::GenerateContractRequest::kScreening:
      return PrintIfValid(MarketFromProto(request.screening()), reply, out);
    case v1::GenerateContractRequest::kUncertain:
      return PrintIfValid(MarketFromProto(request.uncertain()), reply, out);
    case v1::GenerateContractRequest::kFreshness:
      return PrintIfValid(MarketFromProto(request.freshness()), reply, out);
    case v1::GenerateContractRequest::MARKET_NOT_SET:
      return;
  }
}

}  // namespace giot::client
