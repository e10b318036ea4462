#include "server/settlement/snapshots.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/ledger/verifier.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

std::vector<std::string> Names(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder)) names.push_back(file.path().filename().string());
  return names;
}

TEST(SnapshotsTest, ASnapshotOfALedgerThatGoesOnVerifies) {
  TestMarket market("snapshots");
  Snapshots snapshots(market.driver(), market.folder() / "snapshots", 2);
  const auto path = snapshots.Take(ledger::kStart);
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_EQ(path->filename(), "ledger-20231114T221320Z");
  market.Publish();
  const ledger::VerifierKey key{.name = ledger::kTestChain, .key = ledger::PublicNamed("checkpoint")};
  const auto verified = ledger::VerifyLedger(*path, key, std::nullopt, 1);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->transactions, 5U);
  EXPECT_EQ(snapshots.Take(ledger::kStart).status().code(), absl::StatusCode::kAlreadyExists);
}

TEST(SnapshotsTest, TheNewestAreKeptAndNothingElseIsTouched) {
  TestMarket market("snapshots_kept");
  const std::filesystem::path folder = market.folder() / "snapshots";
  Snapshots snapshots(market.driver(), folder, 2);
  for (int second = 0; second < 4; ++second) {
    ASSERT_TRUE(snapshots.Take(ledger::kStart + second * kSecond).ok());
    if (second == 0) std::filesystem::copy_file(folder / "ledger-20231114T221320Z", folder / "mine");
  }
  EXPECT_THAT(Names(folder),
              testing::UnorderedElementsAre("ledger-20231114T221322Z", "ledger-20231114T221323Z", "mine"));
}

}  // namespace
}  // namespace giot::settlement
