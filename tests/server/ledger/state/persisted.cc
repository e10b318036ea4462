#include "tests/server/ledger/state/persisted.h"

#include <cstdlib>

#include "server/ledger/proof/log_record.h"
#include "server/ledger/proof/merkle.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/ledger/state/test_ledger.h"

namespace giot::ledger {

void Persisted::Take(StateMachine& machine) {
  machine.state().TakeChanges([&](const std::string& key, const std::string* value) {
    if (value == nullptr) {
      entries.erase(key);
    } else {
      entries[key] = *value;
    }
  });
  StateMachine::Persisted block = machine.TakeBlock();
  if (block.first_position != records.size() || block.ids.size() != block.records.size()) std::abort();
  for (std::string& record : block.records) records.push_back(std::move(record));
  ids.insert(ids.end(), block.ids.begin(), block.ids.end());
  for (Tile& tile : block.tiles) tiles[{tile.level, tile.index}] = std::move(tile);
}

MerkleLog::ReadTile Persisted::reader() const {
  return [this](int level, std::uint64_t index) -> absl::StatusOr<Tile> {
    const auto found = tiles.find({level, index});
    if (found == tiles.end()) return absl::DataLossError("no such tile");
    return found->second;
  };
}

absl::StatusOr<StateMachine> Persisted::Load() const {
  std::vector<Digest> tail;
  for (std::size_t i = records.size() - records.size() % Tile::kHashes; i < records.size(); ++i) {
    tail.push_back(LeafHash(records[i]));
  }
  absl::StatusOr<MerkleLog> log = MerkleLog::Load(records.size(), std::move(tail), reader());
  if (!log.ok()) return log.status();
  const auto each_entry = [&](const auto& entry_is) {
    for (const auto& [key, value] : entries) {
      const absl::Status status = entry_is(key, value);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  };
  const auto recent = [&](const auto& record_is) {
    std::size_t from = records.size();
    const std::int64_t last = records.empty() ? 0 : DecodeRecord(records.back())->time_us;
    while (from > 0 && DecodeRecord(records[from - 1])->time_us >= last - kMostExpiryUs) --from;
    for (; from < records.size(); ++from) record_is(from, records[from]);
    return absl::OkStatus();
  };
  return StateMachine::Load(kTestChain, std::move(*log), each_entry, recent);
}

}  // namespace giot::ledger
