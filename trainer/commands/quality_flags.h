#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "trainer/quality/quality_data.h"
#include "trainer/quality/quality_training.h"

namespace giot::trainer {

// What the flags say of the quality model's data and training. InvalidArgument naming the flag that is out of range.
absl::StatusOr<DataSettings> DataSettingsFromFlags();
absl::StatusOr<TrainingOptions> QualityTrainingFromFlags();

// Where images come from and under which licences, as --provenance has it.
std::string ProvenanceFromFlags();

// The flags that have other values than their defaults, as a command line; paths of this machine aside.
std::string QualityCommandLine();

}  // namespace giot::trainer
