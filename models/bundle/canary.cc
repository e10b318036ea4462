#include "models/bundle/canary.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/json_fields.h"
#include "models/bundle/manifest.h"
#include "models/contract/market_sampler.h"
#include "models/policy/noise.h"

namespace giot::bundle {
namespace {

using nlohmann::json;

constexpr int kCanaryTypes[] = {2, 3, 5, 8, 10, 16};
constexpr std::uint64_t kCanarySeed = 20240229;
constexpr std::size_t kMaxCases = 1024;
constexpr int kAgreementSamples = 16;

json MarketToJson(const contract::ScreeningMarket& market) {
  json object = {{"cost_types", std::vector<double>(market.cost_types().begin(), market.cost_types().end())},
                 {"probabilities", std::vector<double>(market.probabilities().begin(), market.probabilities().end())},
                 {"value_scale", market.value_scale()},
                 {"value_rate", market.value_rate()},
                 {"cost_curvature", market.cost_curvature()},
                 {"quality_min", market.quality_min()},
                 {"quality_max", market.quality_max()}};
  if (market.budget_per_vehicle()) object["budget"] = *market.budget_per_vehicle();
  return object;
}

absl::StatusOr<contract::ScreeningMarket> ParseMarket(const json& object, const std::string& path) {
  JsonFields fields(object, path);
  const std::vector<double> cost_types = fields.Numbers("cost_types", contract::kMaxTypes);
  const std::vector<double> probabilities = fields.Numbers("probabilities", contract::kMaxTypes);
  contract::ScreeningMarketSpec spec;
  spec.cost_types = cost_types;
  spec.probabilities = probabilities;
  spec.value_scale = fields.Number("value_scale");
  spec.value_rate = fields.Number("value_rate");
  spec.cost_curvature = fields.Number("cost_curvature");
  spec.quality_min = fields.Number("quality_min");
  spec.quality_max = fields.Number("quality_max");
  if (fields.Has("budget")) spec.budget = fields.Number("budget");
  if (absl::Status status = fields.Finish(); !status.ok()) return status;
  absl::StatusOr<contract::ScreeningMarket> market = contract::ScreeningMarket::Create(spec);
  if (!market.ok()) return absl::InvalidArgumentError(absl::StrCat(path, ": ", market.status().message()));
  return market->Normalized();
}

std::vector<float> ReadFloats(JsonFields& fields, std::string_view key, std::size_t size) {
  const std::vector<double> numbers = fields.Numbers(key, size);
  if (numbers.size() != size) fields.Reject(key, absl::StrCat(numbers.size()), absl::StrCat(size, " numbers"));
  std::vector<float> floats;
  for (const double number : numbers) floats.push_back(static_cast<float>(number));
  return floats;
}

absl::StatusOr<CanaryCase> ParseCase(const json& object, const std::string& path, int steps) {
  if (!object.is_object()) return absl::InvalidArgumentError(absl::StrCat(path, ": want an object"));
  JsonFields fields(object, path);
  absl::StatusOr<contract::ScreeningMarket> market = ParseMarket(fields.Object("market"), fields.PathOf("market"));
  fields.Merge(market.status());
  if (!market.ok()) return fields.Finish();
  const auto types = static_cast<std::size_t>(market->types());
  std::vector<float> noise = ReadFloats(fields, "noise", static_cast<std::size_t>(steps) * types);
  std::vector<float> levels = ReadFloats(fields, "levels", types);
  if (absl::Status status = fields.Finish(); !status.ok()) return status;
  return CanaryCase{*market, std::move(noise), std::move(levels)};
}

// Which level of `got` differs from `want` by more than `tolerance`; NaN does.
std::optional<std::string> Difference(absl::Span<const float> got, absl::Span<const float> want, double tolerance) {
  for (std::size_t i = 0; i < want.size(); ++i) {
    const double difference = std::abs(static_cast<double>(got[i]) - static_cast<double>(want[i]));
    if (difference <= tolerance) continue;
    return absl::StrCat("level ", i, ": got ", got[i], ", want ", want[i], " within ", tolerance);
  }
  return std::nullopt;
}

std::vector<float> Noise(std::uint64_t seed, int samples, int steps, int types) {
  const auto chain = static_cast<std::size_t>(steps * types);
  std::vector<float> noise(static_cast<std::size_t>(samples) * chain);
  for (std::size_t n = 0; n < static_cast<std::size_t>(samples); ++n) {
    policy::FillGaussian(seed, n, absl::MakeSpan(noise).subspan(n * chain, chain));
  }
  return noise;
}

std::optional<std::string> DisagreementOn(const contract::ScreeningMarket& market, int samples, int steps,
                                          const PolicyRunner& reference, const PolicyRunner& runner) {
  const std::vector<float> noise = Noise(kCanarySeed, samples, steps, market.types());
  std::vector<float> want(static_cast<std::size_t>(samples * market.types()));
  std::vector<float> got(want.size());
  absl::Status status = reference.Run(market, noise, samples, absl::MakeSpan(want));
  status.Update(runner.Run(market, noise, samples, absl::MakeSpan(got)));
  if (!status.ok()) return std::string(status.message());
  return Difference(got, want, kRunnerAgreement);
}

}  // namespace

absl::StatusOr<Canary> RecordCanary(const PolicyRunner& runner, int steps) {
  std::mt19937_64 random(kCanarySeed);
  Canary canary;
  for (const int types : kCanaryTypes) {
    for (const double budget_share : {0.0, 1.0}) {
      contract::MarketDistribution distribution;
      distribution.types_min = distribution.types_max = types;
      distribution.budget_share = budget_share;
      const contract::ScreeningMarket market = contract::SampleMarket(distribution, random).Normalized();
      CanaryCase recorded{market, Noise(kCanarySeed + canary.cases.size(), 1, steps, types),
                          std::vector<float>(static_cast<std::size_t>(types))};
      absl::Status status = runner.Run(market, recorded.noise, 1, absl::MakeSpan(recorded.levels));
      if (!status.ok()) return status;
      canary.cases.push_back(std::move(recorded));
    }
  }
  return canary;
}

std::string ToJson(const Canary& canary) {
  json object = {{"format_version", kFormatVersion}, {"tolerance", canary.tolerance}, {"cases", json::array()}};
  for (const CanaryCase& recorded : canary.cases) {
    object["cases"].push_back(
        {{"market", MarketToJson(recorded.market)}, {"noise", recorded.noise}, {"levels", recorded.levels}});
  }
  return object.dump(1) + "\n";
}

absl::StatusOr<Canary> ParseCanary(std::string_view text, int steps) {
  absl::StatusOr<json> object = ParseJsonObject(text, kCanaryFile);
  if (!object.ok()) return object.status();
  JsonFields fields(*object, kCanaryFile);
  fields.Integer("format_version", kFormatVersion, kFormatVersion);
  Canary canary;
  canary.tolerance = fields.Number("tolerance");
  if (!(canary.tolerance > 0.0 && canary.tolerance <= kMaxCanaryTolerance)) {
    fields.Reject("tolerance", absl::StrCat(canary.tolerance),
                  absl::StrCat("a value in (0, ", kMaxCanaryTolerance, "]"));
  }
  for (const json& element : fields.Array("cases", kMaxCases)) {
    const std::string path = absl::StrCat(fields.PathOf("cases"), "[", canary.cases.size(), "]");
    absl::StatusOr<CanaryCase> parsed = ParseCase(element, path, steps);
    fields.Merge(parsed.status());
    if (!parsed.ok()) break;
    canary.cases.push_back(*std::move(parsed));
  }
  if (absl::Status status = fields.Finish(); !status.ok()) return status;
  return canary;
}

absl::Status CheckCanary(const Canary& canary, const PolicyRunner& runner) {
  const auto failed = [&](std::size_t index, absl::string_view why) {
    return absl::DataLossError(absl::StrCat(kCanaryFile, ": case ", index, ": ",
                                            absl::string_view(runner.name().data(), runner.name().size()), ": ", why));
  };
  for (std::size_t index = 0; index < canary.cases.size(); ++index) {
    const CanaryCase& expected = canary.cases[index];
    std::vector<float> levels(expected.levels.size());
    absl::Status status = runner.Run(expected.market, expected.noise, 1, absl::MakeSpan(levels));
    if (!status.ok()) return failed(index, status.message());
    if (auto difference = Difference(levels, expected.levels, canary.tolerance)) return failed(index, *difference);
  }
  return absl::OkStatus();
}

std::optional<std::string> Disagreement(const Canary& canary, int steps, const PolicyRunner& reference,
                                        const PolicyRunner& runner) {
  for (std::size_t index = 0; index < canary.cases.size(); ++index) {
    for (const int samples : {1, kAgreementSamples}) {
      const contract::ScreeningMarket& market = canary.cases[index].market;
      if (auto difference = DisagreementOn(market, samples, steps, reference, runner)) {
        return absl::StrCat("market of canary case ", index, ", ", samples, " samples: ", *difference);
      }
    }
  }
  return std::nullopt;
}

}  // namespace giot::bundle
