#include "server/quality/score_report.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <utility>

#include "server/quality/measured_score.h"

namespace giot::scoring {

quality::SeenImage KeepReport(const quality::TelemetryReport& report, const Digest& digest) {
  const std::uint64_t speed = std::bit_cast<std::uint32_t>(static_cast<float>(report.speed));
  const std::uint64_t heading = std::bit_cast<std::uint32_t>(static_cast<float>(report.heading));
  return {digest, speed << 32 | heading, report.reported_at_us, report.latitude, report.longitude};
}

quality::TelemetryReport ReportFrom(const quality::SeenImage& kept) {
  const auto value = [](std::uint64_t bits) {
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  };
  return {kept.captured_at_us, kept.latitude, kept.longitude, value(kept.perceptual_hash >> 32),
          value(kept.perceptual_hash)};
}

absl::StatusOr<Scored> ScoreReport(const Motion& motion, const Digest& digest, const quality::Capture& capture,
                                   const quality::Requirements& requirements, const quality::SourceHistory& history) {
  const quality::TelemetryReport report = {capture.captured_at_us, capture.latitude, capture.longitude, motion.speed,
                                           motion.heading};
  std::optional<quality::TelemetryReport> previous;
  if (!history.seen.empty()) previous = ReportFrom(history.seen.back());
  absl::StatusOr<quality::TelemetryScore> measured = quality::ScoreTelemetry(report, previous, requirements);
  if (!measured.ok()) return measured.status();
  Scored scored;
  scored.score = SettleMeasured({measured->quality, measured->freshness, measured->reasons, KeepReport(report, digest)},
                                capture, history);
  scored.report = *std::move(measured);
  return scored;
}

}  // namespace giot::scoring
