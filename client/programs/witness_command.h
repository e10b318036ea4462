#pragma once

#include <vector>

#include "client/programs/command.h"

namespace giot::client {

// witness.
std::vector<Command> WitnessCommands();

}  // namespace giot::client
