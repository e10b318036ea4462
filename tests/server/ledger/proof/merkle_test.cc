#include "server/ledger/proof/merkle.h"

#include <initializer_list>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "server/ledger/proof/text_encoding.h"
#include "tests/server/ledger/proof/naive_merkle.h"

namespace giot::ledger {
namespace {

Digest FromHexDigest(std::string_view digits) {
  Digest digest{};
  EXPECT_TRUE(FromBytes(FromHex(digits).value_or(""), digest)) << digits;
  return digest;
}

std::vector<Digest> Digests(std::initializer_list<std::string_view> list) {
  std::vector<Digest> digests;
  for (const std::string_view digits : list) digests.push_back(FromHexDigest(digits));
  return digests;
}

// The vectors of Certificate Transparency's Merkle tree: eight leaves and the roots of the first 1 to 8.
const std::vector<std::string>& StandardLeaves() {
  static const std::vector<std::string> leaves = [] {
    std::vector<std::string> list;
    for (const std::string_view digits :
         {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}) {
      list.push_back(*FromHex(digits));
    }
    return list;
  }();
  return leaves;
}

const std::vector<Digest>& StandardRoots() {
  static const std::vector<Digest> roots = Digests({
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  });
  return roots;
}

std::vector<std::string> Prefix(const std::vector<std::string>& leaves, std::size_t size) {
  return {leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size)};
}

std::vector<std::string> ManyLeaves(std::size_t count) {
  std::vector<std::string> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back("leaf " + std::to_string(i));
  return leaves;
}

TEST(MerkleTest, HashesAreThoseOfTheStandardTree) {
  EXPECT_EQ(HexOf(BytesOf(EmptyRoot())), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(LeafHash(""), StandardRoots()[0]);
  EXPECT_EQ(NodeHash(LeafHash(""), LeafHash(std::string(1, '\0'))), StandardRoots()[1]);
  for (std::size_t size = 1; size <= 8; ++size) {
    EXPECT_EQ(NaiveRoot(Prefix(StandardLeaves(), size)), StandardRoots()[size - 1]) << size;
  }
}

TEST(MerkleTest, TheStandardInclusionProofsVerify) {
  const struct {
    std::size_t leaf, size;  // The leaf from 1, as the tables count.
    std::vector<Digest> proof;
  } rows[] = {
      {1, 1, {}},
      {1, 8,
       Digests({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"})},
      {6, 8,
       Digests({"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"})},
      {3, 3, Digests({"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"})},
      {2, 5,
       Digests({"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"})},
  };
  for (const auto& row : rows) {
    const Digest leaf = LeafHash(StandardLeaves()[row.leaf - 1]);
    EXPECT_TRUE(VerifyInclusion(leaf, row.leaf - 1, row.size, row.proof, StandardRoots()[row.size - 1]).ok())
        << row.leaf << " of " << row.size;
  }
}

TEST(MerkleTest, TheStandardConsistencyProofsVerify) {
  const struct {
    std::size_t old_size, size;
    std::vector<Digest> proof;
  } rows[] = {
      {1, 1, {}},
      {1, 8,
       Digests({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"})},
      {6, 8,
       Digests({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"})},
      {2, 5,
       Digests({"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"})},
  };
  for (const auto& row : rows) {
    EXPECT_TRUE(VerifyConsistency(row.old_size, StandardRoots()[row.old_size - 1], row.size,
                                  StandardRoots()[row.size - 1], row.proof)
                    .ok())
        << row.old_size << " of " << row.size;
  }
}

constexpr std::size_t kLargest = 130;

TEST(MerkleTest, EveryInclusionProofOfSmallTreesVerifiesAndNoOther) {
  const std::vector<std::string> all = ManyLeaves(kLargest);
  for (std::size_t size = 1; size <= kLargest; ++size) {
    const std::vector<std::string> leaves = Prefix(all, size);
    const Digest root = NaiveRoot(leaves);
    for (std::size_t index = 0; index < size; ++index) {
      const Digest leaf = LeafHash(leaves[index]);
      std::vector<Digest> proof = NaiveInclusion(index, leaves);
      ASSERT_TRUE(VerifyInclusion(leaf, index, size, proof, root).ok()) << index << " of " << size;
      ASSERT_FALSE(VerifyInclusion(leaf, (index + 1) % (size + 1), size, proof, root).ok());
      ASSERT_FALSE(VerifyInclusion(LeafHash("another"), index, size, proof, root).ok());
      for (Digest& hash : proof) {
        hash[index % 32] ^= 1;
        ASSERT_FALSE(VerifyInclusion(leaf, index, size, proof, root).ok());
        hash[index % 32] ^= 1;
      }
      proof.push_back(root);
      ASSERT_FALSE(VerifyInclusion(leaf, index, size, proof, root).ok()) << "a hash too many";
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      ASSERT_FALSE(VerifyInclusion(leaf, index, size, proof, root).ok()) << "a hash too few";
    }
  }
}

TEST(MerkleTest, EveryConsistencyProofOfSmallTreesVerifiesAndNoOther) {
  const std::vector<std::string> all = ManyLeaves(kLargest);
  std::vector<Digest> roots;
  for (std::size_t size = 0; size <= kLargest; ++size) roots.push_back(NaiveRoot(Prefix(all, size)));
  for (std::size_t size = 1; size <= kLargest; ++size) {
    for (std::size_t old = 1; old <= size; ++old) {
      std::vector<Digest> proof = NaiveConsistency(old, Prefix(all, size));
      ASSERT_TRUE(VerifyConsistency(old, roots[old], size, roots[size], proof).ok()) << old << " of " << size;
      ASSERT_FALSE(VerifyConsistency(old, roots[old - 1], size, roots[size], proof).ok());
      ASSERT_FALSE(VerifyConsistency(old, roots[old], size, roots[size - 1], proof).ok());
      ASSERT_FALSE(VerifyConsistency(old - 1, roots[old - 1], size, roots[size], proof).ok() && !proof.empty());
      for (Digest& hash : proof) {
        hash[old % 32] ^= 1;
        ASSERT_FALSE(VerifyConsistency(old, roots[old], size, roots[size], proof).ok());
        hash[old % 32] ^= 1;
      }
      proof.push_back(roots[size]);
      ASSERT_FALSE(VerifyConsistency(old, roots[old], size, roots[size], proof).ok()) << "a hash too many";
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      ASSERT_FALSE(VerifyConsistency(old, roots[old], size, roots[size], proof).ok()) << "a hash too few";
    }
  }
}

TEST(MerkleTest, AnyFlippedBitOfAProofIsRefused) {
  constexpr std::size_t kSize = 11;
  const std::vector<std::string> leaves = ManyLeaves(kSize);
  const Digest root = NaiveRoot(leaves);
  std::vector<Digest> inclusion = NaiveInclusion(6, leaves);
  for (std::size_t bit = 0; bit < 256 * inclusion.size(); ++bit) {
    std::uint8_t& byte = inclusion[bit / 256][bit % 256 / 8];
    byte ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_FALSE(VerifyInclusion(LeafHash(leaves[6]), 6, kSize, inclusion, root).ok()) << bit;
    byte ^= static_cast<std::uint8_t>(1U << bit % 8);
  }
  const Digest old_root = NaiveRoot(Prefix(leaves, 7));
  std::vector<Digest> consistency = NaiveConsistency(7, leaves);
  for (std::size_t bit = 0; bit < 256 * consistency.size(); ++bit) {
    std::uint8_t& byte = consistency[bit / 256][bit % 256 / 8];
    byte ^= static_cast<std::uint8_t>(1U << bit % 8);
    EXPECT_FALSE(VerifyConsistency(7, old_root, kSize, root, consistency).ok()) << bit;
    byte ^= static_cast<std::uint8_t>(1U << bit % 8);
  }
}

TEST(MerkleTest, AnEmptyTreeIsConsistentWithEveryOther) {
  const Digest root = StandardRoots()[7];
  EXPECT_TRUE(VerifyConsistency(0, EmptyRoot(), 8, root, {}).ok());
  EXPECT_TRUE(VerifyConsistency(0, EmptyRoot(), 0, EmptyRoot(), {}).ok());
  EXPECT_FALSE(VerifyConsistency(0, root, 8, root, {}).ok());
  EXPECT_FALSE(VerifyConsistency(0, EmptyRoot(), 8, root, {root}).ok());
  EXPECT_FALSE(VerifyConsistency(0, EmptyRoot(), 0, root, {}).ok());
}

TEST(MerkleTest, ATreeDoesNotShrinkAndOneSizeHasOneRoot) {
  const std::vector<Digest>& roots = StandardRoots();
  EXPECT_TRUE(VerifyConsistency(5, roots[4], 5, roots[4], {}).ok());
  EXPECT_FALSE(VerifyConsistency(5, roots[4], 5, roots[5], {}).ok());
  EXPECT_FALSE(VerifyConsistency(5, roots[4], 5, roots[4], {roots[4]}).ok());
  EXPECT_FALSE(VerifyConsistency(6, roots[5], 5, roots[4], {}).ok());
}

TEST(MerkleTest, TheLargestSizesDoNotOverflow) {
  const Digest leaf = LeafHash("last");
  const std::vector<Digest> siblings(64, StandardRoots()[0]);
  EXPECT_EQ(VerifyInclusion(leaf, UINT64_MAX - 1, UINT64_MAX, siblings, leaf).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(VerifyInclusion(leaf, UINT64_MAX, UINT64_MAX, siblings, leaf).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(VerifyConsistency(UINT64_MAX - 1, leaf, UINT64_MAX, leaf, siblings).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(VerifyConsistency(std::uint64_t{1} << 63, leaf, UINT64_MAX, leaf, siblings).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::ledger
