#include "server/ledger/cometbft/cometbft_driver.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/state/entries.h"
#include "server/ledger/verifier.h"
#include "tests/server/ledger/cometbft/chain_in_memory.h"
#include "tests/server/ledger/cometbft/engine_stand_in.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kSecond = 1'000'000;

// An answer that is to come.
class Submitted {
 public:
  Submitted(Driver& driver, std::string envelope) {
    driver.Submit(std::move(envelope),
                  [answer = answer_](absl::StatusOr<Placed> placed) { answer->set_value(std::move(placed)); });
  }
  absl::StatusOr<Placed> Wait() { return future_.get(); }
  bool IsAnswered() const { return future_.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }

 private:
  std::shared_ptr<std::promise<absl::StatusOr<Placed>>> answer_ =
      std::make_shared<std::promise<absl::StatusOr<Placed>>>();
  std::future<absl::StatusOr<Placed>> future_ = answer_->get_future();
};

class CometbftDriverTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.path = folder_ / "ledger";
    options_.chain_id = std::string(kChainId);
    options_.abci_socket = folder_ / "socket";
    options_.rpc_address = engine_.rpc_address();
    options_.now_us = [this] { return now_us_.load(); };
  }
  void Start() {
    absl::StatusOr<std::unique_ptr<CometbftDriver>> driver = CometbftDriver::Start(options_, CheckpointKey());
    ASSERT_TRUE(driver.ok()) << driver.status();
    driver_ = *std::move(driver);
    engine_.Connect();
  }
  // With the first block, which is empty.
  void StartChain() {
    Start();
    MakeBlock();
  }
  void Restart() {
    engine_.Disconnect();
    driver_ = nullptr;
    Start();
  }
  void MakeBlock() { engine_.MakeBlock(now_us_ += kSecond); }

  std::string Deposit(std::uint32_t number) { return DepositEnvelope(9, 5, number, now_us_ + 5 * kMinute); }
  // That waits in the engine's pool.
  Submitted Pooled(std::string envelope) {
    Submitted submitted(*driver_, std::move(envelope));
    engine_.WaitForBroadcasts(++broadcasts_);
    return submitted;
  }
  // In the block that is made, and confirmed by another.
  absl::StatusOr<Placed> Place(std::string envelope) {
    Submitted submitted = Pooled(std::move(envelope));
    MakeBlock();
    MakeBlock();
    return submitted.Wait();
  }
  absl::StatusOr<Checkpoint> LatestCheckpoint() {
    const absl::StatusOr<std::string> note = driver_->LatestCheckpoint();
    if (!note.ok()) return note.status();
    return OpenCheckpoint(*note, CheckpointVerifier());
  }
  absl::StatusCode ProofOfAccount() {
    const absl::StatusOr<StateProofFile> proof = driver_->Prove(AccountKey(KeyOf(9).public_key()));
    if (!proof.ok()) return proof.status().code();
    return VerifyStateProofFile(*proof, CheckpointVerifier()).status().code();
  }

  const std::filesystem::path folder_ = EmptyFolder("driver");
  std::atomic<std::int64_t> now_us_ = kGenesisUs;
  EngineStandIn engine_{folder_ / "socket"};
  CometbftOptions options_;
  std::unique_ptr<CometbftDriver> driver_;
  int broadcasts_ = 0;
};

TEST_F(CometbftDriverTest, PlaceCountsOnceTheNextBlockConfirmsIt) {
  StartChain();
  const std::string envelope = Deposit(1);
  const Digest id = TransactionId(envelope);
  Submitted submitted = Pooled(envelope);
  EXPECT_TRUE(absl::IsNotFound(driver_->Find(id).status()));
  MakeBlock();
  EXPECT_TRUE(absl::IsNotFound(driver_->Find(id).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(driver_->ReceiptOf(id).status()));
  EXPECT_FALSE(submitted.IsAnswered());
  MakeBlock();
  const absl::StatusOr<Placed> placed = submitted.Wait();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(placed->id, id);
  EXPECT_EQ(placed->position, 1u);
  EXPECT_EQ(placed->height, 2u);
  EXPECT_EQ(placed->code, v1::CODE_OK);
  EXPECT_FALSE(placed->repeated);
  EXPECT_EQ(driver_->Find(id)->position, 1u);
}

TEST_F(CometbftDriverTest, ReceiptAndProofsVerify) {
  StartChain();
  const std::string envelope = Deposit(1);
  ASSERT_TRUE(Place(envelope).ok());
  const absl::StatusOr<Receipt> receipt = driver_->ReceiptOf(TransactionId(envelope));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  const absl::StatusOr<Checkpoint> checkpoint = VerifyReceipt(*receipt, CheckpointVerifier());
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->height, 2u);
  EXPECT_EQ(checkpoint->size, 2u);
  EXPECT_EQ(ProofOfAccount(), absl::StatusCode::kOk);
  const absl::StatusOr<ConsistencyProof> consistency = driver_->ProveConsistency(1);
  ASSERT_TRUE(consistency.ok()) << consistency.status();
  EXPECT_EQ(OpenCheckpoint(consistency->checkpoint, CheckpointVerifier())->size, 2u);
  EXPECT_TRUE(absl::IsOutOfRange(driver_->ProveConsistency(3).status()));
  EXPECT_TRUE(absl::IsNotFound(driver_->ReceiptOf(Digest{}).status()));
}

TEST_F(CometbftDriverTest, CheckpointIsOfTheLastBlockWithTransactions) {
  StartChain();
  EXPECT_TRUE(absl::IsNotFound(LatestCheckpoint().status()));
  MakeBlock();
  EXPECT_EQ(LatestCheckpoint()->height, 0u);
  Submitted submitted = Pooled(Deposit(1));
  MakeBlock();
  EXPECT_EQ(LatestCheckpoint()->height, 0u);
  MakeBlock();
  EXPECT_EQ(LatestCheckpoint()->height, 3u);
  const std::string note = driver_->LatestCheckpoint().value();
  MakeBlock();
  MakeBlock();
  EXPECT_EQ(driver_->LatestCheckpoint().value(), note);
  EXPECT_EQ(driver_->BlockTimeUs(), kGenesisUs + 6 * kSecond);
}

TEST_F(CometbftDriverTest, RepeatedCallGetsTheFirstPlace) {
  StartChain();
  const std::string envelope = Deposit(1);
  Submitted first = Pooled(envelope);
  Submitted meanwhile(*driver_, envelope);
  MakeBlock();
  MakeBlock();
  EXPECT_FALSE(first.Wait()->repeated);
  EXPECT_TRUE(meanwhile.Wait()->repeated);
  const absl::StatusOr<Placed> later = Submitted(*driver_, envelope).Wait();
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_TRUE(later->repeated);
  EXPECT_EQ(later->position, 1u);
  now_us_ += 10 * kMinute;  // It has expired, and is forgotten but for the log.
  MakeBlock();
  EXPECT_EQ(Submitted(*driver_, envelope).Wait()->position, 1u);
}

TEST_F(CometbftDriverTest, RefusesWhatCannotBeLogged) {
  StartChain();
  const auto refused = [&](std::string envelope) { return Submitted(*driver_, std::move(envelope)).Wait().status(); };
  const absl::Status signature = refused(ChainInMemory::WithBadSignature(Deposit(1)));
  EXPECT_TRUE(absl::IsInvalidArgument(signature));
  EXPECT_TRUE(absl::StartsWith(signature.message(), "CODE_BAD_SIGNATURE"));
  const absl::Status expired = refused(DepositEnvelope(9, 5, 2, now_us_ - 1));
  EXPECT_TRUE(absl::IsDeadlineExceeded(expired));
  EXPECT_TRUE(absl::StartsWith(expired.message(), "CODE_EXPIRED"));
  const absl::Status far = refused(DepositEnvelope(9, 5, 3, now_us_ + 11 * kMinute));
  EXPECT_TRUE(absl::IsInvalidArgument(far));
  EXPECT_TRUE(absl::StartsWith(far.message(), "CODE_EXPIRY_TOO_FAR"));
  EXPECT_EQ(engine_.pooled(), 0u);
}

TEST_F(CometbftDriverTest, WhatARuleRefusesIsPlacedWithItsCode) {
  StartChain();
  const absl::StatusOr<Placed> placed = Place(WithdrawEnvelope(9, 5, 1, now_us_ + kMinute));
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(placed->code, v1::CODE_INSUFFICIENT_BALANCE);
}

TEST_F(CometbftDriverTest, ExpiresBeforeItsBlock) {
  StartChain();
  Submitted submitted = Pooled(Deposit(1));
  now_us_ += 6 * kMinute;
  MakeBlock();
  MakeBlock();
  EXPECT_TRUE(absl::IsDeadlineExceeded(submitted.Wait().status()));
}

TEST_F(CometbftDriverTest, NobodyListensOrThePoolIsFull) {
  options_.rpc_address = "127.0.0.1:1";
  StartChain();
  EXPECT_TRUE(absl::IsUnavailable(Submitted(*driver_, Deposit(1)).Wait().status()));
  options_.rpc_address = engine_.rpc_address();
  Restart();
  engine_.Refuses("mempool is full: number of txs 5000 (max: 5000), total txs bytes 1 (max: 2)");
  EXPECT_TRUE(absl::IsResourceExhausted(Submitted(*driver_, Deposit(2)).Wait().status()));
}

TEST_F(CometbftDriverTest, WhatThePoolHasAlreadyWaits) {
  StartChain();
  Submitted first = Pooled(Deposit(1));
  options_.path = folder_ / "other";  // Another server of the same engine, say.
  options_.abci_socket = folder_ / "other.socket";
  const auto other = CometbftDriver::Start(options_, CheckpointKey());
  ASSERT_TRUE(other.ok()) << other.status();
  engine_.Refuses("tx already exists in cache");
  Submitted second(**other, Deposit(1));
  engine_.WaitForBroadcasts(++broadcasts_);
  EXPECT_FALSE(second.IsAnswered());
  MakeBlock();
  MakeBlock();
  EXPECT_TRUE(first.Wait().ok());
}

TEST_F(CometbftDriverTest, BroadcastsAgainWhatTheEngineForgot) {
  options_.broadcast_again = std::chrono::milliseconds(1);
  StartChain();
  engine_.Forgets();
  Submitted submitted = Pooled(Deposit(1));
  EXPECT_EQ(engine_.pooled(), 0u);
  engine_.Broadcasts();
  engine_.WaitForBroadcasts(broadcasts_ + 3);
  MakeBlock();
  MakeBlock();
  const absl::StatusOr<Placed> placed = submitted.Wait();
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(placed->position, 1u);
}

TEST_F(CometbftDriverTest, GivesUpWithoutABlock) {
  options_.give_up = std::chrono::milliseconds(20);
  StartChain();
  EXPECT_TRUE(absl::IsAborted(Submitted(*driver_, Deposit(1)).Wait().status()));
}

TEST_F(CometbftDriverTest, AnswersWhatWaitsWhenItIsClosed) {
  StartChain();
  Submitted submitted = Pooled(Deposit(1));
  engine_.Disconnect();
  driver_ = nullptr;
  EXPECT_TRUE(absl::IsAborted(submitted.Wait().status()));
}

TEST_F(CometbftDriverTest, ProofWaitsForTheNextBlock) {
  StartChain();
  Submitted submitted = Pooled(Deposit(1));
  MakeBlock();
  std::future<absl::StatusCode> proof = std::async(std::launch::async, [&] { return ProofOfAccount(); });
  MakeBlock();
  EXPECT_EQ(proof.get(), absl::StatusCode::kOk);
}

TEST_F(CometbftDriverTest, ProofDoesNotWaitForEver) {
  options_.most_wait = std::chrono::milliseconds(20);
  StartChain();
  Submitted submitted = Pooled(Deposit(1));
  MakeBlock();
  EXPECT_EQ(ProofOfAccount(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(driver_->Export(folder_ / "copy").code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "copy"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "copy.unsigned"));
}

TEST_F(CometbftDriverTest, ReadsTheLastCommittedBlock) {
  Start();
  EXPECT_TRUE(absl::IsUnavailable(driver_->Read(ChainKey()).status()));
  MakeBlock();
  ASSERT_TRUE(Place(Deposit(1)).ok());
  AccountEntry account;
  ASSERT_TRUE(Decode(driver_->Read(AccountKey(KeyOf(9).public_key())).value(), account));
  EXPECT_EQ(account.balance, 5);
  EXPECT_TRUE(absl::IsNotFound(driver_->Read(AccountKey(KeyOf(77).public_key())).status()));
  EXPECT_EQ(driver_->Scan("c", "", 10)->size(), 1u);
  EXPECT_EQ(driver_->Scan("c", "", 0)->size(), 0u);
}

TEST_F(CometbftDriverTest, KnowsAfterARestartWhatIsAgreedOn) {
  StartChain();
  const std::string confirmed = Deposit(1);
  ASSERT_TRUE(Place(confirmed).ok());
  Restart();
  EXPECT_EQ(driver_->Find(TransactionId(confirmed))->position, 1u);

  const std::string unconfirmed = Deposit(2);
  Submitted lost = Pooled(unconfirmed);
  MakeBlock();
  Restart();
  EXPECT_TRUE(absl::IsAborted(lost.Wait().status()));
  EXPECT_TRUE(absl::IsNotFound(LatestCheckpoint().status()));
  EXPECT_TRUE(driver_->Find(TransactionId(confirmed)).ok());
  EXPECT_TRUE(absl::IsNotFound(driver_->Find(TransactionId(unconfirmed)).status()));
  MakeBlock();
  EXPECT_EQ(driver_->Find(TransactionId(unconfirmed))->position, 2u);
  MakeBlock();
  EXPECT_EQ(LatestCheckpoint()->size, 3u);
}

TEST_F(CometbftDriverTest, SignsWhatItFoundOnlyOnceABlockShowsTheAppHashThatItGave) {
  options_.most_wait = std::chrono::milliseconds(20);
  StartChain();
  const std::string envelope = Deposit(1);
  ASSERT_TRUE(Place(envelope).ok());
  const std::string note = driver_->LatestCheckpoint().value();
  Restart();
  for (int blocks = 0; blocks < 2; ++blocks) {
    EXPECT_TRUE(absl::IsNotFound(LatestCheckpoint().status()));
    EXPECT_TRUE(absl::IsFailedPrecondition(driver_->ReceiptOf(TransactionId(envelope)).status()));
    EXPECT_EQ(ProofOfAccount(), absl::StatusCode::kUnavailable);
    EXPECT_TRUE(absl::IsUnavailable(driver_->Export(folder_ / "copy")));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "copy"));
    MakeBlock();
  }
  EXPECT_EQ(driver_->LatestCheckpoint().value(), note);
  EXPECT_TRUE(driver_->ReceiptOf(TransactionId(envelope)).ok());
  EXPECT_EQ(ProofOfAccount(), absl::StatusCode::kOk);
  EXPECT_TRUE(driver_->Export(folder_ / "copy").ok());
}

TEST_F(CometbftDriverTest, ExportVerifies) {
  StartChain();
  ASSERT_TRUE(Place(Deposit(1)).ok());
  const std::filesystem::path copy = folder_ / "copy";
  const absl::Status exported = driver_->Export(copy);
  ASSERT_TRUE(exported.ok()) << exported;
  const absl::StatusOr<Verified> verified = VerifyLedger(copy, CheckpointVerifier(), std::nullopt, 1);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->transactions, 2u);
  EXPECT_EQ(verified->checkpoint, *LatestCheckpoint());
  EXPECT_TRUE(absl::IsAlreadyExists(driver_->Export(copy)));
}

TEST(CometbftOptionsTest, BadAddressIsRefused) {
  CometbftOptions options;
  options.rpc_address = "localhost";
  EXPECT_TRUE(absl::IsInvalidArgument(CometbftDriver::Start(options, CheckpointKey()).status()));
}

}  // namespace
}  // namespace giot::ledger
