#include "server/ledger/proof/key_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"
#include "server/ledger/proof/digest.h"
#include "tests/server/ledger/proof/typical_transactions.h"
#include "tests/server/quality/scratch.h"

namespace giot::ledger {
namespace {

using scoring::Scratch;

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

std::filesystem::path FileOf(const std::string& text, mode_t mode = 0600) {
  std::filesystem::path path = Scratch() / "key";
  std::ofstream(path) << text;
  EXPECT_EQ(chmod(path.c_str(), mode), 0);
  return path;
}

std::string SeedText(std::uint8_t seed) { return HexOf(DigestBytes(seed)) + "\n"; }

TEST(KeyFileTest, ASeedIsReadFromAFileOfItsOwnerAlone) {
  for (const mode_t mode : {0600U, 0400U}) {
    const auto key = ReadSecretKey(FileOf(SeedText(kVehicle), mode));
    ASSERT_TRUE(key.ok()) << key.status();
    EXPECT_EQ(key->public_key(), KeyOf(kVehicle).public_key());
  }
}

TEST(KeyFileTest, AnyOtherModeIsRefused) {
  for (const mode_t mode : {0644U, 0640U, 0604U, 0620U, 0602U, 0601U, 0700U, 04600U}) {
    EXPECT_EQ(ReadSecretKey(FileOf(SeedText(kVehicle), mode)).status().code(), absl::StatusCode::kFailedPrecondition)
        << mode;
  }
}

TEST(KeyFileTest, AFileOfAnotherUserIsRefused) {
  const std::filesystem::path path = FileOf(SeedText(kVehicle));
  if (chown(path.c_str(), geteuid() + 1, static_cast<gid_t>(-1)) != 0) GTEST_SKIP() << "only root gives files away";
  EXPECT_EQ(ReadSecretKey(path).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(KeyFileTest, WhatIsNoKeyIsRefusedAndNotShown) {
  const std::string digits = HexOf(DigestBytes(0xab));
  for (const std::string& text :
       {std::string(), digits, digits + "\r\n", digits + "\n\n", " " + digits + "\n", digits.substr(1) + "\n",
        digits + "0\n", "AB" + digits.substr(2) + "\n", "xy" + digits.substr(2) + "\n", std::string(100'000, 'a')}) {
    const auto key = ReadSecretKey(FileOf(text));
    EXPECT_EQ(key.status().code(), kRefused) << text.size();
    EXPECT_EQ(key.status().message().find("abab"), std::string::npos);
    EXPECT_EQ(ReadPublicKey(FileOf(text)).status().code(), kRefused);
  }
}

TEST(KeyFileTest, WhatIsNoRegularFileIsRefusedAtOnce) {
  const std::filesystem::path folder = Scratch();
  const std::filesystem::path pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(ReadSecretKey(pipe).status().code(), kRefused);
  EXPECT_EQ(ReadSecretKey(folder).status().code(), kRefused);
  EXPECT_EQ(ReadSecretKey(folder / "none").status().code(), absl::StatusCode::kNotFound);
}

TEST(KeyFileTest, AKeyIsMadeForItsOwnerAloneAndReadAgain) {
  const std::filesystem::path path = Scratch() / "key";
  const auto made = CreateSecretKey(path);
  ASSERT_TRUE(made.ok()) << made.status();
  struct stat about = {};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777U, 0600U);
  const auto read = ReadSecretKey(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->public_key(), made->public_key());
  const auto files = std::filesystem::directory_iterator(path.parent_path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1) << "nothing is left beside it";
}

TEST(KeyFileTest, AKeyIsNeverOverwritten) {
  const std::filesystem::path path = FileOf(SeedText(kVehicle));
  EXPECT_EQ(CreateSecretKey(path).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadSecretKey(path)->public_key(), KeyOf(kVehicle).public_key());
  const auto files = std::filesystem::directory_iterator(path.parent_path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
  EXPECT_EQ(CreateSecretKey(path.parent_path() / "none" / "key").status().code(), absl::StatusCode::kUnavailable);
}

TEST(KeyFileTest, PublicKeysAreReadWhateverTheMode) {
  const std::string text = HexOf(PublicKeyOf(kVehicle)) + "\n";
  const auto key = ReadPublicKey(FileOf(text, 0644));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(*key, KeyOf(kVehicle).public_key());
  EXPECT_EQ(ReadPublicKey(Scratch() / "none").status().code(), absl::StatusCode::kNotFound);
}

TEST(KeyFileTest, VerifierKeysAreReadWhateverTheMode) {
  const VerifierKey want{std::string(kChain), NoteKeyType::kEd25519, KeyOf(kCheckpoint).public_key()};
  const std::string text = FormatVerifierKey(want);
  const auto key = ReadVerifierKey(FileOf(text + "\n", 0644));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(FormatVerifierKey(*key), text);
  for (const std::string& other : {std::string(), text, text + "\n\n", text.substr(1) + "\n", std::string(5000, 'a')}) {
    EXPECT_EQ(ReadVerifierKey(FileOf(other)).status().code(), kRefused) << other;
  }
  EXPECT_EQ(ReadVerifierKey(Scratch() / "none").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace giot::ledger
