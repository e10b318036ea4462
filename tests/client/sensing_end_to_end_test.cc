// giotctl score against giot-server with a model that finds every image alike.
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/client/child_process.h"
#include "tests/server/quality/test_quality_model.h"
#include "tests/server/quality/test_recording.h"

namespace giot::client {
namespace {

using testing::HasSubstr;

cv::Mat Texture(int width, int height) {
  cv::Mat image(height, width, CV_8UC3);
  cv::RNG random(1);
  random.fill(image, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(image, image, cv::Size(), 1.5);
  return image;
}

// One server for all tests, which takes a second to start; every run is a source of its own.
class SensingEndToEndTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::filesystem::path(testing::TempDir()) / "sensing_end_to_end";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    model_ = quality::WriteIndifferentModel(folder_);
    cv::imwrite(File("road.jpg"), Texture(1280, 720));
    std::filesystem::create_directories(folder_ / "small");
    cv::imwrite(File("small/road.jpg"), Texture(320, 240));
    std::ofstream(folder_ / "notes.txt") << "no image";
    std::ofstream(folder_ / "horn.wav", std::ios::binary) << quality::SomeRecording(1);

    server_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{ProgramPath("GIOT_SERVER"), "--listen=127.0.0.1:0",
                                 "--model_root=" + ProgramPath("GIOT_MODELS"), "--quality_model=" + model_.string(),
                                 "--history_file=" + File("history"), "--nonce_secret_file=" + File("secret")});
    const std::string key = " port=";
    const std::string line = server_->WaitForLine("event=listening");
    ASSERT_THAT(line, HasSubstr(key)) << server_->ReadAll();
    address_ = "--server=127.0.0.1:" + std::to_string(std::stoi(line.substr(line.find(key) + key.size())));
  }

  static void TearDownTestSuite() {
    server_->Signal(SIGTERM);
    EXPECT_EQ(server_->Wait(), 0);
    server_.reset();
  }

  static Finished Score(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {ProgramPath("GIOTCTL"), address_, "score"});
    return RunToEnd(arguments);
  }

  static std::string File(const std::string& name) { return (folder_ / name).string(); }

  static inline std::filesystem::path folder_;
  static inline std::filesystem::path model_;
  static inline std::unique_ptr<ChildProcess> server_;
  static inline std::string address_;
};

TEST_F(SensingEndToEndTest, ScoresAFileAndExplains) {
  const Finished done = Score({File("road.jpg"), "--explain=" + File("explained")});
  EXPECT_EQ(done.exit_status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr("0.800"));
  EXPECT_THAT(done.output, HasSubstr("UNSIGNED"));
  const cv::Mat drawn = cv::imread(folder_ / "explained/road.jpg.png", cv::IMREAD_COLOR);
  EXPECT_EQ(drawn.cols, 1280);
  EXPECT_EQ(drawn.rows, 720);
}

TEST_F(SensingEndToEndTest, ARefusedFileIsTheExitStatus) {
  const Finished done = Score({File("road.jpg"), File("notes.txt")});
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("0.800"));
  EXPECT_THAT(done.output, HasSubstr("REFUSED"));
}

TEST_F(SensingEndToEndTest, ScoresAWavFileBesideImages) {
  const Finished done = Score({File("road.jpg"), File("horn.wav"), "--json"});
  ASSERT_EQ(done.exit_status, 0) << done.output;
  const auto json = nlohmann::json::parse(done.output);
  EXPECT_NEAR(json[0]["score"]["quality"].get<double>(), 0.8, 1e-6);
  EXPECT_EQ(json[1]["score"]["quality"], 1.0);
  EXPECT_EQ(json[1]["score"]["audio"]["length_s"], 1.0);
}

// Asks a server that is not there, so that nothing but the model can have scored.
Finished ScoreHere(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {ProgramPath("GIOTCTL"), "--server=127.0.0.1:1", "score"});
  return RunToEnd(arguments);
}

TEST_F(SensingEndToEndTest, ScoresWithoutAServerWhatItScoresWithOne) {
  const std::string model = "--local_model=" + model_.string();
  const Finished here = ScoreHere({File("road.jpg"), File("horn.wav"), model, "--explain=" + File("explained here")});
  EXPECT_EQ(here.exit_status, 0) << here.output;
  EXPECT_EQ(here.output, Score({File("road.jpg"), File("horn.wav")}).output);
  EXPECT_EQ(cv::imread(folder_ / "explained here/road.jpg.png", cv::IMREAD_COLOR).cols, 1280);
}

TEST_F(SensingEndToEndTest, EveryReleasedModelScoresWithoutAServer) {
  int versions = 0;
  for (const auto& model : std::filesystem::directory_iterator(ProgramPath("GIOT_MODELS") + "/quality")) {
    const Finished done = ScoreHere({File("road.jpg"), "--json", "--local_model=" + model.path().string()});
    ASSERT_EQ(done.exit_status, 0) << done.output;
    const auto score = nlohmann::json::parse(done.output)[0]["score"];
    EXPECT_EQ(std::to_string(score["model"]["version"].get<int>()), model.path().filename().string());
    EXPECT_LT(score["quality"].get<double>(), 1.0);
    ++versions;
  }
  EXPECT_GE(versions, 1);
}

TEST_F(SensingEndToEndTest, AModelThatIsNotThereIsNamed) {
  const Finished done = ScoreHere({File("road.jpg"), "--local_model=" + File("no model")});
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("no model"));
}

TEST_F(SensingEndToEndTest, EveryRunIsASourceOfItsOwnUnlessToldOtherwise) {
  for (int run = 0; run < 2; ++run) EXPECT_THAT(Score({File("road.jpg")}).output, HasSubstr("0.800"));
  EXPECT_THAT(Score({File("road.jpg"), "--source=car"}).output, HasSubstr("0.800"));
  EXPECT_THAT(Score({File("road.jpg"), "--source=car"}).output, HasSubstr("REPLAY"));
}

TEST_F(SensingEndToEndTest, JsonIsTheReply) {
  const Finished done = Score({File("road.jpg"), "--json", "--width=2560", "--height=1440"});
  ASSERT_EQ(done.exit_status, 0) << done.output;
  const auto json = nlohmann::json::parse(done.output);
  EXPECT_EQ(json[0]["score"]["factors"]["resolution"], 0.5);
  EXPECT_EQ(json[0]["score"]["model"]["name"], "quality");
}

TEST_F(SensingEndToEndTest, BadFlagsAreNamed) {
  EXPECT_EQ(Score({}).exit_status, 1);
  const Finished done = Score({File("road.jpg"), "--captured_at=yesterday"});
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("--captured_at"));
}

TEST_F(SensingEndToEndTest, AFleetDeliversAndItsCheatsAreToldFromTheHonest) {
  const Finished done = RunToEnd({ProgramPath("GIOT_VEHICLE"), address_, "--markets=2", "--vehicles=12", "--sense=12",
                                  "--quality_model=" + model_.string(), "--images=" + File("small"),
                                  "--cheat_share=0.5", "--delta=0.4", "--deadline=60s", "--json"});
  ASSERT_EQ(done.exit_status, 0) << done.output;
  const auto report = nlohmann::json::parse(done.output);
  for (const char* menus : {"GDM", "exact", "pooling"}) {
    const auto& sensing = report[menus]["sensing"];
    EXPECT_EQ(sensing["by_conduct"]["honest"]["sent"], 6);
    EXPECT_EQ(sensing["cheats"], 6);
    // This model likes every image: the honest are paid up to .8 - .1 + .4, and what it cannot see is.
    EXPECT_EQ(sensing["honest_paid_share"], 1.0);
    EXPECT_NEAR(sensing["mean_scored"].get<double>(), 0.8, 1e-6);
    for (const char* seen : {"replay", "stale", "corrupt"}) {
      EXPECT_GT(sensing["by_conduct"][seen]["sent"], 0) << seen;
    }
  }
}

TEST_F(SensingEndToEndTest, WithoutImagesAFleetSeesRenderedScenes) {
  const Finished done =
      RunToEnd({ProgramPath("GIOT_VEHICLE"), address_, "--markets=1", "--vehicles=1", "--sense=1",
                "--quality_model=" + model_.string(), "--cheat_share=0", "--delta=0.4", "--deadline=60s"});
  EXPECT_EQ(done.exit_status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr("honest paid"));
  EXPECT_THAT(done.output, HasSubstr("1/1"));
}

TEST_F(SensingEndToEndTest, AVehicleThatSeesTooLittleLeavesOrSettles) {
  // Against a model that finds nothing worth more than .8, what asks for more is out of reach.
  const Finished done = RunToEnd({ProgramPath("GIOT_VEHICLE"), address_, "--markets=4", "--vehicles=16", "--sense=16",
                                  "--quality_model=" + model_.string(), "--images=" + File("small"), "--cheat_share=0",
                                  "--deadline=60s", "--json"});
  ASSERT_EQ(done.exit_status, 0) << done.output;
  const auto report = nlohmann::json::parse(done.output);
  for (const char* menus : {"GDM", "exact", "pooling"}) {
    const auto& sensing = report[menus]["sensing"];
    EXPECT_EQ(sensing["honest_paid_share"], 1.0) << menus;
    EXPECT_LE(sensing["mean_agreed"].get<double>(), 0.8) << menus;
  }
  EXPECT_GT(report["exact"]["sensing"]["settled"], 0);
}

TEST_F(SensingEndToEndTest, ADetectorCountsTheVehiclesOfAClip) {
  const char* data = std::getenv("GIOT_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIOT_DATA is not set";
  const std::string folder = data;
  // Of the ten, two enlarge a frame of a quarter of the pixels, which are enough for a detector, and are paid here.
  const Finished done =
      RunToEnd({ProgramPath("GIOT_VEHICLE"), address_, "--markets=1", "--vehicles=10", "--sense=10",
                "--quality_model=" + model_.string(), "--video=" + folder + "/sensing/video/ahmetozlu_input_video.mp4",
                "--detector=" + folder + "/detector/FastestDet.onnx", "--cheat_share=1", "--delta=1", "--deadline=60s",
                "--json"});
  ASSERT_EQ(done.exit_status, 0) << done.output;
  const auto report = nlohmann::json::parse(done.output);
  for (const char* menus : {"GDM", "exact", "pooling"}) {
    EXPECT_GT(report[menus]["sensing"]["found_per_money"].get<double>(), 0.0) << menus;
  }
}

TEST_F(SensingEndToEndTest, ADetectorThatIsNotThereIsNamed) {
  const Finished done =
      RunToEnd({ProgramPath("GIOT_VEHICLE"), address_, "--markets=1", "--vehicles=1", "--sense=1",
                "--quality_model=" + model_.string(), "--images=" + File("small"), "--detector=" + File("none.onnx")});
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("none.onnx"));
}

TEST_F(SensingEndToEndTest, AFleetThatMeasuresByAnotherModelSaysSo) {
  const auto other = quality::WriteIndifferentModel(folder_ / "other", 1, 0.7);
  const Finished done = RunToEnd({ProgramPath("GIOT_VEHICLE"), address_, "--markets=1", "--vehicles=1", "--sense=1",
                                  "--quality_model=" + other.string(), "--images=" + File("small")});
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("the server scores with quality/1"));
}

TEST_F(SensingEndToEndTest, AFleetNeedsAModelToDeliver) {
  const Finished done = RunToEnd({ProgramPath("GIOT_VEHICLE"), address_, "--sense=1"});
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("--quality_model"));
}

}  // namespace
}  // namespace giot::client
