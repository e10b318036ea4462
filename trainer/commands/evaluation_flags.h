#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "models/bundle/bundle.h"
#include "models/bundle/family.h"
#include "trainer/evaluation/evaluate.h"

namespace giot::trainer {

// What evaluate, export, gate and compare measure on; what is not given is what suits the
// family. InvalidArgument naming the flag.
absl::StatusOr<EvaluationOptions> EvaluationOptionsFromFlags(bundle::Family family);

// Loads as the server does; `flag` names the flag that gave `directory`.
absl::StatusOr<std::shared_ptr<const bundle::Bundle>> LoadBundle(const char* flag, const std::string& directory);

}  // namespace giot::trainer
