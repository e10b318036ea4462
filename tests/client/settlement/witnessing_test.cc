#include "client/settlement/witnessing.h"

#include <cstddef>
#include <filesystem>
#include <string>

#include "client/settlement/transactions.h"
#include "gtest/gtest.h"
#include "tests/client/settlement/ledger_server.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::client {
namespace {

using absl::StatusCode;

class WitnessingTest : public testing::Test {
 protected:
  ledger::Witness Open() {
    return *ledger::Witness::Open(folder_ / "state", ledger::CheckpointVerifier(), "witness.example", ledger::KeyOf(30),
                                  [] { return std::uint64_t{1'700'000'000}; });
  }

  void Grow(LedgerServer& server) {
    server.Place({ledger::MintKey(), std::string(ledger::kChainId)},
                 DepositBody(LedgerServer::WalletOf(LedgerServer::kVehicle).key(), 5, ""));
  }

  std::size_t Contradictions() const {
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
      if (file.path().filename().string().find("contradiction") != std::string::npos) ++count;
    }
    return count;
  }

  const std::filesystem::path folder_ = ledger::EmptyFolder("witnessing");
};

TEST_F(WitnessingTest, CosignsALedgerThatGrows) {
  LedgerServer server("witnessed");
  SettlementClient client(server.address());
  ledger::Witness witness = Open();
  const ledger::VerifierKey own = {"witness.example", ledger::NoteKeyType::kCosignature,
                                   ledger::KeyOf(30).public_key()};
  for (const std::uint64_t size : {4, 5, 6}) {
    const auto note = CosignNewest(client, witness);
    ASSERT_TRUE(note.ok()) << note.status();
    EXPECT_EQ(*ledger::VerifyNote(*ledger::ParseNote(*note), own), 1'700'000'000U);
    EXPECT_EQ(witness.last()->size, size);
    Grow(server);
  }
}

TEST_F(WitnessingTest, FindsALedgerThatWasRolledBack) {
  {
    LedgerServer server("witnessed");
    Grow(server);
    SettlementClient client(server.address());
    ledger::Witness witness = Open();
    ASSERT_TRUE(CosignNewest(client, witness).ok());
  }
  // The same keys begin anew with fewer transactions.
  LedgerServer server("witnessed");
  SettlementClient client(server.address());
  ledger::Witness witness = Open();
  EXPECT_EQ(CosignNewest(client, witness).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(Contradictions(), 2U);
}

TEST_F(WitnessingTest, FindsALedgerThatGrewAnotherWay) {
  {
    LedgerServer server("witnessed");
    SettlementClient client(server.address());
    ledger::Witness witness = Open();
    ASSERT_TRUE(CosignNewest(client, witness).ok());
  }
  LedgerServer server("witnessed");
  Grow(server);
  SettlementClient client(server.address());
  ledger::Witness witness = Open();
  EXPECT_EQ(CosignNewest(client, witness).status().code(), StatusCode::kDataLoss);
}

TEST_F(WitnessingTest, AProofThatIsNoneIsFoundFalse) {
  LedgerServer server("witnessed");
  SettlementClient client(server.address());
  ledger::Witness witness = Open();
  server.Lie({.consistency_proof = [](std::string& text) { text = "nonsense"; }});
  EXPECT_EQ(CosignNewest(client, witness).status().code(), StatusCode::kDataLoss);
}

}  // namespace
}  // namespace giot::client
