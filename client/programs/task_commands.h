#pragma once

#include <vector>

#include "client/programs/command.h"

namespace giot::client {

// task publish|list|show|settle.
std::vector<Command> TaskCommands();

}  // namespace giot::client
