// The program giot-server: SIGTERM under load, exit codes, switches.

#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <sysexits.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "giot/v1/contract.grpc.pb.h"
#include "gtest/gtest.h"
#include "tests/client/child_process.h"
#include "tests/integration/raw_call.h"
#include "tests/models/bundle/scratch.h"
#include "tests/models/bundle/test_bundle.h"
#include "tests/server/market.h"

namespace giot::server {
namespace {

using client::ChildProcess;
using client::ProgramPath;
using client::RunToEnd;

class ProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = bundle::ScratchDirectory();
    bundle::WriteTestBundle(root_);
  }

  std::vector<std::string> Command(const std::vector<std::string>& flags) const {
    std::vector<std::string> command = {ProgramPath("GIOT_SERVER"), "--listen=127.0.0.1:0",
                                        "--model_root=" + root_.string()};
    command.insert(command.end(), flags.begin(), flags.end());
    return command;
  }

  std::filesystem::path root_;
};

std::string AddressIn(const std::string& line) {
  const std::string key = " port=";
  return "127.0.0.1:" + std::to_string(std::stoi(line.substr(line.find(key) + key.size())));
}

TEST_F(ProgramTest, SigtermUnderLoadFailsNoCallThatWasInFlight) {
  ChildProcess server(Command({"--drain_grace=300ms"}));
  const std::string address = AddressIn(server.WaitForLine("event=listening"));
  constexpr int kClients = 4;
  v1::GenerateContractRequest slow = GoodRequest();
  slow.set_samples(1024);
  std::atomic<bool> signalled = false;
  std::atomic<int> answered = 0;
  std::atomic<int> broken = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      grpc::ChannelArguments own_connection;
      own_connection.SetInt("client", i);
      const auto stub = v1::ContractService::NewStub(
          grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), own_connection));
      for (int call = 0; call < 100'000; ++call) {
        grpc::ClientContext context;
        v1::GenerateContractResponse response;
        const bool in_flight = !signalled;  // At the latest when the signal came.
        const grpc::Status status = stub->GenerateContract(&context, call % 4 == 0 ? slow : GoodRequest(), &response);
        if (status.ok()) {
          ++answered;
        } else {
          // Refusing a later call as a whole is fine; the client may try elsewhere.
          if (in_flight || status.error_code() != grpc::StatusCode::UNAVAILABLE) ++broken;
          return;
        }
      }
    });
  }
  while (answered < 200 && broken == 0) std::this_thread::yield();
  signalled = true;
  server.Signal(SIGTERM);
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(server.Wait(), 0);
  EXPECT_EQ(broken, 0);
  EXPECT_GE(answered, 200);
}

TEST_F(ProgramTest, WritesTheBoundPortForScripts) {
  const auto port_file = root_ / "port";
  ChildProcess server(Command({"--port_file=" + port_file.string()}));
  const std::string address = AddressIn(server.WaitForLine("event=listening"));
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0);
  EXPECT_EQ("127.0.0.1:" + bundle::ReadBytes(port_file), address + "\n");
}

TEST_F(ProgramTest, ExitCodesTellWhatWentWrong) {
  EXPECT_EQ(RunToEnd(Command({"--contract_floor=2"})).exit_status, EX_USAGE);
  EXPECT_EQ(RunToEnd(Command({"--models=screening/9"})).exit_status, EX_CONFIG);
  EXPECT_EQ(RunToEnd(Command({"--listen=127.0.0.1:1x"})).exit_status, EX_UNAVAILABLE);
}

TEST_F(ProgramTest, ReflectionCanBeSwitchedOff) {
  constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  for (const bool on : {true, false}) {
    ChildProcess server(Command({on ? "--reflection" : "--noreflection"}));
    const std::string address = AddressIn(server.WaitForLine("event=listening"));
    const grpc::StatusCode code = integration::RawCall(address, kReflection, "").error_code();
    EXPECT_EQ(code == grpc::StatusCode::UNIMPLEMENTED, !on) << code;
    server.Signal(SIGTERM);
    EXPECT_EQ(server.Wait(), 0);
  }
}

TEST_F(ProgramTest, ADamagedModelKeepsItFromStartingAndTheLogSaysWhy) {
  bundle::WriteBytes(root_ / "screening/1/policy.pt", "damaged");
  const auto ended = RunToEnd(Command({}));
  EXPECT_EQ(ended.exit_status, EX_CONFIG);
  EXPECT_NE(ended.output.find("event=model_refused model=screening/1"), std::string::npos) << ended.output;
  EXPECT_NE(ended.output.find("policy.pt"), std::string::npos) << ended.output;
}

TEST_F(ProgramTest, VersionNamesTheLibraries) {
  const auto version = RunToEnd({ProgramPath("GIOT_SERVER"), "--version"});
  EXPECT_EQ(version.exit_status, 0);
  for (const char* part : {"giot-server ", "commit", "gRPC ", "Protobuf ", "LibTorch "}) {
    EXPECT_NE(version.output.find(part), std::string::npos) << version.output;
  }
}

}  // namespace
}  // namespace giot::server
