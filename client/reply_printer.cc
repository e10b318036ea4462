#include "client/reply_printer.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/conversion.h"
#include "client/text_table.h"
#include "client/vehicle.h"
#include "google/protobuf/util/json_util.h"

namespace giot::client {
namespace {

constexpr double kMicro = 1e6;

std::string Micros(std::int64_t micros) { return absl::StrFormat("%.6f", static_cast<double>(micros) / kMicro); }

std::string Version(const v1::ModelIdentity& model) { return absl::StrCat(model.name(), "/", model.version()); }

void PrintMenu(const contract::ScreeningMarket& market, const contract::PostedMenu& menu, std::ostream& out) {
  TextTable table({"type", "cost", "share", "quality", "reward", "utility"});
  for (int k = 0; k < market.types(); ++k) {
    const double cost_type = market.cost_types()[static_cast<std::size_t>(k)];
    const double share = market.probabilities()[static_cast<std::size_t>(k)];
    std::vector<std::string> cells = {absl::StrCat(k + 1), absl::StrFormat("%.6g", cost_type),
                                      absl::StrFormat("%.2f %%", 100.0 * share)};
    if (k < menu.size()) {
      cells.insert(cells.end(), {Micros(menu[k].quality_micros), Micros(menu[k].reward_micros),
                                 absl::StrFormat("%.6f", VehicleUtility(market, menu[k], cost_type))});
    } else {
      cells.insert(cells.end(), {"left out", "", ""});
    }
    table.AddRow(cells);
  }
  table.Print(out);
}

void PrintCertificate(const v1::Certificate& certificate, std::ostream& out) {
  out << absl::StrFormat("server utility  %.6f of at most %.6f", certificate.utility(), certificate.optimal_utility());
  if (certificate.has_ratio()) out << absl::StrFormat(" (%.4f %%)", 100.0 * certificate.ratio());
  out << absl::StrFormat("\nworst slack     IR %.3g, IC %.3g", certificate.worst_ir_slack(),
                         certificate.worst_ic_slack());
  if (certificate.has_budget_slack()) out << absl::StrFormat(", budget %.3g", certificate.budget_slack());
  out << "\nsource          "
      << (certificate.source() == v1::MENU_SOURCE_GDM ? "diffusion policy"
                                                      : "exact optimum: " + certificate.exact_reason_text());
}

}  // namespace

void PrintContract(const contract::ScreeningMarket& market, const v1::GenerateContractResponse& reply,
                   std::ostream& out) {
  const auto menu = MenuFromProto(reply);
  if (menu.ok()) PrintMenu(market, *menu, out);
  out << '\n';
  PrintCertificate(reply.certificate(), out);
  if (reply.has_model()) {
    out << "\nmodel           " << Version(reply.model()) << ", " << reply.model().runner() << ", digest "
        << reply.model().digest().substr(0, 12);
  }
  out << absl::StrFormat("\ntime            %.1f us in the server\n",
                         static_cast<double>(reply.timings().total_ns()) / 1e3);
}

void PrintModels(const v1::ListModelsResponse& reply, std::ostream& out) {
  TextTable table({"model", "default", "runner", "digest", "state"});
  for (const v1::ModelStatus& model : reply.models()) {
    table.AddRow({Version(model.identity()), model.is_default() ? "yes" : "", model.identity().runner(),
                  model.identity().digest().substr(0, 12), model.ready() ? "ready" : "not ready"});
  }
  table.Print(out);
  for (const v1::ModelStatus& model : reply.models()) {
    if (!model.error().empty()) out << Version(model.identity()) << ": " << model.error() << '\n';
    if (!model.runner_notice().empty()) out << Version(model.identity()) << ": " << model.runner_notice() << '\n';
  }
}

void PrintJson(const google::protobuf::Message& reply, std::ostream& out) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  // Every message of ours has a JSON form, so this cannot fail.
  const bool printed = google::protobuf::util::MessageToJsonString(reply, &json, options).ok();
  if (printed) out << json;
}

}  // namespace giot::client
