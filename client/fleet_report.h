#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "client/fleet_tally.h"
#include "client/sensing_tally.h"
#include "nlohmann/json_fwd.hpp"

namespace giot::client {

// One line of a fleet's report: how a method's menus did.
struct FleetRow {
  std::string method;
  FleetTally tally;
  std::optional<SensingTally> sensing;  // Where vehicles delivered.
};

// One row a method, for people.
void PrintFleetTable(const std::vector<FleetRow>& rows, std::ostream& out);
// What they delivered, one row a method, and what became of each way to cheat.
void PrintSensingTables(const std::vector<FleetRow>& rows, std::ostream& out);
// The same and more as one JSON object, keyed by method.
nlohmann::ordered_json FleetJson(const std::vector<FleetRow>& rows);

}  // namespace giot::client
