#include "client/score_command.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "client/sensing_client.h"
#include "client/server_scoring.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/client/fake_sensing_server.h"
#include "tests/server/quality/test_recording.h"

namespace giot::client {
namespace {

using testing::HasSubstr;

class ScoreFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "score_files";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "other");
    cv::imwrite(folder_ / "good.png", cv::Mat(60, 80, CV_8UC3, cv::Scalar(100, 100, 100)));
    std::filesystem::copy(folder_ / "good.png", folder_ / "other/good.png");
    std::ofstream(folder_ / "bad.png") << "bad";
  }

  std::string File(const std::string& name) const { return (folder_ / name).string(); }

  absl::Status Run(const std::vector<std::string>& files, const ScoreCommandOptions& options = {}) {
    const FakeSensingServer server([this](const auto& request, auto& score) {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      return ScoreLeniently(request, score);
    });
    SensingClient client(server.address());
    ServerScoring scoring(client, absl::Seconds(60));
    out_.str("");
    return ScoreFiles(scoring, files, options, out_);
  }

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::vector<v1::ScoreSensingQualityRequest> requests_;
  std::ostringstream out_;
};

TEST_F(ScoreFilesTest, PrintsARowAFile) {
  EXPECT_TRUE(Run({File("good.png")}).ok());
  for (const char* part : {"good.png", "0.750", "0.625", "STALE,UNSIGNED", "motion blur"}) {
    EXPECT_THAT(out_.str(), HasSubstr(part));
  }
  EXPECT_THAT(out_.str(), testing::Not(HasSubstr("a second reason")));
}

TEST_F(ScoreFilesTest, SendsTheFileAndWhatIsSaidOfIt) {
  ScoreCommandOptions options;
  options.capture.set_source_id("car");
  options.capture.set_captured_at_us(17);
  options.requirements.set_width(640);
  options.reference = folder_ / "bad.png";
  ASSERT_TRUE(Run({File("good.png")}, options).ok());
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_EQ(requests_[0].image().size(), std::filesystem::file_size(folder_ / "good.png"));
  EXPECT_EQ(requests_[0].capture().source_id(), "car");
  EXPECT_EQ(requests_[0].capture().captured_at_us(), 17);
  EXPECT_EQ(requests_[0].requirements().width(), 640);
  EXPECT_EQ(requests_[0].reference_image(), "bad");
  EXPECT_FALSE(requests_[0].heat_map());
}

TEST_F(ScoreFilesTest, IsCapturedWhenItIsSentIfNothingIsSaid) {
  ASSERT_TRUE(Run({File("good.png")}).ok());
  EXPECT_GT(requests_[0].capture().captured_at_us(), 1'700'000'000'000'000);
}

TEST_F(ScoreFilesTest, ARefusedFileKeepsNoOtherFromBeingScored) {
  const absl::Status status = Run({File("bad.png"), File("good.png"), File("missing.png")});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(out_.str(), HasSubstr("image: bad"));
  EXPECT_THAT(out_.str(), HasSubstr("0.750"));
  EXPECT_THAT(out_.str(), HasSubstr("cannot read"));
}

TEST_F(ScoreFilesTest, ScoresFilesInTheirOrder) {
  std::vector<std::string> files;
  for (const char* name : {"1.png", "2.png", "3.png", "4.png", "5.png"}) {
    files.push_back(File(name));
    std::ofstream(files.back()) << name;
  }
  ASSERT_TRUE(Run(files).ok());
  ASSERT_EQ(requests_.size(), files.size());
  std::size_t place = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(File(requests_[i].image()), files[i]);
    place = out_.str().find(files[i], place);
    EXPECT_NE(place, std::string::npos) << files[i];
  }
}

TEST_F(ScoreFilesTest, AWavFileIsARecordingWithNothingToExplain) {
  const std::string sound = quality::SomeRecording(1);
  std::ofstream(File("horn.wav"), std::ios::binary) << sound;
  ScoreCommandOptions options;
  options.explain = folder_ / "explained";
  options.reference = folder_ / "good.png";
  ASSERT_TRUE(Run({File("horn.wav")}, options).ok());
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_EQ(requests_[0].audio(), sound);
  EXPECT_FALSE(requests_[0].heat_map());
  EXPECT_TRUE(requests_[0].reference_image().empty());
  EXPECT_FALSE(std::filesystem::exists(options.explain));
}

TEST_F(ScoreFilesTest, AFolderIsNoFile) { EXPECT_EQ(Run({folder_.string()}).code(), absl::StatusCode::kNotFound); }

TEST_F(ScoreFilesTest, JsonHasAnEntryAFile) {
  ScoreCommandOptions options;
  options.json = true;
  EXPECT_FALSE(Run({File("good.png"), File("bad.png")}, options).ok());
  const auto json = nlohmann::json::parse(out_.str());
  ASSERT_EQ(json.size(), 2U);
  EXPECT_EQ(json[0]["file"], File("good.png"));
  EXPECT_EQ(json[0]["score"]["quality_lower"], 0.625);
  EXPECT_THAT(json[1]["error"].get<std::string>(), HasSubstr("image: bad"));
}

TEST_F(ScoreFilesTest, ExplainsIntoAFolderThatItMakesAndNumbersEqualNames) {
  ScoreCommandOptions options;
  options.explain = folder_ / "explained/here";
  ASSERT_TRUE(Run({File("good.png"), File("other/good.png")}, options).ok());
  EXPECT_TRUE(requests_[0].heat_map());
  for (const char* name : {"good.png.png", "good.png.2.png"}) {
    const cv::Mat drawn = cv::imread(options.explain / name, cv::IMREAD_COLOR);
    ASSERT_FALSE(drawn.empty()) << name;
    EXPECT_EQ(drawn.at<cv::Vec3b>(0, 0), cv::Vec3b(100, 100, 100));
    EXPECT_GT(drawn.at<cv::Vec3b>(0, 79)[2], 150);
  }
}

TEST_F(ScoreFilesTest, SaysWhereItCannotExplain) {
  ScoreCommandOptions options;
  options.explain = folder_ / "good.png/below";
  EXPECT_EQ(Run({File("good.png")}, options).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace giot::client
