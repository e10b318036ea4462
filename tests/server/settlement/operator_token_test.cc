#include "server/settlement/operator_token.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

using std::filesystem::perms;

std::filesystem::path TokenFile(const std::string& text) {
  const std::filesystem::path path =
      EmptyFolder(testing::UnitTest::GetInstance()->current_test_info()->name()) / "token";
  std::ofstream(path) << text;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
  return path;
}

TEST(OperatorTokenTest, MatchesItselfAlone) {
  const auto token = OperatorToken::FromFile(TokenFile("0123456789abcdef\n"));
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_TRUE(token->Matches("0123456789abcdef"));
  for (const char* other : {"", "0123456789abcde", "0123456789abcdeF", "0123456789abcdef\n", "0123456789abcdef0"}) {
    EXPECT_FALSE(token->Matches(other)) << other;
  }
}

TEST(OperatorTokenTest, WhatIsNoTokenIsRefusedWithoutBeingShown) {
  for (const char* text : {"", "too short\n", "0123456789 abcdef\n", "0123456789abcdef\n\n"}) {
    const auto token = OperatorToken::FromFile(TokenFile(text));
    EXPECT_EQ(token.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(token.status().message()), testing::Not(testing::HasSubstr("0123456789")));
  }
  EXPECT_EQ(OperatorToken::FromFile(TokenFile(std::string(258, 'x'))).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(OperatorTokenTest, AFileThatOthersMayReadIsRefused) {
  const std::filesystem::path path = TokenFile("0123456789abcdef\n");
  std::filesystem::permissions(path, perms::others_read, std::filesystem::perm_options::add);
  EXPECT_EQ(OperatorToken::FromFile(path).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace giot::settlement
