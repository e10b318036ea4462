#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/state/audit.h"
#include "tests/server/ledger/state/persisted.h"
#include "tests/server/ledger/state/simulation.h"
#include "tests/server/ledger/state/test_ledger.h"

namespace giot::ledger {
namespace {

// A run of blocks, to be given to other machines.
struct Block {
  std::int64_t time_us = 0;
  std::vector<OpenedTransaction> transactions;
  std::vector<v1::Code> codes;
};

std::vector<v1::Code> Apply(StateMachine& machine, std::uint64_t height, std::int64_t time_us,
                            const std::vector<OpenedTransaction>& transactions) {
  std::vector<v1::Code> codes;
  machine.Begin(height, time_us);
  for (const OpenedTransaction& transaction : transactions) codes.push_back(machine.Apply(transaction));
  machine.End();
  return codes;
}

std::vector<Block> RandomBlocks(std::uint64_t seed, int blocks, StateMachine& machine) {
  Simulation simulation(seed);
  std::vector<Block> run{{kStart, {simulation.Genesis()}, {}}};
  run[0].codes = Apply(machine, 0, kStart, run[0].transactions);
  std::int64_t now = kStart;
  for (int height = 1; height < blocks; ++height) {
    now += simulation.OneIn(3) ? 0 : simulation.Up(kSecond);
    Block block{now, {}, {}};
    for (std::int64_t i = 1 + simulation.Up(10); i > 0; --i) {
      block.transactions.push_back(simulation.Next(machine, now));
    }
    block.codes = Apply(machine, static_cast<std::uint64_t>(height), now, block.transactions);
    run.push_back(std::move(block));
  }
  return run;
}

TEST(RandomTransactionsTest, KeepEveryInvariantAndReachEveryRule) {
  const std::map<v1::Code, int> codes = RunWatched(1, 60'000);
  for (int value = v1::Code_MIN; value <= v1::Code_MAX; ++value) {
    const bool is_of_rules =
        v1::Code_IsValid(value) &&
        (value == v1::CODE_EXPIRED || value == v1::CODE_EXPIRY_TOO_FAR || value == v1::CODE_REPLAYED || value >= 32);
    const auto code = static_cast<v1::Code>(value);
    // Neither Genesis out of place nor a supply of 2^62 is among what the simulation does.
    if (!is_of_rules || code == v1::CODE_GENESIS_MISPLACED || code == v1::CODE_SUPPLY_EXCEEDED) continue;
    EXPECT_TRUE(codes.contains(code)) << v1::Code_Name(code);
  }
  EXPECT_GT(codes.at(v1::CODE_OK), 10'000);
}

TEST(RandomTransactionsTest, TheSameBlocksGiveTheSameHashesOnEveryMachine) {
  StateMachine one(kTestChain), other(kTestChain);
  std::uint64_t height = 0;
  for (const Block& block : RandomBlocks(2, 500, one)) {
    EXPECT_EQ(Apply(other, height++, block.time_us, block.transactions), block.codes);
  }
  EXPECT_EQ(one.app_hash(), other.app_hash());
}

TEST(RandomTransactionsTest, GroupsOfOneGiveTheSameCodesAndMoney) {
  StateMachine grouped(kTestChain), single(kTestChain);
  std::uint64_t height = 0;
  for (const Block& block : RandomBlocks(3, 500, grouped)) {
    for (std::size_t i = 0; i < block.transactions.size(); ++i) {
      ASSERT_EQ(Apply(single, height++, block.time_us, {block.transactions[i]})[0], block.codes[i]);
    }
  }
  // The same but for the height, which the chain entry states.
  const auto with_height_0 = [](StateMachine& machine) {
    Chain chain = *machine.state().Get<Chain>(ChainKey());
    chain.height = 0;
    machine.state().Put(ChainKey(), chain);
    return EntriesOf(machine.state());
  };
  EXPECT_EQ(with_height_0(grouped), with_height_0(single));
  EXPECT_EQ(grouped.StateRoot(), single.StateRoot());
}

TEST(RandomTransactionsTest, CheckAgreesWithApply) {
  Simulation simulation(4);
  StateMachine machine(kTestChain);
  Apply(machine, 0, kStart, {simulation.Genesis()});
  std::int64_t now = kStart;
  for (std::uint64_t height = 1; height < 3'000; ++height) {
    now += simulation.Up(kSecond / 4);
    const OpenedTransaction next = simulation.Next(machine, now);
    const Digest before = machine.StateRoot();
    const v1::Code checked = machine.Check(next, now);
    ASSERT_EQ(machine.StateRoot(), before);
    ASSERT_EQ(v1::Code_Name(Apply(machine, height, now, {next})[0]), v1::Code_Name(checked));
  }
}

TEST(RandomTransactionsTest, AMachineLoadedAfterAnyBlockGoesOnAsTheOneThatWasSaved) {
  StateMachine saved(kTestChain), reference(kTestChain);
  Persisted persisted;
  std::uint64_t height = 0;
  for (const Block& block : RandomBlocks(5, 300, reference)) {
    // `saved` is loaded anew after each block.
    ASSERT_EQ(Apply(saved, height++, block.time_us, block.transactions), block.codes);
    persisted.Take(saved);
    absl::StatusOr<StateMachine> loaded = persisted.Load();
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    EXPECT_EQ(loaded->app_hash(), saved.app_hash());
    EXPECT_EQ(loaded->StateRoot(), saved.StateRoot());
    EXPECT_EQ(loaded->log().Root(), saved.log().Root());
    EXPECT_EQ(loaded->height(), saved.height());
    EXPECT_EQ(loaded->time_us(), saved.time_us());
    for (const Digest& id : persisted.ids) ASSERT_EQ(loaded->FindRecent(id), saved.FindRecent(id));
    saved = std::move(*loaded);
  }
  EXPECT_EQ(saved.app_hash(), reference.app_hash());
  EXPECT_GT(persisted.records.size(), 1'000u);
}

}  // namespace
}  // namespace giot::ledger
