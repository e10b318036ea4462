#include "server/ledger/state/state_machine.h"

#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/proof/log_record.h"
#include "server/ledger/proof/merkle.h"
#include "tests/server/ledger/state/persisted.h"
#include "tests/server/ledger/state/test_ledger.h"

namespace giot::ledger {
namespace {

std::string Name(v1::Code code) { return v1::Code_Name(code); }

// A machine after Genesis, whose blocks the test makes itself.
class StateMachineTest : public testing::Test {
 protected:
  StateMachineTest() { EXPECT_EQ(Name(Block(kStart, {ledger_.Prepare("mint", GenesisBody())})[0]), "CODE_OK"); }

  std::vector<v1::Code> Block(std::int64_t time_us, const std::vector<OpenedTransaction>& transactions) {
    std::vector<v1::Code> codes;
    machine_.Begin(height_++, time_us);
    for (const OpenedTransaction& transaction : transactions) codes.push_back(machine_.Apply(transaction));
    machine_.End();
    return codes;
  }
  OpenedTransaction DepositThatExpires(std::int64_t expires_us) {
    v1::Body body = DepositBody("car", 1);
    body.set_expires_us(expires_us);
    return ledger_.Prepare("mint", body);
  }

  TestLedger ledger_;  // Signs.
  StateMachine machine_{kTestChain};
  std::uint64_t height_ = 0;
};

TEST_F(StateMachineTest, ExpiresAfterTheStatedMicrosecond) {
  const std::int64_t expires = kStart + 100;
  EXPECT_EQ(Name(Block(expires, {DepositThatExpires(expires)})[0]), "CODE_OK");
  EXPECT_EQ(Name(Block(expires + 1, {DepositThatExpires(expires)})[0]), "CODE_EXPIRED");
}

TEST_F(StateMachineTest, ExpiresWithinTenMinutes) {
  EXPECT_EQ(Name(Block(kStart, {DepositThatExpires(kStart + 600 * kSecond + 1)})[0]), "CODE_EXPIRY_TOO_FAR");
  EXPECT_EQ(Name(Block(kStart, {DepositThatExpires(kStart + 600 * kSecond)})[0]), "CODE_OK");
}

TEST_F(StateMachineTest, IsRememberedToItsExpiryAndExpiredAfterIt) {
  const std::int64_t expires = kStart + 100;
  const OpenedTransaction deposit = DepositThatExpires(expires);
  EXPECT_EQ(Name(Block(kStart, {deposit})[0]), "CODE_OK");
  EXPECT_EQ(machine_.FindRecent(deposit.id), 1u);
  EXPECT_EQ(Name(Block(kStart, {deposit})[0]), "CODE_REPLAYED");
  EXPECT_EQ(Name(Block(expires, {deposit})[0]), "CODE_REPLAYED");
  EXPECT_EQ(machine_.FindRecent(deposit.id), 1u);
  EXPECT_EQ(Name(Block(expires + 1, {deposit})[0]), "CODE_EXPIRED");
  EXPECT_FALSE(machine_.FindRecent(deposit.id).has_value());
  EXPECT_EQ(machine_.state().Get<Chain>(ChainKey())->minted, 1);
}

TEST_F(StateMachineTest, IsReplayedWithinItsOwnBlock) {
  const OpenedTransaction deposit = DepositThatExpires(kStart + 100);
  const auto codes = Block(kStart, {deposit, deposit});
  EXPECT_EQ(Name(codes[0]), "CODE_OK");
  EXPECT_EQ(Name(codes[1]), "CODE_REPLAYED");
}

TEST_F(StateMachineTest, WhatARuleOrFieldRefusedIsRememberedToo) {
  const OpenedTransaction refused = ledger_.Prepare("car", WithdrawBody(1, false));
  EXPECT_EQ(Name(Block(kStart, {refused})[0]), "CODE_INSUFFICIENT_BALANCE");
  EXPECT_EQ(Name(Block(kStart, {refused})[0]), "CODE_REPLAYED");
  const OpenedTransaction field = ledger_.Prepare("car", WithdrawBody(0, false));
  EXPECT_EQ(Name(Block(kStart, {field})[0]), "CODE_AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(Name(Block(kStart, {field})[0]), "CODE_REPLAYED");
}

TEST_F(StateMachineTest, AForgedSignatureBarsNobodysTransaction) {
  const OpenedTransaction right = DepositThatExpires(kStart + 100);
  std::string envelope = right.envelope;
  envelope[0] = static_cast<char>(envelope[0] ^ 1);
  const OpenedTransaction forged = OpenTransaction(kTestChain, envelope);
  ASSERT_EQ(forged.id, right.id);
  EXPECT_EQ(Name(Block(kStart, {forged})[0]), "CODE_BAD_SIGNATURE");
  EXPECT_EQ(Name(Block(kStart, {right})[0]), "CODE_OK");
}

TEST_F(StateMachineTest, ChecksGoInTheOrderOfTheFormat) {
  // Every later check fails as well.
  v1::Body body = WithdrawBody(0, false);
  body.set_expires_us(kStart - 1);
  EXPECT_EQ(Name(Block(kStart, {ledger_.Prepare("car", body)})[0]), "CODE_EXPIRED");
  body.set_expires_us(kStart + 601 * kSecond);
  EXPECT_EQ(Name(Block(kStart, {ledger_.Prepare("car", body)})[0]), "CODE_EXPIRY_TOO_FAR");
  body = GenesisBody();
  body.mutable_genesis()->set_max_task_us(0);
  EXPECT_EQ(Name(Block(kStart, {ledger_.Prepare("car", body)})[0]), "CODE_FIELD_OUT_OF_RANGE");
  EXPECT_EQ(Name(Block(kStart, {ledger_.Prepare("mint", GenesisBody())})[0]), "CODE_GENESIS_MISPLACED");
}

TEST_F(StateMachineTest, LogsEveryTransactionWithItsCode) {
  Persisted persisted;
  persisted.Take(machine_);
  const OpenedTransaction good = DepositThatExpires(kStart + 100);
  OpenedTransaction garbage = OpenTransaction(kTestChain, "garbage");
  Block(kStart + 5, {good, garbage, good});
  persisted.Take(machine_);
  ASSERT_EQ(persisted.records.size(), 4u);
  const v1::Code codes[] = {v1::CODE_OK, v1::CODE_MALFORMED, v1::CODE_REPLAYED};
  for (std::uint32_t i = 0; i < 3; ++i) {
    const LogRecord record = DecodeRecord(persisted.records[i + 1]).value();
    EXPECT_EQ(record.height, 1u);
    EXPECT_EQ(record.time_us, kStart + 5);
    EXPECT_EQ(record.index, i);
    EXPECT_EQ(record.code, codes[i]);
    EXPECT_EQ(record.envelope, i == 1 ? garbage.envelope : good.envelope);
  }
  EXPECT_EQ(persisted.ids[1], good.id);
  EXPECT_EQ(machine_.log().size(), 4u);
}

TEST_F(StateMachineTest, TheAppHashCoversHeightStateAndLog) {
  const Digest before = machine_.app_hash();
  Block(kStart + 5, {DepositThatExpires(kStart + 100)});
  EXPECT_NE(machine_.app_hash(), before);
  EXPECT_EQ(machine_.app_hash(), AppHash(1, machine_.StateRoot(), machine_.log().Root()));
  EXPECT_EQ(machine_.height(), 1u);
  EXPECT_EQ(machine_.time_us(), kStart + 5);
  EXPECT_EQ(machine_.state().Get<Chain>(ChainKey())->height, 1u);
  EXPECT_EQ(machine_.state().Get<Chain>(ChainKey())->time, kStart + 5);
}

TEST_F(StateMachineTest, ARefusedTransactionChangesTheChainEntryAlone) {
  const auto before = EntriesOf(machine_.state());
  Block(kStart + 7, {ledger_.Prepare("car", WithdrawBody(1, false))});
  auto after = EntriesOf(machine_.state());
  ASSERT_EQ(after.size(), before.size());
  int differing = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (after[i] == before[i]) continue;
    ++differing;
    EXPECT_EQ(after[i].first, ChainKey());
  }
  EXPECT_EQ(differing, 1);
  EXPECT_EQ(machine_.state().Get<Chain>(ChainKey())->time, kStart + 7);
}

TEST_F(StateMachineTest, AnEmptyBlockChangesNothing) {
  const OpenedTransaction deposit = DepositThatExpires(kStart + 100);
  Block(kStart, {deposit});
  const Digest before = machine_.app_hash();
  machine_.Begin(7, kStart + 500);
  EXPECT_EQ(machine_.End(), before);
  EXPECT_EQ(machine_.height(), 1u);
  EXPECT_EQ(machine_.time_us(), kStart);
  EXPECT_EQ(machine_.FindRecent(deposit.id), 1u);
}

TEST_F(StateMachineTest, CheckSaysWhatApplyWouldAndChangesNothing) {
  const auto before = EntriesOf(machine_.state());
  const OpenedTransaction good = DepositThatExpires(kStart + 100);
  const OpenedTransaction poor = ledger_.Prepare("car", WithdrawBody(1, false));
  EXPECT_EQ(Name(machine_.Check(good, kStart)), "CODE_OK");
  EXPECT_EQ(Name(machine_.Check(good, kStart + 101)), "CODE_EXPIRED");
  EXPECT_EQ(Name(machine_.Check(poor, kStart)), "CODE_INSUFFICIENT_BALANCE");
  EXPECT_EQ(Name(machine_.Check(OpenTransaction(kTestChain, "garbage"), kStart)), "CODE_MALFORMED");
  EXPECT_EQ(EntriesOf(machine_.state()), before);
  Block(kStart, {good});
  EXPECT_EQ(Name(machine_.Check(good, kStart)), "CODE_REPLAYED");
  EXPECT_EQ(Name(StateMachine(kTestChain).Check(ledger_.Prepare("mint", GenesisBody()), kStart)), "CODE_OK");
}

TEST_F(StateMachineTest, QueriesAreProved) {
  Block(kStart, {DepositThatExpires(kStart + 100)});
  for (const char* name : {"car", "bus"}) {
    const std::string key = AccountKey(PublicNamed(name));
    const StateMachine::Answer answer = machine_.Query(key, true);
    EXPECT_EQ(answer.value.has_value(), std::string(name) == "car");
    ASSERT_TRUE(answer.proof.has_value());
    EXPECT_EQ(answer.proof->value, answer.value);
    EXPECT_TRUE(VerifyStateProof(key, *answer.proof, machine_.StateRoot()).ok());
    EXPECT_FALSE(machine_.Query(key, false).proof.has_value());
  }
}

TEST_F(StateMachineTest, ABlockOutOfOrderAborts) {
  Block(kStart + 5, {DepositThatExpires(kStart + 100)});
  EXPECT_DEATH(machine_.Begin(2, kStart + 4), "");
  EXPECT_DEATH(machine_.Begin(1, kStart + 5), "");
}

TEST_F(StateMachineTest, MoneyOutOfNothingAborts) {
  const auto steal = [&] {
    machine_.Begin(1, kStart);
    machine_.Apply(DepositThatExpires(kStart + 100));
    Chain chain = *machine_.state().Get<Chain>(ChainKey());
    ++chain.balances;
    machine_.state().Put(ChainKey(), chain);
    machine_.End();
  };
  EXPECT_DEATH(steal(), "");
}

TEST_F(StateMachineTest, AnEmptyMachineIsLoadedFromNothing) {
  const absl::StatusOr<StateMachine> loaded = Persisted().Load();
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->app_hash(), StateMachine(kTestChain).app_hash());
}

TEST_F(StateMachineTest, LoadRefusesWhatDoesNotFit) {
  Block(kStart, {DepositThatExpires(kStart + 100)});
  Persisted saved;
  saved.Take(machine_);
  ASSERT_TRUE(saved.Load().ok());
  const auto code = [](const Persisted& persisted) { return persisted.Load().status().code(); };
  Persisted damaged = saved;
  damaged.entries.erase(ChainKey());
  EXPECT_EQ(code(damaged), absl::StatusCode::kInvalidArgument);
  damaged = saved;
  damaged.entries[ParametersKey()] += '\0';
  EXPECT_EQ(code(damaged), absl::StatusCode::kInvalidArgument);
  damaged = saved;
  Chain chain;
  ASSERT_TRUE(Decode(saved.entries.at(ChainKey()), chain));
  ++chain.balances;
  damaged.entries[ChainKey()] = Encode(chain);
  EXPECT_EQ(code(damaged), absl::StatusCode::kInvalidArgument);
  damaged = saved;
  damaged.records.clear();
  EXPECT_EQ(code(damaged), absl::StatusCode::kInvalidArgument);
}

TEST_F(StateMachineTest, ThreadsThatOpenTransactionsDoNotMatter) {
  std::vector<OpenedTransaction> opened;
  for (int i = 0; i < 60; ++i) opened.push_back(DepositThatExpires(kStart + 100 + i % 7));
  std::vector<OpenedTransaction> again(opened.size());
  std::vector<std::thread> threads;
  for (std::size_t first = 0; first < 3; ++first) {
    threads.emplace_back([&, first] {
      for (std::size_t i = first; i < opened.size(); i += 3) again[i] = OpenTransaction(kTestChain, opened[i].envelope);
    });
  }
  for (std::thread& thread : threads) thread.join();
  Persisted persisted;
  persisted.Take(machine_);
  absl::StatusOr<StateMachine> twin = persisted.Load();
  ASSERT_TRUE(twin.ok());
  Block(kStart, opened);
  twin->Begin(1, kStart);
  for (const OpenedTransaction& transaction : again) twin->Apply(transaction);
  EXPECT_EQ(twin->End(), machine_.app_hash());
}

}  // namespace
}  // namespace giot::ledger
