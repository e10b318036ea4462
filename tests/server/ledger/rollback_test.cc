#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/proof/merkle.h"
#include "tests/server/ledger/memory_vfs.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

constexpr char kPath[] = "/ledger";
constexpr char kHeads[] = "/ledger.heads";

// A ledger's files after three transactions, and after five.
class RollbackTest : public testing::Test {
 protected:
  void SetUp() override {
    Grow(true, 0, 3);
    early_ = vfs_.Files();
    Grow(false, 3, 5);
    late_ = vfs_.Files();
  }

  void Grow(bool is_new, std::uint32_t from, std::uint32_t to) {
    const auto driver = EmbeddedDriver::Open(OptionsFor(kPath, vfs_.name(), now_us_, is_new), CheckpointKey());
    ASSERT_TRUE(driver.ok()) << driver.status();
    for (std::uint32_t i = from; i < to; ++i) {
      SubmitAndWait(**driver, DepositEnvelope(9, 1, i, now_us_)).value();
    }
    checkpoint_ = (*driver)->LatestCheckpoint().value();
  }

  absl::StatusOr<std::unique_ptr<EmbeddedDriver>> Open(bool trust_missing_heads = false) {
    EmbeddedOptions options = OptionsFor(kPath, vfs_.name(), now_us_, false);
    options.trust_missing_heads = trust_missing_heads;
    return EmbeddedDriver::Open(std::move(options), CheckpointKey());
  }

  MemoryVfs vfs_;
  std::atomic<std::int64_t> now_us_ = kGenesisUs;
  std::map<std::string, std::string> early_;
  std::map<std::string, std::string> late_;
  std::string checkpoint_;
};

TEST_F(RollbackTest, OldDatabaseBesideNewHeadsIsRefused) {
  vfs_.Restore({{kPath, early_[kPath]}, {kHeads, late_[kHeads]}});
  EXPECT_TRUE(absl::IsDataLoss(Open().status()));
  EXPECT_EQ(vfs_.Files().at(kPath), early_[kPath]);
}

TEST_F(RollbackTest, NewDatabaseBesideOldHeadsIsAheadOfWhatWasAcknowledged) {
  vfs_.Restore({{kPath, late_[kPath]}, {kHeads, early_[kHeads]}});
  const auto driver = Open();
  ASSERT_TRUE(driver.ok()) << driver.status();
  EXPECT_EQ((*driver)->LatestCheckpoint().value(), checkpoint_);
}

TEST_F(RollbackTest, OtherHistoryOfTheSameLengthIsRefused) {
  vfs_.Restore({});
  Grow(true, 100, 105);
  auto other = vfs_.Files();
  other[kHeads] = late_[kHeads];
  vfs_.Restore(other);
  EXPECT_TRUE(absl::IsDataLoss(Open().status()));
}

TEST_F(RollbackTest, MissingHeadsAreRefusedUnlessToldOfARestore) {
  vfs_.Restore({{kPath, late_[kPath]}});
  EXPECT_TRUE(absl::IsDataLoss(Open().status()));
  EXPECT_TRUE(Open(true).ok());
  EXPECT_TRUE(Open().ok());  // They were made anew.
}

// What only a witness sees: its consistency proof cannot be had any more.
TEST_F(RollbackTest, BothRolledBackOpensButCannotShowConsistencyWithWhatAWitnessKept) {
  const Checkpoint kept = OpenCheckpoint(checkpoint_, CheckpointVerifier()).value();
  vfs_.Restore(early_);
  const auto driver = Open();
  ASSERT_TRUE(driver.ok()) << driver.status();
  EXPECT_TRUE(absl::IsOutOfRange((*driver)->ProveConsistency(kept.size).status()));
  for (std::uint32_t i = 200; i < 204; ++i) SubmitAndWait(**driver, DepositEnvelope(9, 1, i, now_us_)).value();
  const absl::StatusOr<ConsistencyProof> proof = (*driver)->ProveConsistency(kept.size);
  ASSERT_TRUE(proof.ok());
  const Checkpoint forked = OpenCheckpoint(proof->checkpoint, CheckpointVerifier()).value();
  EXPECT_FALSE(VerifyConsistency(kept.size, kept.root, forked.size, forked.root, proof->proof).ok());
}

TEST_F(RollbackTest, NoNewLedgerIsMadeWhereHeadsTellOfOneThatIsMissing) {
  const std::map<std::string, std::string> heads = {{kHeads, late_[kHeads]}};
  vfs_.Restore(heads);
  const EmbeddedOptions options = OptionsFor(kPath, vfs_.name(), now_us_, true);
  EXPECT_TRUE(absl::IsDataLoss(EmbeddedDriver::Open(options, CheckpointKey()).status()));
  EXPECT_EQ(vfs_.Files(), heads);
  vfs_.Restore(late_);
  EXPECT_TRUE(absl::IsAlreadyExists(EmbeddedDriver::Open(options, CheckpointKey()).status()));
  EXPECT_TRUE(Open().ok());
}

TEST_F(RollbackTest, InterruptedCreationIsToldSo) {
  vfs_.Restore({});
  {
    const auto database = LedgerDatabase::Open(kPath, LedgerDatabase::Access::kCreate, kChainId, vfs_.name());
    ASSERT_TRUE(database.ok());
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(Open().status()));
}

}  // namespace
}  // namespace giot::ledger
