#include "server/ledger/state/state_tree.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/proof/merkle.h"

namespace giot::ledger {
namespace {

using Leaves = std::map<Digest, Digest>;

// root(S) of FORMAT.md section 3, word for word.
Digest NaiveRoot(const Leaves& leaves) {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return leaves.begin()->second;
  int depth = 0;
  const auto differ = [&] {
    return std::any_of(leaves.begin(), leaves.end(), [&](const auto& leaf) {
      return PathBit(leaf.first, depth) != PathBit(leaves.begin()->first, depth);
    });
  };
  while (!differ()) ++depth;
  Leaves zero, one;
  for (const auto& leaf : leaves) (PathBit(leaf.first, depth) ? one : zero).insert(leaf);
  return StateNodeHash(static_cast<std::uint8_t>(depth), NaiveRoot(zero), NaiveRoot(one));
}

// What a proof's steps make of a leaf.
Digest Climb(const Digest& path, Digest hash, const std::vector<StateProof::Step>& steps) {
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    hash = PathBit(path, step->depth) ? StateNodeHash(step->depth, step->sibling, hash)
                                      : StateNodeHash(step->depth, hash, step->sibling);
  }
  return hash;
}

// Paths that share many bits now and then, up to 255 of them.
Digest RandomPath(std::mt19937_64& random) {
  Digest path{};
  if (random() % 2 == 0) {
    for (std::uint8_t& byte : path) byte = static_cast<std::uint8_t>(random());
  } else {
    path[random() % 32] = static_cast<std::uint8_t>(1u << random() % 8);
  }
  return path;
}

Digest RandomHash(std::mt19937_64& random) { return Sha256({std::to_string(random())}); }

TEST(StateTreeTest, HasTheRootOfItsLeavesAfterEveryChange) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 40; ++round) {
    StateTree tree;
    Leaves leaves;
    for (int change = 0; change < 60; ++change) {
      const bool has_leaf = !leaves.empty() && random() % 2 == 0;
      const Digest path = has_leaf
                              ? std::next(leaves.begin(), static_cast<std::ptrdiff_t>(random() % leaves.size()))->first
                              : RandomPath(random);
      if (random() % 3 == 0) {
        tree.Erase(path);
        leaves.erase(path);
      } else {
        const Digest hash = RandomHash(random);
        tree.Set(path, hash);
        leaves[path] = hash;
      }
      ASSERT_EQ(tree.size(), leaves.size());
      ASSERT_EQ(tree.Root(), NaiveRoot(leaves)) << "round " << round << " change " << change;
    }
  }
}

TEST(StateTreeTest, ForgetsHowItsLeavesCameAbout) {
  std::mt19937_64 random(2);
  std::vector<std::pair<Digest, Digest>> leaves;
  for (int i = 0; i < 300; ++i) leaves.emplace_back(RandomPath(random), RandomHash(random));
  const Leaves kept(leaves.begin(), leaves.begin() + 100);
  const Digest expected = NaiveRoot(kept);
  for (int order = 0; order < 10; ++order) {
    std::shuffle(leaves.begin(), leaves.end(), random);
    StateTree tree;
    for (const auto& [path, hash] : leaves) {
      tree.Set(path, hash);
      if (random() % 20 == 0) tree.Root();  // Hashing in between leaves no trace.
    }
    std::shuffle(leaves.begin(), leaves.end(), random);
    for (const auto& [path, hash] : leaves) {
      if (!kept.contains(path)) tree.Erase(path);
    }
    for (const auto& [path, hash] : kept) tree.Set(path, hash);
    EXPECT_EQ(tree.Root(), expected);
  }
}

TEST(StateTreeTest, EmptiedIsEmpty) {
  StateTree tree;
  EXPECT_EQ(tree.Root(), EmptyRoot());
  tree.Erase(Sha256({"a"}));
  tree.Set(Sha256({"a"}), Sha256({"1"}));
  EXPECT_EQ(tree.Root(), Sha256({"1"}));
  tree.Erase(Sha256({"b"}));
  EXPECT_EQ(tree.size(), 1u);
  tree.Erase(Sha256({"a"}));
  EXPECT_EQ(tree.Root(), EmptyRoot());
  EXPECT_EQ(tree.size(), 0u);
}

TEST(StateTreeTest, TheWayOfEachLeafLeadsToTheRoot) {
  std::mt19937_64 random(3);
  StateTree tree;
  Leaves leaves;
  for (int i = 0; i < 300; ++i) {
    const Digest path = RandomPath(random);
    leaves[path] = RandomHash(random);
    tree.Set(path, leaves[path]);
  }
  for (const auto& [path, hash] : leaves) {
    const StateTree::Way way = tree.WayOf(path);
    EXPECT_EQ(way.end, path);
    EXPECT_TRUE(std::is_sorted(way.steps.begin(), way.steps.end(),
                               [](const auto& one, const auto& other) { return one.depth < other.depth; }));
    EXPECT_EQ(Climb(path, hash, way.steps), tree.Root());
  }
}

TEST(StateTreeTest, TheWayOfWhatIsAbsentEndsAtAnotherLeafThatBranchesAlike) {
  std::mt19937_64 random(4);
  StateTree tree;
  Leaves leaves;
  for (int i = 0; i < 100; ++i) {
    const Digest path = Sha256({std::to_string(i)});
    leaves[path] = RandomHash(random);
    tree.Set(path, leaves[path]);
  }
  for (int i = 100; i < 400; ++i) {
    const Digest absent = Sha256({std::to_string(i)});
    const StateTree::Way way = tree.WayOf(absent);
    ASSERT_TRUE(leaves.contains(way.end));
    EXPECT_EQ(Climb(absent, leaves[way.end], way.steps), tree.Root());
  }
  EXPECT_TRUE(StateTree().WayOf(Sha256({"a"})).steps.empty());
}

}  // namespace
}  // namespace giot::ledger
