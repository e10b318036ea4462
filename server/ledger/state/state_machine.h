#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/state/merkle_log.h"
#include "server/ledger/state/replay_set.h"
#include "server/ledger/state/state_store.h"

namespace giot::ledger {

// The ledger as a pure function of its blocks (FORMAT.md): the same blocks give the same
// bytes everywhere. No clock, randomness, floating point, file or thread. Drivers hold one,
// call it from one thread at a time, and persist what TakeBlock gives.
//
//   Begin(height, time)   Apply(transaction)...   End() -> app hash   TakeBlock()
//
// It does not undo: a driver that could not persist a block throws the machine away and
// loads a new one from what it has persisted.
class StateMachine {
 public:
  explicit StateMachine(std::string chain_id);

  // From what was persisted. `log` has all its leaves. `each_entry` calls its argument with every entry of the state,
  // `recent` with the records of the last ten minutes of block time, oldest first, each with its
  // position. InvalidArgument naming what does not fit; errors of the functions.
  static absl::StatusOr<StateMachine> Load(
      std::string chain_id, MerkleLog log,
      const std::function<absl::Status(const std::function<absl::Status(std::string_view key, std::string value)>&)>&
          each_entry,
      const std::function<absl::Status(const std::function<void(std::uint64_t position, std::string_view record)>&)>&
          recent);

  const std::string& chain_id() const { return chain_id_; }

  // What Apply would say in the next block, at its time, not below the last one's: for admission,
  // before a transaction is put into a block. Not within a block.
  v1::Code Check(const OpenedTransaction& transaction, std::int64_t now_us);
  // Checks 1 to 8 of that alone: what keeps a transaction from being remembered.
  v1::Code Admit(const OpenedTransaction& transaction, std::int64_t now_us) const;

  // A block. `time_us` is not below the last block's, `height` above it (0 for Genesis's, the first);
  // aborts otherwise.
  void Begin(std::uint64_t height, std::int64_t time_us);
  // Judges, changes the state if the code is OK, and logs the transaction either way.
  v1::Code Apply(const OpenedTransaction& transaction);
  // A block without transactions changes nothing. Aborts if money is not conserved.
  Digest End();

  // What a driver persists of the blocks since the last call, apart from changed entries
  // (state().TakeChanges).
  struct Persisted {
    std::uint64_t first_position = 0;
    std::vector<std::string> records;  // In order.
    std::vector<Digest> ids;           // Of each.
    std::vector<Tile> tiles;
  };
  Persisted TakeBlock();

  // As of the last End. Not within a block.
  struct Answer {
    std::optional<std::string> value;
    std::optional<StateProof> proof;  // Where asked for.
  };
  Answer Query(std::string_view key, bool prove);

  // The position of a transaction that is remembered, as of the last block.
  std::optional<std::uint64_t> FindRecent(const Digest& id) const { return replays_.Find(id); }

  // Of the last block that holds a transaction; 0 before.
  std::uint64_t height() const { return height_; }
  std::int64_t time_us() const { return time_us_; }
  const Digest& app_hash() const { return app_hash_; }
  Digest StateRoot() { return state_.Root(); }
  const MerkleLog& log() const { return log_; }
  StateStore& state() { return state_; }

 private:
  // Remembers what a record of the log says, as Apply did.
  absl::Status Recall(std::uint64_t position, std::string_view record);
  v1::Code Judge(const OpenedTransaction& transaction);

  std::string chain_id_;
  StateStore state_;
  MerkleLog log_;
  ReplaySet replays_;
  std::uint64_t height_ = 0;
  std::int64_t time_us_ = 0;
  Digest app_hash_{};
  // The block that is open.
  std::uint64_t open_height_ = 0;
  std::int64_t open_time_us_ = 0;
  std::uint32_t open_index_ = 0;
  Persisted block_;
};

}  // namespace giot::ledger
