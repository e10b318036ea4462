#include "server/ledger/embedded_driver.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/merkle.h"
#include "server/ledger/state/entries.h"
#include "tests/server/ledger/memory_vfs.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

constexpr char kPath[] = "/ledger";
constexpr std::int64_t kMinute = 60'000'000;

class EmbeddedDriverTest : public testing::Test {
 protected:
  std::unique_ptr<EmbeddedDriver> Open(bool is_new) { return Open(OptionsFor(kPath, vfs_.name(), now_us_, is_new)); }
  std::unique_ptr<EmbeddedDriver> Open(EmbeddedOptions options) {
    absl::StatusOr<std::unique_ptr<EmbeddedDriver>> driver = EmbeddedDriver::Open(std::move(options), CheckpointKey());
    EXPECT_TRUE(driver.ok()) << driver.status();
    return driver.ok() ? *std::move(driver) : nullptr;
  }
  absl::Status OpenStatus(bool is_new, SecretKey key = CheckpointKey()) {
    return EmbeddedDriver::Open(OptionsFor(kPath, vfs_.name(), now_us_, is_new), std::move(key)).status();
  }
  // Expires in five minutes.
  std::string Deposit(std::uint8_t to, std::int64_t amount, std::uint32_t number) {
    return DepositEnvelope(to, amount, number, now_us_ + 5 * kMinute);
  }

  MemoryVfs vfs_;
  std::atomic<std::int64_t> now_us_ = kGenesisUs;
};

std::int64_t BalanceOf(Driver& driver, std::uint8_t number) {
  const absl::StatusOr<std::string> bytes = driver.Read(AccountKey(KeyOf(number).public_key()));
  AccountEntry account;
  return bytes.ok() && Decode(*bytes, account) ? account.balance : -1;
}

TEST_F(EmbeddedDriverTest, PlacesTransactionsInBlocksAfterGenesis) {
  const auto driver = Open(true);
  const absl::StatusOr<Placed> first = SubmitAndWait(*driver, Deposit(9, 500, 1));
  now_us_ += 1000;
  const absl::StatusOr<Placed> second = SubmitAndWait(*driver, Deposit(9, 7, 2));
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(first->position, 1u);
  EXPECT_EQ(first->height, 1u);
  EXPECT_EQ(first->code, v1::CODE_OK);
  EXPECT_FALSE(first->repeated);
  EXPECT_EQ(second->position, 2u);
  EXPECT_EQ(second->height, 2u);
  EXPECT_EQ(BalanceOf(*driver, 9), 507);
  EXPECT_EQ(driver->BlockTimeUs(), kGenesisUs + 1000);
}

TEST_F(EmbeddedDriverTest, KeepsWhatItPlaced) {
  Digest id;
  std::string checkpoint;
  {
    const auto driver = Open(true);
    id = SubmitAndWait(*driver, Deposit(9, 500, 1))->id;
    checkpoint = *driver->LatestCheckpoint();
  }
  const auto driver = Open(false);
  const absl::StatusOr<Placed> found = driver->Find(id);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->position, 1u);
  EXPECT_EQ(BalanceOf(*driver, 9), 500);
  EXPECT_EQ(*driver->LatestCheckpoint(), checkpoint);
}

TEST_F(EmbeddedDriverTest, RefusedByARuleIsPlacedWithItsCode) {
  const auto driver = Open(true);
  const absl::StatusOr<Placed> placed = SubmitAndWait(*driver, WithdrawEnvelope(9, 1, 1, now_us_ + kMinute));
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(placed->code, v1::CODE_INSUFFICIENT_BALANCE);
  EXPECT_EQ(driver->Find(placed->id)->code, v1::CODE_INSUFFICIENT_BALANCE);
}

TEST_F(EmbeddedDriverTest, RepeatedSubmitHasTheFirstPlace) {
  const auto driver = Open(true);
  const std::string envelope = Deposit(9, 500, 1);
  const Placed first = *SubmitAndWait(*driver, envelope);
  ASSERT_TRUE(SubmitAndWait(*driver, Deposit(9, 1, 2)).ok());
  for (const std::int64_t later : {std::int64_t{0}, 4 * kMinute, 20 * kMinute}) {
    now_us_ = kGenesisUs + later;
    const absl::StatusOr<Placed> again = SubmitAndWait(*driver, envelope);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->position, first.position);
    EXPECT_EQ(again->height, first.height);
    EXPECT_TRUE(again->repeated);
  }
  EXPECT_EQ(BalanceOf(*driver, 9), 501);
}

TEST_F(EmbeddedDriverTest, RepeatedSubmitHasTheFirstPlaceAfterOpeningAnew) {
  const std::string envelope = Deposit(9, 500, 1);
  Open(true)->Submit(envelope, [](const absl::StatusOr<Placed>&) {});
  {
    const auto driver = Open(false);
    SubmitAndWait(*driver, envelope).value();
  }
  const auto driver = Open(false);
  const absl::StatusOr<Placed> again = SubmitAndWait(*driver, envelope);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->position, 1u);
}

TEST_F(EmbeddedDriverTest, WhatCannotBeLoggedIsRefusedWithItsCode) {
  const auto driver = Open(true);
  std::string flipped = Deposit(9, 5, 1);
  flipped[3] = static_cast<char>(flipped[3] ^ 1);
  struct Case {
    std::string envelope;
    absl::StatusCode status;
    std::string code;
  };
  now_us_ += kMinute;
  const std::vector<Case> cases = {
      {"", absl::StatusCode::kInvalidArgument, "CODE_MALFORMED"},
      {std::string(70'000, 'x'), absl::StatusCode::kInvalidArgument, "CODE_TOO_LARGE"},
      {flipped, absl::StatusCode::kInvalidArgument, "CODE_BAD_SIGNATURE"},
      {DepositEnvelope(9, 5, 2, now_us_ - 1), absl::StatusCode::kDeadlineExceeded, "CODE_EXPIRED"},
      {DepositEnvelope(9, 5, 3, now_us_ + 10 * kMinute + 1), absl::StatusCode::kInvalidArgument, "CODE_EXPIRY_TOO_FAR"},
  };
  for (const Case& one : cases) {
    const absl::StatusOr<Placed> placed = SubmitAndWait(*driver, one.envelope);
    EXPECT_EQ(placed.status().code(), one.status) << placed.status();
    EXPECT_EQ(placed.status().message().substr(0, one.code.size()), one.code);
  }
  for (const std::int64_t inclusive : {now_us_.load(), now_us_ + 10 * kMinute}) {
    EXPECT_TRUE(SubmitAndWait(*driver, DepositEnvelope(9, 5, 4, inclusive)).ok());
  }
  EXPECT_EQ(ParseCheckpointText(ParseNote(*driver->LatestCheckpoint())->text)->size, 3u);
}

TEST_F(EmbeddedDriverTest, BlockTimesNeverFall) {
  const auto driver = Open(true);
  now_us_ += kMinute;
  SubmitAndWait(*driver, Deposit(9, 5, 1)).value();
  now_us_ -= 2 * kMinute;
  SubmitAndWait(*driver, Deposit(9, 5, 2)).value();
  EXPECT_EQ(driver->BlockTimeUs(), kGenesisUs + kMinute);
}

// Holds the writer's thread in a callback, so that everything that comes meanwhile waits.
class HeldWriter {
 public:
  HeldWriter(Driver& driver, std::string envelope) {
    driver.Submit(std::move(envelope), [this](const absl::StatusOr<Placed>&) {
      std::unique_lock lock(mutex_);
      held_ = true;
      changed_.notify_all();
      changed_.wait(lock, [&] { return released_; });
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return held_; });
  }
  void Release() {
    std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  bool released_ = false;
};

TEST_F(EmbeddedDriverTest, WhatWaitsTogetherIsOneBlockUpToTheGroup) {
  EmbeddedOptions options = OptionsFor(kPath, vfs_.name(), now_us_, true);
  options.group = 3;
  const auto driver = Open(std::move(options));
  HeldWriter held(*driver, Deposit(9, 1, 0));
  std::vector<std::promise<std::uint64_t>> heights(5);
  for (std::uint32_t i = 0; i < 5; ++i) {
    driver->Submit(Deposit(9, 1, 1 + i),
                   [&heights, i](const absl::StatusOr<Placed>& placed) { heights[i].set_value(placed->height); });
  }
  held.Release();
  std::vector<std::uint64_t> got;
  for (std::promise<std::uint64_t>& height : heights) got.push_back(height.get_future().get());
  EXPECT_EQ(got, (std::vector<std::uint64_t>{2, 2, 2, 3, 3}));
}

TEST_F(EmbeddedDriverTest, SameTransactionTwiceInOneGroupIsPlacedOnce) {
  const auto driver = Open(true);
  HeldWriter held(*driver, Deposit(9, 1, 0));
  const std::string envelope = Deposit(9, 100, 1);
  std::vector<std::promise<Placed>> answers(2);
  for (std::promise<Placed>& answer : answers) {
    driver->Submit(envelope, [&answer](const absl::StatusOr<Placed>& placed) { answer.set_value(*placed); });
  }
  held.Release();
  const Placed first = answers[0].get_future().get();
  const Placed second = answers[1].get_future().get();
  EXPECT_FALSE(first.repeated);
  EXPECT_TRUE(second.repeated);
  EXPECT_EQ(first.position, second.position);
  EXPECT_EQ(BalanceOf(*driver, 9), 101);
}

TEST_F(EmbeddedDriverTest, FullQueueRefusesAndForgetsNothing) {
  EmbeddedOptions options = OptionsFor(kPath, vfs_.name(), now_us_, true);
  options.most_waiting = 2;
  const auto driver = Open(std::move(options));
  HeldWriter held(*driver, Deposit(9, 1, 0));
  std::promise<void> placed[2];
  for (std::uint32_t i = 0; i < 2; ++i) {
    driver->Submit(Deposit(9, 10, 1 + i), [&placed, i](const absl::StatusOr<Placed>&) { placed[i].set_value(); });
  }
  EXPECT_TRUE(absl::IsResourceExhausted(SubmitAndWait(*driver, Deposit(9, 10, 3)).status()));
  held.Release();
  for (std::promise<void>& one : placed) one.get_future().wait();
  EXPECT_EQ(BalanceOf(*driver, 9), 21);
}

TEST_F(EmbeddedDriverTest, BytesThatWaitAreBounded) {
  EmbeddedOptions options = OptionsFor(kPath, vfs_.name(), now_us_, true);
  options.most_waiting_bytes = Deposit(9, 10, 1).size();
  const auto driver = Open(std::move(options));
  HeldWriter held(*driver, Deposit(9, 10, 1));
  std::promise<void> placed;
  driver->Submit(Deposit(9, 10, 2), [&](const absl::StatusOr<Placed>&) { placed.set_value(); });
  EXPECT_TRUE(absl::IsResourceExhausted(SubmitAndWait(*driver, Deposit(9, 10, 3)).status()));
  held.Release();
  placed.get_future().wait();
}

TEST_F(EmbeddedDriverTest, DestructorAnswersAllThatWait) {
  auto driver = Open(true);
  HeldWriter held(*driver, Deposit(9, 1, 0));
  int answered = 0;
  std::vector<absl::StatusCode> codes(50, absl::StatusCode::kUnknown);
  for (std::uint32_t i = 0; i < 50; ++i) {
    driver->Submit(Deposit(9, 1, 1 + i), [&, i](const absl::StatusOr<Placed>& placed) {
      ++answered;
      codes[i] = placed.status().code();
    });
  }
  held.Release();
  driver.reset();
  EXPECT_EQ(answered, 50);
  const auto reopened = Open(false);
  const std::int64_t kept = BalanceOf(*reopened, 9) - 1;
  std::int64_t acknowledged = 0;
  for (const absl::StatusCode code : codes) {
    EXPECT_TRUE(code == absl::StatusCode::kOk || code == absl::StatusCode::kUnavailable) << static_cast<int>(code);
    if (code == absl::StatusCode::kOk) ++acknowledged;
  }
  EXPECT_EQ(kept, acknowledged);
}

TEST_F(EmbeddedDriverTest, ReceiptsAndProofsVerifyWithThePublicKeyAlone) {
  const auto driver = Open(true);
  std::vector<Digest> ids;
  for (std::uint32_t i = 0; i < 300; ++i) ids.push_back(SubmitAndWait(*driver, Deposit(9, 1, i))->id);
  for (const Digest& id : {ids.front(), ids[255], ids.back()}) {
    const absl::StatusOr<Receipt> receipt = driver->ReceiptOf(id);
    ASSERT_TRUE(receipt.ok()) << receipt.status();
    const absl::StatusOr<Receipt> parsed = ParseReceipt(FormatReceipt(*receipt));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    const absl::StatusOr<Checkpoint> checkpoint = VerifyReceipt(*parsed, CheckpointVerifier());
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
    EXPECT_EQ(checkpoint->size, 301u);
  }
  const Checkpoint newest = *OpenCheckpoint(*driver->LatestCheckpoint(), CheckpointVerifier());
  for (const std::uint8_t account : {std::uint8_t{9}, std::uint8_t{77}}) {
    const absl::StatusOr<StateProofFile> proof = driver->Prove(AccountKey(KeyOf(account).public_key()));
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_EQ(proof->proof.value.has_value(), account == 9);
    EXPECT_TRUE(VerifyStateProof(proof->key, proof->proof, proof->state_root).ok());
    EXPECT_EQ(AppHash(newest.height, proof->state_root, proof->log_root), newest.app_hash);
  }
  for (const std::uint64_t old_size : {0, 1, 255, 256, 257, 301}) {
    EXPECT_TRUE(driver->ProveConsistency(old_size).ok());
  }
  EXPECT_TRUE(absl::IsOutOfRange(driver->ProveConsistency(302).status()));
}

TEST_F(EmbeddedDriverTest, ConsistencyWithAnEarlierCheckpointVerifies) {
  const auto driver = Open(true);
  for (std::uint32_t i = 0; i < 5; ++i) SubmitAndWait(*driver, Deposit(9, 1, i)).value();
  const Checkpoint earlier = *OpenCheckpoint(*driver->LatestCheckpoint(), CheckpointVerifier());
  for (std::uint32_t i = 5; i < 12; ++i) SubmitAndWait(*driver, Deposit(9, 1, i)).value();
  const absl::StatusOr<ConsistencyProof> proof = driver->ProveConsistency(earlier.size);
  ASSERT_TRUE(proof.ok()) << proof.status();
  const Checkpoint later = *OpenCheckpoint(proof->checkpoint, CheckpointVerifier());
  EXPECT_TRUE(VerifyConsistency(earlier.size, earlier.root, later.size, later.root, proof->proof).ok());
}

TEST_F(EmbeddedDriverTest, UnknownIsNotFound) {
  const auto driver = Open(true);
  EXPECT_TRUE(absl::IsNotFound(driver->Find(Digest{}).status()));
  EXPECT_TRUE(absl::IsNotFound(driver->ReceiptOf(Digest{}).status()));
  EXPECT_TRUE(absl::IsNotFound(driver->Read(AccountKey(KeyOf(9).public_key())).status()));
}

TEST_F(EmbeddedDriverTest, ScanGivesEntriesOfAPrefixInOrder) {
  const auto driver = Open(true);
  for (std::uint8_t i = 0; i < 5; ++i) SubmitAndWait(*driver, Deposit(static_cast<std::uint8_t>(20 + i), 1, i)).value();
  std::set<std::string> wanted;
  for (std::uint8_t i = 0; i < 5; ++i) wanted.insert(AccountKey(KeyOf(static_cast<std::uint8_t>(20 + i)).public_key()));
  std::vector<std::string> got;
  std::string from;
  for (;;) {
    const auto page = driver->Scan("c", from, 2);
    ASSERT_TRUE(page.ok());
    if (page->empty()) break;
    for (const auto& [key, value] : *page) got.push_back(key);
    from = got.back() + '\0';
  }
  EXPECT_EQ(got, std::vector<std::string>(wanted.begin(), wanted.end()));
}

TEST_F(EmbeddedDriverTest, GenesisThatIsRefusedLeavesNoFile) {
  EmbeddedOptions options = OptionsFor(kPath, vfs_.name(), now_us_, true);
  options.genesis = Deposit(9, 1, 1);
  EXPECT_TRUE(absl::IsInvalidArgument(EmbeddedDriver::Open(std::move(options), CheckpointKey()).status()));
  EXPECT_TRUE(vfs_.Files().empty());
}

TEST_F(EmbeddedDriverTest, IsNotCreatedOverAnotherNorOpenedWhereNoneIs) {
  EXPECT_TRUE(absl::IsNotFound(OpenStatus(false)));
  Open(true).reset();
  EXPECT_TRUE(absl::IsAlreadyExists(OpenStatus(true)));
}

TEST_F(EmbeddedDriverTest, AnotherChainsFileIsALoss) {
  Open(true).reset();
  EmbeddedOptions options = OptionsFor(kPath, vfs_.name(), now_us_, false);
  options.chain_id = "test.example/other";
  EXPECT_TRUE(absl::IsDataLoss(EmbeddedDriver::Open(std::move(options), CheckpointKey()).status()));
}

TEST_F(EmbeddedDriverTest, CheckpointKeyIsThePresentOneOrANamedFormerOne) {
  Open(true).reset();
  EXPECT_TRUE(absl::IsDataLoss(OpenStatus(false, KeyOf(50))));
  EmbeddedOptions options = OptionsFor(kPath, vfs_.name(), now_us_, false);
  options.former_checkpoint_keys = {CheckpointKey().public_key()};
  const auto driver = EmbeddedDriver::Open(std::move(options), KeyOf(50));
  ASSERT_TRUE(driver.ok()) << driver.status();
  const VerifierKey present = {.name = std::string(kChainId), .key = KeyOf(50).public_key()};
  EXPECT_TRUE(OpenCheckpoint(*(*driver)->LatestCheckpoint(), present).ok());
}

TEST_F(EmbeddedDriverTest, ExportIsALedgerThatOpensWhereHeadsAreTrustedToBeMissing) {
  const std::filesystem::path folder = EmptyFolder("export");
  const auto driver = Open(true);
  for (std::uint32_t i = 0; i < 600; ++i) {
    driver->Submit(Deposit(9, 1, i), [](const absl::StatusOr<Placed>& placed) { EXPECT_TRUE(placed.ok()); });
  }
  const absl::Status exported = driver->Export(folder / "copy");
  ASSERT_TRUE(exported.ok()) << exported;
  EXPECT_TRUE(absl::IsAlreadyExists(driver->Export(folder / "copy")));
  EXPECT_FALSE(std::filesystem::exists(folder / "copy.partial"));

  EmbeddedOptions options = OptionsFor(folder / "copy", nullptr, now_us_, false);
  EXPECT_TRUE(absl::IsDataLoss(EmbeddedDriver::Open(options, CheckpointKey()).status()));
  options.trust_missing_heads = true;
  const auto copy = EmbeddedDriver::Open(options, CheckpointKey());
  ASSERT_TRUE(copy.ok()) << copy.status();
  const Checkpoint kept = *OpenCheckpoint(*(*copy)->LatestCheckpoint(), CheckpointVerifier());
  EXPECT_EQ(BalanceOf(**copy, 9), static_cast<std::int64_t>(kept.size) - 1);
  EXPECT_TRUE(driver->ProveConsistency(kept.size).ok());
}

}  // namespace
}  // namespace giot::ledger
