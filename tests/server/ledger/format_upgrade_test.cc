#include "server/ledger/format_upgrade.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/ledger/raw_sql.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

// What a version 0 might have been: the ids were not indexed yet.
constexpr char kMakeOlder[] =
    "DROP INDEX log_txid_prefix; DELETE FROM chain WHERE name = 'id_sum'; PRAGMA user_version = 0";

absl::Status IndexIds(SqliteConnection& connection) {
  std::uint64_t sum = 0;
  {
    SqliteQuery rows(connection, "SELECT txid_prefix, position FROM log");
    for (;;) {
      const absl::StatusOr<bool> row = rows.Step();
      if (!row.ok()) return row.status();
      if (!*row) break;
      sum += IdTerm(*rows.Integer(0), static_cast<std::uint64_t>(*rows.Integer(1)));
    }
  }
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(sum >> shift);
  if (absl::Status put = SqliteQuery(connection, "INSERT INTO chain VALUES ('id_sum', ?)").Bind(bytes).Run();
      !put.ok()) {
    return put;
  }
  return connection.Execute("CREATE INDEX log_txid_prefix ON log (txid_prefix)");
}

std::string BytesOfFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A ledger of Genesis and three deposits, in the older format.
class FormatUpgradeTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto driver = EmbeddedDriver::Open(OptionsFor(path_, nullptr, now_us_, true), CheckpointKey());
    ASSERT_TRUE(driver.ok()) << driver.status();
    for (std::uint32_t i = 0; i < 3; ++i) SubmitAndWait(**driver, Deposit(i)).value();
    checkpoint_ = (*driver)->LatestCheckpoint().value();
  }
  void MakeOlder() { Alter(path_, kMakeOlder); }

  std::string Deposit(std::uint32_t number) { return DepositEnvelope(9, 5, number, now_us_); }
  absl::StatusOr<std::unique_ptr<EmbeddedDriver>> Open(bool upgrade = false) {
    EmbeddedOptions options = OptionsFor(path_, nullptr, now_us_, false);
    options.upgrade = upgrade;
    return EmbeddedDriver::Open(std::move(options), CheckpointKey());
  }
  absl::Status Upgrade(const std::vector<FormatStep>& steps) {
    return UpgradeFormat(path_, {CheckpointVerifier()}, steps, nullptr);
  }

  const std::filesystem::path path_ = EmptyFolder("format_upgrade") / "ledger";
  const std::atomic<std::int64_t> now_us_ = kGenesisUs;
  std::string checkpoint_;
};

TEST_F(FormatUpgradeTest, AnOlderFileIsRefusedUntilItIsUpgradedAndThenHoldsTheSame) {
  MakeOlder();
  EXPECT_TRUE(absl::IsFailedPrecondition(Open().status()));
  const absl::Status upgraded = Upgrade({{.from = 0, .change = IndexIds}});
  ASSERT_TRUE(upgraded.ok()) << upgraded;
  const auto driver = Open();
  ASSERT_TRUE(driver.ok()) << driver.status();
  EXPECT_EQ((*driver)->LatestCheckpoint().value(), checkpoint_);
  EXPECT_EQ((*driver)->Find(TransactionId(Deposit(2)))->position, 3u);
  EXPECT_FALSE(SubmitAndWait(**driver, Deposit(3))->repeated);
}

TEST_F(FormatUpgradeTest, AFileOfThisVersionIsLeftAsItIs) {
  const auto never = [](SqliteConnection&) { return absl::InternalError("called"); };
  EXPECT_TRUE(Upgrade({{.from = 0, .change = never}, {.from = 1, .change = never}}).ok());
  EXPECT_TRUE(Open(true).ok());
}

TEST_F(FormatUpgradeTest, AVersionWithoutStepAndANewerOneAreRefused) {
  MakeOlder();
  EXPECT_TRUE(absl::IsFailedPrecondition(Upgrade({})));
  EXPECT_TRUE(absl::IsFailedPrecondition(Open(true).status()));
  Alter(path_, "PRAGMA user_version = 2");
  EXPECT_TRUE(absl::IsFailedPrecondition(Upgrade({{.from = 0, .change = IndexIds}})));
}

TEST_F(FormatUpgradeTest, AStepThatFailsOrLosesWhatWasSignedLeavesTheFileAsItWas) {
  MakeOlder();
  const std::string before = BytesOfFile(path_);
  for (const char* loss : {"DELETE FROM log WHERE position = 3", "DELETE FROM state WHERE key = X'43'",
                           "UPDATE log SET record = CAST(record || X'00' AS BLOB) WHERE position = 2",
                           "DELETE FROM chain WHERE name = 'checkpoint'"}) {
    const auto change = [&](SqliteConnection& connection) {
      const absl::Status indexed = IndexIds(connection);
      return indexed.ok() ? connection.Execute(loss) : indexed;
    };
    EXPECT_TRUE(absl::IsDataLoss(Upgrade({{.from = 0, .change = change}}))) << loss;
    EXPECT_EQ(BytesOfFile(path_), before) << loss;
  }
  const auto fails = [](SqliteConnection& connection) {
    const absl::Status indexed = IndexIds(connection);
    return indexed.ok() ? absl::UnavailableError("the disk is full") : indexed;
  };
  EXPECT_TRUE(absl::IsUnavailable(Upgrade({{.from = 0, .change = fails}})));
  EXPECT_EQ(BytesOfFile(path_), before);
  EXPECT_TRUE(Upgrade({{.from = 0, .change = IndexIds}}).ok());
}

TEST_F(FormatUpgradeTest, AStepThatMakesAnotherSchemaIsRefused) {
  MakeOlder();
  const auto change = [](SqliteConnection& connection) {
    const absl::Status indexed = IndexIds(connection);
    return indexed.ok() ? connection.Execute("CREATE TABLE more (a)") : indexed;
  };
  EXPECT_TRUE(absl::IsDataLoss(Upgrade({{.from = 0, .change = change}})));
}

TEST_F(FormatUpgradeTest, AnOpenLedgerIsNotUpgraded) {
  const auto driver = Open();
  ASSERT_TRUE(driver.ok()) << driver.status();
  EXPECT_TRUE(absl::IsFailedPrecondition(Upgrade({{.from = 0, .change = IndexIds}})));
}

}  // namespace
}  // namespace giot::ledger
