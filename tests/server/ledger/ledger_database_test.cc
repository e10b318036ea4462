#include "server/ledger/ledger_database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/ledger/memory_vfs.h"
#include "tests/server/ledger/raw_sql.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

using Access = LedgerDatabase::Access;

std::string BytesOfFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class LedgerDatabaseTest : public testing::Test {
 protected:
  absl::StatusOr<LedgerDatabase> Open(Access access) { return LedgerDatabase::Open(path_, access, kChainId, nullptr); }
  // A ledger of Genesis and one block more, with a checkpoint that is no checkpoint.
  void Fill() {
    absl::StatusOr<LedgerDatabase> database = Open(Access::kCreate);
    ASSERT_TRUE(database.ok()) << database.status();
    StateMachine machine{std::string(kChainId)};
    machine.Begin(0, kGenesisUs);
    machine.Apply(OpenTransaction(kChainId, GenesisEnvelope()));
    machine.End();
    ASSERT_TRUE(database->Commit(machine, "first").ok());
    machine.Begin(1, kGenesisUs + 1);
    machine.Apply(OpenTransaction(kChainId, DepositEnvelope(9, 5, 1, kGenesisUs + 1)));
    machine.Apply(OpenTransaction(kChainId, DepositEnvelope(8, 5, 2, kGenesisUs + 1)));
    machine.End();
    ASSERT_TRUE(database->Commit(machine, "second", 7).ok());
  }

  const std::filesystem::path folder_ = EmptyFolder("ledger_database");
  const std::filesystem::path path_ = folder_ / "ledger";
};

TEST_F(LedgerDatabaseTest, GivesBackWhatWasCommitted) {
  Fill();
  for (const Access access : {Access::kWrite, Access::kRead}) {
    absl::StatusOr<LedgerDatabase> database = Open(access);
    ASSERT_TRUE(database.ok()) << database.status();
    EXPECT_EQ(database->chain_id(), kChainId);
    EXPECT_EQ(*database->Size(), 3u);
    EXPECT_EQ(*database->Checkpoint(), "second");
    EXPECT_EQ(*database->EngineHeight(), 7);
    const absl::StatusOr<LogRecord> record = DecodeRecord(*database->Record(1));
    ASSERT_TRUE(record.ok());
    EXPECT_EQ(record->envelope, DepositEnvelope(9, 5, 1, kGenesisUs + 1));
    EXPECT_EQ(*database->FindId(TransactionId(record->envelope)), std::vector<std::uint64_t>{1});
    EXPECT_TRUE(database->FindId(Digest{})->empty());
    EXPECT_TRUE(database->CheckIndex().ok());
    EXPECT_TRUE(absl::IsDataLoss(database->Record(3).status()));
    EXPECT_TRUE(absl::IsDataLoss(database->ReadTile(0, 0).status()));
  }
}

TEST_F(LedgerDatabaseTest, HasTheMarksOfTheFormat) {
  Fill();
  const std::string bytes = BytesOfFile(path_);
  EXPECT_EQ(bytes.substr(16, 2), std::string("\x10\x00", 2));          // Page size 4096.
  EXPECT_EQ(bytes.substr(60, 4), std::string("\x00\x00\x00\x01", 4));  // user_version.
  EXPECT_EQ(bytes.substr(68, 4), "giot");                              // application_id.
}

TEST_F(LedgerDatabaseTest, IsNotCreatedOverAnotherNorOpenedWhereNoneIs) {
  EXPECT_TRUE(absl::IsNotFound(Open(Access::kWrite).status()));
  EXPECT_TRUE(absl::IsNotFound(Open(Access::kRead).status()));
  Fill();
  EXPECT_TRUE(absl::IsAlreadyExists(Open(Access::kCreate).status()));
}

TEST_F(LedgerDatabaseTest, FolderThatCannotBeWrittenIsUnavailable) {
  EXPECT_TRUE(absl::IsUnavailable(LedgerDatabase::Open("/proc/ledger", Access::kCreate, kChainId, nullptr).status()));
}

TEST_F(LedgerDatabaseTest, SecondConnectionIsRefused) {
  Fill();
  const absl::StatusOr<LedgerDatabase> first = Open(Access::kWrite);
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Open(Access::kWrite).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(Open(Access::kRead).status()));
}

TEST_F(LedgerDatabaseTest, ReadingChangesNoFile) {
  Fill();
  const std::string before = BytesOfFile(path_);
  {
    absl::StatusOr<LedgerDatabase> database = Open(Access::kRead);
    ASSERT_TRUE(database.ok()) << database.status();
    EXPECT_EQ(*database->Size(), 3u);
    StateMachine machine{std::string(kChainId)};
    EXPECT_TRUE(absl::IsUnavailable(database->Commit(machine, "third")));
  }
  EXPECT_EQ(BytesOfFile(path_), before);
  const std::vector<std::filesystem::path> files(std::filesystem::directory_iterator{folder_}, {});
  EXPECT_EQ(files, std::vector<std::filesystem::path>{path_});
}

TEST_F(LedgerDatabaseTest, ReadingLeavesTheWriteAheadLog) {
  Fill();
  const std::filesystem::path crashed = folder_ / "crashed";
  {
    absl::StatusOr<LedgerDatabase> database = Open(Access::kWrite);
    ASSERT_TRUE(database.ok());
    StateMachine machine{std::string(kChainId)};
    ASSERT_TRUE(database->Commit(machine, "third").ok());
    std::filesystem::copy_file(path_, crashed);
    std::filesystem::copy_file(path_.string() + "-wal", crashed.string() + "-wal");
  }
  const std::string log = BytesOfFile(crashed.string() + "-wal");
  ASSERT_FALSE(log.empty());
  {
    absl::StatusOr<LedgerDatabase> database = LedgerDatabase::Open(crashed, Access::kRead, kChainId, nullptr);
    ASSERT_TRUE(database.ok()) << database.status();
    EXPECT_EQ(*database->Checkpoint(), "third");
  }
  EXPECT_EQ(BytesOfFile(crashed.string() + "-wal"), log);
}

TEST_F(LedgerDatabaseTest, AnotherVersionIsRefusedAndWhatIsNoLedgerIsALoss) {
  Fill();
  Alter(path_, "PRAGMA user_version = 2");
  EXPECT_TRUE(absl::IsFailedPrecondition(Open(Access::kWrite).status()));
  Alter(path_, "PRAGMA user_version = 1; PRAGMA application_id = 1");
  EXPECT_TRUE(absl::IsDataLoss(Open(Access::kWrite).status()));
  std::ofstream(path_) << std::string(8192, 'x');
  EXPECT_TRUE(absl::IsDataLoss(Open(Access::kWrite).status()));
}

TEST_F(LedgerDatabaseTest, AnotherChainIsALoss) {
  Fill();
  EXPECT_TRUE(absl::IsDataLoss(LedgerDatabase::Open(path_, Access::kRead, "test.example/other", nullptr).status()));
  EXPECT_TRUE(LedgerDatabase::Open(path_, Access::kRead, "", nullptr).ok());
}

TEST_F(LedgerDatabaseTest, BackUpThatIsGivenUpLetsAnotherBegin) {
  Fill();
  absl::StatusOr<LedgerDatabase> database = Open(Access::kWrite);
  ASSERT_TRUE(database.ok()) << database.status();
  const absl::StatusOr<bool> some = database->BackUpSome(folder_ / "first", 1);
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_FALSE(*some);
  EXPECT_TRUE(absl::IsFailedPrecondition(database->BackUpSome(folder_ / "second", 1).status()));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "first.partial"));
  database->GiveUpBackUp();
  EXPECT_FALSE(std::filesystem::exists(folder_ / "first.partial"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "first"));
  const absl::StatusOr<bool> whole = database->BackUpSome(folder_ / "second", 1'000);
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_TRUE(*whole);
}

TEST_F(LedgerDatabaseTest, SchemaOfAnotherKindIsALoss) {
  for (const std::string change :
       {"CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM state; END", "CREATE TABLE zebra (x)",
        "DROP TABLE tile", "DROP INDEX log_txid_prefix", "INSERT INTO chain VALUES ('zebra', x'00')"}) {
    std::filesystem::remove(path_);
    Fill();
    Alter(path_, change);
    EXPECT_TRUE(absl::IsDataLoss(Open(Access::kWrite).status())) << change;
  }
}

TEST_F(LedgerDatabaseTest, ValuesOfAnotherTypeAreALoss) {
  Fill();
  Alter(path_, "UPDATE log SET record = 'text' WHERE position = 1; UPDATE state SET value = 7");
  absl::StatusOr<LedgerDatabase> database = Open(Access::kRead);
  ASSERT_TRUE(database.ok());
  EXPECT_TRUE(absl::IsDataLoss(database->Record(1).status()));
  EXPECT_TRUE(absl::IsDataLoss(database->EachRecord(0, [](const auto&) { return absl::OkStatus(); })));
  EXPECT_TRUE(absl::IsDataLoss(database->EachEntry([](std::string_view, const auto&) { return absl::OkStatus(); })));
}

TEST_F(LedgerDatabaseTest, IndexThatLostARowIsALoss) {
  Fill();
  Alter(path_, "UPDATE log SET txid_prefix = txid_prefix + 1 WHERE position = 1");
  absl::StatusOr<LedgerDatabase> database = Open(Access::kRead);
  ASSERT_TRUE(database.ok());
  EXPECT_TRUE(absl::IsDataLoss(database->CheckIndex()));
}

TEST_F(LedgerDatabaseTest, LogThatDoesNotStartAtZeroIsALoss) {
  Fill();
  Alter(path_, "UPDATE log SET position = -1 WHERE position = 0");
  absl::StatusOr<LedgerDatabase> database = Open(Access::kRead);
  ASSERT_TRUE(database.ok());
  EXPECT_TRUE(absl::IsDataLoss(database->Size().status()));
}

TEST(LedgerDatabase, AfterAFailedCommitItWritesNoMore) {
  MemoryVfs vfs;
  absl::StatusOr<LedgerDatabase> database = LedgerDatabase::Open("/ledger", Access::kCreate, kChainId, vfs.name());
  ASSERT_TRUE(database.ok()) << database.status();
  StateMachine machine{std::string(kChainId)};
  vfs.FailWhen([](MemoryVfs::Call call) { return call == MemoryVfs::Call::kSync ? SQLITE_IOERR_FSYNC : SQLITE_OK; });
  EXPECT_TRUE(absl::IsUnavailable(database->Commit(machine, "one")));
  vfs.FailWhen(nullptr);
  EXPECT_TRUE(absl::IsUnavailable(database->Commit(machine, "two")));
}

TEST(LedgerDatabase, WhatCannotBeLockedIsReadIfItHasNoLog) {
  MemoryVfs vfs;
  absl::StatusOr<LedgerDatabase> database = LedgerDatabase::Open("/a b?#%c", Access::kCreate, kChainId, vfs.name());
  ASSERT_TRUE(database.ok()) << database.status();
  vfs.DenyWriting();
  EXPECT_TRUE(
      absl::IsFailedPrecondition(LedgerDatabase::Open("/a b?#%c", Access::kRead, kChainId, vfs.name()).status()));
  database = absl::UnknownError("closed");
  const absl::StatusOr<LedgerDatabase> read = LedgerDatabase::Open("/a b?#%c", Access::kRead, kChainId, vfs.name());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->chain_id(), kChainId);
}

TEST(LedgerDatabase, WriteAheadLogStaysSmall) {
  MemoryVfs vfs;
  absl::StatusOr<LedgerDatabase> database = LedgerDatabase::Open("/ledger", Access::kCreate, kChainId, vfs.name());
  ASSERT_TRUE(database.ok()) << database.status();
  database->set_most_log_frames(20);
  StateMachine machine{std::string(kChainId)};
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(database->Commit(machine, std::to_string(i)).ok());
  EXPECT_LT(vfs.Files().at("/ledger-wal").size(), std::size_t{40 * 4120});
}

}  // namespace
}  // namespace giot::ledger
