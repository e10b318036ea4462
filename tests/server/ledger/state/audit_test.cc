#include "server/ledger/state/audit.h"

#include <cstdint>
#include <functional>
#include <string>

#include "gtest/gtest.h"
#include "server/ledger/state/money.h"
#include "tests/server/ledger/state/test_ledger.h"

namespace giot::ledger {
namespace {

// A ledger with a task that has an open and a final acceptance.
class AuditTest : public testing::Test {
 protected:
  AuditTest() {
    const v1::Body published = PublishBody(ledger_.now());
    task_ = ledger_.Publish(published);
    for (const char* vehicle : {"car", "bus"}) {
      EXPECT_EQ(ledger_.Do(vehicle, AcceptBody(task_, 0, published.publish_task())), v1::CODE_OK);
      EXPECT_EQ(ledger_.Do(vehicle, SubmitBody(task_, vehicle, "data", "operator")), v1::CODE_OK);
    }
    EXPECT_EQ(ledger_.Do("operator", ScoreBody(task_, "bus", 900'000)), v1::CODE_OK);
    EXPECT_TRUE(AuditState(ledger_.state()).ok()) << AuditState(ledger_.state());
  }

  template <typename Entry>
  void ExpectBrokenBy(const std::string& key, const std::function<void(Entry&)>& edit) {
    const std::string before = *ledger_.state().Find(key);
    Entry entry = *ledger_.state().Get<Entry>(key);
    edit(entry);
    ledger_.state().Put(key, entry);
    EXPECT_EQ(AuditState(ledger_.state()).code(), absl::StatusCode::kInvalidArgument);
    ledger_.state().PutBytes(key, before);
    EXPECT_TRUE(AuditState(ledger_.state()).ok());
  }
  void ExpectBrokenWithout(const std::string& key) {
    const std::string before = *ledger_.state().Find(key);
    ledger_.state().Erase(key);
    EXPECT_EQ(AuditState(ledger_.state()).code(), absl::StatusCode::kInvalidArgument);
    ledger_.state().PutBytes(key, before);
  }

  TestLedger ledger_;
  TaskId task_{};
};

TEST_F(AuditTest, SeesMoneyThatIsNotAccountedFor) {
  const std::string open = AcceptanceKey(task_, PublicNamed("car"));
  const std::string final = AcceptanceKey(task_, PublicNamed("bus"));
  ExpectBrokenBy<AccountEntry>(AccountKey(PublicNamed("car")), [](AccountEntry& entry) { ++entry.balance; });
  ExpectBrokenBy<TaskFunds>(FundsKey(task_), [](TaskFunds& entry) { ++entry.escrow; });
  ExpectBrokenBy<OperatorEntry>(OperatorKey(PublicNamed("operator")), [](OperatorEntry& entry) { ++entry.bond; });
  ExpectBrokenBy<Acceptance>(open, [](Acceptance& entry) { ++entry.reserve; });
  ExpectBrokenBy<Acceptance>(open, [](Acceptance& entry) { ++entry.deposit; });
  ExpectBrokenBy<Acceptance>(final, [](Acceptance& entry) { ++entry.reserve; });
  ExpectBrokenBy<Acceptance>(final, [](Acceptance& entry) { ++entry.deposit; });
  ExpectBrokenBy<Chain>(ChainKey(), [](Chain& entry) { ++entry.minted; });
  ExpectBrokenBy<Chain>(ChainKey(), [](Chain& entry) { ++entry.balances, --entry.escrow; });
  // Sums that wrap around are no sums.
  ExpectBrokenBy<AccountEntry>(AccountKey(PublicNamed("car")), [](AccountEntry& entry) { entry.balance = INT64_MAX; });
}

TEST_F(AuditTest, SeesMiscountedAcceptances) {
  const std::string final = AcceptanceKey(task_, PublicNamed("bus"));
  ExpectBrokenBy<TaskFunds>(FundsKey(task_), [](TaskFunds& entry) { ++entry.open; });
  ExpectBrokenBy<TaskFunds>(FundsKey(task_), [](TaskFunds& entry) { --entry.acceptances; });
  ExpectBrokenBy<TaskFunds>(FundsKey(task_), [](TaskFunds& entry) { entry.slots_left = 2; });
  ExpectBrokenBy<TaskFunds>(FundsKey(task_), [](TaskFunds& entry) { entry.status = TaskStatus::kClosed; });
  ExpectBrokenBy<Acceptance>(final, [](Acceptance& entry) { entry.status = AcceptanceStatus::kSubmitted; });
  ExpectBrokenBy<Acceptance>(final, [](Acceptance& entry) { entry.deadline = 1; });
  ExpectBrokenBy<Acceptance>(final, [](Acceptance& entry) { entry.item = 2; });
  ExpectBrokenBy<Acceptance>(final, [](Acceptance& entry) { entry.to_pay = 1; });
  ExpectBrokenWithout(TermsKey(task_));
  ExpectBrokenWithout(FundsKey(task_));
  ExpectBrokenWithout(final);
  ExpectBrokenWithout(AccountKey(PublicNamed("bus")));
}

TEST_F(AuditTest, SeesKeysThatDoNotNameEachOther) {
  for (const char* name : {"operator", "checkpoint", "mint", "auditor 1"}) {
    SCOPED_TRACE(name);
    const std::string key = KeyKey(PublicNamed(name));
    ExpectBrokenBy<KeyEntry>(key, [](KeyEntry& entry) { entry.revoked = true; });
    ExpectBrokenBy<KeyEntry>(key, [](KeyEntry& entry) { entry.account[0] ^= 7; });
    ExpectBrokenWithout(key);
  }
  ledger_.state().Put(AccountKey(PublicNamed("checkpoint")), AccountEntry{});
  EXPECT_FALSE(AuditState(ledger_.state()).ok());
  ledger_.state().Erase(AccountKey(PublicNamed("checkpoint")));
  ledger_.state().Put(KeyKey(PublicNamed("stranger")), KeyEntry{v1::KEY_ROLE_OPERATOR, false, PublicNamed("operator")});
  EXPECT_FALSE(AuditState(ledger_.state()).ok());
  ledger_.state().Erase(KeyKey(PublicNamed("stranger")));
  ExpectBrokenWithout(OperatorKey(PublicNamed("operator")));
  ExpectBrokenWithout(ParametersKey());
  ExpectBrokenWithout(ChainKey());
}

TEST(ConservedTest, WantsTheSumOfNonNegativeTotals) {
  const auto conserved = [](std::int64_t minted, std::int64_t withdrawn, std::int64_t balances, std::int64_t bonds) {
    return Conserved({.minted = minted, .withdrawn = withdrawn, .balances = balances, .bonds = bonds});
  };
  EXPECT_TRUE(conserved(0, 0, 0, 0));
  EXPECT_TRUE(conserved(10, 3, 5, 2));
  EXPECT_FALSE(conserved(10, 3, 5, 3));
  EXPECT_FALSE(conserved(10, 3, 8, -1));
  EXPECT_TRUE(conserved(kMostMintedMicros, 0, kMostMintedMicros - 1, 1));
  EXPECT_FALSE(conserved(kMostMintedMicros + 1, 0, kMostMintedMicros, 1));
  EXPECT_FALSE(conserved(0, 0, INT64_MAX, INT64_MAX));
}

}  // namespace
}  // namespace giot::ledger
