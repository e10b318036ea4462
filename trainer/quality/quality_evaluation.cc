#include "trainer/quality/quality_evaluation.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::trainer {
namespace {

void Put(const std::string& name, const Estimate& estimate, std::map<std::string, double>& metrics) {
  metrics[name] = estimate.value;
  metrics[name + "_low"] = estimate.interval.low;
  metrics[name + "_high"] = estimate.interval.high;
}

// Names in the order of AllDistortions(), and clean images with both.
std::vector<std::string> Kinds(const std::vector<std::string>& unseen, bool are_unseen) {
  std::vector<std::string> kinds = {"clean"};
  for (const camera::Distortion distortion : camera::AllDistortions()) {
    const std::string name(camera::NameOf(distortion));
    if ((std::find(unseen.begin(), unseen.end(), name) != unseen.end()) == are_unseen) kinds.push_back(name);
  }
  return kinds;
}

Payment PaymentOf(const std::vector<JudgedImage>& images, const std::vector<double>& scores, double margin,
                  bool attacked) {
  std::vector<JudgedImage> some;
  std::vector<double> lower;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (images[i].attack.has_value() != attacked) continue;
    some.push_back(images[i]);
    lower.push_back(std::max(0.0, scores[i] - margin));
  }
  return JudgePayment(some, lower);
}

}  // namespace

std::vector<double> ScoresOf(const quality::QualityModel& model, const std::vector<Sample>& samples) {
  std::vector<double> scores;
  for (const Sample& sample : samples) {
    scores.push_back(quality::Calibrate(model, GuardedUsefulness(model, sample.looks.front())));
  }
  return scores;
}

QualityEvaluation EvaluateQuality(const quality::QualityModel& model, const QualityData& data, const Weights& weights,
                                  const std::vector<std::string>& unseen_kinds) {
  std::vector<JudgedImage> images;
  std::vector<double> plain;
  std::vector<double> label;
  std::set<int> scenes;
  std::set<std::pair<int, int>> frames;
  for (const Sample& sample : data.held_out) {
    images.push_back(ToJudged(sample, weights));
    plain.push_back(Usefulness(sample.parts, kPlainWeights));
    label.push_back(images.back().usefulness);
    scenes.insert(sample.scene);
    frames.insert({sample.scene, sample.frame});
  }
  const std::vector<double> scores = ScoresOf(model, data.held_out);
  QualityEvaluation evaluation;
  evaluation.scenes = static_cast<int>(scenes.size());
  evaluation.frames = static_cast<int>(frames.size());
  evaluation.images = static_cast<int>(images.size());
  evaluation.score = Judge(images, scores);
  evaluation.plain_label = Judge(images, plain);
  evaluation.label = Judge(images, label);
  evaluation.trained_kinds = UsefulnessCorrelation(images, scores, Kinds(unseen_kinds, false));
  evaluation.unseen_kinds = UsefulnessCorrelation(images, scores, Kinds(unseen_kinds, true));
  const std::vector<double> truth = TrueUsefulness(data.held_out, weights);
  for (std::size_t i = 0; i < images.size(); ++i) images[i].usefulness = truth[i];
  evaluation.honest = PaymentOf(images, scores, model.margin, false);
  evaluation.attacked = PaymentOf(images, scores, model.margin, true);
  return evaluation;
}

std::map<std::string, double> MetricsOf(const QualityEvaluation& evaluation, const TrainedModel& trained,
                                        const Weights& weights) {
  std::map<std::string, double> metrics;
  for (std::size_t i = 0; i < kParts; ++i) {
    metrics[absl::StrCat("label_weight_", std::string(NameOf(static_cast<Part>(i))))] = weights[i];
  }
  metrics["out_of_fold_error"] = trained.out_of_fold.error;
  metrics["out_of_fold_correlation"] = trained.out_of_fold.correlation;
  metrics["out_of_fold_clean_raw"] = trained.out_of_fold.clean;
  if (evaluation.images == 0) return metrics;
  metrics["heldout_scenes"] = evaluation.scenes;
  metrics["heldout_frames"] = evaluation.frames;
  metrics["heldout_images"] = evaluation.images;
  Put("usefulness_correlation", evaluation.score.usefulness, metrics);
  Put("found_correlation", evaluation.score.found, metrics);
  Put("found_means_correlation", evaluation.score.found_means, metrics);
  Put("label_found_correlation", evaluation.label.found, metrics);
  Put("label_found_means_correlation", evaluation.label.found_means, metrics);
  Put("plain_label_found_correlation", evaluation.plain_label.found, metrics);
  Put("plain_label_found_means_correlation", evaluation.plain_label.found_means, metrics);
  metrics["trained_kinds_correlation"] = evaluation.trained_kinds;
  metrics["unseen_kinds_correlation"] = evaluation.unseen_kinds;
  metrics["ordered_pairs"] = evaluation.score.ordered_pairs;
  for (std::size_t i = 0; i < camera::kAttacks; ++i) {
    const std::string name(camera::NameOf(camera::AllAttacks()[i]));
    metrics[absl::StrCat("attack_gain_", name)] = evaluation.score.attack_gains[i];
  }
  metrics["best_attack_gain"] = evaluation.score.best_attack_gain;
  metrics["share_gaining"] = evaluation.score.share_gaining;
  metrics["honest_coverage"] = evaluation.honest.coverage;
  metrics["honest_overpayment_p95"] = evaluation.honest.overpayment_p95;
  metrics["attacked_coverage"] = evaluation.attacked.coverage;
  metrics["attacked_overpayment_p95"] = evaluation.attacked.overpayment_p95;
  return metrics;
}

}  // namespace giot::trainer
