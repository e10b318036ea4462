#include "models/quality/score_terms.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace giot::quality {
namespace {

constexpr std::size_t kDigestBytes = 32;

absl::Status Wrong(absl::string_view field, const absl::AlphaNum& got, absl::string_view want) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": got ", got, ", want ", want));
}

}  // namespace

absl::Status CheckCapture(const Capture& capture) {
  if (!(std::abs(capture.latitude) <= 90.0)) return Wrong("capture.latitude", capture.latitude, "-90 to 90 degrees");
  if (!(std::abs(capture.longitude) <= 180.0)) {
    return Wrong("capture.longitude", capture.longitude, "-180 to 180 degrees");
  }
  if (!capture.sha256.empty() && capture.sha256.size() != kDigestBytes) {
    return Wrong("capture.sha256", absl::StrCat(capture.sha256.size(), " bytes"), "32 or none");
  }
  return absl::OkStatus();
}

absl::Status CheckRequirements(const Requirements& requirements) {
  if (requirements.width <= 0) return Wrong("requirements.width", requirements.width, "more than 0 pixels");
  if (requirements.height <= 0) return Wrong("requirements.height", requirements.height, "more than 0 pixels");
  if (!std::isfinite(requirements.fresh_for_s) || requirements.fresh_for_s < 0.0) {
    return Wrong("requirements.fresh_for_s", requirements.fresh_for_s, "0 s or more");
  }
  if (!std::isfinite(requirements.age_scale_s) || requirements.age_scale_s <= 0.0) {
    return Wrong("requirements.age_scale_s", requirements.age_scale_s, "more than 0 s");
  }
  return absl::OkStatus();
}

double AgeSeconds(const Capture& capture, const Requirements& requirements) {
  // As doubles: the difference of two arbitrary times may not fit an integer.
  return (static_cast<double>(requirements.received_at_us) - static_cast<double>(capture.captured_at_us)) * 1e-6;
}

double Freshness(double age_s, const Requirements& requirements) {
  if (age_s < -kClockAheadSeconds) return 0.0;
  return std::exp(-std::max(0.0, age_s - requirements.fresh_for_s) / requirements.age_scale_s);
}

double Resolution(int width, int height, const Requirements& requirements) {
  const double pixels = static_cast<double>(width) * height;
  return std::min(1.0, std::sqrt(pixels / (static_cast<double>(requirements.width) * requirements.height)));
}

}  // namespace giot::quality
