#include "client/sensing_tally.h"

#include <algorithm>
#include <cstddef>

#include "client/quantile.h"

namespace giot::client {
namespace {

double Share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void SensingTally::Add(const Outcome& outcome) {
  Count& count = counts_[static_cast<std::size_t>(outcome.conduct)];
  ++count.deliveries;
  if (outcome.conduct == Conduct::kHonest) {
    settled_ += outcome.settled ? 1 : 0;
    agreed_ += outcome.agreed;
    scored_ += outcome.scored.value_or(0.0);
  }
  if (!outcome.paid) return;
  ++count.paid;
  const double shortfall = std::max(0.0, outcome.agreed - outcome.true_quality);
  paid_money_ += outcome.reward;
  overpaid_money_ += outcome.agreed > 0.0 ? outcome.reward * shortfall / outcome.agreed : 0.0;
  if (outcome.found) found_ = found_.value_or(0.0) + *outcome.found;
  shortfalls_.push_back(shortfall);
}

std::int64_t SensingTally::cheats() const {
  std::int64_t sum = 0;
  for (const Count& count : counts_) sum += count.deliveries;
  return sum - deliveries(Conduct::kHonest);
}

std::int64_t SensingTally::cheats_paid() const {
  std::int64_t sum = 0;
  for (const Count& count : counts_) sum += count.paid;
  return sum - paid(Conduct::kHonest);
}

double SensingTally::HonestPaidShare() const { return Share(paid(Conduct::kHonest), deliveries(Conduct::kHonest)); }

double SensingTally::CheatsCaughtShare() const { return Share(cheats() - cheats_paid(), cheats()); }

double SensingTally::MeanAgreed() const {
  const std::int64_t honest = deliveries(Conduct::kHonest);
  return honest == 0 ? 0.0 : agreed_ / static_cast<double>(honest);
}

double SensingTally::MeanScored() const {
  const std::int64_t honest = deliveries(Conduct::kHonest);
  return honest == 0 ? 0.0 : scored_ / static_cast<double>(honest);
}

std::optional<double> SensingTally::FoundPerMoney() const {
  if (!found_ || paid_money_ <= 0.0) return std::nullopt;
  return *found_ / paid_money_;
}

double SensingTally::Shortfall(double share) const { return Quantile(shortfalls_, share); }

}  // namespace giot::client
