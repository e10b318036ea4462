#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "client/programs/command.h"
#include "giot/v1/contract.pb.h"

namespace giot::client {

// generate, models, health.
std::vector<Command> ContractCommands();

// The market of --market, or of flags one by one, and how its menu is to be made. InvalidArgument naming flag or field,
// NotFound.
absl::StatusOr<v1::GenerateContractRequest> ContractRequestFromFlags();

}  // namespace giot::client
