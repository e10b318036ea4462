#pragma once

#include <map>
#include <string>

#include "trainer/quality/quality_data.h"
#include "trainer/quality/quality_training.h"

namespace giot::trainer {

// What a model card of the quality model tells besides its metrics.
struct QualityCard {
  std::string command;     // That trains the same model.
  std::string provenance;  // Of the images: where they are from and under which licences.
};

// The card in Markdown: purpose, data by scene and how it was split, labels, training, metrics, limits.
std::string WriteQualityCard(const QualityCard& card, const DataSettings& settings, const QualityData& data,
                             const TrainedModel& trained, const std::map<std::string, double>& metrics);

}  // namespace giot::trainer
