#include "client/reply_printer.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/menu_printer.h"
#include "client/text_table.h"
#include "google/protobuf/util/json_util.h"

namespace giot::client {
namespace {

std::string Version(const v1::ModelIdentity& model) { return absl::StrCat(model.name(), "/", model.version()); }

std::string Source(const v1::Certificate& certificate) {
  switch (certificate.source()) {
    case v1::MENU_SOURCE_GDM:
      return "diffusion policy";
    case v1::MENU_SOURCE_EXACT:
      return "exact optimum: " + certificate.exact_reason_text();
    case v1::MENU_SOURCE_SEARCH:
      return "numeric search: " + certificate.search_reason_text();
    default:
      return "unknown";
  }
}

void PrintCertificate(const v1::Certificate& certificate, std::ostream& out) {
  const bool bounded = certificate.has_upper_bound();
  const double most = bounded ? certificate.upper_bound() : certificate.optimal_utility();
  out << absl::StrFormat("server utility  %.6f of at most %.6f", certificate.utility(), most);
  if (certificate.has_ratio()) out << absl::StrFormat(" (%.4f %%)", 100.0 * certificate.ratio());
  if (certificate.has_bound_ratio()) {
    out << absl::StrFormat(" (at least %.2f %% of the optimum)", 100.0 * certificate.bound_ratio());
  }
  out << absl::StrFormat("\nworst slack     IR %.3g, IC %.3g", certificate.worst_ir_slack(),
                         certificate.worst_ic_slack());
  if (certificate.has_budget_slack()) out << absl::StrFormat(", budget %.3g", certificate.budget_slack());
  if (bounded) out << absl::StrFormat("\ntakes part      %.2f %%", 100.0 * certificate.participation());
  out << "\nsource          " << Source(certificate);
  if (bounded) out << "; menus judged: " << certificate.evaluations();
}

}  // namespace

void PrintContract(const v1::GenerateContractRequest& request, const v1::GenerateContractResponse& reply,
                   std::ostream& out) {
  PrintMenu(request, reply, out);
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
  TextTable table({"model", "family", "default", "runner", "digest", "state"});
  for (const v1::ModelStatus& model : reply.models()) {
    table.AddRow({Version(model.identity()), model.family(), model.is_default() ? "yes" : "", model.identity().runner(),
                  model.identity().digest().substr(0, 12), model.ready() ? "ready" : "not ready"});
  }
  table.Print(out);
  for (const v1::ModelStatus& model : reply.models()) {
    if (!model.error().empty()) out << Version(model.identity()) << ": " << model.error() << '\n';
    if (!model.runner_notice().empty()) out << Version(model.identity()) << ": " << model.runner_notice() << '\n';
  }
}

std::string JsonOf(const google::protobuf::Message& reply) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  // Every message of ours has a JSON form, so this cannot fail.
  const bool printed = google::protobuf::util::MessageToJsonString(reply, &json, options).ok();
  return printed ? json : "";
}

void PrintJson(const google::protobuf::Message& reply, std::ostream& out) { out << JsonOf(reply); }

}  // namespace giot::client
