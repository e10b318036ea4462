#include "trainer/quality/quality_training.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "trainer/evaluation/statistics.h"
#include "trainer/quality/calibration.h"
#include "trainer/quality/rank_correlation.h"

namespace giot::trainer {
namespace {

constexpr double kAllowanceStep = 0.01;
constexpr int kAllowances = 31;
constexpr double kNoveltyShare = 0.995;

// Every look of every sample as a lesson, look by look.
std::vector<Lesson> LessonsOf(const std::vector<Scene>& scenes, const std::vector<Sample>& samples,
                              const std::vector<double>& usefulness, std::size_t look, double road_weight) {
  std::vector<Lesson> lessons;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const bool is_road = scenes[static_cast<std::size_t>(samples[i].scene)].is_road;
    lessons.push_back({.features = samples[i].looks[look].image,
                       .usefulness = usefulness[i],
                       .factors = FactorsOf(samples[i].recipe),
                       .weight = is_road ? road_weight : 1.0});
  }
  return lessons;
}

// Pairs of sample indices: neighbours in severity of one frame and kind, and attacks with what they are on.
std::vector<Pair> PairsOf(const std::vector<Sample>& samples, const std::vector<double>& usefulness) {
  std::map<std::tuple<int, int, std::string>, std::vector<int>> series;
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto index = static_cast<int>(i);
    const Recipe& recipe = samples[i].recipe;
    if (recipe.attack) {
      pairs.push_back({recipe.unattacked, index, true});
    } else if (recipe.steps.size() == 1) {
      series[{samples[i].scene, samples[i].frame, KindOf(recipe)}].push_back(index);
    }
  }
  for (auto& [key, members] : series) {
    std::sort(members.begin(), members.end(), [&](int a, int b) {
      return usefulness[static_cast<std::size_t>(a)] > usefulness[static_cast<std::size_t>(b)];
    });
    for (std::size_t i = 1; i < members.size(); ++i) pairs.push_back({members[i - 1], members[i], false});
  }
  return pairs;
}

// What is in the fold, and what is not.
struct Split {
  Curriculum training;
  std::vector<Lesson> validation;
};

Split SplitFor(int fold, const std::vector<int>& fold_of, const std::vector<std::vector<Lesson>>& lessons_by_look,
               const std::vector<Pair>& pairs) {
  Split split;
  for (const std::vector<Lesson>& lessons : lessons_by_look) {
    std::vector<int> place(lessons.size(), -1);
    for (std::size_t i = 0; i < lessons.size(); ++i) {
      if (fold_of[i] == fold) {
        split.validation.push_back(lessons[i]);
        continue;
      }
      place[i] = static_cast<int>(split.training.lessons.size());
      split.training.lessons.push_back(lessons[i]);
    }
    for (const Pair& pair : pairs) {
      const int better = place[static_cast<std::size_t>(pair.better)];
      const int worse = place[static_cast<std::size_t>(pair.worse)];
      if (better >= 0) split.training.pairs.push_back({better, worse, pair.is_attack});
    }
  }
  return split;
}

// What the network that did not see an image says of it.
struct Outcome {
  double image = 0.0;
  double smoothed = 0.0;
  double usefulness = 0.0;
  bool is_clean = false;
};

std::vector<Outcome> OutcomesOf(const quality::QualityModel& model, const std::vector<Sample>& samples,
                                const std::vector<double>& usefulness, const std::vector<int>& fold_of) {
  std::vector<quality::QualityModel> alone(model.ensemble.size(), model);
  for (std::size_t k = 0; k < alone.size(); ++k) alone[k].ensemble = {model.ensemble[k]};
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const quality::QualityModel& judge = alone[static_cast<std::size_t>(fold_of[i])];
    const bool is_clean = samples[i].recipe.steps.empty() && !samples[i].recipe.attack;
    for (const quality::FeaturePair& look : samples[i].looks) {
      outcomes.push_back({quality::Evaluate(judge, look.image).usefulness,
                          quality::Evaluate(judge, look.smoothed).usefulness, usefulness[i], is_clean});
    }
  }
  return outcomes;
}

double Guarded(const Outcome& outcome, double allowance) {
  return std::min(outcome.image, outcome.smoothed + allowance);
}

double ErrorWith(const std::vector<Outcome>& outcomes, double allowance) {
  double square = 0.0;
  for (const Outcome& outcome : outcomes) {
    const double error = Guarded(outcome, allowance) - outcome.usefulness;
    square += error * error;
  }
  return std::sqrt(square / static_cast<double>(outcomes.size()));
}

double BestAllowance(const std::vector<Outcome>& outcomes) {
  double best = 0.0;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kAllowances; ++i) {
    const double error = ErrorWith(outcomes, i * kAllowanceStep);
    if (error >= least) continue;
    least = error;
    best = i * kAllowanceStep;
  }
  return best;
}

double NoveltyLimit(const quality::QualityModel& model, const std::vector<Sample>& samples) {
  std::vector<double> novelties;
  for (const Sample& sample : samples) {
    for (const quality::FeaturePair& look : sample.looks)
      novelties.push_back(quality::Evaluate(model, look.image).novelty);
  }
  return Quantile(novelties, kNoveltyShare);
}

// Everything about the model that follows from what the networks say out of their folds.
OutOfFold Calibrate(const std::vector<Outcome>& outcomes, const TrainingOptions& options,
                    quality::QualityModel& model) {
  model.smoothing_allowance = BestAllowance(outcomes);
  std::vector<double> raw;
  std::vector<double> truth;
  std::vector<double> clean;
  for (const Outcome& outcome : outcomes) {
    raw.push_back(Guarded(outcome, model.smoothing_allowance));
    truth.push_back(outcome.usefulness);
    if (outcome.is_clean) clean.push_back(raw.back());
  }
  OutOfFold result{ErrorWith(outcomes, model.smoothing_allowance), RankCorrelation(raw, truth), Quantile(clean, 0.5)};
  model.calibration = FitCalibration(raw, truth, result.clean, options.knots);
  for (double& value : raw) value = quality::Calibrate(model, value);
  model.coverage = options.coverage;
  model.margin = ConformalMargin(raw, truth, options.coverage);
  return result;
}

std::vector<int> FoldOfSamples(const std::vector<Scene>& scenes, const std::vector<Sample>& samples, int folds) {
  std::vector<double> sizes(scenes.size(), 0.0);
  for (const Sample& sample : samples) sizes[static_cast<std::size_t>(sample.scene)] += 1.0;
  const std::vector<int> of_scene = AssignFolds(scenes, sizes, folds);
  std::vector<int> of_sample;
  for (const Sample& sample : samples) of_sample.push_back(of_scene[static_cast<std::size_t>(sample.scene)]);
  return of_sample;
}

bool AllUsed(const std::vector<int>& fold_of, int folds) {
  for (int fold = 0; fold < folds; ++fold) {
    if (std::find(fold_of.begin(), fold_of.end(), fold) == fold_of.end()) return false;
  }
  return true;
}

}  // namespace

std::vector<double> TrueUsefulness(absl::Span<const Sample> samples, const Weights& weights) {
  std::vector<double> usefulness;
  for (const Sample& sample : samples) {
    usefulness.push_back(Usefulness(sample.parts, weights));
    if (!sample.recipe.attack) continue;
    const double unattacked = Usefulness(samples[static_cast<std::size_t>(sample.recipe.unattacked)].parts, weights);
    usefulness.back() = std::min(usefulness.back(), unattacked);
  }
  return usefulness;
}

double GuardedUsefulness(const quality::QualityModel& model, const quality::FeaturePair& look) {
  return std::min(quality::Evaluate(model, look.image).usefulness,
                  quality::Evaluate(model, look.smoothed).usefulness + model.smoothing_allowance);
}

std::vector<int> AssignFolds(const std::vector<Scene>& scenes, const std::vector<double>& sizes, int folds) {
  std::map<std::string, double> places;
  for (std::size_t i = 0; i < scenes.size(); ++i) places[scenes[i].place] += sizes[i];
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [place, size] : places) {
    if (size > 0.0) order.emplace_back(-size, place);
  }
  std::sort(order.begin(), order.end());
  std::vector<double> filled(static_cast<std::size_t>(folds), 0.0);
  std::map<std::string, int> fold_of;
  for (const auto& [negative, place] : order) {
    const auto least = std::min_element(filled.begin(), filled.end());
    *least -= negative;
    fold_of[place] = static_cast<int>(least - filled.begin());
  }
  std::vector<int> result;
  for (const Scene& scene : scenes) result.push_back(fold_of[scene.place]);
  return result;
}

absl::StatusOr<TrainedModel> TrainQualityModel(const std::vector<Scene>& scenes, const std::vector<Sample>& samples,
                                               const Weights& weights, const TrainingOptions& options) {
  const std::vector<int> fold_of = FoldOfSamples(scenes, samples, options.networks);
  if (!AllUsed(fold_of, options.networks)) {
    return absl::FailedPreconditionError(absl::StrCat("images: want scenes of at least ", options.networks, " places"));
  }
  const std::vector<double> usefulness = TrueUsefulness(samples, weights);
  std::vector<std::vector<Lesson>> lessons;
  for (std::size_t look = 0; look < samples.front().looks.size(); ++look) {
    lessons.push_back(LessonsOf(scenes, samples, usefulness, look, options.road_weight));
  }
  const std::vector<Pair> pairs = PairsOf(samples, usefulness);

  TrainedModel result;
  Normalize(lessons.front(), result.model);
  for (int fold = 0; fold < options.networks; ++fold) {
    const Split split = SplitFor(fold, fold_of, lessons, pairs);
    const std::uint64_t seed = options.seed + 1000 * static_cast<std::uint64_t>(fold);
    const TrainedNetwork trained = TrainNetwork(result.model, split.training, split.validation, options.network, seed);
    result.model.ensemble.push_back(trained.network);
    if (options.note) {
      options.note(absl::StrFormat("network %d: error %.4f on its fold after epoch %d", fold + 1,
                                   trained.validation_error, trained.epoch));
    }
  }
  result.out_of_fold = Calibrate(OutcomesOf(result.model, samples, usefulness, fold_of), options, result.model);
  result.model.novelty_limit = NoveltyLimit(result.model, samples);
  return result;
}

}  // namespace giot::trainer
