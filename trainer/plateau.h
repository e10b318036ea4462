#pragma once

#include <limits>

namespace giot::trainer {

// When to stop because a figure that should rise has ceased to.
struct PlateauConfig {
  int patience = 0;   // Observations without a gain in a row; 0: never.
  double gain = 0.0;  // An observation counts as a gain if it beats the best by more than this.
};

// Sees one figure after the other. Its state is a function of what it saw.
class Plateau {
 public:
  explicit Plateau(const PlateauConfig& config) : config_(config) {}

  void Observe(double figure) {
    if (figure > best_ + config_.gain) {
      best_ = figure;
      without_gain_ = 0;
    } else {
      ++without_gain_;
    }
  }
  bool reached() const { return config_.patience > 0 && without_gain_ >= config_.patience; }

 private:
  PlateauConfig config_;
  double best_ = -std::numeric_limits<double>::infinity();
  int without_gain_ = 0;
};

}  // namespace giot::trainer
