#include "server/ledger/state/state_tree.h"

#include <bit>

#include "server/ledger/proof/merkle.h"

namespace giot::ledger {
namespace {

// The first bit in which two paths differ, which must be different.
int FirstDifference(const Digest& one, const Digest& other) {
  std::size_t byte = 0;
  while (one[byte] == other[byte]) ++byte;
  return static_cast<int>(byte) * 8 + std::countl_zero(static_cast<std::uint8_t>(one[byte] ^ other[byte]));
}

}  // namespace

std::uint32_t& StateTree::Next(std::uint32_t branch, const Digest& path) {
  Node& node = nodes_[branch];
  return node.side[PathBit(path, node.depth) ? 1 : 0];
}

std::uint32_t StateTree::NewNode() {
  if (free_.empty()) {
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  const std::uint32_t node = free_.back();
  free_.pop_back();
  nodes_[node] = Node{};
  return node;
}

std::uint32_t StateTree::EndOf(const Digest& path) {
  std::uint32_t node = root_;
  while (!IsLeaf(node)) node = Next(node, path);
  return node;
}

void StateTree::Set(const Digest& path, const Digest& leaf_hash) {
  if (root_ == kNone) {
    Insert(path, leaf_hash, 0);
    return;
  }
  const Node& end = nodes_[EndOf(path)];
  if (end.path != path) {
    Insert(path, leaf_hash, FirstDifference(end.path, path));
    return;
  }
  std::uint32_t node = root_;
  for (; !IsLeaf(node); node = Next(node, path)) nodes_[node].stale = true;
  nodes_[node].hash = leaf_hash;
}

void StateTree::Insert(const Digest& path, const Digest& leaf_hash, int depth) {
  ++size_;
  const std::uint32_t leaf = NewNode();
  nodes_[leaf].path = path;
  nodes_[leaf].hash = leaf_hash;
  if (root_ == kNone) {
    root_ = leaf;
    return;
  }
  const std::uint32_t branch = NewNode();  // Before the walk, which holds a place in the vector.
  std::uint32_t* place = &root_;
  while (!IsLeaf(*place) && nodes_[*place].depth < depth) {
    nodes_[*place].stale = true;
    place = &Next(*place, path);
  }
  const bool one_side = PathBit(path, depth);
  nodes_[branch].depth = static_cast<std::int16_t>(depth);
  nodes_[branch].stale = true;
  nodes_[branch].side[one_side ? 1 : 0] = leaf;
  nodes_[branch].side[one_side ? 0 : 1] = *place;
  *place = branch;
}

void StateTree::Erase(const Digest& path) {
  if (root_ == kNone || nodes_[EndOf(path)].path != path) return;
  --size_;
  std::uint32_t* above = nullptr;  // What names the branch above the leaf.
  std::uint32_t* place = &root_;
  while (!IsLeaf(*place)) {
    nodes_[*place].stale = true;
    above = place;
    place = &Next(*place, path);
  }
  free_.push_back(*place);
  if (above == nullptr) {
    root_ = kNone;
    return;
  }
  const std::uint32_t branch = *above;
  *above = nodes_[branch].side[PathBit(path, nodes_[branch].depth) ? 0 : 1];
  free_.push_back(branch);
}

const Digest& StateTree::HashOf(std::uint32_t node) {
  if (nodes_[node].stale) {
    const auto [zero, one] = nodes_[node].side;
    nodes_[node].hash = StateNodeHash(static_cast<std::uint8_t>(nodes_[node].depth), HashOf(zero), HashOf(one));
    nodes_[node].stale = false;
  }
  return nodes_[node].hash;
}

Digest StateTree::Root() { return root_ == kNone ? EmptyRoot() : HashOf(root_); }

StateTree::Way StateTree::WayOf(const Digest& path) {
  Way way;
  if (root_ == kNone) return way;
  std::uint32_t node = root_;
  while (!IsLeaf(node)) {
    const std::uint32_t next = Next(node, path);
    const auto [zero, one] = nodes_[node].side;
    const std::uint32_t sibling = next == zero ? one : zero;
    way.steps.push_back({static_cast<std::uint8_t>(nodes_[node].depth), HashOf(sibling)});
    node = next;
  }
  way.end = nodes_[node].path;
  return way;
}

}  // namespace giot::ledger
