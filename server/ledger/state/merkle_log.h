#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/proof/digest.h"

namespace giot::ledger {

// Hashes of the log's tree, 256 of one height: leaves (level 0), roots of full tiles of the
// level below (others).
struct Tile {
  static constexpr std::size_t kHashes = 256;

  int level = 0;
  std::uint64_t index = 0;
  std::vector<Digest> hashes;
};

// The append-only Merkle tree of RFC 6962. Memory holds the roots of the perfect subtrees that make
// up the log, and the unfinished tile of each level, at most 255 hashes each; finished ones go to the
// driver, which gives them back for proofs. An append costs one or two hashes. One thread at a time.
class MerkleLog {
 public:
  // A finished tile. DataLoss if it is missing or has not kHashes hashes.
  using ReadTile = std::function<absl::StatusOr<Tile>(int level, std::uint64_t index)>;

  static constexpr std::uint64_t kMostSize = (std::uint64_t{1} << 56) - 1;

  MerkleLog() = default;
  // The log of `size` leaves, whose last size mod 256 leaf hashes are `tail`; unfinished tiles of
  // higher levels come from finished ones.
  // InvalidArgument for a tail of another length or a size above kMostSize; errors of `read`.
  static absl::StatusOr<MerkleLog> Load(std::uint64_t size, std::vector<Digest> tail, const ReadTile& read);

  void Append(const Digest& leaf_hash);

  std::uint64_t size() const { return size_; }
  Digest Root() const;
  // Tiles that were finished since the last call.
  std::vector<Tile> TakeFinished() { return std::exchange(finished_, {}); }

  // Proofs of RFC 6962 section 2.1: reads a few tiles and hashes within them, 0.5 ms or so.
  // They hold what the tiles say: callers verify them before they hand them out. OutOfRange
  // unless index < size, old_size <= size and size <= size(); errors of `read`. Between
  // TakeFinished and the tile's being readable none may be asked for.
  absl::StatusOr<std::vector<Digest>> InclusionProof(std::uint64_t index, std::uint64_t size,
                                                     const ReadTile& read) const;
  absl::StatusOr<std::vector<Digest>> ConsistencyProof(std::uint64_t old_size, std::uint64_t size,
                                                       const ReadTile& read) const;
  absl::StatusOr<Digest> RootAt(std::uint64_t size, const ReadTile& read) const;

 private:
  class Hashes;

  // Puts the root of the next perfect subtree, 256^level leaves, beside the others.
  void Add(int level, const Digest& hash);

  std::uint64_t size_ = 0;
  std::vector<Digest> peaks_;  // Roots of perfect subtrees, the largest first, as the bits of size_ say.
  std::vector<std::vector<Digest>> unfinished_;  // By level.
  std::vector<Tile> finished_;
};

}  // namespace giot::ledger
