#include "models/quality/sha256.h"

#include "gtest/gtest.h"

namespace giot::quality {
namespace {

// FIPS 180-4's own examples.
TEST(Sha256Test, GivesPublishedDigests) {
  EXPECT_EQ(HexOf(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexOf(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, PartsAreHashedOneAfterTheOther) {
  EXPECT_EQ(Sha256("a", "bc"), Sha256("abc"));
  EXPECT_EQ(BytesOf(Sha256("abc")).size(), 32U);
}

}  // namespace
}  // namespace giot::quality
