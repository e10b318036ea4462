#include "server/settlement/evidence_key.h"

#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

using std::filesystem::perms;

TEST(EvidenceKeyTest, AMissingFileIsMadeForItsOwnerAloneAndReadAgain) {
  const std::filesystem::path path = EmptyFolder("evidence_key") / "key";
  const auto made = EvidenceKey::FromFile(path);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(std::filesystem::status(path).permissions(), perms::owner_read | perms::owner_write);
  const auto read = EvidenceKey::FromFile(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->bytes(), made->bytes());
  EXPECT_EQ(read->id(), made->id());
  EXPECT_NE(read->id(), read->bytes());
}

TEST(EvidenceKeyTest, AKeyThatOthersMayReadIsRefused) {
  const std::filesystem::path path = EmptyFolder("evidence_key_mode") / "key";
  ASSERT_TRUE(EvidenceKey::FromFile(path).ok());
  std::filesystem::permissions(path, perms::group_read, std::filesystem::perm_options::add);
  EXPECT_EQ(EvidenceKey::FromFile(path).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(EvidenceKeyTest, AFileThatHoldsNoKeyIsRefusedAndLeftAlone) {
  const std::filesystem::path path = EmptyFolder("evidence_key_text") / "key";
  std::ofstream(path) << "not a key\n";
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
  EXPECT_EQ(EvidenceKey::FromFile(path).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::filesystem::file_size(path), 10U);
}

}  // namespace
}  // namespace giot::settlement
