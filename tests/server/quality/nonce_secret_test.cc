#include "server/quality/nonce_secret.h"

#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"
#include "tests/server/quality/scratch.h"

namespace giot::scoring {
namespace {

std::filesystem::path FileOf(const std::string& text, mode_t mode = 0600) {
  std::filesystem::path path = Scratch() / "secret";
  std::ofstream(path) << text;
  EXPECT_EQ(chmod(path.c_str(), mode), 0);
  return path;
}

// The numbers below are from coreutils' sha256sum.
TEST(NonceSecretTest, CommitmentAndNonceAreTheStatedHashes) {
  const auto secret = NonceSecret::FromFile(FileOf(std::string(64, '0') + "\n"));
  ASSERT_TRUE(secret.ok()) << secret.status();
  // head -c 32 /dev/zero | sha256sum
  EXPECT_EQ(quality::HexOf(secret->Commitment()), "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
  Digest image{};
  image.fill(0xff);
  // (head -c 32 /dev/zero; printf car-7; head -c 32 /dev/zero | tr '\0' '\377') | sha256sum
  EXPECT_EQ(quality::HexOf(secret->NonceFor("car-7", image)),
            "d8e45d1a81910b3d98125c2e403643c5abb38669420b916353db943176190465");
}

TEST(NonceSecretTest, DependsOnSourceAndImage) {
  const NonceSecret secret = NonceSecret::Random();
  const Digest image = quality::Sha256("image");
  EXPECT_EQ(secret.NonceFor("a", image), secret.NonceFor("a", image));
  EXPECT_NE(secret.NonceFor("a", image), secret.NonceFor("b", image));
  EXPECT_NE(secret.NonceFor("a", image), secret.NonceFor("a", quality::Sha256("another")));
  EXPECT_NE(secret.NonceFor("a", image), NonceSecret::Random().NonceFor("a", image));
}

TEST(NonceSecretTest, AMissingFileIsMadeForItsOwnerAloneAndReadAgain) {
  const std::filesystem::path path = Scratch() / "secret";
  const auto made = NonceSecret::FromFile(path);
  ASSERT_TRUE(made.ok()) << made.status();
  struct stat about = {};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777U, 0600U);
  const auto read = NonceSecret::FromFile(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Commitment(), made->Commitment());
}

TEST(NonceSecretTest, AFileThatOthersMayReadIsRefused) {
  const auto path = FileOf(std::string(64, '0'), 0640);
  EXPECT_EQ(NonceSecret::FromFile(path).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(NonceSecretTest, WhatIsNo32BytesIsRefused) {
  for (const std::string& text : {std::string(), std::string(63, '0'), std::string(65, '0'), std::string(64, 'g')}) {
    EXPECT_EQ(NonceSecret::FromFile(FileOf(text)).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(NonceSecretTest, AFolderThatIsNotThereIsUnavailable) {
  EXPECT_EQ(NonceSecret::FromFile(Scratch() / "none/secret").status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace giot::scoring
