#include "models/bundle/designer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "models/bundle/propose.h"
#include "models/contract/feasible_decode.h"
#include "models/contract/pack.h"

namespace giot::bundle {
namespace {

absl::Status CheckArguments(Family family, const contract::ScreeningMarket& market, int served,
                            const DesignOptions& options) {
  if (family != Family::kScreening) {
    return absl::InvalidArgumentError(absl::StrCat("model: got one of family ", NameOf(family), ", want screening"));
  }
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
  if (absl::Status status = CheckArguments(bundle.manifest().family, market, served, options); !status.ok())
    return status;
  const std::optional<contract::ScreeningMarket> prefix = market.Prefix(served);
  if (!prefix) return absl::InvalidArgumentError(absl::StrCat("served: the budget cannot pay ", served, " types"));
  const contract::PackedMarket packed = contract::Pack(*prefix);

  const auto types = static_cast<std::size_t>(served);
  std::array<double, kProposalChunk * contract::kMaxTypes> levels;
  Best best;
  for (int done = 0; done < options.samples; done += kProposalChunk) {
    if (cancelled && cancelled()) return absl::CancelledError(absl::StrCat("after ", done, " samples"));
    const int count = std::min(kProposalChunk, options.samples - done);
    const auto rows = static_cast<std::size_t>(count);
    absl::Status status = Propose(bundle, packed, options.seed, done, count, {levels.data(), rows * types});
    if (!status.ok()) return status;
    for (std::size_t n = 0; n < rows; ++n) {
      const contract::Menu menu = contract::DecodeLevels(*prefix, {&levels[n * types], types});
      best.Offer(menu, UtilityOf(market, menu));
    }
  }
  return best.Result();
}

}  // namespace giot::bundle
