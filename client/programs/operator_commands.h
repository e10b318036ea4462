#pragma once

#include <vector>

#include "client/programs/command.h"

namespace giot::client {

// operator propose registration|rotation, operator approve|register|rotate|top-up.
std::vector<Command> OperatorCommands();

}  // namespace giot::client
