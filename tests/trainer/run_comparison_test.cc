#include "trainer/run_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/trainer/test_folder.h"

namespace giot::trainer {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

RunRecord Record(const std::string& lr) {
  RunRecord record;
  record.settings = {{"hidden", "64"}, {"lr", lr}};
  record.summary = {"completed", 100, {{"validation_mean", 0.75}}, {50.0, 40.0, 0.0}, {9.0, 500.0}};
  return record;
}

TEST(CompareRuns, NamesTheSettingsThatDifferAndNoOthers) {
  const std::string table = CompareRuns(Record("0.001"), Record("0.002"));
  EXPECT_THAT(table, ContainsRegex("lr +0.001 +0.002"));
  EXPECT_THAT(table, Not(HasSubstr("hidden")));
  EXPECT_THAT(CompareRuns(Record("0.001"), Record("0.001")), HasSubstr("all the same"));
}

TEST(CompareRuns, ASettingThatOneRunDoesNotKnowDiffers) {
  RunRecord newer = Record("0.001");
  newer.settings["clamp"] = "true";
  EXPECT_THAT(CompareRuns(Record("0.001"), newer), ContainsRegex("clamp +- +true"));
}

TEST(CompareRuns, SaysWhatBothReachedAndCost) {
  RunRecord other = Record("0.001");
  other.summary.validation = {{"validation_mean", 0.5}};
  other.summary.cost.wall_seconds = 25.0;
  const std::string table = CompareRuns(Record("0.001"), other);
  EXPECT_THAT(table, ContainsRegex("validation_mean +0.750000 +0.500000"));
  EXPECT_THAT(table, ContainsRegex("steps/s +2 +4"));
  // 40 s of 9 W are 1e-4 kWh, at 500 g each.
  EXPECT_THAT(table, ContainsRegex("energy, kWh +0.0001 +0.0001"));
  EXPECT_THAT(table, ContainsRegex("CO2, g +0.05 +0.05"));
}

TEST(CompareShares, GivesTheMeanDifferenceWithItsInterval) {
  // Differences 0 and .02: mean .01, standard error .01.
  const std::string table = CompareShares({0.5, 0.5}, {0.5, 0.52});
  EXPECT_THAT(table, HasSubstr("B - A: +1.0000 points, 95 % interval [-0.9600, +2.9600]"));
}

TEST(ReadRun, ReadsBackWhatARunWrote) {
  const RunFolder folder{TestFolder()};
  std::ofstream(folder.config()) << "--lr=0.001\n--market=a=b\n";
  ASSERT_TRUE(WriteRunSummary(folder.summary(), Record("").summary).ok());
  const absl::StatusOr<RunRecord> record = ReadRun(folder);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->settings, (std::map<std::string, std::string>{{"lr", "0.001"}, {"market", "a=b"}}));
  EXPECT_EQ(record->summary.iteration, 100);
}

TEST(ReadRun, WithoutConfigurationOrSummaryThereIsNoRun) {
  const RunFolder folder{TestFolder()};
  EXPECT_EQ(ReadRun(folder).status().code(), absl::StatusCode::kNotFound);
  std::ofstream(folder.config()) << "--lr=0.001\n";
  EXPECT_EQ(ReadRun(folder).status().code(), absl::StatusCode::kNotFound);
}

TEST(NewestBundle, IsTheHighestVersion) {
  const RunFolder folder{TestFolder()};
  EXPECT_EQ(NewestBundle(folder), std::nullopt);
  std::filesystem::create_directories(folder.bundles() / "screening" / "9");
  std::filesystem::create_directories(folder.bundles() / "screening" / "10");
  EXPECT_EQ(NewestBundle(folder), folder.bundles() / "screening" / "10");
}

}  // namespace
}  // namespace giot::trainer
