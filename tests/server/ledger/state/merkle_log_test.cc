#include "server/ledger/state/merkle_log.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/proof/merkle.h"

namespace giot::ledger {
namespace {

Digest Leaf(std::uint64_t index) { return LeafHash(std::to_string(index)); }

std::vector<Digest> Leaves(std::uint64_t size) {
  std::vector<Digest> leaves;
  for (std::uint64_t i = 0; i < size; ++i) leaves.push_back(Leaf(i));
  return leaves;
}

// MTH of RFC 6962 section 2.1, word for word.
Digest NaiveRoot(const std::vector<Digest>& leaves, std::size_t begin, std::size_t end) {
  if (begin == end) return EmptyRoot();
  if (end - begin == 1) return leaves[begin];
  std::size_t k = 1;
  while (2 * k < end - begin) k *= 2;
  return NodeHash(NaiveRoot(leaves, begin, begin + k), NaiveRoot(leaves, begin + k, end));
}

// A log with the store of tiles that a driver has.
struct Kept {
  MerkleLog log;
  std::map<std::pair<int, std::uint64_t>, Tile> tiles;
  mutable int reads = 0;

  void Append(const Digest& leaf) {
    log.Append(leaf);
    for (Tile& tile : log.TakeFinished()) {
      const bool is_new = tiles.emplace(std::pair(tile.level, tile.index), tile).second;
      EXPECT_TRUE(is_new) << tile.level << "/" << tile.index;
    }
  }
  MerkleLog::ReadTile reader() const {
    return [this](int level, std::uint64_t index) -> absl::StatusOr<Tile> {
      ++reads;
      const auto found = tiles.find({level, index});
      if (found == tiles.end()) return absl::DataLossError("no such tile");
      return found->second;
    };
  }
  std::vector<Digest> Tail() const {
    std::vector<Digest> tail;
    for (std::uint64_t i = log.size() - log.size() % 256; i < log.size(); ++i) tail.push_back(Leaf(i));
    return tail;
  }
};

Kept KeptOf(std::uint64_t size) {
  Kept kept;
  for (std::uint64_t i = 0; i < size; ++i) kept.Append(Leaf(i));
  return kept;
}

TEST(MerkleLogTest, HasTheRootOfRfc6962AtEverySizeTo1100) {
  const std::vector<Digest> leaves = Leaves(1100);
  Kept kept;
  EXPECT_EQ(kept.log.Root(), EmptyRoot());
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    kept.Append(leaves[size - 1]);
    ASSERT_EQ(kept.log.size(), size);
    ASSERT_EQ(kept.log.Root(), NaiveRoot(leaves, 0, size)) << size;
  }
  EXPECT_EQ(kept.tiles.size(), 4u);
  EXPECT_EQ((kept.tiles[{0, 3}].hashes), std::vector<Digest>(leaves.begin() + 768, leaves.begin() + 1024));
}

TEST(MerkleLogTest, RootsOfOlderSizesAreKept) {
  const std::vector<Digest> leaves = Leaves(1100);
  const Kept kept = KeptOf(1100);
  for (std::uint64_t size = 0; size <= 1100; ++size) {
    ASSERT_EQ(kept.log.RootAt(size, kept.reader()).value(), NaiveRoot(leaves, 0, size)) << size;
  }
}

TEST(MerkleLogTest, TilesOfTilesHoldTheirRoots) {
  const std::vector<Digest> leaves = Leaves(65'537);
  Kept kept;
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    kept.Append(leaves[size - 1]);
    if (size >= 65'535) {
      ASSERT_EQ(kept.log.Root(), NaiveRoot(leaves, 0, size)) << size;
    }
  }
  ASSERT_EQ(kept.tiles.size(), 257u);
  const Tile& above = kept.tiles[{1, 0}];
  ASSERT_EQ(above.hashes.size(), Tile::kHashes);
  for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(above.hashes[i], NaiveRoot(leaves, 256 * i, 256 * i + 256));
  EXPECT_EQ(kept.log.RootAt(65'536, kept.reader()).value(), NaiveRoot(leaves, 0, 65'536));
}

TEST(MerkleLogTest, InclusionProofsVerifyAcrossTileEdges) {
  const Kept kept = KeptOf(700);
  for (const std::uint64_t size : {1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 700}) {
    const Digest root = kept.log.RootAt(size, kept.reader()).value();
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = kept.log.InclusionProof(index, size, kept.reader());
      ASSERT_TRUE(proof.ok());
      ASSERT_TRUE(VerifyInclusion(Leaf(index), index, size, *proof, root).ok()) << index << " of " << size;
    }
  }
}

TEST(MerkleLogTest, ConsistencyProofsVerifyAcrossTileEdges) {
  const Kept kept = KeptOf(700);
  for (const std::uint64_t size : {1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 700}) {
    const Digest root = kept.log.RootAt(size, kept.reader()).value();
    for (std::uint64_t old_size = 0; old_size <= size; ++old_size) {
      const auto proof = kept.log.ConsistencyProof(old_size, size, kept.reader());
      ASSERT_TRUE(proof.ok());
      const Digest old_root = kept.log.RootAt(old_size, kept.reader()).value();
      ASSERT_TRUE(VerifyConsistency(old_size, old_root, size, root, *proof).ok()) << old_size << " of " << size;
    }
  }
}

TEST(MerkleLogTest, ProofsOfALongLogVerifyAndReadFewTiles) {
  const Kept kept = KeptOf(70'000);
  const Digest root = kept.log.Root();
  for (const std::uint64_t index : {0, 255, 256, 65'535, 65'536, 69'999}) {
    kept.reads = 0;
    const auto proof = kept.log.InclusionProof(index, 70'000, kept.reader());
    ASSERT_TRUE(proof.ok());
    EXPECT_TRUE(VerifyInclusion(Leaf(index), index, 70'000, *proof, root).ok()) << index;
    EXPECT_LE(kept.reads, 3) << index;
  }
  const auto consistency = kept.log.ConsistencyProof(65'537, 70'000, kept.reader());
  ASSERT_TRUE(consistency.ok());
  const Digest old_root = kept.log.RootAt(65'537, kept.reader()).value();
  EXPECT_TRUE(VerifyConsistency(65'537, old_root, 70'000, root, *consistency).ok());
}

TEST(MerkleLogTest, ProvesFromTilesThatAreNotTakenYet) {
  MerkleLog log;
  for (std::uint64_t i = 0; i < 600; ++i) log.Append(Leaf(i));
  const MerkleLog::ReadTile none = [](int, std::uint64_t) -> absl::StatusOr<Tile> {
    return absl::DataLossError("none is stored");
  };
  const auto proof = log.InclusionProof(3, 600, none);
  ASSERT_TRUE(proof.ok());
  EXPECT_TRUE(VerifyInclusion(Leaf(3), 3, 600, *proof, log.Root()).ok());
}

TEST(MerkleLogTest, LoadedGoesOnAsTheOneThatWasSaved) {
  for (const std::uint64_t size : {0, 1, 255, 256, 257, 1000, 65'535, 65'536, 66'000}) {
    Kept kept = KeptOf(size);
    absl::StatusOr<MerkleLog> loaded = MerkleLog::Load(size, kept.Tail(), kept.reader());
    ASSERT_TRUE(loaded.ok()) << size;
    EXPECT_EQ(loaded->size(), size);
    EXPECT_EQ(loaded->Root(), kept.log.Root()) << size;
    EXPECT_TRUE(loaded->TakeFinished().empty());
    Kept again{std::move(*loaded), kept.tiles, 0};
    for (std::uint64_t i = size; i < size + 300; ++i) {
      kept.Append(Leaf(i));
      again.Append(Leaf(i));
    }
    EXPECT_EQ(again.log.Root(), kept.log.Root()) << size;
    EXPECT_EQ(again.tiles.size(), kept.tiles.size());
    const auto proof = again.log.InclusionProof(0, size + 300, again.reader());
    ASSERT_TRUE(proof.ok());
    EXPECT_TRUE(VerifyInclusion(Leaf(0), 0, size + 300, *proof, again.log.Root()).ok());
  }
}

TEST(MerkleLogTest, WhatIsMissingOrShortIsAnError) {
  Kept kept = KeptOf(600);
  const MerkleLog& log = kept.log;
  EXPECT_EQ(log.InclusionProof(600, 600, kept.reader()).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log.InclusionProof(0, 601, kept.reader()).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log.ConsistencyProof(3, 2, kept.reader()).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log.ConsistencyProof(3, 601, kept.reader()).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(log.RootAt(601, kept.reader()).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(MerkleLog::Load(600, {}, kept.reader()).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MerkleLog::Load(MerkleLog::kMostSize + 1, {}, kept.reader()).status().code(),
            absl::StatusCode::kInvalidArgument);
  kept.tiles[{0, 0}].hashes.pop_back();
  EXPECT_EQ(log.InclusionProof(0, 600, kept.reader()).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(MerkleLog::Load(600, kept.Tail(), kept.reader()).status().code(), absl::StatusCode::kDataLoss);
  kept.tiles.erase({0, 0});
  EXPECT_EQ(log.ConsistencyProof(1, 600, kept.reader()).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace giot::ledger
