#include "proto/quality/score_message.h"

#include <cstddef>
#include <string>

namespace giot::quality {
namespace {

v1::SensingFlag FlagFrom(Flag flag) {
  switch (flag) {
    case Flag::kFrozen:
      return v1::SENSING_FLAG_FROZEN;
    case Flag::kReplay:
      return v1::SENSING_FLAG_REPLAY;
    case Flag::kReplaySuspect:
      return v1::SENSING_FLAG_REPLAY_SUSPECT;
    case Flag::kStale:
      return v1::SENSING_FLAG_STALE;
    case Flag::kCorrupt:
      return v1::SENSING_FLAG_CORRUPT;
    case Flag::kUnsigned:
      return v1::SENSING_FLAG_UNSIGNED;
    case Flag::kOutOfDistribution:
      return v1::SENSING_FLAG_OUT_OF_DISTRIBUTION;
  }
  return v1::SENSING_FLAG_UNSPECIFIED;
}

void FillFactors(const SensingScore& from, v1::SensingFactors& to) {
  const auto factor = [&from](Factor which) { return from.factors[static_cast<std::size_t>(which)]; };
  to.set_sharpness(factor(Factor::kSharpness));
  to.set_noise(factor(Factor::kNoise));
  to.set_exposure(factor(Factor::kExposure));
  to.set_compression(factor(Factor::kCompression));
  to.set_visibility(factor(Factor::kVisibility));
  to.set_occlusion(factor(Factor::kOcclusion));
  to.set_resolution(from.resolution);
  to.set_freshness(from.freshness);
  to.set_integrity(from.integrity);
}

void FillRequirements(const Requirements& from, v1::SensingRequirements& to) {
  to.set_width(from.width);
  to.set_height(from.height);
  to.set_fresh_for_s(from.fresh_for_s);
  to.set_age_scale_s(from.age_scale_s);
}

void FillHeatMap(const HeatMap& from, v1::SensingHeatMap& to) {
  to.set_columns(from.columns);
  to.set_rows(from.rows);
  to.mutable_unusable()->Assign(from.unusable.begin(), from.unusable.end());
}

}  // namespace

void FillScore(const SensingScore& from, const Requirements& requirements, v1::SensingQualityScore& to) {
  to.set_quality(from.quality);
  to.set_quality_lower(from.quality_lower);
  to.set_quality_upper(from.quality_upper);
  FillFactors(from, *to.mutable_factors());
  for (const Flag flag : from.flags) to.add_flags(FlagFrom(flag));
  for (const std::string& reason : from.reasons) to.add_reasons(reason);
  if (from.heat_map) FillHeatMap(*from.heat_map, *to.mutable_heat_map());
  to.set_width(from.width);
  to.set_height(from.height);
  FillRequirements(requirements, *to.mutable_requirements());
  to.set_received_at_us(requirements.received_at_us);
}

void FillModel(const QualityModel& from, v1::SensingModel& to) {
  to.set_name(from.name);
  to.set_version(from.version);
  to.set_digest(from.digest);
  to.set_coverage(from.coverage);
}

void FillAudio(const AudioScore& from, v1::SensingAudio& to) {
  to.set_clipping(from.clipping);
  to.set_clarity(from.clarity);
  to.set_liveliness(from.liveliness);
  to.set_width(from.width);
  to.set_length_s(from.seconds);
  to.set_clipped_share(from.clipped_share);
  to.set_signal_to_noise(from.signal_to_noise);
  to.set_active_share(from.active_share);
  to.set_bandwidth(from.bandwidth);
}

void FillTelemetry(const TelemetryScore& from, v1::SensingTelemetry& to) {
  to.set_speed(from.speed);
  to.set_acceleration(from.acceleration);
  to.set_displacement(from.displacement);
  to.set_direction(from.direction);
  to.set_order(from.order);
}

}  // namespace giot::quality
