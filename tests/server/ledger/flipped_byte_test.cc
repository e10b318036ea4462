#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/embedded_driver.h"
#include "tests/server/ledger/memory_vfs.h"
#include "tests/server/ledger/open_ledger.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

constexpr char kPath[] = "/ledger";
using Files = std::map<std::string, std::string>;

// Everything that can be asked of a ledger.
class FlippedByteTest : public testing::Test {
 protected:
  // A ledger of `deposits` and Genesis, closed, or as a crash leaves it.
  Files Build(std::uint32_t deposits, bool closed) {
    vfs_.Restore({});
    auto driver = EmbeddedDriver::Open(OptionsFor(kPath, vfs_.name(), now_us_, true), CheckpointKey()).value();
    for (std::uint32_t i = 0; i < deposits; ++i) {
      const std::string envelope = DepositEnvelope(static_cast<std::uint8_t>(10 + i % 3), 1, i, now_us_);
      // Of a long one a tenth, which lie in all of its tiles.
      if (deposits < 100 || i % 10 == 0) ids_.push_back(TransactionId(envelope));
      if (i % 4 == 3) {
        SubmitAndWait(*driver, envelope).value();
      } else {
        driver->Submit(envelope, [](const absl::StatusOr<Placed>& placed) { EXPECT_TRUE(placed.ok()); });
      }
    }
    checkpoint_ = driver->LatestCheckpoint().value();
    const Files crashed = vfs_.Files();
    driver.reset();
    return closed ? vfs_.Files() : crashed;
  }

  // All answers of an opened ledger; the error of the first that is refused.
  absl::StatusOr<std::string> Ask(OpenLedger& ledger) {
    std::string all;
    Answers answers(ledger.database, ledger.machine);
    for (const Digest& id : ids_) {
      const absl::StatusOr<Placed> placed = answers.Find(id);
      if (absl::IsNotFound(placed.status())) return std::string("a transaction was not found");
      if (!placed.ok()) return placed.status();
      const absl::StatusOr<LogRecord> record = answers.RecordAt(placed->position);
      if (!record.ok()) return record.status();
      absl::StrAppend(&all, placed->position, " ", HexOf(EncodeRecord(*record)), "\n");
    }
    const Checkpoint checkpoint = OpenCheckpoint(checkpoint_, CheckpointVerifier()).value();
    for (const Digest& id : {ids_.front(), ids_.back()}) {
      const absl::StatusOr<Receipt> receipt = answers.ReceiptOf(id, checkpoint, checkpoint_);
      if (!receipt.ok()) return receipt.status();
      all += FormatReceipt(*receipt);
    }
    for (std::uint64_t size = 0; size < checkpoint.size; size += 1 + checkpoint.size / 4) {
      const absl::StatusOr<ConsistencyProof> proof = answers.ProveConsistency(size, checkpoint, checkpoint_);
      if (!proof.ok()) return proof.status();
      all += FormatConsistencyProof(*proof);
    }
    return all;
  }

  std::string EntriesOf(OpenLedger& ledger) {
    std::string all;
    ledger.machine.state().Scan("", [&](const std::string& key, const std::string& value) {
      absl::StrAppend(&all, HexOf(key), " ", HexOf(value), "\n");
      return true;
    });
    return all;
  }

  // Refused when it is opened, or when it is asked; or every answer is as it was, and stays so when more is written.
  void Judge(const Files& files, const std::string& answers, const std::string& entries) {
    vfs_.Restore(files);
    auto ledger = OpenLedger::Open(kPath, vfs_.name());
    if (!ledger.ok()) {
      ++refused_;
      return;
    }
    EXPECT_EQ(EntriesOf(**ledger), entries);
    absl::StatusOr<std::string> got = Ask(**ledger);
    if (!got.ok()) {
      EXPECT_TRUE(absl::IsDataLoss(got.status())) << got.status();
      ++refused_;
      return;
    }
    ASSERT_EQ(*got, answers);
    ++unchanged_;
    if (!(*ledger)->Append(DepositEnvelope(20, 1, 5000, now_us_)).ok()) return;
    ledger->reset();
    ledger = OpenLedger::Open(kPath, vfs_.name());
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    got = Ask(**ledger);
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(*got, answers);
  }

  // Flips a bit of every `stride`-th byte of each file.
  void FlipAll(const Files& files, std::size_t stride) {
    vfs_.Restore(files);
    auto ledger = OpenLedger::Open(kPath, vfs_.name());
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    const std::string answers = Ask(**ledger).value();
    const std::string entries = EntriesOf(**ledger);
    ledger->reset();
    std::mt19937_64 random(5);
    for (const auto& [path, bytes] : files) {
      for (std::size_t i = random() % stride; i < bytes.size(); i += stride) {
        SCOPED_TRACE(absl::StrCat(path, " byte ", i));
        Files flipped = files;
        char& byte = flipped[path][i];
        byte = static_cast<char>(byte ^ (1 << random() % 8));
        Judge(flipped, answers, entries);
        if (testing::Test::HasFatalFailure()) return;
      }
    }
    EXPECT_GT(refused_, 0);
    EXPECT_GT(unchanged_, 0);
  }

  // Of every how many bytes one is flipped: as often as the environment wants, but for a ledger of which all would take
  // hours.
  static std::size_t Stride(int usual, int least = 1) {
    return static_cast<std::size_t>(std::max(least, CountFrom("GIOT_LEDGER_FLIP_STRIDE", usual)));
  }

  MemoryVfs vfs_;
  const std::atomic<std::int64_t> now_us_ = kGenesisUs;
  std::vector<Digest> ids_;
  std::string checkpoint_;
  int refused_ = 0;
  int unchanged_ = 0;
};

TEST_F(FlippedByteTest, OfAClosedLedgerIsFoundOrHarmless) { FlipAll(Build(12, true), Stride(41)); }

TEST_F(FlippedByteTest, OfACrashedLedgerIsFoundOrHarmless) { FlipAll(Build(12, false), Stride(173)); }

TEST_F(FlippedByteTest, OfALedgerWithTilesIsFoundOrHarmless) { FlipAll(Build(300, true), Stride(4001, 61)); }

}  // namespace
}  // namespace giot::ledger
