#include "models/bundle/canary.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/canary_markets.h"
#include "models/bundle/steady_answers.h"
#include "models/policy/noise.h"

namespace giot::bundle {
namespace {

constexpr std::uint64_t kCanarySeed = 20240229;
constexpr int kAgreementSamples = 16;

// Which level of `got` differs from `want` by more than `tolerance`; NaN does.
std::optional<std::string> Difference(absl::Span<const float> got, absl::Span<const float> want, double tolerance) {
  for (std::size_t i = 0; i < want.size(); ++i) {
    const double difference = std::abs(static_cast<double>(got[i]) - static_cast<double>(want[i]));
    if (difference <= tolerance) continue;
    return absl::StrCat("level ", i, ": got ", got[i], ", want ", want[i], " within ", tolerance);
  }
  return std::nullopt;
}

// C K
std::size_t LevelsOf(Family family, const contract::PackedMarket& market) {
  return static_cast<std::size_t>(ShapeOf(family).channels * market.types);
}

// [samples, steps, width]
std::vector<float> Noise(std::uint64_t seed, int samples, int steps, std::size_t width) {
  const std::size_t chain = static_cast<std::size_t>(steps) * width;
  std::vector<float> noise(static_cast<std::size_t>(samples) * chain);
  for (std::size_t n = 0; n < static_cast<std::size_t>(samples); ++n) {
    policy::FillGaussian(seed, n, absl::MakeSpan(noise).subspan(n * chain, chain));
  }
  return noise;
}

// Two runners on the canary's markets, sample by sample.
class Comparison {
 public:
  Comparison(Family family, int steps, const PolicyRunner& reference, const PolicyRunner& runner)
      : family_(family), steps_(steps), reference_(reference), runner_(runner) {}

  // How they differ on samples that count; nullopt if they do not.
  std::optional<std::string> DifferenceOn(const contract::PackedMarket& market, int samples) {
    const std::size_t width = LevelsOf(family_, market);
    const std::vector<float> noise = Noise(kCanarySeed, samples, steps_, width);
    std::vector<float> want(static_cast<std::size_t>(samples) * width);
    std::vector<float> got(want.size());
    absl::Status status = reference_.Run(market, noise, samples, absl::MakeSpan(want));
    status.Update(runner_.Run(market, noise, samples, absl::MakeSpan(got)));
    if (!status.ok()) return std::string(status.message());
    std::vector<bool> counts(static_cast<std::size_t>(samples), true);
    if (MayHingeOnRounding(family_)) {
      absl::StatusOr<std::vector<bool>> steady = SteadyAnswers(reference_, market, noise, samples, want);
      if (!steady.ok()) return std::string(steady.status().message());
      counts = *std::move(steady);
    }
    return DifferenceWhere(counts, got, want);
  }

  bool EnoughCounted() const { return 2 * counted_ >= seen_; }

 private:
  std::optional<std::string> DifferenceWhere(const std::vector<bool>& counts, absl::Span<const float> got,
                                             absl::Span<const float> want) {
    const std::size_t width = want.size() / counts.size();
    for (std::size_t n = 0; n < counts.size(); ++n) {
      ++seen_;
      if (!counts[n]) continue;
      ++counted_;
      if (auto difference =
              Difference(got.subspan(n * width, width), want.subspan(n * width, width), kRunnerAgreement)) {
        return absl::StrCat("sample ", n, ": ", *difference);
      }
    }
    return std::nullopt;
  }

  const Family family_;
  const int steps_;
  const PolicyRunner& reference_;
  const PolicyRunner& runner_;
  int seen_ = 0;
  int counted_ = 0;
};

}  // namespace

absl::StatusOr<Canary> RecordCanary(const PolicyRunner& runner, Family family, int steps) {
  Canary canary;
  std::uint64_t seed = kCanarySeed;
  for (const contract::PackedMarket& market : CanaryMarkets(family)) {
    if (canary.cases.size() == kCanaryCases) break;
    const std::size_t width = LevelsOf(family, market);
    CanaryCase recorded{market, Noise(seed++, 1, steps, width), std::vector<float>(width)};
    absl::Status status = runner.Run(market, recorded.noise, 1, absl::MakeSpan(recorded.levels));
    if (!status.ok()) return status;
    if (MayHingeOnRounding(family)) {
      const absl::StatusOr<std::vector<bool>> steady =
          SteadyAnswers(runner, market, recorded.noise, 1, recorded.levels);
      if (!steady.ok()) return steady.status();
      if (!steady->front()) continue;
    }
    canary.cases.push_back(std::move(recorded));
  }
  if (canary.cases.size() == kCanaryCases) return canary;
  return absl::InternalError(absl::StrCat(kCanaryFile, ": got ", canary.cases.size(),
                                          " answers that do not hinge on rounding, want ", kCanaryCases));
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

std::optional<std::string> Disagreement(const Canary& canary, Family family, int steps, const PolicyRunner& reference,
                                        const PolicyRunner& runner) {
  Comparison comparison(family, steps, reference, runner);
  for (std::size_t index = 0; index < canary.cases.size(); ++index) {
    for (const int samples : {1, kAgreementSamples}) {
      if (auto difference = comparison.DifferenceOn(canary.cases[index].market, samples)) {
        return absl::StrCat("market of canary case ", index, ", ", samples, " samples: ", *difference);
      }
    }
  }
  if (!comparison.EnoughCounted()) return "too many answers hinge on rounding for a comparison";
  return std::nullopt;
}

}  // namespace giot::bundle
