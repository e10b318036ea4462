#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/verifier.h"
#include "tests/server/ledger/acknowledging.h"
#include "tests/server/ledger/memory_vfs.h"
#include "tests/server/ledger/open_ledger.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

constexpr char kPath[] = "/ledger";
constexpr int kCutsOfALedger = 25;

// A ledger that lives from power cut to power cut.
class CutLedger {
 public:
  explicit CutLedger(std::uint64_t seed) : random_(seed) {}

  // Opens, submits, and dies on the way or after having been closed.
  void Live() {
    CutAfter(1 + random_() % 120);
    EmbeddedOptions options = OptionsFor(kPath, vfs_.name(), now_us_, !exists_);
    options.group = 1 + random_() % 8;
    options.most_log_frames = static_cast<int>(8 + random_() % 30);
    Acknowledging submissions;
    if (auto driver = EmbeddedDriver::Open(std::move(options), CheckpointKey()); driver.ok()) {
      exists_ = true;
      for (std::uint64_t i = random_() % 40; i > 0; --i) {
        submissions.Submit(**driver, DepositEnvelope(9, 1, number_++, now_us_));
      }
      if (random_() % 2 == 0) submissions.Wait();
    } else {
      EXPECT_TRUE(dead_) << driver.status();
    }
    EXPECT_EQ(submissions.answered(), submissions.submitted());
    acknowledged_.merge(submissions.acknowledged());
    vfs_.FailWhen(nullptr);
    vfs_.CutPower(random_);
  }

  // What was created opens again and holds what was acknowledged. False if it had not been created.
  bool Judge() {
    const auto ledger = OpenLedger::Open(kPath, vfs_.name());
    if (!exists_ && !ledger.ok()) {
      const absl::Status& why = ledger.status();
      EXPECT_TRUE(absl::IsNotFound(why) || absl::IsFailedPrecondition(why) || absl::IsDataLoss(why)) << why;
      vfs_.Restore({});
      return false;
    }
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    if (!ledger.ok()) return false;
    exists_ = true;
    const absl::Status held = (*ledger)->Holds(acknowledged_);
    EXPECT_TRUE(held.ok()) << held;
    return true;
  }

  // An independent checker has nothing to say either.
  void Verify(const std::filesystem::path& folder) const {
    for (const auto& [path, bytes] : vfs_.Files()) {
      std::ofstream(folder / std::filesystem::path(path).filename(), std::ios::binary) << bytes;
    }
    const absl::StatusOr<Verified> verified = VerifyLedger(folder / "ledger", CheckpointVerifier(), std::nullopt, 1);
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_GE(verified->transactions, acknowledged_.size());
  }

 private:
  void CutAfter(std::uint64_t changes) {
    dead_ = false;
    vfs_.FailWhen([this, left = changes](MemoryVfs::Call call) mutable {
      const bool changes_disk = call == MemoryVfs::Call::kWrite || call == MemoryVfs::Call::kSync ||
                                call == MemoryVfs::Call::kTruncate || call == MemoryVfs::Call::kDelete;
      if (changes_disk && --left == 0) dead_ = true;
      return dead_ ? SQLITE_IOERR : SQLITE_OK;
    });
  }

  std::mt19937_64 random_;
  MemoryVfs vfs_;
  const std::atomic<std::int64_t> now_us_ = kGenesisUs;
  std::atomic<bool> dead_ = false;
  bool exists_ = false;
  std::uint32_t number_ = 0;
  Acknowledged acknowledged_;
};

TEST(PowerCutTest, NothingAcknowledgedIsLost) {
  const int cuts = CountFrom("GIOT_LEDGER_POWER_CUTS", 200);
  for (int cut = 0; cut < cuts && !testing::Test::HasFailure(); cut += kCutsOfALedger) {
    SCOPED_TRACE(testing::Message() << "seed " << cut);
    CutLedger ledger(static_cast<std::uint64_t>(cut));
    bool exists = false;
    for (int i = 0; i < kCutsOfALedger && !testing::Test::HasFailure(); ++i) {
      ledger.Live();
      exists = ledger.Judge();
    }
    if (exists) ledger.Verify(EmptyFolder("power_cut"));
  }
}

}  // namespace
}  // namespace giot::ledger
