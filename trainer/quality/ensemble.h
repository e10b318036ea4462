#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/quality/quality_model.h"

namespace giot::trainer {

// One image as networks learn from it.
struct Lesson {
  quality::Features features{};
  double usefulness = 0.0;                          // [0, 1]
  std::array<double, quality::kFactors> factors{};  // [0, 1]
  double weight = 1.0;
};

// Of the same scene at the same choice of patches: the better one should score higher, by as much as it is better.
// Where the worse one is an attack on the better one, a higher score for it costs more.
struct Pair {
  int better = 0;  // Indices of lessons.
  int worse = 0;
  bool is_attack = false;
};

struct Curriculum {
  std::vector<Lesson> lessons;
  std::vector<Pair> pairs;
};

struct NetworkSettings {
  int epochs = 30;              // Over the lessons.
  int batch = 256;              // Lessons a step, and as many pairs.
  double rate = 4e-3;           // Of Adam; falls to 0 along a cosine.
  double decay = 1e-3;          // Of weights, decoupled (Loshchilov and Hutter 2019).
  double dropout = 0.1;         // Of hidden units.
  double noise = 0.05;          // Deviation of what is added to normalised features.
  double factor_weight = 0.1;   // Of the factors' squared error beside that of the usefulness.
  double ranking_weight = 0.4;  // Of the pairs.
  double attack_weight = 3.0;   // Of pairs that are attacks.
};

// Mean, deviation and clamp of the lessons' features, for a model without networks.
void Normalize(const std::vector<Lesson>& lessons, quality::QualityModel& model);

// Trains one 75-64-32-7 perceptron on features as `model` normalises them. Deterministic given the seed.
quality::Perceptron TrainNetwork(const quality::QualityModel& model, const Curriculum& training,
                                 const NetworkSettings& settings, std::uint64_t seed);

}  // namespace giot::trainer
