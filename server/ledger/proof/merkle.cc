#include "server/ledger/proof/merkle.h"

#include "absl/strings/str_cat.h"

namespace giot::ledger {
namespace {

absl::Status Refused(std::string_view proof, std::string_view got, std::string_view want) {
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(proof), " proof: got ", std::string(got), ", want ", std::string(want)));
}

// The way from a node up to the root, at each height the node's place in its row and that of the row's last.
struct Way {
  std::uint64_t place;
  std::uint64_t last;

  bool AtRoot() const { return last == 0; }
  // Whether the node's sibling is on its left. A last node without sibling is first moved up to where it has one.
  bool SiblingIsLeft() {
    const bool left = (place & 1) == 1 || place == last;
    while (left && (place & 1) == 0 && place != 0) Up();
    return left;
  }
  void Up() {
    place >>= 1;
    last >>= 1;
  }
};

bool IsPowerOfTwo(std::uint64_t value) { return (value & (value - 1)) == 0; }

// Both sizes above 0, old_size below size.
absl::Status VerifyGrowth(std::uint64_t old_size, const Digest& old_root, std::uint64_t size, const Digest& root,
                          const std::vector<Digest>& proof) {
  Way way{old_size - 1, size - 1};
  while ((way.place & 1) == 1) way.Up();
  // A complete old tree is a node of the new one: its root, which the reader knows, is left out.
  const bool complete = IsPowerOfTwo(old_size);
  if (!complete && proof.empty()) return Refused("consistency", "no hash", "one at least");
  Digest of_old = complete ? old_root : proof.front();
  Digest of_new = of_old;
  for (std::size_t i = complete ? 0 : 1; i < proof.size(); ++i) {
    if (way.AtRoot()) return Refused("consistency", "a hash too many", "the way to the root");
    if (way.SiblingIsLeft()) {
      of_old = NodeHash(proof[i], of_old);
      of_new = NodeHash(proof[i], of_new);
    } else {
      of_new = NodeHash(of_new, proof[i]);
    }
    way.Up();
  }
  if (!way.AtRoot()) return Refused("consistency", "a hash too few", "the way to the root");
  if (of_old != old_root) return Refused("consistency", HexOf(BytesOf(of_old)), "the old root");
  if (of_new != root) return Refused("consistency", HexOf(BytesOf(of_new)), "the root");
  return absl::OkStatus();
}

}  // namespace

Digest LeafHash(std::string_view data) { return Sha256({std::string_view("\0", 1), data}); }

Digest NodeHash(const Digest& left, const Digest& right) {
  return Sha256({std::string_view("\1", 1), BytesOf(left), BytesOf(right)});
}

Digest EmptyRoot() { return Sha256({}); }

absl::Status VerifyInclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                             const std::vector<Digest>& proof, const Digest& root) {
  if (index >= size) {
    return Refused("inclusion", absl::StrCat("index ", index), absl::StrCat("one below the size, ", size));
  }
  Way way{index, size - 1};
  Digest hash = leaf;
  for (const Digest& sibling : proof) {
    if (way.AtRoot()) return Refused("inclusion", "a hash too many", "the way to the root");
    hash = way.SiblingIsLeft() ? NodeHash(sibling, hash) : NodeHash(hash, sibling);
    way.Up();
  }
  if (!way.AtRoot()) return Refused("inclusion", "a hash too few", "the way to the root");
  if (hash != root) return Refused("inclusion", HexOf(BytesOf(hash)), "the root");
  return absl::OkStatus();
}

absl::Status VerifyConsistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size, const Digest& root,
                               const std::vector<Digest>& proof) {
  if (old_size > size) {
    return Refused("consistency", absl::StrCat("old size ", old_size), absl::StrCat("at most ", size));
  }
  if (old_size > 0 && old_size < size) return VerifyGrowth(old_size, old_root, size, root, proof);
  if (!proof.empty()) return Refused("consistency", absl::StrCat(proof.size(), " hashes"), "none");
  if (old_size == 0 && old_root != EmptyRoot()) return Refused("consistency", "another old root", "the empty one");
  if (size == old_size && root != old_root) return Refused("consistency", "two roots of one size", "one");
  return absl::OkStatus();
}

}  // namespace giot::ledger
