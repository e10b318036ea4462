#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/client/child_process.h"
#include "tests/client/fake_contract_server.h"

namespace giot::client {
namespace {

using testing::HasSubstr;

Finished Giotctl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), ProgramPath("GIOTCTL"));
  return RunToEnd(arguments);
}

Finished GiotVehicle(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), ProgramPath("GIOT_VEHICLE"));
  return RunToEnd(arguments);
}

const std::vector<std::string> kTwoTypes = {"generate",          "--cost_types=0.5,1", "--probabilities=0.5,0.5",
                                            "--value_scale=1.5", "--value_rate=12",    "--quality_min=0.05"};

std::vector<std::string> With(std::vector<std::string> arguments, const std::string& added) {
  arguments.push_back(added);
  return arguments;
}

TEST(GiotctlTest, PrintsAMenuForMarketFlags) {
  const FakeContractServer server;
  const Finished done = Giotctl(With(kTwoTypes, "--server=" + server.address()));
  EXPECT_EQ(done.exit_status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr("reward"));
  EXPECT_THAT(done.output, HasSubstr("exact optimum"));
}

TEST(GiotctlTest, PrintsJsonForAMarketFile) {
  const FakeContractServer server;
  const std::string path = testing::TempDir() + "/market.json";
  std::ofstream(path) << R"({"cost_types": [0.5, 1], "probabilities": [0.5, 0.5], "value_scale": 1.5,
                             "value_rate": 12, "quality_min": 0.05, "budget": null})";
  const Finished done = Giotctl({"generate", "--market=" + path, "--json", "--server=" + server.address()});
  ASSERT_EQ(done.exit_status, 0) << done.output;
  const auto reply = nlohmann::json::parse(done.output);
  EXPECT_EQ(reply["menu"].size(), 2u);
  EXPECT_GT(reply["certificate"]["optimal_utility"], 0.0);
}

// A market file, and what giotctl says of it with the fake server's menu.
Finished GenerateForFile(const std::string& name, const std::string& json) {
  const FakeContractServer server;
  const std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path) << json;
  return Giotctl({"generate", "--market=" + path, "--time_budget=2ms", "--server=" + server.address()});
}

TEST(GiotctlTest, PrintsAMenuForAnUncertainMarket) {
  const Finished done = GenerateForFile(
      "uncertain.json",
      R"({"family": "uncertain", "cost_types": [0.5, 1], "probabilities": [0.5, 0.5], "value_rate": 12, "vehicles": 20,
          "coverage_value": 0.5, "threshold_value": 0.9, "threshold": 0.3, "threshold_width": 0.04,
          "participation_noise": 0.05})");
  EXPECT_EQ(done.exit_status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr("takes part"));
  EXPECT_THAT(done.output, HasSubstr("of the optimum"));
}

TEST(GiotctlTest, PrintsAMenuForAFreshnessMarket) {
  const Finished done = GenerateForFile(
      "freshness.json",
      R"({"family": "freshness", "sensing_costs": [0.5, 1], "update_costs": [0.2, 0.6], "probabilities": [0.5, 0.5],
          "value_scale": 2, "value_rate": 12, "staleness_rate": 0.3})");
  EXPECT_EQ(done.exit_status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr("update rate"));
  EXPECT_THAT(done.output, HasSubstr("of the optimum"));
}

TEST(GiotctlTest, SendsTheTimeBudget) {
  std::int64_t sent = 0;
  const FakeContractServer server([&sent](auto& context, const auto& request, auto& reply) {
    sent = request.time_budget_us();
    return AnswerHonestly(context, request, reply);
  });
  const Finished done = Giotctl(With(With(kTwoTypes, "--time_budget=1.5ms"), "--server=" + server.address()));
  EXPECT_EQ(done.exit_status, 0) << done.output;
  EXPECT_EQ(sent, 1500);
}

TEST(GiotctlTest, NamesTheFieldOfABadMarketFile) {
  const std::string path = testing::TempDir() + "/bad_market.json";
  std::ofstream(path) << R"({"cost_types": [0.5, 1], "probabilities": "half"})";
  const Finished done = Giotctl({"generate", "--market=" + path});
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("probabilities"));
}

TEST(GiotctlTest, ShowsTheServersRefusal) {
  const FakeContractServer server;
  const Finished done = Giotctl(With(With(kTwoTypes, "--value_rate=-1"), "--server=" + server.address()));
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("value_rate"));
}

TEST(GiotctlTest, RefusesAFalseCertificate) {
  const FakeContractServer server([](auto& context, const auto& request, auto& reply) {
    const grpc::Status status = AnswerHonestly(context, request, reply);
    reply.mutable_certificate()->set_utility(reply.certificate().utility() + 1.0);
    return status;
  });
  const Finished done = Giotctl(With(kTwoTypes, "--server=" + server.address()));
  EXPECT_EQ(done.exit_status, 2);
  EXPECT_THAT(done.output, HasSubstr("certificate.utility"));
}

TEST(GiotctlTest, ListsModelsAndWhatKeepsThemFromServing) {
  const FakeContractServer server;
  const Finished done = Giotctl({"models", "--server=" + server.address()});
  EXPECT_EQ(done.exit_status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr("screening/7"));
  EXPECT_THAT(done.output, HasSubstr("canary: level 3 differs"));
}

TEST(GiotctlTest, HealthIsTheExitStatus) {
  FakeContractServer server;
  EXPECT_EQ(Giotctl({"health", "--server=" + server.address()}).exit_status, 0);
  server.SetServing(false);
  const Finished done = Giotctl({"health", "--server=" + server.address()});
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("NOT_SERVING"));
}

TEST(GiotctlTest, AnUnknownCommandFails) {
  EXPECT_EQ(Giotctl({"generates"}).exit_status, 1);
  EXPECT_EQ(Giotctl({}).exit_status, 1);
}

TEST(GiotctlTest, TellsItsVersion) {
  const Finished done = Giotctl({"--version"});
  EXPECT_EQ(done.exit_status, 0);
  EXPECT_THAT(done.output, HasSubstr("giotctl "));
  EXPECT_THAT(done.output, HasSubstr("gRPC "));
}

TEST(GiotVehicleTest, ReportsAFleetOfTruthfulVehicles) {
  const FakeContractServer server;
  const Finished done =
      GiotVehicle({"--server=" + server.address(), "--markets=5", "--vehicles=60", "--connections=3", "--json"});
  ASSERT_EQ(done.exit_status, 0) << done.output;
  const auto report = nlohmann::json::parse(done.output);
  EXPECT_EQ(report["GDM"]["vehicles"], 60);
  EXPECT_EQ(report["GDM"]["truthful_share"], 1.0);
  // The fake serves the exact optimum, so both rows are the same but for time
  // and the order of adding up.
  EXPECT_NEAR(report["GDM"]["server_utility"].get<double>(), report["exact"]["server_utility"].get<double>(), 1e-12);
  EXPECT_LT(report["pooling"]["share_of_optimum"], report["exact"]["share_of_optimum"]);
}

TEST(GiotVehicleTest, PrintsOneTable) {
  const FakeContractServer server;
  const Finished done = GiotVehicle({"--server=" + server.address(), "--markets=2", "--vehicles=10"});
  ASSERT_EQ(done.exit_status, 0) << done.output;
  for (const char* row : {"GDM ", "exact ", "pooling "}) EXPECT_THAT(done.output, HasSubstr(row));
}

TEST(GiotVehicleTest, FailsWhereLyingWouldPay) {
  const FakeContractServer server([](auto& context, const auto& request, auto& reply) {
    const grpc::Status status = AnswerHonestly(context, request, reply);
    auto& costliest = *reply.mutable_menu(reply.menu_size() - 1);
    costliest.set_reward_micros(costliest.reward_micros() + 1'000'000);
    return status;
  });
  EXPECT_EQ(GiotVehicle({"--server=" + server.address(), "--markets=2", "--vehicles=10"}).exit_status, 2);
}

TEST(GiotVehicleTest, FailsWithNobodyThere) {
  std::string address;
  {
    const FakeContractServer server;
    address = server.address();
  }
  EXPECT_EQ(GiotVehicle({"--server=" + address}).exit_status, 1);
}

TEST(GiotVehicleTest, NamesTheBadFlagOfDeliveries) {
  const std::vector<std::vector<std::string>> bad = {{"--sense", "--sense=-1"},
                                                     {"--sense", "--sense=20", "--vehicles=19", "--markets=1"},
                                                     {"--quality_model", "--sense=1"},
                                                     {"--cheat_share", "--cheat_share=1.5"},
                                                     {"--delta", "--delta=much"},
                                                     {"--delta", "--delta=-0.1"},
                                                     {"--video", "--images=a", "--video=b"},
                                                     {"--settle", "--settle=a"},
                                                     {"--task_window", "--task_window=0s"},
                                                     {"--receipts", "--receipts=a"}};
  for (const std::vector<std::string>& flags : bad) {
    const Finished done = GiotVehicle({flags.begin() + 1, flags.end()});
    EXPECT_EQ(done.exit_status, 1) << flags.back();
    EXPECT_THAT(done.output, HasSubstr(flags.front() + ":"));
  }
}

TEST(GiotVehicleTest, NamesTheBadFlag) {
  const Finished done = GiotVehicle({"--markets=10", "--vehicles=9"});
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("--vehicles"));
}

}  // namespace
}  // namespace giot::client
