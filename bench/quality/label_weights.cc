#include "bench/quality/label_weights.h"

#include <cstddef>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace giot::bench {

absl::StatusOr<trainer::Weights> ReadLabelWeights(const std::filesystem::path& bundle) {
  std::ifstream stream(bundle / "manifest.json");
  if (!stream) return absl::NotFoundError(absl::StrCat("no manifest.json in ", bundle.string()));
  const nlohmann::json manifest = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
  const nlohmann::json::json_pointer pointer("/metrics");
  const nlohmann::json metrics = manifest.contains(pointer) ? manifest[pointer] : nlohmann::json();
  trainer::Weights weights;
  for (std::size_t i = 0; i < trainer::kParts; ++i) {
    const std::string name = absl::StrCat("label_weight_", std::string(NameOf(static_cast<trainer::Part>(i))));
    if (!metrics.contains(name) || !metrics[name].is_number()) {
      return absl::InvalidArgumentError(absl::StrCat("manifest.json: metrics: no ", name));
    }
    weights[i] = metrics[name];
  }
  return weights;
}

}  // namespace giot::bench
