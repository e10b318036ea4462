#include "client/programs/ledger_init.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/proof/key_file.h"
#include "server/ledger/proof/text_encoding.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::client {
namespace {

constexpr std::int64_t kNowUs = 1'700'000'000'000'000;

ledger::v1::Genesis Parameters(int threshold = 2) {
  ledger::v1::Genesis parameters;
  parameters.set_auditor_threshold(threshold);
  parameters.set_max_task_us(1'000'000);
  return parameters;
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(InitLedgerTest, MakesALedgerThatOpens) {
  const auto folder = ledger::EmptyFolder("ledger_init");
  ASSERT_TRUE(InitLedger(folder, "test.example/new", 3, Parameters(), kNowUs).ok());
  ledger::EmbeddedOptions options;
  options.path = folder / "ledger.db";
  options.chain_id = "test.example/new";
  options.genesis = Read(folder / "genesis.envelope");
  options.now_us = [] { return kNowUs; };
  auto driver = ledger::EmbeddedDriver::Open(options, *ledger::ReadSecretKey(folder / "checkpoint.key"));
  ASSERT_TRUE(driver.ok()) << driver.status();
  const auto verifier = ledger::ReadVerifierKey(folder / "verifier.key");
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  EXPECT_EQ(ledger::OpenCheckpoint(*(*driver)->LatestCheckpoint(), *verifier)->size, 1U);
}

TEST(InitLedgerTest, WritesSecretsForTheirOwnerAlone) {
  const auto folder = ledger::EmptyFolder("ledger_init");
  ASSERT_TRUE(InitLedger(folder, "test.example/new", 2, Parameters(), kNowUs).ok());
  for (const char* name : {"mint.key", "treasury.key", "operator.key", "checkpoint.key", "auditor-1.key",
                           "auditor-2.key", "operator.token"}) {
    EXPECT_EQ(std::filesystem::status(folder / name).permissions(), std::filesystem::perms(0600)) << name;
  }
  EXPECT_EQ(Read(folder / "operator.token").size(), 65U);
}

TEST(InitLedgerTest, HasTheGenesisAsTheEngineWantsIt) {
  const auto folder = ledger::EmptyFolder("ledger_init");
  ASSERT_TRUE(InitLedger(folder, "test.example/new", 3, Parameters(), kNowUs).ok());
  EXPECT_EQ(Read(folder / "genesis.app_state"),
            absl::StrCat("\"", ledger::Base64Of(Read(folder / "genesis.envelope")), "\"\n"));
}

TEST(InitLedgerTest, TouchesNothingThatIsThere) {
  const auto folder = ledger::EmptyFolder("ledger_init");
  std::ofstream(folder / "auditor-2.key") << "mine";
  EXPECT_EQ(InitLedger(folder, "test.example/new", 3, Parameters(), kNowUs).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_FALSE(std::filesystem::exists(folder / "mint.key"));
  EXPECT_EQ(Read(folder / "auditor-2.key"), "mine");
}

TEST(InitLedgerTest, WritesNothingForABadPlan) {
  const auto folder = ledger::EmptyFolder("ledger_init");
  const auto code = [&](const std::string& chain, int auditors, int threshold) {
    return InitLedger(folder, chain, auditors, Parameters(threshold), kNowUs).code();
  };
  EXPECT_EQ(code("Not A Chain", 3, 2), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("test.example/new", 17, 9), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("test.example/new", 0, 0), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("test.example/new", 4, 2), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

}  // namespace
}  // namespace giot::client
