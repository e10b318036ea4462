#include "server/ledger/heads_file.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>
#include <string>

#include "absl/status/status.h"
#include "tests/server/ledger/memory_vfs.h"

namespace giot::ledger {
namespace {

constexpr char kPath[] = "/ledger.heads";
constexpr std::size_t kSlotBytes = 112;
constexpr std::size_t kFileBytes = 4096 + kSlotBytes;

Head HeadAt(std::uint64_t size) {
  Head head{.size = size, .height = size / 2};
  head.log_root.fill(static_cast<std::uint8_t>(size));
  head.app_hash.fill(static_cast<std::uint8_t>(size + 1));
  return head;
}

class HeadsFileTest : public testing::Test {
 protected:
  absl::StatusOr<HeadsFile> Open(HeadsFile::Access access = HeadsFile::Access::kOpen) {
    return HeadsFile::Open(kPath, access, vfs_.name());
  }
  // Writes the heads 1 to `last`.
  void WriteUpTo(std::uint64_t last) {
    absl::StatusOr<HeadsFile> heads = Open(HeadsFile::Access::kCreate);
    ASSERT_TRUE(heads.ok()) << heads.status();
    for (std::uint64_t size = 1; size <= last; ++size) ASSERT_TRUE(heads->Write(HeadAt(size)).ok());
  }

  MemoryVfs vfs_;
};

TEST_F(HeadsFileTest, GivesTheLastHeadThatWasWritten) {
  for (const std::uint64_t last : {1, 2, 3, 8}) {
    vfs_.Restore({});
    WriteUpTo(last);
    const absl::StatusOr<HeadsFile> heads = Open();
    ASSERT_TRUE(heads.ok()) << heads.status();
    EXPECT_EQ(heads->head(), HeadAt(last));
    EXPECT_FALSE(heads->damaged());
  }
}

TEST_F(HeadsFileTest, IsAsLongAsTheFormatSays) {
  WriteUpTo(1);
  EXPECT_EQ(vfs_.Files().at(kPath).size(), kSlotBytes);
  vfs_.Restore({});
  WriteUpTo(2);
  EXPECT_EQ(vfs_.Files().at(kPath).size(), kFileBytes);
  EXPECT_EQ(vfs_.Files().at(kPath).substr(0, 16), std::string("giot heads 1\n\0\0\0", 16));
}

TEST_F(HeadsFileTest, MissingOrEmptyIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(Open().status()));
  vfs_.Restore({{kPath, ""}});
  EXPECT_TRUE(absl::IsNotFound(Open().status()));
}

TEST_F(HeadsFileTest, IsNotCreatedOverAnother) {
  WriteUpTo(1);
  EXPECT_TRUE(absl::IsAlreadyExists(Open(HeadsFile::Access::kCreate).status()));
}

TEST_F(HeadsFileTest, EveryFlippedByteOfASlotLeavesTheOtherHead) {
  WriteUpTo(3);  // The third in the first slot, the second in the other.
  const std::string whole = vfs_.Files().at(kPath);
  for (std::size_t i = 0; i < kSlotBytes; ++i) {
    for (const std::size_t slot : {std::size_t{0}, kFileBytes - kSlotBytes}) {
      std::string flipped = whole;
      flipped[slot + i] = static_cast<char>(flipped[slot + i] ^ 1);
      vfs_.Restore({{kPath, flipped}});
      const absl::StatusOr<HeadsFile> heads = Open();
      ASSERT_TRUE(heads.ok()) << heads.status();
      EXPECT_EQ(heads->head(), HeadAt(slot == 0 ? 2 : 3));
      EXPECT_TRUE(heads->damaged());
    }
  }
}

TEST_F(HeadsFileTest, WithoutAValidSlotIsALoss) {
  WriteUpTo(1);
  std::string bytes = vfs_.Files().at(kPath);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  vfs_.Restore({{kPath, bytes}});
  EXPECT_TRUE(absl::IsDataLoss(Open().status()));
}

TEST_F(HeadsFileTest, GoesOnAfterADamagedSlotWasOverwritten) {
  WriteUpTo(3);
  std::string bytes = vfs_.Files().at(kPath);
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  vfs_.Restore({{kPath, bytes}});
  {
    absl::StatusOr<HeadsFile> heads = Open();
    ASSERT_TRUE(heads.ok());
    ASSERT_TRUE(heads->Write(HeadAt(9)).ok());
  }
  const absl::StatusOr<HeadsFile> heads = Open();
  ASSERT_TRUE(heads.ok());
  EXPECT_EQ(heads->head(), HeadAt(9));
  EXPECT_FALSE(heads->damaged());
}

TEST_F(HeadsFileTest, FailedWriteIsToldAndLeavesTheOlderHead) {
  for (const MemoryVfs::Call failing : {MemoryVfs::Call::kWrite, MemoryVfs::Call::kSync}) {
    vfs_.Restore({});
    WriteUpTo(2);
    std::mt19937_64 random(7);
    {
      absl::StatusOr<HeadsFile> heads = Open();
      ASSERT_TRUE(heads.ok());
      vfs_.FailWhen([failing](MemoryVfs::Call call) { return call == failing ? SQLITE_FULL : SQLITE_OK; });
      EXPECT_TRUE(absl::IsUnavailable(heads->Write(HeadAt(3))));
      EXPECT_EQ(heads->head(), HeadAt(2));
    }
    vfs_.FailWhen(nullptr);
    vfs_.CutPower(random);
    const absl::StatusOr<HeadsFile> heads = Open();
    ASSERT_TRUE(heads.ok()) << heads.status();
    EXPECT_GE(heads->head()->size, 2u);
  }
}

TEST_F(HeadsFileTest, PowerCutLeavesTheLastOrTheOneThatWasBeingWritten) {
  std::mt19937_64 random(11);
  for (int cut = 0; cut < 500; ++cut) {
    vfs_.Restore({});
    WriteUpTo(4);
    {
      absl::StatusOr<HeadsFile> heads = Open();
      ASSERT_TRUE(heads.ok());
      vfs_.FailWhen([](MemoryVfs::Call call) { return call == MemoryVfs::Call::kSync ? SQLITE_IOERR_FSYNC : 0; });
      EXPECT_FALSE(heads->Write(HeadAt(5)).ok());
    }
    vfs_.FailWhen(nullptr);
    vfs_.CutPower(random);
    const absl::StatusOr<HeadsFile> heads = Open();
    ASSERT_TRUE(heads.ok()) << heads.status();
    EXPECT_TRUE(heads->head() == HeadAt(4) || heads->head() == HeadAt(5));
  }
}

TEST(HeadsFile, UnreachableFolderIsUnavailable) {
  EXPECT_TRUE(
      absl::IsUnavailable(HeadsFile::Open("/proc/nowhere/ledger.heads", HeadsFile::Access::kCreate, nullptr).status()));
}

}  // namespace
}  // namespace giot::ledger
