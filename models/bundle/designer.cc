#include "models/bundle/designer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "models/contract/feasible_decode.h"
#include "models/policy/noise.h"

namespace giot::bundle {
namespace {

// Samples that one call of the runner takes: bounds the stack and the time
// between two looks at `cancelled`.
constexpr int kChunk = 16;

// Noise and levels of one chunk.
struct Chunk {
  std::array<float, kChunk * kMaxSteps * contract::kMaxTypes> noise;
  std::array<float, kChunk * contract::kMaxTypes> levels;
};

absl::Status CheckArguments(const contract::ScreeningMarket& market, int served, const DesignOptions& options) {
  if (served < 2 || served > market.types()) {
    return absl::InvalidArgumentError(absl::StrCat("served: got ", served, ", want 2 to ", market.types(), " types"));
  }
  if (options.samples < 1) {
    return absl::InvalidArgumentError(absl::StrCat("samples: got ", options.samples, ", want at least 1"));
  }
  return absl::OkStatus();
}

// Server utility per vehicle of the whole market: types without an item add nothing.
double UtilityOf(const contract::ScreeningMarket& market, const contract::Menu& menu) {
  double utility = 0.0;
  for (int k = 0; k < menu.size(); ++k) {
    const double p = market.probabilities()[static_cast<std::size_t>(k)];
    utility += p * (market.Value(menu[k].quality) - menu[k].reward);
  }
  return utility;
}

contract::Menu Decode(const contract::ScreeningMarket& market, absl::Span<const float> levels) {
  std::array<double, contract::kMaxTypes> exact;
  std::copy(levels.begin(), levels.end(), exact.begin());
  return contract::DecodeLevels(market, {exact.data(), levels.size()});
}

// Keeps the best menu seen, and mean and variance of all (Welford 1962).
class Best {
 public:
  void Offer(const contract::Menu& menu, double utility) {
    ++count_;
    const double shift = utility - mean_;
    mean_ += shift / count_;
    squares_ += shift * (utility - mean_);
    if (count_ > 1 && utility <= design_.utility_per_vehicle) return;
    design_.menu = menu;
    design_.utility_per_vehicle = utility;
  }
  Design Result() {
    design_.utility_spread = std::sqrt(squares_ / count_);
    return design_;
  }

 private:
  Design design_;
  int count_ = 0;
  double mean_ = 0.0;
  double squares_ = 0.0;
};

}  // namespace

absl::StatusOr<Design> DesignMenu(const Bundle& bundle, const contract::ScreeningMarket& market, int served,
                                  const DesignOptions& options, const std::function<bool()>& cancelled) {
  if (absl::Status status = CheckArguments(market, served, options); !status.ok()) return status;
  const std::optional<contract::ScreeningMarket> prefix = market.Prefix(served);
  if (!prefix) return absl::InvalidArgumentError(absl::StrCat("served: the budget cannot pay ", served, " types"));
  const contract::ScreeningMarket normal = prefix->Normalized();

  const auto types = static_cast<std::size_t>(served);
  const std::size_t chain = static_cast<std::size_t>(bundle.manifest().steps) * types;
  Chunk chunk;
  Best best;
  for (int done = 0; done < options.samples; done += kChunk) {
    if (cancelled && cancelled()) return absl::CancelledError(absl::StrCat("after ", done, " samples"));
    const int count = std::min(kChunk, options.samples - done);
    const auto rows = static_cast<std::size_t>(count);
    for (std::size_t n = 0; n < rows; ++n) {
      policy::FillGaussian(options.seed, static_cast<std::uint64_t>(done) + n, {&chunk.noise[n * chain], chain});
    }
    const absl::Span<float> levels(chunk.levels.data(), rows * types);
    absl::Status status = bundle.runner().Run(normal, {chunk.noise.data(), rows * chain}, count, levels);
    if (!status.ok()) return absl::InternalError(status.message());
    for (std::size_t n = 0; n < rows; ++n) {
      const contract::Menu menu = Decode(*prefix, levels.subspan(n * types, types));
      best.Offer(menu, UtilityOf(market, menu));
    }
  }
  return best.Result();
}

}  // namespace giot::bundle
