#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

// What a driver keeps of a machine, in memory.
class Persisted {
 public:
  // Takes what the machine has done since the last call.
  void Take(StateMachine& machine);
  // The machine that comes out of it, with the records of the last ten minutes.
  absl::StatusOr<StateMachine> Load() const;

  MerkleLog::ReadTile reader() const;

  std::map<std::string, std::string> entries;
  std::vector<std::string> records;
  std::vector<Digest> ids;
  std::map<std::pair<int, std::uint64_t>, Tile> tiles;
};

}  // namespace giot::ledger
