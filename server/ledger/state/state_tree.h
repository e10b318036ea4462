#pragma once

#include <cstdint>
#include <vector>

#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/state_proof.h"

namespace giot::ledger {

// The Merkle tree over the state: a compressed binary trie over paths, SHA-256(key), so that its
// root depends on the entries alone (FORMAT.md section 3). It keeps hashes, neither keys nor values.
// A change walks O(log n) nodes; hashes are computed when the root is asked for, each node once
// however many entries below it changed. One thread at a time.
class StateTree {
 public:
  // Adds the leaf or changes it.
  void Set(const Digest& path, const Digest& leaf_hash);
  // Nothing if there is none.
  void Erase(const Digest& path);

  Digest Root();

  // The way of a path: proof steps, and the path of the leaf at its end, which is the same if there
  // is such a leaf. Empty for an empty tree, whose `end` is zeros.
  struct Way {
    std::vector<StateProof::Step> steps;  // From the root down.
    Digest end{};
  };
  Way WayOf(const Digest& path);

  std::size_t size() const { return size_; }

 private:
  // Nodes lie in one vector and name each other by place, which keeps them small and close.
  struct Node {
    Digest hash{};
    Digest path{};               // Leaf.
    std::uint32_t side[2] = {};  // Branch: children.
    std::int16_t depth = kLeaf;  // Branch: the bit that its children differ in.
    bool stale = false;          // `hash` is to be computed.
  };
  static constexpr std::int16_t kLeaf = -1;
  static constexpr std::uint32_t kNone = 0xffffffff;

  bool IsLeaf(std::uint32_t node) const { return nodes_[node].depth == kLeaf; }
  std::uint32_t& Next(std::uint32_t branch, const Digest& path);
  std::uint32_t NewNode();
  // The leaf at the end of the path's way. Requires a tree that is not empty.
  std::uint32_t EndOf(const Digest& path);
  void Insert(const Digest& path, const Digest& leaf_hash, int depth);
  const Digest& HashOf(std::uint32_t node);

  std::vector<Node> nodes_;
  std::vector<std::uint32_t> free_;
  std::uint32_t root_ = kNone;
  std::size_t size_ = 0;
};

}  // namespace giot::ledger
