// giotctl: asks a giot-server for menus and scores, after its models and after its health.
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/contract_client.h"
#include "client/local_scoring.h"
#include "client/market_json.h"
#include "client/program.h"
#include "client/reply_printer.h"
#include "client/score_command.h"
#include "client/sensing_client.h"
#include "client/server_scoring.h"
#include "client/verify.h"
#include "giot/v1/contract.pb.h"
#include "models/quality/decoder_limits.h"
#include "models/quality/quality_model.h"

ABSL_FLAG(std::string, server, "127.0.0.1:50051", "host:port of a giot-server");
ABSL_FLAG(absl::Duration, deadline, absl::Seconds(5), "of the call, retries included");
ABSL_FLAG(bool, json, false, "print JSON (the reply as it is) instead of a table");

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

ABSL_FLAG(std::string, local_model, "", "score: a quality model's folder to score with, instead of by a server");
ABSL_FLAG(std::string, source, "", "score: id of the vehicle and camera that took the files; one of its own if empty");
ABSL_FLAG(std::string, captured_at, "", "score: when, as 2025-01-31T12:00:00Z; the moment of sending if empty");
ABSL_FLAG(double, latitude, 0.0, "score: where, degrees");
ABSL_FLAG(double, longitude, 0.0, "score: where, degrees");
ABSL_FLAG(std::int32_t, width, 0, "score: pixels that the task asks for; the server's default if 0");
ABSL_FLAG(std::int32_t, height, 0, "score: pixels that the task asks for; the server's default if 0");
ABSL_FLAG(std::string, reference, "", "score: an image of the same scene to compare images with");
ABSL_FLAG(std::string, explain, "", "score: folder for PNGs that show what is unusable");

namespace giot::client {
namespace {

constexpr char kProgram[] = "giotctl";
constexpr char kUsage[] =
    "asks a giot-server\n\n"
    "  giotctl generate --market=FILE    a menu for the market in a JSON file ('-': standard input)\n"
    "  giotctl generate --cost_types=.3,.6,1 --probabilities=.2,.3,.5 ...\n"
    "  giotctl score FILE...             how useful images and WAV recordings are, and why not more\n"
    "  giotctl models                    which models it serves\n"
    "  giotctl health                    whether it serves\n\n"
    "exit status: 0 done; 1 refused, unreachable or not serving, or bad flags; 2 a false certificate";

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

ExitCode Generate(ContractClient& client) {
  const std::string path = absl::GetFlag(FLAGS_market);
  absl::StatusOr<v1::GenerateContractRequest> request = path.empty() ? RequestFromFlags() : RequestFromFile(path);
  if (!request.ok()) return Fail(kProgram, request.status());
  request->set_model_name(absl::GetFlag(FLAGS_model));
  request->set_model_version(absl::GetFlag(FLAGS_model_version));
  request->set_samples(absl::GetFlag(FLAGS_samples));
  request->set_seed(absl::GetFlag(FLAGS_seed));
  request->set_time_budget_us(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_time_budget)));

  const auto reply = client.GenerateContract(*request);
  if (!reply.ok()) return Fail(kProgram, reply.status());
  if (auto honest = VerifyCertificate(*request, *reply); !honest.ok()) return Fail(kProgram, honest);
  absl::GetFlag(FLAGS_json) ? PrintJson(*reply, std::cout) : PrintContract(*request, *reply, std::cout);
  return kExitOk;
}

absl::StatusOr<ScoreCommandOptions> ScoreOptionsFromFlags() {
  ScoreCommandOptions options;
  // Deliveries of a source count against each other, so every run is a source of its own.
  const std::string source = absl::GetFlag(FLAGS_source);
  const absl::Time now = absl::Now();
  options.capture.set_source_id(source.empty() ? absl::StrCat("giotctl-", absl::ToUnixNanos(now)) : source);
  if (const std::string text = absl::GetFlag(FLAGS_captured_at); !text.empty()) {
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
      return absl::InvalidArgumentError(absl::StrCat("--captured_at: got '", text, "': ", error));
    }
    options.capture.set_captured_at_us(absl::ToUnixMicros(time));
  }
  options.capture.set_latitude(absl::GetFlag(FLAGS_latitude));
  options.capture.set_longitude(absl::GetFlag(FLAGS_longitude));
  options.requirements.set_width(absl::GetFlag(FLAGS_width));
  options.requirements.set_height(absl::GetFlag(FLAGS_height));
  options.reference = absl::GetFlag(FLAGS_reference);
  options.explain = absl::GetFlag(FLAGS_explain);
  options.json = absl::GetFlag(FLAGS_json);
  return options;
}

absl::Status ScoreByServer(const CallOptions& call, const std::vector<std::string>& files,
                           const ScoreCommandOptions& options) {
  SensingClient client(absl::GetFlag(FLAGS_server), call);
  std::optional<absl::Duration> stream_lifetime;
  if (files.size() > 1) stream_lifetime = call.timeout * static_cast<std::int64_t>(files.size());
  ServerScoring scoring(client, stream_lifetime);
  return ScoreFiles(scoring, files, options, std::cout);
}

absl::Status ScoreHere(const std::string& model_folder, const std::vector<std::string>& files,
                       const ScoreCommandOptions& options) {
  absl::StatusOr<quality::QualityModel> model = quality::LoadQualityModel(model_folder);
  if (!model.ok()) return model.status();
  LocalScoring scoring(*std::move(model), [] { return absl::ToUnixMicros(absl::Now()); });
  return ScoreFiles(scoring, files, options, std::cout);
}

ExitCode Score(const CallOptions& call, const std::vector<std::string>& files) {
  if (files.empty()) return Fail(kProgram, absl::InvalidArgumentError("score: want at least one file"));
  const absl::StatusOr<ScoreCommandOptions> options = ScoreOptionsFromFlags();
  if (!options.ok()) return Fail(kProgram, options.status());
  const std::string model_folder = absl::GetFlag(FLAGS_local_model);
  const absl::Status status =
      model_folder.empty() ? ScoreByServer(call, files, *options) : ScoreHere(model_folder, files, *options);
  return status.ok() ? kExitOk : Fail(kProgram, status);
}

ExitCode Models(ContractClient& client) {
  const auto reply = client.ListModels();
  if (!reply.ok()) return Fail(kProgram, reply.status());
  absl::GetFlag(FLAGS_json) ? PrintJson(*reply, std::cout) : PrintModels(*reply, std::cout);
  return kExitOk;
}

ExitCode Health(ContractClient& client) {
  const absl::Status status = client.CheckHealth();
  if (!status.ok()) return Fail(kProgram, status);
  std::cout << (absl::GetFlag(FLAGS_json) ? "{\"status\": \"SERVING\"}" : "SERVING") << '\n';
  return kExitOk;
}

ExitCode Main(const std::vector<std::string>& arguments, char** argv) {
  CallOptions options;
  options.timeout = absl::GetFlag(FLAGS_deadline);
  if (!arguments.empty() && arguments[0] == "score") {
    quality::LimitDecoders(argv);
    return Score(options, {arguments.begin() + 1, arguments.end()});
  }
  ContractClient client(absl::GetFlag(FLAGS_server), options);
  const std::string command = arguments.size() == 1 ? arguments[0] : "";
  if (command == "generate") return Generate(client);
  if (command == "models") return Models(client);
  if (command == "health") return Health(client);
  return Fail(kProgram, absl::InvalidArgumentError("want one of: generate, score, models, health (--help tells more)"));
}

}  // namespace
}  // namespace giot::client

int main(int argc, char** argv) {
  return giot::client::Main(giot::client::ParseCommandLine(argc, argv, giot::client::kUsage, "client/giotctl.cc"),
                            argv);
}
