#include "client/programs/contract_commands.h"

#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "absl/flags/flag.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/contract_client.h"
#include "client/market_json.h"
#include "client/programs/command_flags.h"
#include "client/reply_printer.h"
#include "client/verify.h"

ABSL_FLAG(std::string, market, "",
          "generate: a JSON file with a market of any family (docs/api.md), '-' for standard input");
ABSL_FLAG(std::vector<std::string>, cost_types, {}, "generate: marginal costs, ascending, separated by commas");
ABSL_FLAG(std::vector<std::string>, probabilities, {}, "generate: share of each type, separated by commas");
ABSL_FLAG(double, value_scale, 1.0, "generate: omega in omega ln(1 + a q), money");
ABSL_FLAG(double, value_rate, 10.0, "generate: a in omega ln(1 + a q)");
ABSL_FLAG(double, cost_curvature, 0.0, "generate: kappa in theta (q + kappa q^2 / 2)");
ABSL_FLAG(double, quality_min, 0.05, "generate: least quality of an item");
ABSL_FLAG(double, quality_max, 1.0, "generate: highest quality of an item");
ABSL_FLAG(std::int64_t, vehicles, 1, "generate: number of vehicles");
ABSL_FLAG(std::string, budget, "", "generate: money for all vehicles together; unlimited if empty");
ABSL_FLAG(bool, allow_exclusion, false, "generate: the costliest types may be left out");

ABSL_FLAG(std::string, model, "", "generate: model name; the default of the market's family if empty");
ABSL_FLAG(std::int32_t, model_version, 0, "generate: model version; the highest if 0");
ABSL_FLAG(std::int32_t, samples, 1, "generate: chains to sample; the best menu wins");
ABSL_FLAG(std::uint64_t, seed, 0, "generate: of the sampler");
ABSL_FLAG(absl::Duration, time_budget, absl::ZeroDuration(),
          "generate: how long the server may improve the menu, where the optimum is not known");

namespace giot::client {
namespace {

absl::StatusOr<double> ParseNumber(const std::string& flag, const std::string& text) {
  double value = 0.0;
  if (absl::SimpleAtod(text, &value)) return value;
  return absl::InvalidArgumentError(absl::StrCat("--", flag, ": got '", text, "', want a number"));
}

absl::Status AddNumbers(const std::string& flag, const std::vector<std::string>& texts,
                        google::protobuf::RepeatedField<double>& numbers) {
  if (texts.empty()) return absl::InvalidArgumentError(absl::StrCat("--", flag, ": missing, as is --market"));
  for (const std::string& text : texts) {
    const absl::StatusOr<double> value = ParseNumber(flag, text);
    if (!value.ok()) return value.status();
    numbers.Add(*value);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::GenerateContractRequest> RequestFromFlags() {
  v1::GenerateContractRequest request;
  v1::ScreeningMarket& market = *request.mutable_screening();
  absl::Status status = AddNumbers("cost_types", absl::GetFlag(FLAGS_cost_types), *market.mutable_cost_types());
  status.Update(AddNumbers("probabilities", absl::GetFlag(FLAGS_probabilities), *market.mutable_probabilities()));
  if (!status.ok()) return status;
  market.set_value_scale(absl::GetFlag(FLAGS_value_scale));
  market.set_value_rate(absl::GetFlag(FLAGS_value_rate));
  market.set_cost_curvature(absl::GetFlag(FLAGS_cost_curvature));
  market.set_quality_min(absl::GetFlag(FLAGS_quality_min));
  market.set_quality_max(absl::GetFlag(FLAGS_quality_max));
  market.set_vehicles(absl::GetFlag(FLAGS_vehicles));
  market.set_allow_exclusion(absl::GetFlag(FLAGS_allow_exclusion));
  if (const std::string budget = absl::GetFlag(FLAGS_budget); !budget.empty()) {
    const absl::StatusOr<double> value = ParseNumber("budget", budget);
    if (!value.ok()) return value.status();
    market.set_budget(*value);
  }
  return request;
}

absl::StatusOr<v1::GenerateContractRequest> RequestFromFile(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path);
    if (!file) return absl::NotFoundError(absl::StrCat("--market: cannot read ", path));
  }
  std::istream& in = path == "-" ? std::cin : file;
  return ParseMarketJson(std::string(std::istreambuf_iterator<char>(in), {}));
}

ContractClient ClientFromFlags() { return ContractClient(absl::GetFlag(FLAGS_server), CallOptionsFromFlags()); }

absl::Status Generate(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<v1::GenerateContractRequest> request = ContractRequestFromFlags();
  if (!request.ok()) return request.status();
  const auto reply = ClientFromFlags().GenerateContract(*request);
  if (!reply.ok()) return reply.status();
  if (absl::Status honest = VerifyCertificate(*request, *reply); !honest.ok()) return honest;
  absl::GetFlag(FLAGS_json) ? PrintJson(*reply, std::cout) : PrintContract(*request, *reply, std::cout);
  return absl::OkStatus();
}

absl::Status Models(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const auto reply = ClientFromFlags().ListModels();
  if (!reply.ok()) return reply.status();
  absl::GetFlag(FLAGS_json) ? PrintJson(*reply, std::cout) : PrintModels(*reply, std::cout);
  return absl::OkStatus();
}

absl::Status Health(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  if (absl::Status status = ClientFromFlags().CheckHealth(); !status.ok()) return status;
  std::cout << (absl::GetFlag(FLAGS_json) ? "{\"status\": \"SERVING\"}" : "SERVING") << '\n';
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GenerateContractRequest> ContractRequestFromFlags() {
  const std::string path = absl::GetFlag(FLAGS_market);
  absl::StatusOr<v1::GenerateContractRequest> request = path.empty() ? RequestFromFlags() : RequestFromFile(path);
  if (!request.ok()) return request;
  request->set_model_name(absl::GetFlag(FLAGS_model));
  request->set_model_version(absl::GetFlag(FLAGS_model_version));
  request->set_samples(absl::GetFlag(FLAGS_samples));
  request->set_seed(absl::GetFlag(FLAGS_seed));
  request->set_time_budget_us(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_time_budget)));
  return request;
}

std::vector<Command> ContractCommands() {
  return {{"generate", "--market=FILE", "a menu for the market in a JSON file ('-': standard input)", Generate},
          {"models", "", "which models the server serves", Models},
          {"health", "", "whether it serves", Health}};
}

}  // namespace giot::client
