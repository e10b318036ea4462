#include "trainer/quality/judgement.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

#include "trainer/quality/rank_correlation.h"

namespace giot::trainer {
namespace {

constexpr double kNoticeable = 0.15;
constexpr int kDraws = 1000;
constexpr std::uint64_t kSeed = 20250;

// Indices of images by their scene.
using Clusters = std::vector<std::vector<std::size_t>>;

Clusters ByScene(absl::Span<const JudgedImage> images, const std::function<bool(const JudgedImage&)>& counts) {
  std::map<int, std::vector<std::size_t>> scenes;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (counts(images[i])) scenes[images[i].scene].push_back(i);
  }
  Clusters clusters;
  for (auto& [scene, members] : scenes) clusters.push_back(std::move(members));
  return clusters;
}

using Statistic = std::function<double(const std::vector<std::size_t>& members)>;

Estimate Bootstrapped(const Clusters& clusters, const Statistic& statistic) {
  std::vector<std::size_t> all;
  for (const auto& members : clusters) all.insert(all.end(), members.begin(), members.end());
  const auto resampled = [&](const std::vector<int>& chosen) {
    std::vector<std::size_t> members;
    for (const int cluster : chosen) {
      const std::vector<std::size_t>& more = clusters[static_cast<std::size_t>(cluster)];
      members.insert(members.end(), more.begin(), more.end());
    }
    return statistic(members);
  };
  if (all.empty()) return {};
  return {statistic(all), BootstrapInterval(static_cast<int>(clusters.size()), kDraws, kSeed, resampled)};
}

template <typename Target>
double Correlation(const std::vector<std::size_t>& members, absl::Span<const double> scores, const Target& target) {
  std::vector<double> a;
  std::vector<double> b;
  for (const std::size_t i : members) {
    a.push_back(scores[i]);
    b.push_back(target(i));
  }
  return RankCorrelation(a, b);
}

struct Mean {
  double score = 0.0;
  double found = 0.0;
  double count = 0.0;
};

double CorrelationOfMeans(absl::Span<const JudgedImage> images, absl::Span<const double> scores,
                          const std::vector<std::size_t>& members) {
  std::map<std::pair<std::string, double>, Mean> groups;
  for (const std::size_t i : members) {
    Mean& mean = groups[{images[i].kind, images[i].severity}];
    mean.count += 1.0;
    mean.score += (scores[i] - mean.score) / mean.count;
    mean.found += (*images[i].found - mean.found) / mean.count;
  }
  std::vector<double> a;
  std::vector<double> b;
  for (const auto& [key, mean] : groups) {
    a.push_back(mean.score);
    b.push_back(mean.found);
  }
  return RankCorrelation(a, b);
}

double ShareOfOrderedPairs(absl::Span<const JudgedImage> images, absl::Span<const double> scores) {
  std::map<std::tuple<int, int, std::string>, std::vector<std::size_t>> series;
  std::map<std::pair<int, int>, std::size_t> clean;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (images[i].attack) continue;
    if (images[i].kind == "clean") clean[{images[i].scene, images[i].frame}] = i;
    if (images[i].kind != "clean" && images[i].kind != "mixture") {
      series[{images[i].scene, images[i].frame, images[i].kind}].push_back(i);
    }
  }
  double pairs = 0.0;
  double ordered = 0.0;
  for (auto& [key, members] : series) {
    const auto first = clean.find({std::get<0>(key), std::get<1>(key)});
    if (first != clean.end()) members.push_back(first->second);
    for (const std::size_t a : members) {
      for (const std::size_t b : members) {
        if (images[a].severity >= images[b].severity) continue;
        pairs += 1.0;
        ordered += scores[a] > scores[b] ? 1.0 : 0.0;
      }
    }
  }
  return pairs > 0.0 ? ordered / pairs : 1.0;
}

void JudgeAttacks(absl::Span<const JudgedImage> images, absl::Span<const double> scores, Judgement& judgement) {
  std::array<double, camera::kAttacks> counts{};
  std::map<int, double> best;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (!images[i].attack) continue;
    const auto base = static_cast<std::size_t>(images[i].unattacked);
    const double earned = std::max(0.0, images[i].usefulness - images[base].usefulness);
    const double gain = scores[i] - scores[base] - earned;
    const auto attack = static_cast<std::size_t>(*images[i].attack);
    counts[attack] += 1.0;
    judgement.attack_gains[attack] += (gain - judgement.attack_gains[attack]) / counts[attack];
    double& largest = best[images[i].unattacked];
    largest = std::max(largest, gain);
  }
  if (best.empty()) return;
  for (const auto& [base, gain] : best) {
    judgement.best_attack_gain += gain / static_cast<double>(best.size());
    judgement.share_gaining += (gain > kNoticeable ? 1.0 : 0.0) / static_cast<double>(best.size());
  }
}

}  // namespace

JudgedImage ToJudged(const Sample& sample, const Weights& weights) {
  JudgedImage image{.scene = sample.scene,
                    .frame = sample.frame,
                    .kind = KindOf(sample.recipe),
                    .usefulness = Usefulness(sample.parts, weights),
                    .found = sample.found,
                    .attack = sample.recipe.attack,
                    .unattacked = sample.recipe.unattacked};
  for (const Recipe::Step& step : sample.recipe.steps) image.severity = std::max(image.severity, step.severity);
  return image;
}

Judgement Judge(absl::Span<const JudgedImage> images, absl::Span<const double> scores) {
  const auto usefulness = [&](std::size_t i) { return images[i].usefulness; };
  const auto found = [&](std::size_t i) { return *images[i].found; };
  const Clusters all = ByScene(images, [](const JudgedImage& image) { return !image.attack; });
  const Clusters with_vehicles =
      ByScene(images, [](const JudgedImage& image) { return !image.attack && image.found.has_value(); });
  Judgement judgement;
  judgement.usefulness =
      Bootstrapped(all, [&](const auto& members) { return Correlation(members, scores, usefulness); });
  judgement.found =
      Bootstrapped(with_vehicles, [&](const auto& members) { return Correlation(members, scores, found); });
  judgement.found_means =
      Bootstrapped(with_vehicles, [&](const auto& members) { return CorrelationOfMeans(images, scores, members); });
  judgement.ordered_pairs = ShareOfOrderedPairs(images, scores);
  JudgeAttacks(images, scores, judgement);
  return judgement;
}

double UsefulnessCorrelation(absl::Span<const JudgedImage> images, absl::Span<const double> scores,
                             absl::Span<const std::string> kinds) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const bool counts = kinds.empty() || std::find(kinds.begin(), kinds.end(), images[i].kind) != kinds.end();
    if (counts && !images[i].attack) members.push_back(i);
  }
  return Correlation(members, scores, [&](std::size_t i) { return images[i].usefulness; });
}

Payment JudgePayment(absl::Span<const JudgedImage> images, absl::Span<const double> lower_bounds) {
  Payment payment;
  std::vector<double> excess;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const double over = lower_bounds[i] - images[i].usefulness;
    payment.coverage += (over <= 0.0 ? 1.0 : 0.0) / static_cast<double>(images.size());
    excess.push_back(std::max(0.0, over));
  }
  payment.overpayment_p95 = Quantile(excess, 0.95);
  return payment;
}

}  // namespace giot::trainer
