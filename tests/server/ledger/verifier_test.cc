#include "server/ledger/verifier.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/state/entries.h"
#include "tests/server/ledger/raw_sql.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

constexpr std::uint32_t kDeposits = 300;

class VerifierTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto driver = EmbeddedDriver::Open(OptionsFor(path_, nullptr, now_us_, true), CheckpointKey());
    ASSERT_TRUE(driver.ok()) << driver.status();
    for (std::uint32_t i = 0; i < kDeposits; ++i) {
      (*driver)->Submit(DepositEnvelope(static_cast<std::uint8_t>(10 + i % 5), 100, i, now_us_),
                        [](const absl::StatusOr<Placed>& placed) { ASSERT_TRUE(placed.ok()); });
    }
    earlier_ = (*driver)->LatestCheckpoint().value();
    SubmitAndWait(**driver, WithdrawEnvelope(10, 50, 1000, now_us_)).value();
    SubmitAndWait(**driver, WithdrawEnvelope(99, 1, 1001, now_us_)).value();  // Has nothing.
  }

  absl::StatusOr<Verified> Verify(const std::optional<std::string>& earlier = std::nullopt, int threads = 2) {
    return VerifyLedger(path_, CheckpointVerifier(), earlier, threads);
  }

  const std::filesystem::path path_ = EmptyFolder("verifier") / "ledger";
  std::atomic<std::int64_t> now_us_ = kGenesisUs;
  std::string earlier_;
};

TEST_F(VerifierTest, SaysWhatAnIntactLedgerHolds) {
  for (const int threads : {1, 2, 5}) {
    const absl::StatusOr<Verified> verified = Verify(earlier_, threads);
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->chain_id, kChainId);
    EXPECT_EQ(verified->transactions, 303u);
    EXPECT_EQ(verified->failed, 1u);
    EXPECT_EQ(verified->blocks, verified->checkpoint.height + 1);
    EXPECT_EQ(verified->minted, 30'000);
    EXPECT_EQ(verified->withdrawn, 50);
    EXPECT_EQ(verified->checkpoint.size, 303u);
  }
}

TEST_F(VerifierTest, FileThatIsInUseIsRefused) {
  const auto driver = EmbeddedDriver::Open(OptionsFor(path_, nullptr, now_us_, false), CheckpointKey());
  ASSERT_TRUE(driver.ok()) << driver.status();
  EXPECT_TRUE(absl::IsFailedPrecondition(Verify().status()));
}

TEST_F(VerifierTest, AnotherKeyOrNameIsALoss) {
  VerifierKey key = CheckpointVerifier();
  key.key = KeyOf(50).public_key();
  EXPECT_TRUE(absl::IsDataLoss(VerifyLedger(path_, key, std::nullopt, 1).status()));
  key = CheckpointVerifier();
  key.name = "test.example/other";
  EXPECT_TRUE(absl::IsDataLoss(VerifyLedger(path_, key, std::nullopt, 1).status()));
}

TEST_F(VerifierTest, EarlierNoteMustBeOfThisLog) {
  const Checkpoint earlier = OpenCheckpoint(earlier_, CheckpointVerifier()).value();
  for (int change = 0; change < 5; ++change) {
    Checkpoint other = earlier;
    if (change == 0) other.root[0] ^= 1;
    if (change == 1) other.app_hash[0] ^= 1;
    if (change == 2) other.height += 1;
    if (change == 3) other.size += 1;
    if (change == 4) other.size = 304;
    EXPECT_TRUE(absl::IsDataLoss(Verify(SignCheckpoint(other, CheckpointKey())).status())) << change;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(Verify(SignCheckpoint(earlier, KeyOf(50))).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Verify("no note").status()));
}

TEST_F(VerifierTest, HeadsOfAnotherHistoryAreALoss) {
  std::filesystem::remove(path_.string() + ".heads");
  ASSERT_TRUE(Verify().ok());  // A copy that was exported has none.
  auto heads = HeadsFile::Open(path_.string() + ".heads", HeadsFile::Access::kCreate, nullptr);
  ASSERT_TRUE(heads->Write({.size = 303, .height = 1, .log_root = {}, .app_hash = {}}).ok());
  EXPECT_TRUE(absl::IsDataLoss(Verify().status()));
}

struct Damage {
  std::string name;
  std::string sql;
};

class DamagedLedgerTest : public VerifierTest, public testing::WithParamInterface<Damage> {};

TEST_P(DamagedLedgerTest, IsALoss) {
  Alter(path_, GetParam().sql);
  const absl::StatusOr<Verified> verified = Verify();
  EXPECT_TRUE(absl::IsDataLoss(verified.status())) << verified.status();
}

std::string Flip(const std::string& table, const std::string& column, int byte, const std::string& where) {
  return absl::StrCat("UPDATE ", table, " SET ", column, " = CAST(substr(", column, ", 1, ", byte,
                      ") || x'A7' || substr(", column, ", ", byte + 2, ") AS BLOB) WHERE ", where);
}

// A record: version 1, height 8, time 8, index 4, code 2, envelope.
INSTANTIATE_TEST_SUITE_P(
    Each, DamagedLedgerTest,
    testing::Values(
        Damage{"RecordVersion", Flip("log", "record", 0, "position = 100")},
        Damage{"Height", Flip("log", "record", 8, "position = 100")},
        Damage{"Time", Flip("log", "record", 16, "position = 100")},
        Damage{"Index", Flip("log", "record", 20, "position = 100")},
        Damage{"Code",
               "UPDATE log SET record = CAST(substr(record, 1, 21) || x'0023' || substr(record, 24) AS BLOB) "
               "WHERE position = 100"},
        Damage{"FailureCalledSuccess",
               "UPDATE log SET record = CAST(substr(record, 1, 21) || x'0000' || substr(record, 24) AS BLOB) "
               "WHERE position = 302"},
        Damage{"Signature", Flip("log", "record", 30, "position = 100")},
        Damage{"Body", Flip("log", "record", 200, "position = 100")},
        Damage{"Genesis", Flip("log", "record", 200, "position = 0")},
        Damage{"LastRecord", Flip("log", "record", 200, "position = 302")},
        Damage{"MissingRecord", "DELETE FROM log WHERE position = 100"},
        Damage{"MissingLastRecord", "DELETE FROM log WHERE position = 302"}, Damage{"EmptyLog", "DELETE FROM log"},
        Damage{"SwappedRecords",
               "UPDATE log SET position = -1 WHERE position = 100; UPDATE log SET position = 100 "
               "WHERE position = 101; UPDATE log SET position = 101 WHERE position = -1"},
        Damage{"RecordBeforeTheFirst", "INSERT INTO log SELECT -1, record, txid_prefix FROM log WHERE position = 0"},
        Damage{"RepeatedRecord", "INSERT INTO log SELECT 303, record, txid_prefix FROM log WHERE position = 302"},
        Damage{"IdPrefix", "UPDATE log SET txid_prefix = 7 WHERE position = 100"},
        Damage{"IdSum", "UPDATE chain SET value = x'0000000000000000' WHERE name = 'id_sum'"},
        Damage{"Tile", Flip("tile", "hashes", 5000, "level = 0")}, Damage{"MissingTile", "DELETE FROM tile"},
        Damage{"ForeignTile", "INSERT INTO tile SELECT 1, 0, hashes FROM tile"},
        Damage{"ShortTile", "UPDATE tile SET hashes = substr(hashes, 1, 8160)"},
        Damage{"EntryValue", Flip("state", "value", 8, "key = x'43'")},
        Damage{"MissingEntry", "DELETE FROM state WHERE key = (SELECT max(key) FROM state)"},
        Damage{"ForeignEntry", "INSERT INTO state SELECT key || x'00', value FROM state WHERE key = x'43'"},
        Damage{"MissingCheckpoint", "DELETE FROM chain WHERE name = 'checkpoint'"},
        Damage{"Checkpoint", Flip("chain", "value", 30, "name = 'checkpoint'")},
        Damage{"EngineHeight", "INSERT INTO chain VALUES ('engine_height', x'00')"}),
    [](const auto& damage) { return damage.param.name; });

// Someone without the key writes a ledger of another history that fits in itself.
TEST_F(VerifierTest, SelfConsistentRewriteWithoutTheKeyIsALoss) {
  const std::filesystem::path forged = path_.parent_path() / "forged";
  {
    const auto driver = EmbeddedDriver::Open(OptionsFor(forged, nullptr, now_us_, true), KeyOf(66));
    ASSERT_TRUE(driver.ok()) << driver.status();
    for (std::uint32_t i = 0; i < 302; ++i) {
      (*driver)->Submit(DepositEnvelope(66, 100, i, now_us_), [](const absl::StatusOr<Placed>&) {});
    }
    SubmitAndWait(**driver, WithdrawEnvelope(66, 1, 1000, now_us_)).value();
  }
  const VerifierKey forger = {.name = std::string(kChainId), .key = KeyOf(66).public_key()};
  EXPECT_TRUE(VerifyLedger(forged, forger, std::nullopt, 2).ok());
  EXPECT_TRUE(absl::IsDataLoss(VerifyLedger(forged, CheckpointVerifier(), std::nullopt, 2).status()));
  // With the true checkpoint put in as well.
  Alter(forged, absl::StrCat("UPDATE chain SET value = CAST('", earlier_, "' AS BLOB) WHERE name = 'checkpoint'"));
  EXPECT_TRUE(absl::IsDataLoss(VerifyLedger(forged, CheckpointVerifier(), std::nullopt, 2).status()));
}

TEST_F(VerifierTest, IntactAfterExport) {
  const std::filesystem::path copy = path_.parent_path() / "copy";
  {
    const auto driver = EmbeddedDriver::Open(OptionsFor(path_, nullptr, now_us_, false), CheckpointKey());
    ASSERT_TRUE((*driver)->Export(copy).ok());
  }
  const absl::StatusOr<Verified> verified = VerifyLedger(copy, CheckpointVerifier(), earlier_, 2);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->transactions, 303u);
}

}  // namespace
}  // namespace giot::ledger
