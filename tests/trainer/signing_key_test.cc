#include "trainer/signing_key.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/trainer/test_folder.h"

namespace giot::trainer {
namespace {

using std::filesystem::perms;

const std::string kKey(128, 'a');

std::filesystem::path WriteKey(const std::string& content, perms mode = perms::owner_read | perms::owner_write) {
  const std::filesystem::path path = TestFolder() / "key";
  std::ofstream(path) << content;
  std::filesystem::permissions(path, mode);
  return path;
}

TEST(SigningKey, IsReadWithoutTheWhiteSpaceAroundIt) {
  const absl::StatusOr<std::string> key = ReadSigningKey(WriteKey(" " + kKey + "\n"));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(*key, kKey);
}

TEST(SigningKey, MayBeReadOnly) { EXPECT_TRUE(ReadSigningKey(WriteKey(kKey, perms::owner_read)).ok()); }

TEST(SigningKey, ThatOthersCanReadIsRefused) {
  const absl::Status status =
      ReadSigningKey(WriteKey(kKey, perms::owner_read | perms::owner_write | perms::group_read)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
}

TEST(SigningKey, OfAnotherLengthIsRefusedWithoutRepeatingIt) {
  for (const std::string& content : {kKey.substr(1), kKey + "a", kKey + kKey + kKey, std::string()}) {
    const absl::Status status = ReadSigningKey(WriteKey(content)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message().find("aaaa"), std::string::npos);
  }
}

TEST(SigningKey, ThatIsNotHexIsRefused) {
  EXPECT_EQ(ReadSigningKey(WriteKey(std::string(128, 'g'))).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(SigningKey, MustBeAFile) {
  EXPECT_FALSE(ReadSigningKey(TestFolder()).ok());
  EXPECT_EQ(ReadSigningKey(TestFolder() / "none").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace giot::trainer
