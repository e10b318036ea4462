#include "models/bundle/propose.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "models/policy/noise.h"

namespace giot::bundle {
namespace {

// Noise and levels of one chunk; on the stack.
struct Chunk {
  std::array<float, kProposalChunk * kMaxSteps * kMaxLevels> noise;
  std::array<float, kProposalChunk * kMaxLevels> levels;
};

}  // namespace

absl::Status Propose(const Bundle& bundle, const contract::PackedMarket& market, std::uint64_t seed, int first,
                     int samples, absl::Span<double> levels) {
  const FamilyShape& shape = ShapeOf(bundle.manifest().family);
  if (market.types < shape.types_min || market.types > shape.types) {
    return absl::InvalidArgumentError(
        absl::StrCat("market: got ", market.types, " types, want ", shape.types_min, " to ", shape.types));
  }
  const auto width = static_cast<std::size_t>(shape.channels * market.types);
  if (samples < 1 || levels.size() != static_cast<std::size_t>(samples) * width) {
    return absl::InvalidArgumentError(
        absl::StrCat("levels: got ", levels.size(), " values for ", samples, " samples of ", width));
  }
  const std::size_t chain = static_cast<std::size_t>(bundle.manifest().steps) * width;
  Chunk chunk;
  for (int done = 0; done < samples; done += kProposalChunk) {
    const int count = std::min(kProposalChunk, samples - done);
    const auto rows = static_cast<std::size_t>(count);
    for (std::size_t n = 0; n < rows; ++n) {
      policy::FillGaussian(seed, static_cast<std::uint64_t>(first + done) + n, {&chunk.noise[n * chain], chain});
    }
    const absl::Span<float> single(chunk.levels.data(), rows * width);
    absl::Status status = bundle.runner().Run(market, {chunk.noise.data(), rows * chain}, count, single);
    if (!status.ok()) return absl::InternalError(status.message());
    std::copy(single.begin(), single.end(),
              levels.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(done) * width));
  }
  return absl::OkStatus();
}

}  // namespace giot::bundle
