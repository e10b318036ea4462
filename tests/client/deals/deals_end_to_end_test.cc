// giot-vehicle's deals on the ledger of a giot-server with the released menus and a model that finds every image alike.
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "server/ledger/proof/receipt.h"
#include "tests/client/child_process.h"
#include "tests/server/quality/test_quality_model.h"

namespace giot::client {
namespace {

using testing::HasSubstr;

void WriteRoads(const std::filesystem::path& folder, int count) {
  std::filesystem::create_directories(folder);
  for (int i = 0; i < count; ++i) {
    cv::Mat image(256, 256, CV_8UC3);
    cv::RNG random(static_cast<std::uint64_t>(i + 1));
    random.fill(image, cv::RNG::UNIFORM, 0, 256);
    cv::imwrite((folder / ("road-" + std::to_string(i) + ".png")).string(), image);
  }
}

// Its cases are steps of one ledger's life, in this order.
class DealsEndToEndTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::filesystem::path(testing::TempDir()) / "deals_end_to_end";
    std::filesystem::remove_all(folder_);
    WriteRoads(folder_ / "roads", 10);
    model_ = quality::WriteIndifferentModel(folder_);
    const Finished made = Giotctl({"ledger", "init", "--folder=" + File("keys"), "--chain_id=example.org/fleet",
                                   "--availability_grace=1s", "--dispute_window=5s", "--vote_window=5s"});
    ASSERT_EQ(made.exit_status, 0) << made.output;
    server_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        ProgramPath("GIOT_SERVER"), "--listen=127.0.0.1:0", "--model_root=" + ProgramPath("GIOT_MODELS"),
        "--quality_model=" + model_.string(), "--nonce_secret_file=" + File("nonce-secret"),
        "--ledger=" + File("ledger"), "--chain_id=example.org/fleet",
        "--ledger_genesis=" + File("keys/genesis.envelope"), "--operator_key=" + File("keys/operator.key"),
        "--checkpoint_key=" + File("keys/checkpoint.key"), "--operator_token=" + File("keys/operator.token"),
        "--settle_every=100ms"});
    const std::string key = " port=";
    const std::string line = server_->WaitForLine("event=listening");
    ASSERT_THAT(line, HasSubstr(key)) << server_->ReadAll();
    address_ = "--server=127.0.0.1:" + std::to_string(std::stoi(line.substr(line.find(key) + key.size())));
  }

  static void TearDownTestSuite() { server_.reset(); }

  static Finished Giotctl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), ProgramPath("GIOTCTL"));
    return RunToEnd(arguments);
  }

  static Finished GiotctlProving(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {address_, "--deadline=60s", "--verifier_key=" + File("keys/verifier.key")});
    return Giotctl(arguments);
  }

  // Every other vehicle cheats; seed 4 has each way to cheat once.
  static Finished Fleet() {
    return RunToEnd({ProgramPath("GIOT_VEHICLE"), address_, "--deadline=60s", "--markets=4", "--vehicles=10",
                     "--sense=10", "--seed=4", "--cheat_share=0.5", "--quality_model=" + model_.string(),
                     "--images=" + File("roads"), "--settle=" + File("keys"), "--task_window=15s",
                     "--receipts=" + File("receipts"), "--json"});
  }

  static std::string File(const std::string& name) { return (folder_ / name).string(); }

  static inline std::filesystem::path folder_;
  static inline std::filesystem::path model_;
  static inline std::unique_ptr<ChildProcess> server_;
  static inline std::string address_;
};

TEST_F(DealsEndToEndTest, Step1WithoutMoneyOfTheOperatorThereAreNoDeals) {
  const Finished done = Fleet();
  EXPECT_EQ(done.exit_status, 1);
  EXPECT_THAT(done.output, HasSubstr("FAILED_PRECONDITION"));
}

TEST_F(DealsEndToEndTest, Step2TheOperatorRegisters) {
  const Finished account = Giotctl({"key", "show", File("keys/operator.key")});
  ASSERT_EQ(account.exit_status, 0) << account.output;
  const std::string key = account.output.substr(0, account.output.find('\n'));
  const Finished paid =
      GiotctlProving({"ledger", "deposit", "--key=" + File("keys/mint.key"), "--account=" + key, "--amount=1000"});
  ASSERT_EQ(paid.exit_status, 0) << paid.output;
  const Finished registered = GiotctlProving(
      {"operator", "register", "--key=" + File("keys/operator.key"), "--checkpoint_key=" + File("keys/checkpoint.key"),
       "--bond=100", "--auditor_keys=" + File("keys/auditor-1.key") + "," + File("keys/auditor-2.key")});
  ASSERT_EQ(registered.exit_status, 0) << registered.output;
}

TEST_F(DealsEndToEndTest, Step3VehiclesArePaidRefusedOrForfeitAsTheRulesSay) {
  const Finished done = Fleet();
  ASSERT_EQ(done.exit_status, 0) << done.output;
  const auto report = nlohmann::json::parse(done.output);
  const auto& ledger = report["ledger"];
  const auto& conducts = report["GDM"]["sensing"]["by_conduct"];
  EXPECT_EQ(ledger["problems"].size(), 0U);
  EXPECT_EQ(ledger["conservation_holds"], true);
  EXPECT_EQ(ledger["chain_id"], "example.org/fleet");
  EXPECT_EQ(ledger["tasks"], 4);
  EXPECT_EQ(ledger["absentees"], 1);

  // The model finds every image worth 0.8: all honest vehicles are paid, and no cheat whose data say what it is.
  EXPECT_GT(conducts["honest"]["sent"], 0);
  EXPECT_EQ(conducts["honest"]["paid"], conducts["honest"]["sent"]);
  for (const char* cheat : {"replay", "stale", "corrupt"}) {
    EXPECT_EQ(conducts[cheat]["sent"], 1) << cheat;
    EXPECT_EQ(conducts[cheat]["paid"], 0) << cheat;
  }
  int sent = 0;
  int paid = 0;
  for (const auto& conduct : conducts) {
    sent += conduct["sent"].get<int>();
    paid += conduct["paid"].get<int>();
  }
  EXPECT_EQ(ledger["vehicles"], sent + 1);
  EXPECT_EQ(ledger["paid"], paid);
  int ends = 0;
  for (const char* end : {"paid", "refused", "refused_by_auditors", "forfeited"}) ends += ledger[end].get<int>();
  EXPECT_EQ(ends, sent + 1);
  EXPECT_GE(ledger["forfeited"], 1);
  EXPECT_EQ(ledger["refused_by_auditors"], 1);  // The stale image, which they find stale as well.
  EXPECT_NEAR(ledger["paid_money"].get<double>(), report["GDM"]["sensing"]["paid"].get<double>(), 1e-9);
  EXPECT_NEAR(
      ledger["balances"].get<double>(),
      ledger["funded_money"].get<double>() + ledger["paid_money"].get<double>() - ledger["lost_deposits"].get<double>(),
      1e-9);
}

TEST_F(DealsEndToEndTest, Step4EveryReceiptVerifiesOffline) {
  int receipts = 0;
  for (const auto& entry : std::filesystem::directory_iterator(File("receipts"))) {
    const Finished done =
        Giotctl({"receipt", "verify", entry.path().string(), "--verifier_key=" + File("keys/verifier.key")});
    EXPECT_EQ(done.exit_status, 0) << done.output;
    ++receipts;
  }
  EXPECT_GE(receipts, 5);
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(DealsEndToEndTest, Step5TheStoppedLedgerVerifiesAndAFlippedByteIsFound) {
  server_->Signal(SIGTERM);
  ASSERT_EQ(server_->Wait(), 0);
  const std::string key = "--verifier_key=" + File("keys/verifier.key");
  const Finished whole = Giotctl({"ledger", "verify", File("ledger"), key});
  ASSERT_EQ(whole.exit_status, 0) << whole.output;
  EXPECT_THAT(whole.output, HasSubstr("conservation holds"));

  const std::string first = std::filesystem::directory_iterator(File("receipts"))->path();
  const absl::StatusOr<ledger::Receipt> receipt = ledger::ParseReceipt(ReadAll(first));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  std::filesystem::copy_file(File("ledger"), File("altered"));
  if (std::filesystem::exists(File("ledger.heads")))
    std::filesystem::copy_file(File("ledger.heads"), File("altered.heads"));
  std::string bytes = ReadAll(File("altered"));
  const std::string& envelope = receipt->record.envelope;
  const std::size_t place = bytes.find(envelope);
  ASSERT_NE(place, std::string::npos);
  char& byte = bytes[place + envelope.size() / 2];
  byte = static_cast<char>(byte ^ 1);
  std::ofstream(File("altered"), std::ios::binary) << bytes;
  const Finished altered = Giotctl({"ledger", "verify", File("altered"), key});
  EXPECT_EQ(altered.exit_status, 2);
  EXPECT_THAT(altered.output, HasSubstr("position " + std::to_string(receipt->position)));
}

}  // namespace
}  // namespace giot::client
