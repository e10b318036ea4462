#include "server/ledger/proof/checkpoint.h"

#include <string>

#include "gtest/gtest.h"
#include "server/ledger/proof/text_encoding.h"
#include "tests/server/ledger/proof/damage.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;
const Checkpoint kTypical{std::string(kChain), 109'482, DigestOf('r'), 77, DigestOf('a')};
const VerifierKey kKey{std::string(kChain), NoteKeyType::kEd25519, KeyOf(kCheckpoint).public_key()};
constexpr std::string_view kText =
    "example.com/giot/road-17\n109482\ncnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI=\n"
    "app 77 YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=\n";

TEST(CheckpointTest, TheTextIsTheLinesOfTheFormat) {
  EXPECT_EQ(CheckpointText(kTypical), kText);
  const auto parsed = ParseCheckpointText(kText);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, kTypical);
}

TEST(CheckpointTest, ASignedCheckpointOpens) {
  const auto opened = OpenCheckpoint(SignCheckpoint(kTypical, KeyOf(kCheckpoint)), kKey);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, kTypical);
}

TEST(CheckpointTest, TheLargestNumbersAreWrittenAndRead) {
  Checkpoint largest = kTypical;
  largest.size = UINT64_MAX;
  largest.height = UINT64_MAX;
  const auto parsed = ParseCheckpointText(CheckpointText(largest));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(*parsed, largest);
}

TEST(CheckpointTest, AnyLineDroppedDoubledOrCutIsRefused) {
  const std::string note = SignCheckpoint(kTypical, KeyOf(kCheckpoint));
  for (const std::string& damaged : LineDamages(note)) {
    // The signature twice is the one damage that changes nothing.
    EXPECT_EQ(OpenCheckpoint(damaged, kKey).ok(), damaged.size() > note.size() && damaged.starts_with(note)) << damaged;
  }
}

TEST(CheckpointTest, WhatIsNoCheckpointIsRefused) {
  const std::string root = Base64Of(BytesOf(kTypical.root));
  const std::string texts[] = {
      "",
      "EXAMPLE\n1\n" + root + "\napp 1 " + root + "\n",
      "a\n01\n" + root + "\napp 1 " + root + "\n",
      "a\n-1\n" + root + "\napp 1 " + root + "\n",
      "a\n1\nAAAA\napp 1 " + root + "\n",
      "a\n1\n" + root + "\napp  " + root + "\n",
      "a\n1\n" + root + "\napp 1\n",
      "a\n1\n" + root + "\napp 1 AAAA\n",
      "a\n1\n" + root + "\nApp 1 " + root + "\n",
      "a\n1\n" + root + "\napp 1 " + root + " \n",
      "a\n1\n" + root + "\napp 1 " + root + "\nmore\n",
  };
  for (const std::string& text : texts) EXPECT_EQ(ParseCheckpointText(text).status().code(), kRefused) << text;
}

TEST(CheckpointTest, OnlyTheKeysOwnOriginOpens) {
  Checkpoint elsewhere = kTypical;
  elsewhere.origin = "other";
  // Signed under the name of this chain, though of another.
  const std::string text = CheckpointText(elsewhere);
  const std::string note = FormatNote({text, {SignNote(text, kChain, KeyOf(kCheckpoint))}});
  EXPECT_EQ(OpenCheckpoint(note, kKey).status().code(), kRefused);
  EXPECT_EQ(OpenCheckpoint(SignCheckpoint(elsewhere, KeyOf(kCheckpoint)), kKey).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(OpenCheckpoint(SignCheckpoint(kTypical, KeyOf(kNewKey)), kKey).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(OpenCheckpoint("no note", kKey).status().code(), kRefused);
}

TEST(CheckpointTest, ContradictionsAreOfOneSizeOrOneHeight) {
  const auto with = [](std::uint64_t size, char root, std::uint64_t height, char app, std::string origin = "a") {
    return Checkpoint{std::move(origin), size, DigestOf(static_cast<std::uint8_t>(root)), height,
                      DigestOf(static_cast<std::uint8_t>(app))};
  };
  const Checkpoint one = with(10, 'r', 5, 'a');
  EXPECT_FALSE(Contradict(one, one));
  EXPECT_TRUE(Contradict(one, with(10, 's', 6, 'b')));
  EXPECT_TRUE(Contradict(one, with(11, 's', 5, 'b')));
  EXPECT_FALSE(Contradict(one, with(11, 's', 6, 'b')));
  EXPECT_FALSE(Contradict(one, with(10, 'r', 6, 'b')));
  EXPECT_FALSE(Contradict(one, with(10, 's', 5, 'b', "other")));
}

}  // namespace
}  // namespace giot::ledger
