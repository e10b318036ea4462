#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/anytime/proposer.h"

namespace giot::bench {

// Proposals of the bundle in `directory`, which is for `family`. Errors as bundle::Bundle::Load
// states them; InvalidArgument for another family.
absl::StatusOr<std::unique_ptr<Proposer>> LoadProposer(const std::string& directory, const std::string& family);

}  // namespace giot::bench
