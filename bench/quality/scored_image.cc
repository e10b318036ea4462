#include "bench/quality/scored_image.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <opencv2/core.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/quality/corruptions.h"
#include "models/camera/attack.h"
#include "trainer/quality/quality_training.h"

namespace giot::bench {
namespace {

using trainer::FrameMeter;
using trainer::Sample;

void ScoreOne(const cv::Mat& image, const FrameMeter& meter, std::uint64_t seed, const Judges& judges, Sample& sample,
              ScoredImage& scored) {
  meter.Measure(image, seed, sample);
  scored.judged = trainer::ToJudged(sample, judges.weights);
  scored.plain_usefulness = trainer::Usefulness(sample.parts, trainer::kPlainWeights);
  scored.score = quality::Calibrate(*judges.model, trainer::GuardedUsefulness(*judges.model, sample.looks.front()));
  scored.lower = std::max(0.0, scored.score - judges.model->margin);
  scored.brisque = judges.rivals->Brisque(image);
  scored.niqe = judges.rivals->Niqe(image);
}

const cv::Mat& FrameOf(const std::vector<trainer::Scene>& scenes, const Sample& sample) {
  return scenes[static_cast<std::size_t>(sample.scene)].frames[static_cast<std::size_t>(sample.frame)];
}

absl::Status Failure(const cv::Exception& failure) {
  return absl::InternalError(absl::StrCat("images: ", failure.what()));
}

}  // namespace

absl::StatusOr<std::vector<ScoredImage>> ScoreDistorted(const std::vector<trainer::Scene>& scenes,
                                                        const std::vector<int>& indices,
                                                        const trainer::DataSettings& settings, const Judges& judges) {
  std::vector<Sample> samples = trainer::PlanHeldOut(scenes, indices, settings);
  std::vector<ScoredImage> images(samples.size());
  const cv::Mat* metered = nullptr;
  std::unique_ptr<FrameMeter> meter;
  try {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const cv::Mat& frame = FrameOf(scenes, samples[i]);
      if (metered != &frame) meter = std::make_unique<FrameMeter>(frame, judges.measure);
      metered = &frame;
      ScoreOne(Cook(samples[i].recipe, frame), *meter, static_cast<std::uint64_t>(i) << 8, judges, samples[i],
               images[i]);
    }
  } catch (const cv::Exception& failure) {
    return Failure(failure);
  }
  return images;
}

absl::StatusOr<std::vector<ScoredImage>> ScoreCorrupted(const std::vector<trainer::Scene>& scenes,
                                                        const std::vector<int>& indices, const Judges& judges) {
  std::vector<ScoredImage> images;
  std::uint64_t seed = 1;
  try {
    for (Sample& clean :
         trainer::PlanSamples(scenes, indices, [](std::uint64_t) { return std::vector<trainer::Recipe>(1); })) {
      const cv::Mat& frame = FrameOf(scenes, clean);
      const FrameMeter meter(frame, judges.measure);
      Sample sample = clean;
      ScoreOne(frame, meter, ++seed << 8, judges, sample, images.emplace_back());
      for (const Corruption corruption : AllCorruptions()) {
        for (int severity = 1; severity <= kCorruptionSeverities; ++severity) {
          sample = clean;
          ++seed;
          ScoreOne(Corrupt(frame, corruption, severity, seed), meter, seed << 8, judges, sample, images.emplace_back());
          images.back().judged.kind = std::string(NameOf(corruption));
          images.back().judged.severity = static_cast<double>(severity) / kCorruptionSeverities;
        }
      }
    }
  } catch (const cv::Exception& failure) {
    return Failure(failure);
  }
  return images;
}

absl::Status WriteImages(const std::filesystem::path& path, const std::vector<ScoredImage>& images) {
  std::ofstream stream(path, std::ios::binary);
  stream << "scene\tframe\tkind\tseverity\tattack\tunattacked\tusefulness\tplain\tfound\tscore\tlower\tbrisque\tniqe\n";
  for (const ScoredImage& image : images) {
    const trainer::JudgedImage& judged = image.judged;
    stream << absl::StrFormat(
        "%d\t%d\t%s\t%.2f\t%s\t%d\t%.5f\t%.5f\t%s\t%.5f\t%.5f\t%.5f\t%.4f\n", judged.scene, judged.frame, judged.kind,
        judged.severity, judged.attack ? std::string(camera::NameOf(*judged.attack)) : "none", judged.unattacked,
        judged.usefulness, image.plain_usefulness, judged.found ? absl::StrFormat("%.4f", *judged.found) : "nan",
        image.score, image.lower, image.brisque, image.niqe);
  }
  stream.close();
  return stream ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", path.string()));
}

}  // namespace giot::bench
