#include "models/quality/geodesy.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace giot::quality {
namespace {

constexpr double kEarthRadius = 6'371'008.8;
constexpr double kRadians = std::numbers::pi / 180.0;

}  // namespace

double DistanceMetres(double latitude_a, double longitude_a, double latitude_b, double longitude_b) {
  const double half_latitude = std::sin((latitude_b - latitude_a) * kRadians / 2.0);
  const double half_longitude = std::sin((longitude_b - longitude_a) * kRadians / 2.0);
  const double haversine = half_latitude * half_latitude + std::cos(latitude_a * kRadians) *
                                                               std::cos(latitude_b * kRadians) * half_longitude *
                                                               half_longitude;
  return 2.0 * kEarthRadius * std::asin(std::sqrt(std::min(1.0, haversine)));
}

double BearingDegrees(double latitude_a, double longitude_a, double latitude_b, double longitude_b) {
  const double turn = (longitude_b - longitude_a) * kRadians;
  const double from = latitude_a * kRadians;
  const double to = latitude_b * kRadians;
  const double east = std::sin(turn) * std::cos(to);
  const double north = std::cos(from) * std::sin(to) - std::sin(from) * std::cos(to) * std::cos(turn);
  const double degrees = std::atan2(east, north) / kRadians;
  return degrees < 0.0 ? degrees + 360.0 : degrees;
}

}  // namespace giot::quality
