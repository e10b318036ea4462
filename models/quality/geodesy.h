#pragma once

namespace giot::quality {

// Great-circle distance in metres on a sphere of 6,371,008.8 m (haversine formula; mean radius R1 of
// WGS 84); degrees.
double DistanceMetres(double latitude_a, double longitude_a, double latitude_b, double longitude_b);

// The direction in which b lies from a, degrees clockwise from north, [0, 360).
double BearingDegrees(double latitude_a, double longitude_a, double latitude_b, double longitude_b);

}  // namespace giot::quality
