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
                              const std::vector<double>& usefulness, std::size_t look, double rendered_weight) {
  std::vector<Lesson> lessons;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const bool is_rendered = scenes[static_cast<std::size_t>(samples[i].scene)].is_rendered;
    lessons.push_back({.features = samples[i].looks[look].image,
                       .usefulness = usefulness[i],
                       .factors = FactorsOf(samples[i].recipe),
                       .weight = is_rendered ? rendered_weight : 1.0});
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

// What network `fold` learns from.
Curriculum CurriculumFor(int fold, const std::vector<int>& fold_of,
                         const std::vector<std::vector<Lesson>>& lessons_by_look, const std::vector<Pair>& pairs) {
  Curriculum curriculum;
  for (const std::vector<Lesson>& lessons : lessons_by_look) {
    std::vector<int> place(lessons.size(), -1);
    for (std::size_t i = 0; i < lessons.size(); ++i) {
      if (fold_of[i] == fold) continue;
      place[i] = static_cast<int>(curriculum.lessons.size());
      curriculum.lessons.push_back(lessons[i]);
    }
    for (const Pair& pair : pairs) {  // Both are of one scene, so in one fold.
      const int better = place[static_cast<std::size_t>(pair.better)];
      const int worse = place[static_cast<std::size_t>(pair.worse)];
      if (better >= 0) curriculum.pairs.push_back({better, worse, pair.is_attack});
    }
  }
  return curriculum;
}

// What the network that did not see an image says of it.
struct Outcome {
  double image = 0.0;
  double smoothed = 0.0;
  double usefulness = 0.0;
  bool is_clean = false;
  bool is_attacked = false;
  bool is_rendered = false;
  int place = 0;
};

std::vector<Outcome> OutcomesOf(const quality::QualityModel& model, const std::vector<Scene>& scenes,
                                const std::vector<Sample>& samples, const std::vector<double>& usefulness,
                                const std::vector<int>& fold_of) {
  std::vector<quality::QualityModel> alone(model.ensemble.size(), model);
  for (std::size_t k = 0; k < alone.size(); ++k) alone[k].ensemble = {model.ensemble[k]};
  std::map<std::string, int> places;
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Scene& scene = scenes[static_cast<std::size_t>(samples[i].scene)];
    if (!scene.calibrates) continue;
    const int place = places.try_emplace(scene.place, static_cast<int>(places.size())).first->second;
    const quality::QualityModel& judge = alone[static_cast<std::size_t>(fold_of[i])];
    const bool is_attacked = samples[i].recipe.attack.has_value();
    const bool is_clean = samples[i].recipe.steps.empty() && !is_attacked;
    for (const quality::FeaturePair& look : samples[i].looks) {
      outcomes.push_back({.image = quality::Evaluate(judge, look.image).usefulness,
                          .smoothed = quality::Evaluate(judge, look.smoothed).usefulness,
                          .usefulness = usefulness[i],
                          .is_clean = is_clean,
                          .is_attacked = is_attacked,
                          .is_rendered = scene.is_rendered,
                          .place = place});
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

// The margin that covers honest and attacked images alike: the larger of what each of the two needs. It is that of
// photographs, which vary more than rendered roads, where there are any.
double MarginFor(const std::vector<Outcome>& outcomes, const std::vector<double>& scores, double coverage) {
  const bool all_rendered =
      std::all_of(outcomes.begin(), outcomes.end(), [](const Outcome& outcome) { return outcome.is_rendered; });
  double margin = 0.0;
  for (const bool is_attacked : {false, true}) {
    std::vector<double> some;
    std::vector<double> truth;
    std::vector<int> places;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (outcomes[i].is_attacked != is_attacked || (outcomes[i].is_rendered && !all_rendered)) continue;
      some.push_back(scores[i]);
      truth.push_back(outcomes[i].usefulness);
      places.push_back(outcomes[i].place);
    }
    if (!some.empty()) margin = std::max(margin, ConformalMargin(some, truth, places, coverage));
  }
  return margin;
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
  model.margin = MarginFor(outcomes, raw, options.coverage);
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
  const bool calibrates = std::any_of(samples.begin(), samples.end(), [&](const Sample& sample) {
    return scenes[static_cast<std::size_t>(sample.scene)].calibrates;
  });
  if (!calibrates) return absl::FailedPreconditionError("uncalibrated: leaves no scene to calibrate on");
  const std::vector<double> usefulness = TrueUsefulness(samples, weights);
  std::vector<std::vector<Lesson>> lessons;
  for (std::size_t look = 0; look < samples.front().looks.size(); ++look) {
    lessons.push_back(LessonsOf(scenes, samples, usefulness, look, options.rendered_weight));
  }
  const std::vector<Pair> pairs = PairsOf(samples, usefulness);

  TrainedModel result;
  Normalize(lessons.front(), result.model);
  for (int fold = 0; fold < options.networks; ++fold) {
    const Curriculum curriculum = CurriculumFor(fold, fold_of, lessons, pairs);
    const std::uint64_t seed = options.seed + 1000 * static_cast<std::uint64_t>(fold);
    result.model.ensemble.push_back(TrainNetwork(result.model, curriculum, options.network, seed));
    if (options.note) options.note(absl::StrCat("network ", fold + 1, " of ", options.networks, " trained"));
  }
  result.out_of_fold = Calibrate(OutcomesOf(result.model, scenes, samples, usefulness, fold_of), options, result.model);
  result.model.novelty_limit = NoveltyLimit(result.model, samples);
  return result;
}

}  // namespace giot::trainer
