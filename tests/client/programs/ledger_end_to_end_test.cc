// giotctl and giot-server keep a ledger together: from its first key to a byte that somebody flipped.
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/client/child_process.h"
#include "tests/server/quality/test_quality_model.h"

namespace giot::client {
namespace {

using testing::HasSubstr;

constexpr char kChainId[] = "test.example/road";

// A scene of its own for each number, so that none is a replay of another.
void WriteScene(const std::string& path, int number) {
  cv::Mat image(720, 1280, CV_8UC3);
  cv::RNG random(static_cast<std::uint64_t>(number));
  random.fill(image, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(image, image, cv::Size(), 1.5);
  cv::imwrite(path, image);
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// One ledger, kept by servers one after the other, whose scorer finds every image worth .8, at least .7.
class LedgerEndToEndTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "ledger_end_to_end";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    model_ = quality::WriteIndifferentModel(folder_);
    WriteScene(File("road.png"), 1);
    Must({"ledger", "init", "--folder=" + File("keys"), std::string("--chain_id=") + kChainId,
          "--availability_grace=1s"});
  }

  std::string File(const std::string& name) const { return (folder_ / name).string(); }
  std::string Key(const std::string& name) const { return File("keys/" + name); }

  void Start() {
    server_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        ProgramPath("GIOT_SERVER"), "--listen=127.0.0.1:0", "--model_root=" + ProgramPath("GIOT_MODELS"),
        "--models=screening/1", "--quality_model=" + model_.string(), "--history_file=" + File("history"),
        "--nonce_secret_file=" + File("secret"), "--ledger=" + File("ledger.db"), std::string("--chain_id=") + kChainId,
        "--ledger_genesis=" + Key("genesis.envelope"), "--operator_key=" + Key("operator.key"),
        "--checkpoint_key=" + Key("checkpoint.key"), "--operator_token=" + Key("operator.token"),
        "--settle_every=50ms"});
    const std::string key = " port=";
    const std::string line = server_->WaitForLine("event=listening");
    ASSERT_THAT(line, HasSubstr(key)) << server_->ReadAll();
    address_ = "--server=127.0.0.1:" + std::to_string(std::stoi(line.substr(line.find(key) + key.size())));
  }

  void Stop() {
    server_->Signal(SIGTERM);
    EXPECT_EQ(server_->Wait(), 0);
    server_.reset();
  }

  Finished Giotctl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {ProgramPath("GIOTCTL"), "--deadline=20s"});
    arguments.push_back(address_);
    if (std::filesystem::exists(Key("verifier.key"))) arguments.push_back("--verifier_key=" + Key("verifier.key"));
    return RunToEnd(arguments);
  }

  std::string Must(std::vector<std::string> arguments) const {
    const std::string command = arguments[0] + " " + (arguments.size() > 1 ? arguments[1] : "");
    const Finished done = Giotctl(std::move(arguments));
    EXPECT_EQ(done.exit_status, 0) << command << ": " << done.output;
    return done.output;
  }

  // The public key of a key file.
  std::string Public(const std::string& path) const {
    const std::string line = Must({"key", "show", path});
    return line.substr(0, line.find('\n'));
  }

  void Register() {
    Must(
        {"ledger", "deposit", "--key=" + Key("mint.key"), "--account=" + Public(Key("operator.key")), "--amount=1000"});
    Must({"operator", "register", "--key=" + Key("operator.key"), "--checkpoint_key=" + Key("checkpoint.key"),
          "--bond=100", "--auditor_keys=" + Key("auditor-1.key") + "," + Key("auditor-3.key")});
  }

  nlohmann::json Publish() {
    const std::string output =
        Must({"task", "publish", "--token=" + Key("operator.token"), "--cost_types=0.3,0.6,1",
              "--probabilities=0.2,0.3,0.5", "--quality_max=0.7", "--slots=2", "--accept_for=60s", "--submit_for=60s",
              "--score_for=60s", "--text=the road ahead", "--json"});
    return nlohmann::json::parse(output)["task"];
  }

  Finished Deliver(const std::string& task, const std::string& image, const std::string& key) const {
    return Giotctl({"submit", File(image), "--task=" + task, "--key=" + File(key), "--wait=20s",
                    "--receipt=" + File(key + ".receipt")});
  }

  std::filesystem::path folder_;
  std::filesystem::path model_;
  std::unique_ptr<ChildProcess> server_;
  std::string address_ = "--server=127.0.0.1:1";
};

TEST_F(LedgerEndToEndTest, FromTheFirstKeyToAFlippedByte) {
  ASSERT_NO_FATAL_FAILURE(Start());
  EXPECT_THAT(Must({"ledger", "place", Key("genesis.envelope")}), HasSubstr("position 0,")) << "it is placed already";
  Register();
  const nlohmann::json task = Publish();
  const std::string id = task["id"];
  EXPECT_THAT(Must({"task", "list"}), HasSubstr(id));
  EXPECT_THAT(Must({"task", "show", "--task=" + id}), HasSubstr("the road ahead"));

  const std::string vehicle = Must({"key", "new", File("vehicle.key")}).substr(0, 64);
  Must({"accept", "--task=" + id, "--item=0", "--key=" + File("vehicle.key")});
  const Finished delivered = Deliver(id, "road.png", "vehicle.key");
  EXPECT_EQ(delivered.exit_status, 0) << delivered.output;
  EXPECT_THAT(delivered.output, HasSubstr("PAID"));
  const std::string reward = task["menu"][0]["reward_micros"];
  const auto balance = Must({"balance", vehicle});
  EXPECT_THAT(balance, HasSubstr("fulfilled 1"));
  EXPECT_THAT(balance, HasSubstr("proved"));
  EXPECT_EQ(nlohmann::json::parse(Must({"balance", vehicle, "--json"}))["balance_micros"], reward);
  EXPECT_THAT(Must({"acceptance", "--task=" + id, "--vehicle=" + vehicle}), HasSubstr("PAID"));
  Must({"ledger", "prove", "acceptance", id, vehicle, "--out=" + File("paid.proof")});
  Must({"witness", "--state=" + File("witness"), "--key=" + File("vehicle.key"), "--name=witness.example", "--once"});
  EXPECT_EQ(Giotctl({"ledger", "verify", File("ledger.db")}).exit_status, 1) << "a server has it open";
  Stop();

  // What vehicles keep needs no server.
  EXPECT_THAT(Must({"receipt", "verify", File("vehicle.key.receipt")}), HasSubstr("submit"));
  EXPECT_THAT(Must({"ledger", "proof", "verify", File("paid.proof")}), HasSubstr("PAID"));
  EXPECT_THAT(Must({"ledger", "verify", File("ledger.db")}), HasSubstr("ledger verified, "));

  // The vehicle's key is in the record of its acceptance.
  std::string bytes = Read(File("ledger.db"));
  std::string raw;
  for (std::size_t i = 0; i < vehicle.size(); i += 2) {
    raw.push_back(static_cast<char>(std::stoi(vehicle.substr(i, 2), nullptr, 16)));
  }
  const std::size_t place = bytes.find(raw);
  ASSERT_NE(place, std::string::npos);
  bytes[place] = static_cast<char>(bytes[place] ^ 1);
  std::ofstream(File("ledger.db"), std::ios::binary) << bytes;
  EXPECT_EQ(Giotctl({"ledger", "verify", File("ledger.db")}).exit_status, 2);

  std::string receipt = Read(File("vehicle.key.receipt"));
  receipt[receipt.find("extra ") + 40] ^= 1;
  std::ofstream(File("forged.receipt")) << receipt;
  EXPECT_EQ(Giotctl({"receipt", "verify", File("forged.receipt")}).exit_status, 2);
}

TEST_F(LedgerEndToEndTest, AWitnessFindsALedgerThatWasRolledBack) {
  const std::vector<std::string> look = {"witness", "--state=" + File("witness"), "--key=" + Key("auditor-1.key"),
                                         "--name=witness.example", "--once"};
  ASSERT_NO_FATAL_FAILURE(Start());
  Stop();
  // An operator keeps the ledger and the heads file beside it as they were.
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    if (file.path().filename().string().starts_with("ledger.db") && file.is_regular_file()) files.push_back(file);
  }
  for (const auto& file : files) std::filesystem::copy(file, file.string() + ".kept");
  ASSERT_NO_FATAL_FAILURE(Start());
  Register();
  Must(look);
  Stop();
  for (const auto& file : files) std::filesystem::rename(file.string() + ".kept", file);
  std::filesystem::remove(File("ledger.db-wal"));
  ASSERT_NO_FATAL_FAILURE(Start());
  const Finished found = Giotctl(look);
  EXPECT_EQ(found.exit_status, 2) << found.output;
  EXPECT_THAT(found.output, HasSubstr("contradict"));
  // The notes differ in size and height, which no rule of the ledger can judge.
  std::vector<std::string> accuse = {"ledger", "accuse", "--account=" + Public(Key("operator.key")),
                                     "--key=" + Key("auditor-1.key")};
  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
    if (file.path().string().find("contradiction") != std::string::npos) accuse.push_back(file.path().string());
  }
  ASSERT_EQ(accuse.size(), 6U);
  EXPECT_THAT(Giotctl(accuse).output, HasSubstr("CODE_NOT_CONTRADICTORY"));
  Stop();
}

TEST_F(LedgerEndToEndTest, AuditorsOverruleAnOperatorOrAgreeWithIt) {
  ASSERT_NO_FATAL_FAILURE(Start());
  Register();
  const std::string id = Publish()["id"];
  const std::string vehicle = Must({"key", "new", File("vehicle.key")}).substr(0, 64);
  // A quarter of the pixels that the task asks for: worth .4, at least .35.
  cv::Mat small;
  cv::resize(cv::imread(File("road.png")), small, cv::Size(640, 360));
  cv::imwrite(File("small.png"), small);
  const nlohmann::json menu = nlohmann::json::parse(Must({"task", "show", "--task=" + id, "--json"}))["menu"];
  ASSERT_GT(menu[0]["quality_micros"].get<int>(), 500'000) << "asks more than such an image is worth";
  Must({"accept", "--task=" + id, "--item=0", "--key=" + File("vehicle.key")});
  const Finished delivered = Deliver(id, "small.png", "vehicle.key");
  EXPECT_EQ(delivered.exit_status, 0) << delivered.output;
  EXPECT_THAT(delivered.output, HasSubstr("BELOW"));
  Must({"dispute", "--task=" + id, "--key=" + File("vehicle.key")});
  EXPECT_THAT(Must({"audit", "list"}), HasSubstr(vehicle));

  const std::vector<std::string> which = {"--task=" + id, "--vehicle=" + vehicle};
  EXPECT_EQ(Giotctl({"audit", "fetch", which[0], which[1], "--key=" + File("vehicle.key"), "--out=" + File("none")})
                .exit_status,
            1)
      << "the vehicle is no auditor";
  Must({"audit", "fetch", which[0], which[1], "--key=" + Key("auditor-1.key"), "--out=" + File("evidence")});
  const std::string model = "--local_model=" + model_.string();
  EXPECT_THAT(Must({"audit", "score", File("evidence"), model}), HasSubstr("to refuse"));
  EXPECT_EQ(
      Giotctl({"audit", "vote", which[0], which[1], "--payable=4295", "--key=" + Key("auditor-1.key")}).exit_status, 1);
  Must({"audit", "vote", File("evidence"), model, "--key=" + Key("auditor-1.key")});
  Must({"audit", "vote", which[0], which[1], "--payable=0.1", "--key=" + Key("auditor-2.key")});
  EXPECT_THAT(Must({"acceptance", which[0], which[1]}), HasSubstr("REFUSED"));
  Stop();

  // Without the description nobody but the operator says what the task asked for.
  ASSERT_GT(std::filesystem::remove_all(File("ledger.db.tasks")), 1U);
  ASSERT_NO_FATAL_FAILURE(Start());
  const std::vector<std::vector<std::string>> refused = {
      {"audit", "score", File("evidence"), model},
      {"audit", "vote", File("evidence"), model, "--key=" + Key("auditor-1.key")},
      {"submit", File("small.png"), which[0], "--key=" + File("vehicle.key")}};
  for (const std::vector<std::string>& command : refused) {
    EXPECT_THAT(Giotctl(command).output, HasSubstr("NOT_FOUND: the server has no description")) << command[1];
  }
  Stop();
}

TEST_F(LedgerEndToEndTest, AuditorsVouchForDataThatTheOperatorRefuses) {
  ASSERT_NO_FATAL_FAILURE(Start());
  Register();
  const std::string id = Publish()["id"];
  const std::string vehicle = Must({"key", "new", File("vehicle.key")}).substr(0, 64);
  const std::vector<std::string> which = {"--task=" + id, "--vehicle=" + vehicle};
  Must({"accept", which[0], "--key=" + File("vehicle.key")});
  const std::string salt = Must({"submit", "salt", File("road.png"), which[0], "--key=" + File("vehicle.key")});
  std::string words;
  for (const char* auditor : {"auditor-3.key", "auditor-2.key"}) {
    const std::string word = Must({"audit", "attest", File("road.png"), which[0], which[1],
                                   "--salt=" + salt.substr(0, 64), "--key=" + Key(auditor)});
    words += (words.empty() ? "" : ",") + word.substr(0, word.find('\n'));
  }
  const std::vector<std::string> submit = {"submit", File("road.png"), which[0], "--key=" + File("vehicle.key")};
  const auto submit_by = [&](const std::string& availability) {
    std::vector<std::string> arguments = submit;
    arguments.push_back("--availability=" + availability);
    return Giotctl(std::move(arguments));
  };
  const Finished one = submit_by(words.substr(0, words.find(',')));
  EXPECT_EQ(one.exit_status, 1);
  EXPECT_THAT(one.output, HasSubstr("CODE_NOT_ENOUGH_APPROVALS"));
  EXPECT_EQ(submit_by(words).exit_status, 0);
  const Finished early = Giotctl({"task", "settle", which[0], which[1], "--key=" + File("vehicle.key")});
  EXPECT_EQ(early.exit_status, 1);
  EXPECT_THAT(early.output, HasSubstr("CODE_TOO_EARLY"));
  EXPECT_THAT(Must({"acceptance", which[0], which[1]}), HasSubstr("SUBMITTED"));
  Stop();
}

TEST_F(LedgerEndToEndTest, AuditorsElsewhereApproveAnOperatorAndANewKey) {
  ASSERT_NO_FATAL_FAILURE(Start());
  Must({"ledger", "deposit", "--key=" + Key("mint.key"), "--account=" + Public(Key("operator.key")), "--amount=200.5"});
  const auto approvals_of = [&](const std::string& proposal) {
    std::string approvals = "--approvals=";
    for (const char* auditor : {"auditor-1.key", "auditor-2.key"}) {
      const std::string printed = Must({"operator", "approve", proposal, "--key=" + Key(auditor)});
      const std::size_t colon = printed.find(':', printed.rfind('\n', printed.size() - 2));
      approvals += printed.substr(colon - 64, 64 + 1 + 128) + ",";
    }
    approvals.pop_back();
    return approvals;
  };
  Must({"operator", "propose", "registration", "--key=" + Key("operator.key"),
        "--checkpoint_key=" + Key("checkpoint.key"), "--bond=150", "--out=" + File("registration")});
  Must({"operator", "register", "--key=" + Key("operator.key"), "--proposal=" + File("registration"),
        approvals_of(File("registration"))});
  EXPECT_THAT(Must({"balance", Public(Key("operator.key"))}), HasSubstr("balance 50.500000"));

  Must({"key", "new", File("operator-2.key")});
  const std::string lost = Public(Key("operator.key"));
  Must({"operator", "propose", "rotation", "--role=operator", "--lost_key=" + lost,
        "--new_key=" + File("operator-2.key"), "--out=" + File("rotation")});
  Must({"operator", "rotate", "--proposal=" + File("rotation"), approvals_of(File("rotation")),
        "--key=" + File("operator-2.key")});
  Must({"operator", "top-up", "--key=" + File("operator-2.key"), "--amount=0.5"});
  EXPECT_THAT(Must({"balance", lost}), HasSubstr("bond 150.500000"));
  const Finished revoked = Giotctl({"operator", "top-up", "--key=" + Key("operator.key"), "--amount=1"});
  EXPECT_EQ(revoked.exit_status, 1);
  EXPECT_THAT(revoked.output, HasSubstr("CODE_KEY_REVOKED"));

  Must({"key", "new", File("operator-3.key")});
  Must({"operator", "rotate", "--role=operator", "--key=" + File("operator-2.key"),
        "--new_key=" + File("operator-3.key")});
  Must({"ledger", "withdraw", "--key=" + File("operator-3.key"), "--amount=10", "--payment_reference=to my bank",
        "--receipt=" + File("withdrawn")});
  const std::string verified = Must({"receipt", "verify", File("withdrawn")});
  const std::string id = verified.substr(verified.find("transaction ") + 20, 64);
  EXPECT_THAT(Must({"receipt", "get", id}), HasSubstr("c2sp.org/tlog-proof@v1"));
  EXPECT_THAT(Must({"ledger", "info"}), HasSubstr("withdrawn           10.000000"));
  EXPECT_THAT(Must({"ledger", "watch", "--watch_for=2s"}), HasSubstr(" transactions, height "));
  Stop();
}

}  // namespace
}  // namespace giot::client
