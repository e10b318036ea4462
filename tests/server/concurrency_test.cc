// What requests share, driven from plain threads: ThreadSanitizer cannot judge it
// below gRPC's own.
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "server/engine/admission.h"
#include "server/engine/contract_engine.h"
#include "server/rpc/message_pool.h"
#include "server/rpc/screening_convert.h"
#include "tests/server/market.h"
#include "tests/server/test_model.h"

namespace giot {
namespace {

constexpr int kThreads = 4;
constexpr int kCalls = 200;
constexpr int kQuickCalls = 20'000;  // Enough for the threads to overlap.

void OnEveryThread(const std::function<void(int thread)>& work) {
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) threads.emplace_back(work, t);
  for (std::thread& thread : threads) thread.join();
}

TEST(ConcurrencyTest, ThreadsThatShareAModelGetTheMenusThatOneAloneGets) {
  const auto model = TestModel(bundle::Family::kScreening);
  const auto market = rpc::MarketFrom(GoodRequest().screening());
  ASSERT_TRUE(market.ok()) << market.status();
  const engine::ContractEngine engine({.floor = 0.0});
  std::vector<contract::PostedMenu> alone;
  for (int call = 0; call < kCalls; ++call) {
    const auto answer = engine.Generate(*model, *market, {1, static_cast<std::uint64_t>(call)}, nullptr);
    ASSERT_TRUE(answer.ok()) << answer.status();
    alone.push_back(answer->menu);
  }
  std::atomic<int> different = 0;
  OnEveryThread([&](int /*thread*/) {
    for (int call = 0; call < kCalls; ++call) {
      const auto answer = engine.Generate(*model, *market, {1, static_cast<std::uint64_t>(call)}, nullptr);
      if (!answer.ok() || answer->menu.items() != alone[static_cast<std::size_t>(call)].items()) ++different;
    }
  });
  EXPECT_EQ(different, 0);
}

TEST(ConcurrencyTest, AdmissionLetsNoMoreInThanItsLimit) {
  engine::Admission admission(1);
  std::atomic<int> inside = 0;
  std::atomic<int> too_many = 0;
  std::atomic<int> let_in = 0;
  OnEveryThread([&](int /*thread*/) {
    for (int call = 0; call < kQuickCalls; ++call) {
      const auto ticket = admission.TryEnter();
      if (!ticket) continue;
      ++let_in;
      if (++inside > 1) ++too_many;
      std::this_thread::yield();  // So that another thread tries meanwhile.
      --inside;
    }
  });
  EXPECT_EQ(too_many, 0);
  EXPECT_GT(let_in, 0);
  EXPECT_TRUE(admission.TryEnter().has_value());
}

TEST(ConcurrencyTest, APoolGivesNoMessageToTwoCalls) {
  rpc::MessagePool<v1::GenerateContractRequest, v1::GenerateContractResponse> pool;
  std::atomic<int> shared = 0;
  OnEveryThread([&](int thread) {
    for (int call = 0; call < kQuickCalls; ++call) {
      auto* const messages = pool.AllocateMessages();
      const auto mine = static_cast<std::uint64_t>(thread * kQuickCalls + call + 1);
      if (messages->request()->seed() != 0) ++shared;
      messages->request()->set_seed(mine);
      messages->response()->mutable_model()->set_name("screening");
      if (messages->request()->seed() != mine) ++shared;
      messages->Release();
    }
  });
  EXPECT_EQ(shared, 0);
}

}  // namespace
}  // namespace giot
