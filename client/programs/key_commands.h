#pragma once

#include <vector>

#include "client/programs/command.h"

namespace giot::client {

// key new, key show.
std::vector<Command> KeyCommands();

}  // namespace giot::client
