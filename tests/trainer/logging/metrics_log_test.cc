#include "trainer/logging/metrics_log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace giot::trainer {
namespace {

class MetricsLogTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::path(testing::TempDir()) /
            (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".jsonl");
    std::filesystem::remove(path_);
  }
  void Write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
  std::string Content() const {
    std::ifstream stream(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void Append(std::int64_t continue_after, const MetricsRow& row) const {
    absl::StatusOr<MetricsLog> log = MetricsLog::Open(path_, continue_after);
    ASSERT_TRUE(log.ok()) << log.status();
    ASSERT_TRUE(log->Write(row).ok());
  }

  std::filesystem::path path_;
};

TEST_F(MetricsLogTest, WritesOneObjectALineInTheOrderGiven) {
  Append(0, {10, {{"loss", -1.5}, {"alpha", 0.25}}});
  EXPECT_EQ(Content(), "{\"iteration\":10,\"loss\":-1.5,\"alpha\":0.25}\n");
}

TEST_F(MetricsLogTest, ReadsBackEveryBitOfADouble) {
  Append(0, {1, {{"x", 0.1 + 0.2}}});
  const absl::StatusOr<std::vector<MetricsRow>> rows = ReadMetrics(path_);
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].iteration, 1);
  EXPECT_EQ((*rows)[0].scalars[0].value, 0.1 + 0.2);
}

TEST_F(MetricsLogTest, ResumingDropsLaterIterations) {
  Write("{\"iteration\":10,\"x\":1}\n{\"iteration\":20,\"x\":2}\n{\"iteration\":30,\"x\":3}\n");
  Append(20, {30, {{"x", 4.0}}});
  EXPECT_EQ(Content(), "{\"iteration\":10,\"x\":1}\n{\"iteration\":20,\"x\":2}\n{\"iteration\":30,\"x\":4.0}\n");
}

TEST_F(MetricsLogTest, ResumingDropsATornLine) {
  Write("{\"iteration\":10,\"x\":1}\n{\"iteration\":20,\"x\"");
  Append(10, {20, {}});
  EXPECT_EQ(Content(), "{\"iteration\":10,\"x\":1}\n{\"iteration\":20}\n");
}

TEST_F(MetricsLogTest, StartingOverDropsEverything) {
  Write("{\"iteration\":10,\"x\":1}\n");
  Append(0, {5, {}});
  EXPECT_EQ(Content(), "{\"iteration\":5}\n");
}

TEST_F(MetricsLogTest, AMalformedLineIsDataLoss) {
  Write("{\"iteration\":10}\nnot json\n{\"iteration\":20}\n");
  EXPECT_EQ(MetricsLog::Open(path_, 20).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReadMetrics(path_).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(MetricsLogTest, AMissingFileIsNotFound) {
  EXPECT_EQ(ReadMetrics(path_).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace giot::trainer
