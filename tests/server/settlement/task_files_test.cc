#include "server/settlement/task_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

Publication Named(const std::string& request_id, const std::string& text = "the crossing") {
  Publication publication{.request_id = request_id, .envelope = std::string(64, 's') + "body of " + request_id + text};
  publication.description.set_text(text);
  return publication;
}

ledger::TaskId TaskOf(const Publication& publication) { return ledger::TransactionId(publication.envelope); }

class TaskFilesTest : public testing::Test {
 protected:
  void Reopen() {
    files_.reset();
    auto files = TaskFiles::Open(folder_);
    ASSERT_TRUE(files.ok()) << files.status();
    files_ = *std::move(files);
  }
  void SetUp() override { Reopen(); }

  std::filesystem::path OnlyFile() const { return std::filesystem::directory_iterator(folder_)->path(); }

  const std::filesystem::path folder_ =
      EmptyFolder(testing::UnitTest::GetInstance()->current_test_info()->name()) / "tasks";
  std::unique_ptr<TaskFiles> files_;
};

TEST_F(TaskFilesTest, APublicationIsFoundByItsRequestAndItsTaskAlsoByTheNextProcess) {
  const Publication publication = Named("first");
  ASSERT_TRUE(files_->Put(publication).ok());
  Reopen();
  ASSERT_TRUE(files_->Find("first"));
  EXPECT_EQ(files_->Find("first")->envelope, publication.envelope);
  EXPECT_EQ(files_->Description(TaskOf(publication))->text(), "the crossing");
  EXPECT_EQ(files_->Envelope(TaskOf(publication)), publication.envelope);
  EXPECT_FALSE(files_->Find("second"));
  EXPECT_FALSE(files_->Description(ledger::TaskId{}));
}

TEST_F(TaskFilesTest, ALaterPublicationOfTheSameRequestReplacesIt) {
  ASSERT_TRUE(files_->Put(Named("first")).ok());
  const Publication later = Named("first", "the bridge");
  ASSERT_TRUE(files_->Put(later).ok());
  for (int process = 0; process < 2; ++process) {
    EXPECT_EQ(files_->Find("first")->envelope, later.envelope);
    EXPECT_FALSE(files_->Description(TaskOf(Named("first"))));
    EXPECT_THAT(files_->After(std::nullopt, 10), testing::ElementsAre(TaskOf(later)));
    Reopen();
  }
}

TEST_F(TaskFilesTest, WhatIsErasedIsGone) {
  ASSERT_TRUE(files_->Put(Named("first")).ok());
  ASSERT_TRUE(files_->Erase(TaskOf(Named("first"))).ok());
  EXPECT_TRUE(files_->Erase(TaskOf(Named("first"))).ok());
  EXPECT_FALSE(files_->Find("first"));
  Reopen();
  EXPECT_FALSE(files_->Find("first"));
}

TEST_F(TaskFilesTest, EveryFlippedBitKeepsItFromOpening) {
  ASSERT_TRUE(files_->Put(Named("first")).ok());
  files_.reset();
  std::ifstream file(OnlyFile(), std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] ^= static_cast<char>(1 << (i % 8));
    std::ofstream(OnlyFile(), std::ios::binary | std::ios::trunc) << damaged;
    const auto opened = TaskFiles::Open(folder_);
    EXPECT_EQ(opened.status().code(), absl::StatusCode::kDataLoss) << i;
    EXPECT_THAT(std::string(opened.status().message()), testing::HasSubstr(OnlyFile().string()));
  }
}

TEST_F(TaskFilesTest, WhatACrashLeftHalfWrittenIsRemoved) {
  ASSERT_TRUE(files_->Put(Named("first")).ok());
  const std::filesystem::path partial = OnlyFile().string() + ".a1B2c3";
  std::ofstream(partial) << "giot ta";
  Reopen();
  EXPECT_FALSE(std::filesystem::exists(partial));
  EXPECT_TRUE(files_->Find("first"));
}

}  // namespace
}  // namespace giot::settlement
