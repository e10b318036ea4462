// From a backup that was made while the ledger ran to a ledger that goes on, and what its witnesses make of that.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/proof/witness.h"
#include "server/ledger/verifier.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

// Five deposits, a backup, three more that are lost; then the backup lies where the ledger was, without heads.
class RestoreTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path backup = path_.parent_path() / "backup";
    {
      const auto driver = EmbeddedDriver::Open(OptionsFor(path_, nullptr, now_us_, true), CheckpointKey());
      ASSERT_TRUE(driver.ok()) << driver.status();
      Add(**driver, 0, 5);
      backed_up_ = (*driver)->LatestCheckpoint().value();
      ASSERT_TRUE((*driver)->Export(backup).ok());
      Add(**driver, 5, 8);
      lost_ = (*driver)->LatestCheckpoint().value();
    }
    std::filesystem::remove(path_);
    std::filesystem::remove(path_.string() + ".heads");
    std::filesystem::rename(backup, path_);
  }

  std::string Deposit(std::uint32_t number) { return DepositEnvelope(9, 1, number, now_us_); }
  void Add(Driver& driver, std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t i = from; i < to; ++i) ASSERT_FALSE(SubmitAndWait(driver, Deposit(i))->repeated);
  }

  absl::StatusOr<std::unique_ptr<EmbeddedDriver>> Open(bool restored) {
    EmbeddedOptions options = OptionsFor(path_, nullptr, now_us_, false);
    options.trust_missing_heads = restored;
    return EmbeddedDriver::Open(std::move(options), CheckpointKey());
  }

  // One that has cosigned the checkpoint.
  Witness WitnessOf(const std::string& name, const std::string& checkpoint) {
    Witness witness =
        Witness::Open(path_.parent_path() / name, CheckpointVerifier(), "witness.example.com/" + name, KeyOf(60), [] {
          return std::uint64_t{1'700'000'000};
        }).value();
    EXPECT_TRUE(witness.Cosign({.old_size = 0, .proof = {}, .checkpoint = checkpoint}).ok());
    return witness;
  }

  const std::filesystem::path path_ = EmptyFolder("restore") / "ledger";
  const std::atomic<std::int64_t> now_us_ = kGenesisUs;
  std::string backed_up_;
  std::string lost_;
};

TEST_F(RestoreTest, OpensOnlyWhenToldAndGoesOn) {
  EXPECT_TRUE(absl::IsDataLoss(Open(false).status()));
  {
    const auto driver = Open(true);
    ASSERT_TRUE(driver.ok()) << driver.status();
    EXPECT_EQ((*driver)->LatestCheckpoint().value(), backed_up_);
    EXPECT_TRUE(SubmitAndWait(**driver, Deposit(4))->repeated);
    EXPECT_TRUE(absl::IsNotFound((*driver)->Find(TransactionId(Deposit(5))).status()));
    Add(**driver, 5, 8);  // Whoever kept what was lost sends it again.
  }
  ASSERT_TRUE(Open(false).ok());
  const absl::StatusOr<Verified> verified = VerifyLedger(path_, CheckpointVerifier(), backed_up_, 1);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->transactions, 9u);
}

TEST_F(RestoreTest, IsNotWhatSomebodyKeptOfTheLostPart) {
  EXPECT_TRUE(VerifyLedger(path_, CheckpointVerifier(), backed_up_, 1).ok());
  EXPECT_TRUE(absl::IsDataLoss(VerifyLedger(path_, CheckpointVerifier(), lost_, 1).status()));
}

TEST_F(RestoreTest, AWitnessOfTheBackupGoesOnAndOneOfTheLostPartKeepsTheEvidence) {
  Witness of_backup = WitnessOf("early", backed_up_);
  Witness of_lost = WitnessOf("late", lost_);
  const auto driver = Open(true);
  ASSERT_TRUE(driver.ok()) << driver.status();
  EXPECT_TRUE(absl::IsOutOfRange((*driver)->ProveConsistency(of_lost.last()->size).status()));
  Add(**driver, 100, 103);  // Others than were lost: the log forks.
  EXPECT_TRUE(of_backup.Cosign((*driver)->ProveConsistency(of_backup.last()->size).value()).ok());
  const ConsistencyProof forked = (*driver)->ProveConsistency(of_lost.last()->size).value();
  EXPECT_TRUE(absl::IsDataLoss(of_lost.Cosign(forked).status()));
}

}  // namespace
}  // namespace giot::ledger
