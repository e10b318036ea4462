#include "bench/quality/rivals.h"

#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/quality/qualitybrisque.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bench/quality/niqe.h"

namespace giot::bench {

struct Rivals::Models {
  cv::Ptr<cv::quality::QualityBRISQUE> brisque;
  bench::Niqe niqe;
};

Rivals::Rivals(std::unique_ptr<Models> models) : models_(std::move(models)) {}
Rivals::Rivals(Rivals&&) noexcept = default;
Rivals& Rivals::operator=(Rivals&&) noexcept = default;
Rivals::~Rivals() = default;

absl::StatusOr<Rivals> Rivals::Load(const std::string& brisque, const std::vector<cv::Mat>& pristine) {
  const std::filesystem::path folder(brisque);
  const std::string model = folder / "brisque_model_live.yml";
  const std::string range = folder / "brisque_range_live.yml";
  if (!std::filesystem::exists(model) || !std::filesystem::exists(range)) {
    return absl::NotFoundError(absl::StrCat("no ", model, " or ", range, "; opencv-data has them"));
  }
  absl::StatusOr<bench::Niqe> niqe = bench::Niqe::Fit(pristine);
  if (!niqe.ok()) return niqe.status();
  return Rivals(std::make_unique<Models>(Models{cv::quality::QualityBRISQUE::create(model, range), *std::move(niqe)}));
}

double Rivals::Brisque(const cv::Mat& image) const { return 1.0 - models_->brisque->compute(image)[0] / 100.0; }

double Rivals::Niqe(const cv::Mat& image) const { return -models_->niqe.Score(image); }

}  // namespace giot::bench
