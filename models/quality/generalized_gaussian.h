#pragma once

namespace giot::quality {

// Sums over samples of a zero-mean variable, from which a distribution is fitted.
struct SignedMoments {
  double count = 0.0;
  double negative_count = 0.0;
  double absolute = 0.0;         // Sum of |x|.
  double negative_square = 0.0;  // Sum of x^2 where x < 0,
  double positive_square = 0.0;  // and where x >= 0.
};

// The generalised Gaussian with density ~ exp(-(|x| / b)^shape), by matching moments (Sharifi and
// Leon-Garcia 1995); asymmetric: b differs left and right of 0 (Lasmar, Stitou, Berthoumieu 2009).
// Shapes are kept within [0.2, 10]; without variance the shape is 10 and the rest 0.
struct SymmetricFit {
  double shape = 0.0;
  double variance = 0.0;
};
struct AsymmetricFit {
  double shape = 0.0;
  double mean = 0.0;  // eta = (b_right - b_left) Gamma(2 / shape) / Gamma(1 / shape).
  double left_variance = 0.0;
  double right_variance = 0.0;
};
SymmetricFit FitSymmetric(const SignedMoments& moments);
AsymmetricFit FitAsymmetric(const SignedMoments& moments);

}  // namespace giot::quality
