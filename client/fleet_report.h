#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "client/fleet_tally.h"

namespace giot::client {

// One line of a fleet's report: how a method's menus did.
struct FleetRow {
  std::string method;
  FleetTally tally;
};

// One row a method, for people.
void PrintFleetTable(const std::vector<FleetRow>& rows, std::ostream& out);
// The same and more as one JSON object, keyed by method.
void PrintFleetJson(const std::vector<FleetRow>& rows, std::ostream& out);

}  // namespace giot::client
