#include "gtest/gtest.h"
#include "tests/server/ledger/state/simulation.h"

namespace giot::ledger {
namespace {

TEST(ManyRandomTransactionsTest, KeepEveryInvariant) {
  int transactions = 0;
  for (const auto& [code, count] : RunWatched(6, 1'000'000)) transactions += count;
  EXPECT_GE(transactions, 1'000'000);
}

}  // namespace
}  // namespace giot::ledger
