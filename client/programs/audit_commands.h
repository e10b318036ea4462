#pragma once

#include <vector>

#include "client/programs/command.h"

namespace giot::client {

// An auditor's part: audit list|fetch|score|vote|attest.
std::vector<Command> AuditCommands();

}  // namespace giot::client
