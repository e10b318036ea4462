#include "server/ledger/cometbft/opened_cache.h"

#include <gtest/gtest.h>

#include <string>

#include "server/ledger/proof/transaction.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

std::string Deposit(std::uint32_t number) { return DepositEnvelope(9, 5, number, kGenesisUs); }

TEST(OpenedCacheTest, AnswersAsOpenTransactionDoes) {
  OpenedCache cache(std::string(kChainId), 1 << 20);
  std::string flipped = Deposit(1);
  flipped[0] = static_cast<char>(flipped[0] ^ 1);
  const std::string no_amount = DepositEnvelope(9, 0, 1, kGenesisUs);
  for (const std::string& envelope : {Deposit(1), flipped, no_amount, std::string(), std::string(70'000, 'x')}) {
    const OpenedTransaction wanted = OpenTransaction(kChainId, envelope);
    for (int time = 0; time < 2; ++time) {
      const auto opened = cache.Open(envelope);
      EXPECT_EQ(opened->envelope, envelope);
      EXPECT_EQ(opened->envelope_code, wanted.envelope_code);
      EXPECT_EQ(opened->field_code, wanted.field_code);
      EXPECT_EQ(opened->id, wanted.id);
      EXPECT_EQ(opened->signer, wanted.signer);
    }
  }
}

TEST(OpenedCacheTest, KeepsWhatIsWellSigned) {
  OpenedCache cache(std::string(kChainId), 1 << 20);
  std::string flipped = Deposit(1);
  flipped[0] = static_cast<char>(flipped[0] ^ 1);
  EXPECT_EQ(cache.Open(Deposit(1)), cache.Open(Deposit(1)));
  EXPECT_NE(cache.Open(Deposit(1)), cache.Open(Deposit(2)));
  const auto first = cache.Open(flipped);
  EXPECT_NE(first, cache.Open(flipped));
}

TEST(OpenedCacheTest, ForgetsTheOldestBeyondItsBound) {
  OpenedCache cache(std::string(kChainId), 8'000);
  const auto first = cache.Open(Deposit(0));
  const auto second = cache.Open(Deposit(1));
  EXPECT_EQ(cache.Open(Deposit(0)), first);
  std::uint32_t number = 2;
  while (first.use_count() > 1) cache.Open(Deposit(number++));
  EXPECT_GT(number, 4u);
  EXPECT_LT(number, 10u);
  EXPECT_EQ(cache.Open(Deposit(1)), second);
  EXPECT_NE(cache.Open(Deposit(0)), first);
}

}  // namespace
}  // namespace giot::ledger
