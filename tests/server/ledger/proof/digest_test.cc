#include "server/ledger/proof/digest.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace giot::ledger {
namespace {

// FIPS 180-4's examples.
TEST(DigestTest, HashesTheStandardsExamples) {
  EXPECT_EQ(HexOf(BytesOf(Sha256({"abc"}))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexOf(BytesOf(Sha256({"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"}))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(HexOf(BytesOf(Sha256({}))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(DigestTest, PartsAreHashedAsOneText) {
  EXPECT_EQ(Sha256({"a", "", "bc"}), Sha256({"abc"}));
  EXPECT_NE(Sha256({"a", "c", "b"}), Sha256({"abc"}));
}

TEST(DigestTest, ThreadsHashAtOnce) {
  std::vector<std::thread> threads;
  std::vector<Digest> digests(4);
  for (Digest& digest : digests) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) digest = Sha256({BytesOf(digest)});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_NE(digests[0], Digest{});
  EXPECT_EQ(digests, std::vector<Digest>(4, digests[0]));
}

TEST(DigestTest, OnlyTheExactSizeBecomesAnArray) {
  std::array<std::uint8_t, 3> bytes = {7, 7, 7};
  EXPECT_FALSE(FromBytes("ab", bytes));
  EXPECT_FALSE(FromBytes("abcd", bytes));
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 3>{7, 7, 7}));
  EXPECT_TRUE(FromBytes("a\xff\x01", bytes));
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 3>{0x61, 0xff, 0x01}));
  EXPECT_EQ(BytesOf(bytes), "a\xff\x01");
}

}  // namespace
}  // namespace giot::ledger
