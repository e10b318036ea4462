#pragma once

#include <vector>

#include "client/programs/command.h"

namespace giot::client {

// What asks a server about its ledger, and moves money: ledger info|prove|watch|deposit|withdraw|place|accuse,
// balance, receipt get.
std::vector<Command> LedgerCommands();

}  // namespace giot::client
