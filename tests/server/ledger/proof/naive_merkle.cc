#include "tests/server/ledger/proof/naive_merkle.h"

#include <string_view>

namespace giot::ledger {
namespace {

using Leaves = std::vector<std::string>;

// The largest power of two below `size`.
std::size_t SplitOf(std::size_t size) {
  std::size_t split = 1;
  while (2 * split < size) split *= 2;
  return split;
}

Leaves Slice(const Leaves& leaves, std::size_t from, std::size_t to) {
  return Leaves(leaves.begin() + static_cast<std::ptrdiff_t>(from), leaves.begin() + static_cast<std::ptrdiff_t>(to));
}

std::vector<Digest> SubProof(std::size_t old_size, const Leaves& leaves, bool complete) {
  const std::size_t size = leaves.size();
  if (old_size == size) return complete ? std::vector<Digest>{} : std::vector<Digest>{NaiveRoot(leaves)};
  const std::size_t split = SplitOf(size);
  std::vector<Digest> proof;
  if (old_size <= split) {
    proof = SubProof(old_size, Slice(leaves, 0, split), complete);
    proof.push_back(NaiveRoot(Slice(leaves, split, size)));
  } else {
    proof = SubProof(old_size - split, Slice(leaves, split, size), false);
    proof.push_back(NaiveRoot(Slice(leaves, 0, split)));
  }
  return proof;
}

}  // namespace

Digest NaiveRoot(const Leaves& leaves) {
  if (leaves.empty()) return Sha256({""});
  if (leaves.size() == 1) return Sha256({std::string_view("\0", 1), leaves.front()});
  const std::size_t split = SplitOf(leaves.size());
  const Digest left = NaiveRoot(Slice(leaves, 0, split));
  const Digest right = NaiveRoot(Slice(leaves, split, leaves.size()));
  return Sha256({"\1", BytesOf(left), BytesOf(right)});
}

std::vector<Digest> NaiveInclusion(std::size_t index, const Leaves& leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t split = SplitOf(leaves.size());
  const Leaves left = Slice(leaves, 0, split);
  const Leaves right = Slice(leaves, split, leaves.size());
  std::vector<Digest> path = index < split ? NaiveInclusion(index, left) : NaiveInclusion(index - split, right);
  path.push_back(NaiveRoot(index < split ? right : left));
  return path;
}

std::vector<Digest> NaiveConsistency(std::size_t old_size, const Leaves& leaves) {
  return SubProof(old_size, leaves, true);
}

}  // namespace giot::ledger
