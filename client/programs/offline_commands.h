#pragma once

#include <vector>

#include "client/programs/command.h"

namespace giot::client {

// What needs no server: ledger init|verify, ledger proof verify, receipt verify.
std::vector<Command> OfflineCommands();

}  // namespace giot::client
