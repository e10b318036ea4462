#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "server/ledger/embedded_driver.h"
#include "tests/server/ledger/acknowledging.h"
#include "tests/server/ledger/memory_vfs.h"
#include "tests/server/ledger/open_ledger.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

constexpr char kPath[] = "/ledger";

struct Failure {
  MemoryVfs::Call call = MemoryVfs::Call::kWrite;
  int nth = 1;
  int code = SQLITE_IOERR;
  bool from_then_on = false;
};

class WriteFailureTest : public testing::TestWithParam<MemoryVfs::Call> {
 protected:
  // Whether the failure came about.
  bool Fail(const Failure& failure, const std::function<void()>& doing) {
    std::atomic<int> calls = 0;
    vfs_.FailWhen([&](MemoryVfs::Call call) {
      if (call != failure.call) return SQLITE_OK;
      const int count = ++calls;
      return count == failure.nth || (failure.from_then_on && count > failure.nth) ? failure.code : SQLITE_OK;
    });
    doing();
    vfs_.FailWhen(nullptr);
    return calls >= failure.nth;
  }

  // Opens, and submits in groups; what is acknowledged is added.
  void Write(bool is_new, Acknowledged& acknowledged) {
    EmbeddedOptions options = OptionsFor(kPath, vfs_.name(), now_us_, is_new);
    options.group = 2;
    options.most_log_frames = 8;
    Acknowledging submissions;
    if (auto driver = EmbeddedDriver::Open(std::move(options), CheckpointKey()); driver.ok()) {
      for (int i = 0; i < 6; ++i) submissions.Submit(**driver, DepositEnvelope(9, 1, number_++, now_us_));
      submissions.Wait();
    } else {
      const absl::Status& why = driver.status();
      EXPECT_TRUE(absl::IsUnavailable(why) || absl::IsDataLoss(why)) << why;
    }
    acknowledged.merge(submissions.acknowledged());
  }

  MemoryVfs vfs_;
  const std::atomic<std::int64_t> now_us_ = kGenesisUs;
  std::uint32_t number_ = 0;
};

// At the n-th call, for every n, once or from then on, by an error or a full disk, and with the power cut
// afterwards or not.
TEST_P(WriteFailureTest, NothingIsAcknowledgedFalselyOrLost) {
  Acknowledged before;
  Write(true, before);
  ASSERT_EQ(before.size(), 6u);
  const std::map<std::string, std::string> files = vfs_.Files();
  std::mt19937_64 random(3);
  bool failed = true;
  for (int nth = 1; failed; ++nth) {
    failed = false;
    for (int variant = 0; variant < 4; ++variant) {
      SCOPED_TRACE(testing::Message() << "call " << nth << ", variant " << variant);
      vfs_.Restore(files);
      Acknowledged acknowledged = before;
      const Failure failure{.call = GetParam(),
                            .nth = nth,
                            .code = variant % 2 == 0 ? SQLITE_IOERR : SQLITE_FULL,
                            .from_then_on = variant >= 2};
      if (Fail(failure, [&] { Write(false, acknowledged); })) failed = true;
      if ((nth + variant) % 2 == 0) vfs_.CutPower(random);
      const auto ledger = OpenLedger::Open(kPath, vfs_.name());
      ASSERT_TRUE(ledger.ok()) << ledger.status();
      const absl::Status held = (*ledger)->Holds(acknowledged);
      ASSERT_TRUE(held.ok()) << held;
    }
  }
}

TEST_P(WriteFailureTest, CreationSucceedsOrOpeningSaysWhyNot) {
  std::mt19937_64 random(4);
  bool failed = true;
  for (int nth = 1; failed; ++nth) {
    SCOPED_TRACE(nth);
    vfs_.Restore({});
    Acknowledged acknowledged;
    failed = Fail({.call = GetParam(), .nth = nth}, [&] { Write(true, acknowledged); });
    if (nth % 2 == 0) vfs_.CutPower(random);
    const auto ledger = OpenLedger::Open(kPath, vfs_.name());
    if (ledger.ok()) {
      const absl::Status held = (*ledger)->Holds(acknowledged);
      ASSERT_TRUE(held.ok()) << held;
    } else {
      const absl::Status& why = ledger.status();
      EXPECT_TRUE(absl::IsNotFound(why) || absl::IsFailedPrecondition(why) || absl::IsDataLoss(why)) << why;
      EXPECT_TRUE(acknowledged.empty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EveryCall, WriteFailureTest, testing::ValuesIn(MemoryVfs::kCalls),
                         [](const auto& call) { return "Call" + std::to_string(static_cast<int>(call.param)); });

TEST(WriteFailure, StoppedDriverSaysSo) {
  MemoryVfs vfs;
  const std::atomic<std::int64_t> now_us = kGenesisUs;
  const auto driver = EmbeddedDriver::Open(OptionsFor(kPath, vfs.name(), now_us, true), CheckpointKey());
  ASSERT_TRUE(driver.ok());
  vfs.FailWhen([](MemoryVfs::Call call) { return call == MemoryVfs::Call::kWrite ? SQLITE_FULL : SQLITE_OK; });
  EXPECT_TRUE(absl::IsAborted(SubmitAndWait(**driver, DepositEnvelope(9, 1, 1, now_us)).status()));
  vfs.FailWhen(nullptr);
  EXPECT_TRUE(absl::IsUnavailable(SubmitAndWait(**driver, DepositEnvelope(9, 1, 2, now_us)).status()));
  EXPECT_TRUE(absl::IsUnavailable((*driver)->Find(Digest{}).status()));
  EXPECT_TRUE(absl::IsUnavailable((*driver)->LatestCheckpoint().status()));
  EXPECT_TRUE(absl::IsUnavailable((*driver)->Export("/proc/copy")));
}

}  // namespace
}  // namespace giot::ledger
