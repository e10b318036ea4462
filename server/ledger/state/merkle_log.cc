#include "server/ledger/state/merkle_log.h"

#include <algorithm>
#include <bit>
#include <map>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/merkle.h"

namespace giot::ledger {
namespace {

constexpr int kTileBits = 8;
static_assert(Tile::kHashes == std::size_t{1} << kTileBits);

// Of leaves [begin, end) of a log; begin is a multiple of the least power of two that is not below
// the range's size, as it is of every subtree of RFC 6962.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t size() const { return end - begin; }
  bool perfect() const { return std::has_single_bit(size()); }
  // The largest power of two below its size.
  std::uint64_t middle() const { return begin + std::bit_floor(size() - 1); }
  Range left() const { return {begin, middle()}; }
  Range right() const { return {middle(), end}; }
};

Digest PerfectRoot(std::vector<Digest> hashes) {
  while (hashes.size() > 1) {
    for (std::size_t i = 0; i < hashes.size() / 2; ++i) hashes[i] = NodeHash(hashes[2 * i], hashes[2 * i + 1]);
    hashes.resize(hashes.size() / 2);
  }
  return hashes[0];
}

absl::StatusOr<Tile> WholeTile(const MerkleLog::ReadTile& read, int level, std::uint64_t index) {
  absl::StatusOr<Tile> tile = read(level, index);
  if (tile.ok() && tile->hashes.size() != Tile::kHashes) {
    return absl::DataLossError(
        absl::StrCat("tile ", level, "/", index, " has ", tile->hashes.size(), " hashes, want ", Tile::kHashes));
  }
  return tile;
}

}  // namespace

// Hashes of subtrees for one proof; reads each tile once.
class MerkleLog::Hashes {
 public:
  Hashes(const MerkleLog& log, const ReadTile& read) : log_(log), read_(read) {}

  absl::StatusOr<Digest> Of(const Range& range) {
    if (range.perfect()) return OfPerfect(range);
    const absl::StatusOr<Digest> left = Of(range.left());
    if (!left.ok()) return left;
    const absl::StatusOr<Digest> right = Of(range.right());
    if (!right.ok()) return right;
    return NodeHash(*left, *right);
  }

  // Adds a range's hash to a proof.
  absl::Status AddTo(std::vector<Digest>& proof, const Range& range) {
    const absl::StatusOr<Digest> hash = Of(range);
    if (hash.ok()) proof.push_back(*hash);
    return hash.status();
  }

 private:
  absl::StatusOr<Digest> OfPerfect(const Range& range) {
    const int height = std::countr_zero(range.size());
    const int level = height / kTileBits;
    const std::uint64_t first = range.begin >> (level * kTileBits);
    const absl::StatusOr<const std::vector<Digest>*> hashes = TileOf(level, first / Tile::kHashes);
    if (!hashes.ok()) return hashes.status();
    const auto begin = (*hashes)->begin() + static_cast<std::ptrdiff_t>(first % Tile::kHashes);
    return PerfectRoot({begin, begin + (std::ptrdiff_t{1} << (height % kTileBits))});
  }

  absl::StatusOr<const std::vector<Digest>*> TileOf(int level, std::uint64_t index) {
    if (index == log_.size_ >> (level * kTileBits + kTileBits)) {
      return &log_.unfinished_[static_cast<std::size_t>(level)];
    }
    for (const Tile& tile : log_.finished_) {
      if (tile.level == level && tile.index == index) return &tile.hashes;
    }
    const auto [place, is_new] = tiles_.try_emplace({level, index});
    if (is_new) {
      absl::StatusOr<Tile> tile = WholeTile(read_, level, index);
      if (!tile.ok()) return tile.status();
      place->second = std::move(tile->hashes);
    }
    return &place->second;
  }

  const MerkleLog& log_;
  const ReadTile& read_;
  std::map<std::pair<int, std::uint64_t>, std::vector<Digest>> tiles_;
};

absl::StatusOr<MerkleLog> MerkleLog::Load(std::uint64_t size, std::vector<Digest> tail, const ReadTile& read) {
  if (tail.size() != size % Tile::kHashes) {
    return absl::InvalidArgumentError(
        absl::StrCat("tail has ", tail.size(), " hashes, want ", size % Tile::kHashes, " for a log of ", size));
  }
  if (size > kMostSize) return absl::InvalidArgumentError(absl::StrCat("size is ", size, ", want at most ", kMostSize));
  MerkleLog log;
  int levels = 0;
  while (size >> (levels * kTileBits) > 0) ++levels;
  for (int level = levels - 1; level > 0; --level) {
    const std::uint64_t count = size >> (level * kTileBits);
    for (std::uint64_t i = count - count % Tile::kHashes; i < count; ++i) {
      absl::StatusOr<Tile> below = WholeTile(read, level - 1, i);
      if (!below.ok()) return below.status();
      log.Add(level, PerfectRoot(std::move(below->hashes)));
    }
  }
  for (const Digest& leaf : tail) log.Add(0, leaf);
  return log;
}

void MerkleLog::Append(const Digest& leaf_hash) { Add(0, leaf_hash); }

void MerkleLog::Add(int level, const Digest& hash) {
  Digest peak = hash;
  for (int height = level * kTileBits;; ++height) {
    if (height % kTileBits == 0) {
      const auto tile_level = static_cast<std::size_t>(height / kTileBits);
      if (unfinished_.size() <= tile_level) unfinished_.resize(tile_level + 1);
      std::vector<Digest>& tile = unfinished_[tile_level];
      tile.push_back(peak);
      if (tile.size() == Tile::kHashes) {
        const std::uint64_t index = size_ >> (height + kTileBits);
        finished_.push_back({height / kTileBits, index, std::exchange(tile, {})});
      }
    }
    if ((size_ >> height & 1) == 0) break;
    peak = NodeHash(peaks_.back(), peak);
    peaks_.pop_back();
  }
  peaks_.push_back(peak);
  size_ += std::uint64_t{1} << (level * kTileBits);
}

Digest MerkleLog::Root() const {
  if (peaks_.empty()) return EmptyRoot();
  Digest root = peaks_.back();
  for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak) root = NodeHash(*peak, root);
  return root;
}

absl::StatusOr<std::vector<Digest>> MerkleLog::InclusionProof(std::uint64_t index, std::uint64_t size,
                                                              const ReadTile& read) const {
  if (index >= size || size > size_) {
    return absl::OutOfRangeError(absl::StrCat("index ", index, " of size ", size, ", the log has ", size_));
  }
  Hashes hashes(*this, read);
  std::vector<Digest> proof;
  for (Range range{0, size}; range.size() > 1;) {
    const bool is_left = index < range.middle();
    const absl::Status added = hashes.AddTo(proof, is_left ? range.right() : range.left());
    if (!added.ok()) return added;
    range = is_left ? range.left() : range.right();
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::StatusOr<std::vector<Digest>> MerkleLog::ConsistencyProof(std::uint64_t old_size, std::uint64_t size,
                                                                const ReadTile& read) const {
  if (old_size > size || size > size_) {
    return absl::OutOfRangeError(absl::StrCat("sizes ", old_size, " and ", size, ", the log has ", size_));
  }
  std::vector<Digest> proof;
  if (old_size == 0 || old_size == size) return proof;
  Hashes hashes(*this, read);
  Range range{0, size};
  while (range.end != old_size) {
    const bool is_left = old_size <= range.middle();
    const absl::Status added = hashes.AddTo(proof, is_left ? range.right() : range.left());
    if (!added.ok()) return added;
    range = is_left ? range.left() : range.right();
  }
  // The old root itself is known to who asks.
  if (range.begin > 0) {
    const absl::Status added = hashes.AddTo(proof, range);
    if (!added.ok()) return added;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::StatusOr<Digest> MerkleLog::RootAt(std::uint64_t size, const ReadTile& read) const {
  if (size > size_) return absl::OutOfRangeError(absl::StrCat("size ", size, ", the log has ", size_));
  if (size == 0) return EmptyRoot();
  return Hashes(*this, read).Of({0, size});
}

}  // namespace giot::ledger
