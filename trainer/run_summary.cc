#include "trainer/run_summary.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "trainer/replace_file.h"

namespace giot::trainer {
namespace {

using Json = nlohmann::ordered_json;

RunSummary Parse(const Json& json) {
  RunSummary summary;
  summary.state = json.at("state").get<std::string>();
  summary.iteration = json.at("iteration").get<std::int64_t>();
  for (const auto& [name, value] : json.at("validation").items()) {
    summary.validation.push_back({name, value.get<double>()});
  }
  summary.cost = {json.at("wall_seconds").get<double>(), json.at("cpu_seconds").get<double>(),
                  json.at("gpu_joules").get<double>()};
  summary.power = {json.at("cpu_watts").get<double>(), json.at("grid_co2_g_per_kwh").get<double>()};
  return summary;
}

}  // namespace

double StepsPerSecond(const RunSummary& summary) {
  if (summary.cost.wall_seconds <= 0.0) return 0.0;
  return static_cast<double>(summary.iteration) / summary.cost.wall_seconds;
}

absl::Status WriteRunSummary(const std::filesystem::path& path, const RunSummary& summary) {
  Json validation = Json::object();
  for (const Scalar& scalar : summary.validation) validation[scalar.name] = scalar.value;
  const Json json = {{"state", summary.state},
                     {"iteration", summary.iteration},
                     {"validation", validation},
                     {"wall_seconds", summary.cost.wall_seconds},
                     {"cpu_seconds", summary.cost.cpu_seconds},
                     {"gpu_joules", summary.cost.gpu_joules},
                     {"cpu_watts", summary.power.cpu_watts},
                     {"grid_co2_g_per_kwh", summary.power.grid_co2},
                     {"energy_kwh", EnergyKwh(summary.cost, summary.power)},
                     {"co2_g", Co2Grams(summary.cost, summary.power)}};
  return ReplaceFile(path, json.dump(2) + "\n");
}

absl::StatusOr<RunSummary> ReadRunSummary(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream) return absl::NotFoundError(absl::StrCat(path.string(), ": cannot be read"));
  try {
    return Parse(Json::parse(stream));
  } catch (const Json::exception&) {
    return absl::DataLossError(absl::StrCat(path.string(), ": is no summary of a run"));
  }
}

}  // namespace giot::trainer
