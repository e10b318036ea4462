#pragma once

#include <vector>

#include "client/programs/command.h"

namespace giot::client {

// A vehicle's part in a task: accept, submit, submit salt, dispute, acceptance.
std::vector<Command> VehicleCommands();

}  // namespace giot::client
