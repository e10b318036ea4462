// giotctl and giot-vehicle against giot-server with the released models.
#include <signal.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/client/child_process.h"

namespace giot::client {
namespace {

using testing::HasSubstr;

// One server for all tests: it takes seconds to start.
class EndToEndTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        ProgramPath("GIOT_SERVER"), "--listen=127.0.0.1:0", "--model_root=" + ProgramPath("GIOT_MODELS")});
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

  static inline std::unique_ptr<ChildProcess> server_;
  static inline std::string address_;
};

TEST_F(EndToEndTest, AFleetIsServedCertifiedMenusByThePolicy) {
  const Finished done = RunToEnd({ProgramPath("GIOT_VEHICLE"), address_, "--json"});
  ASSERT_EQ(done.exit_status, 0) << done.output;
  const auto report = nlohmann::json::parse(done.output);
  EXPECT_EQ(report["GDM"]["vehicles"], 1000);
  EXPECT_EQ(report["GDM"]["truthful_share"], 1.0);
  EXPECT_EQ(report["GDM"]["participation"], 1.0);
  EXPECT_GT(report["GDM"]["share_of_optimum"], 0.98);
  EXPECT_GT(report["GDM"]["share_of_optimum"], report["pooling"]["share_of_optimum"]);
  EXPECT_LT(report["GDM"]["share_of_optimum"], report["exact"]["share_of_optimum"]);
}

TEST_F(EndToEndTest, TheSameSeedYieldsTheSameMenu) {
  const std::vector<std::string> command = {ProgramPath("GIOTCTL"),
                                            address_,
                                            "generate",
                                            "--cost_types=0.3,0.5,1",
                                            "--probabilities=0.3,0.3,0.4",
                                            "--cost_curvature=0.5",
                                            "--value_scale=1.2",
                                            "--samples=4",
                                            "--seed=9",
                                            "--json"};
  const auto first = nlohmann::json::parse(RunToEnd(command).output);
  const auto second = nlohmann::json::parse(RunToEnd(command).output);
  EXPECT_EQ(first["menu"].size(), 3u);
  EXPECT_EQ(first["menu"], second["menu"]);
  EXPECT_EQ(first["certificate"]["source"], "MENU_SOURCE_GDM");
}

TEST_F(EndToEndTest, MarketsWhoseOptimumIsNotKnownGetVerifiedMenus) {
  for (const std::string market :
       {R"({"family": "uncertain", "cost_types": [0.3, 0.6, 1], "probabilities": [0.3, 0.3, 0.4], "value_rate": 12,
            "vehicles": 20, "coverage_value": 0.5, "threshold_value": 0.9, "threshold": 0.3, "threshold_width": 0.04,
            "outside_option": 0.1, "participation_noise": 0.05})",
        R"({"family": "freshness", "sensing_costs": [0.3, 0.3, 1, 1], "update_costs": [0.2, 0.7, 0.2, 0.7],
            "probabilities": [0.4, 0.1, 0.1, 0.4], "value_scale": 1.6, "value_rate": 10, "staleness_rate": 0.3})"}) {
    const std::string path = testing::TempDir() + "/market.json";
    std::ofstream(path) << market;
    const Finished done =
        RunToEnd({ProgramPath("GIOTCTL"), address_, "generate", "--market=" + path, "--time_budget=10ms", "--json"});
    ASSERT_EQ(done.exit_status, 0) << done.output;
    EXPECT_GT(nlohmann::json::parse(done.output)["certificate"]["bound_ratio"], 0.5);
  }
}

TEST_F(EndToEndTest, ModelsAndHealthAnswer) {
  EXPECT_THAT(RunToEnd({ProgramPath("GIOTCTL"), address_, "models"}).output, HasSubstr("screening/1"));
  EXPECT_EQ(RunToEnd({ProgramPath("GIOTCTL"), address_, "health"}).exit_status, 0);
}

TEST_F(EndToEndTest, RefusalsNameTheField) {
  const Finished done =
      RunToEnd({ProgramPath("GIOTCTL"), address_, "generate", "--cost_types=1,0.5", "--probabilities=0.5,0.5"});
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("cost_types"));
}

}  // namespace
}  // namespace giot::client
