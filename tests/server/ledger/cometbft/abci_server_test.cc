#include "server/ledger/cometbft/abci_server.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "server/ledger/cometbft/abci_calls.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/state/entries.h"
#include "tests/server/ledger/cometbft/abci_client.h"
#include "tests/server/ledger/cometbft/chain_in_memory.h"

namespace giot::ledger {
namespace {

using abci::v2::Request;
using abci::v2::Response;

constexpr std::int64_t kSecond = ChainInMemory::kSecond;

Request InitChainRequest() {
  Request request;
  request.mutable_init_chain()->set_chain_id(std::string(kChainId));
  request.mutable_init_chain()->set_app_state_bytes(AppStateOf(GenesisEnvelope()));
  request.mutable_init_chain()->mutable_consensus_params()->mutable_block()->set_max_bytes(22'020'096);
  return request;
}

Request FinalizeBlockRequest(std::int64_t height, const std::vector<std::string>& envelopes) {
  Request request;
  request.mutable_finalize_block()->set_height(height);
  request.mutable_finalize_block()->mutable_time()->set_seconds(ChainInMemory::TimeOf(height) / kSecond);
  for (const std::string& envelope : envelopes) request.mutable_finalize_block()->add_txs(envelope);
  return request;
}

Request CommitRequest() {
  Request request;
  request.mutable_commit();
  return request;
}

Request InfoRequest() {
  Request request;
  request.mutable_info()->set_version("0.38.25");
  return request;
}

Request CheckTxRequest(std::string envelope) {
  Request request;
  request.mutable_check_tx()->set_tx(std::move(envelope));
  return request;
}

Request QueryRequest(std::string path, std::string data) {
  Request request;
  request.mutable_query()->set_path(std::move(path));
  request.mutable_query()->set_data(std::move(data));
  return request;
}

class AbciServerTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(chain_.Open().ok());
    ASSERT_TRUE(Start().ok());
  }
  absl::Status Start() {
    server_ = nullptr;
    absl::StatusOr<std::unique_ptr<AbciServer>> server = AbciServer::Start(path_, chain_.application());
    if (server.ok()) server_ = *std::move(server);
    return server.status();
  }
  // InitChain and an empty block 1, by the engine's connection for that.
  void Begin(AbciClient& consensus) {
    ASSERT_TRUE(consensus.Call(InitChainRequest()).has_init_chain());
    ASSERT_TRUE(consensus.Call(FinalizeBlockRequest(1, {})).has_finalize_block());
    ASSERT_TRUE(consensus.Call(CommitRequest()).has_commit());
  }

  const std::filesystem::path path_ = EmptyFolder("abci") / "socket";
  ChainInMemory chain_;
  std::unique_ptr<AbciServer> server_;
};

TEST_F(AbciServerTest, HandshakeAndBlocks) {
  AbciClient query(path_);
  AbciClient consensus(path_);
  Response info = query.Call(InfoRequest());
  EXPECT_EQ(info.info().last_block_height(), 0);
  EXPECT_EQ(info.info().last_block_app_hash(), "");
  const Response genesis = consensus.Call(InitChainRequest());
  EXPECT_EQ(genesis.init_chain().app_hash().size(), 32u);
  EXPECT_EQ(consensus.Call(FinalizeBlockRequest(1, {})).finalize_block().app_hash(), genesis.init_chain().app_hash());
  EXPECT_EQ(consensus.Call(CommitRequest()).commit().retain_height(), 0);
  const Response block =
      consensus.Call(FinalizeBlockRequest(2, {ChainInMemory::Deposit(1), "x", ChainInMemory::Deposit(2)}));
  ASSERT_EQ(block.finalize_block().tx_results_size(), 3);
  EXPECT_EQ(block.finalize_block().tx_results(0).code(), 0u);
  EXPECT_EQ(block.finalize_block().tx_results(0).data(), ByteWriter().U64(1).Take());
  EXPECT_EQ(block.finalize_block().tx_results(1).code(), static_cast<std::uint32_t>(v1::CODE_MALFORMED));
  EXPECT_EQ(block.finalize_block().tx_results(1).log(), "CODE_MALFORMED");
  EXPECT_EQ(block.finalize_block().tx_results(2).data(), ByteWriter().U64(3).Take());
  EXPECT_EQ(query.Call(InfoRequest()).info().last_block_height(), 1);
  ASSERT_TRUE(consensus.Call(CommitRequest()).has_commit());
  info = query.Call(InfoRequest());
  EXPECT_EQ(info.info().last_block_height(), 2);
  EXPECT_EQ(info.info().last_block_app_hash(), block.finalize_block().app_hash());
  EXPECT_EQ(info.info().app_version(), 1u);
  EXPECT_EQ(chain_.told.committed.back().time_us, ChainInMemory::TimeOf(2));
}

TEST_F(AbciServerTest, MempoolAndProposals) {
  AbciClient consensus(path_);
  AbciClient mempool(path_);
  Begin(consensus);
  EXPECT_EQ(mempool.Call(CheckTxRequest(ChainInMemory::Deposit(1))).check_tx().code(), 0u);
  const Response refused = mempool.Call(CheckTxRequest("unsigned"));
  EXPECT_EQ(refused.check_tx().code(), static_cast<std::uint32_t>(v1::CODE_MALFORMED));
  EXPECT_EQ(refused.check_tx().log(), "CODE_MALFORMED");
  Request prepare;
  prepare.mutable_prepare_proposal()->set_max_tx_bytes(1 << 20);
  prepare.mutable_prepare_proposal()->mutable_time()->set_seconds(ChainInMemory::TimeOf(2) / kSecond);
  prepare.mutable_prepare_proposal()->add_txs("unsigned");
  EXPECT_EQ(consensus.Call(prepare).prepare_proposal().txs_size(), 0);
  prepare.mutable_prepare_proposal()->add_txs(ChainInMemory::Deposit(1));
  const Response prepared = consensus.Call(prepare);
  ASSERT_EQ(prepared.prepare_proposal().txs_size(), 1);
  Request process;
  *process.mutable_process_proposal()->mutable_txs() = prepared.prepare_proposal().txs();
  EXPECT_EQ(consensus.Call(process).process_proposal().status(), abci::v2::ProcessProposalResponse::ACCEPT);
  process.mutable_process_proposal()->add_txs("unsigned");
  EXPECT_EQ(consensus.Call(process).process_proposal().status(), abci::v2::ProcessProposalResponse::REJECT);
}

TEST_F(AbciServerTest, QueriesAreAnsweredWithCodes) {
  AbciClient query(path_);
  AbciClient consensus(path_);
  const std::string key = AccountKey(KeyOf(9).public_key());
  EXPECT_EQ(query.Call(QueryRequest("/state", key)).query().code(),
            static_cast<std::uint32_t>(absl::StatusCode::kUnavailable));
  Begin(consensus);
  EXPECT_EQ(query.Call(QueryRequest("/state", key)).query().code(),
            static_cast<std::uint32_t>(absl::StatusCode::kNotFound));
  EXPECT_EQ(query.Call(QueryRequest("/other", key)).query().code(),
            static_cast<std::uint32_t>(absl::StatusCode::kInvalidArgument));
  ASSERT_TRUE(consensus.Call(FinalizeBlockRequest(2, {ChainInMemory::Deposit(1)})).has_finalize_block());
  ASSERT_TRUE(consensus.Call(CommitRequest()).has_commit());
  const Response found = query.Call(QueryRequest("/state", key));
  EXPECT_EQ(found.query().code(), 0u);
  EXPECT_EQ(found.query().key(), key);
  EXPECT_EQ(found.query().height(), 2);
  AccountEntry account;
  ASSERT_TRUE(Decode(found.query().value(), account));
  EXPECT_EQ(account.balance, 5);
}

TEST_F(AbciServerTest, CallsWithoutAnApplication) {
  AbciClient client(path_);
  Request request;
  request.mutable_echo()->set_message("hello");
  EXPECT_EQ(client.Call(request).echo().message(), "hello");
  request.mutable_flush();
  EXPECT_TRUE(client.Call(request).has_flush());
  request.mutable_list_snapshots();
  EXPECT_TRUE(client.Call(request).has_list_snapshots());
  request.mutable_offer_snapshot();
  EXPECT_EQ(client.Call(request).offer_snapshot().result(), abci::v2::OfferSnapshotResponse::ABORT);
  request.mutable_load_snapshot_chunk();
  EXPECT_EQ(client.Call(request).load_snapshot_chunk().chunk(), "");
  request.mutable_apply_snapshot_chunk();
  EXPECT_EQ(client.Call(request).apply_snapshot_chunk().result(), abci::v2::ApplySnapshotChunkResponse::ABORT);
  request.mutable_extend_vote();
  EXPECT_EQ(client.Call(request).extend_vote().vote_extension(), "");
  using Verified = abci::v2::VerifyVoteExtensionResponse;
  request.mutable_verify_vote_extension();
  EXPECT_EQ(client.Call(request).verify_vote_extension().status(), Verified::ACCEPT);
  request.mutable_verify_vote_extension()->set_vote_extension("x");
  EXPECT_EQ(client.Call(request).verify_vote_extension().status(), Verified::REJECT);
}

TEST_F(AbciServerTest, WhatFailsIsAnException) {
  AbciClient client(path_);
  EXPECT_TRUE(client.Call(Request()).has_exception());
  EXPECT_TRUE(client.Call(CommitRequest()).has_exception());
  EXPECT_TRUE(client.Call(FinalizeBlockRequest(1, {})).has_exception());
  Request other_chain = InitChainRequest();
  other_chain.mutable_init_chain()->set_chain_id("other.example/road");
  EXPECT_TRUE(client.Call(other_chain).has_exception());
  for (const std::int64_t bytes : {std::int64_t{-1}, kMostBlockBytes + 1}) {
    Request too_large = InitChainRequest();
    too_large.mutable_init_chain()->mutable_consensus_params()->mutable_block()->set_max_bytes(bytes);
    EXPECT_TRUE(client.Call(too_large).has_exception()) << bytes;
  }
  Begin(client);
  for (const std::int64_t seconds : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()}) {
    Request never = FinalizeBlockRequest(2, {});
    never.mutable_finalize_block()->mutable_time()->set_seconds(seconds);
    EXPECT_TRUE(client.Call(never).has_exception()) << seconds;
  }
  EXPECT_TRUE(client.Call(FinalizeBlockRequest(2, {})).has_finalize_block());
}

// Bytes as CometBFT v0.38 writes them, with fields that are not listed here.
TEST_F(AbciServerTest, WireIsThatOfTheProtocol) {
  struct Case {
    std::string request;
    std::string response;
  };
  const std::vector<Case> cases = {
      {"\x0a\x04\x0a\x02hi", "\x12\x04\x0a\x02hi"},              // Echo.
      {std::string("\x12\x00", 2), std::string("\x1a\x00", 2)},  // Flush.
      {"\x42\x05\x0a\x01x\x10\x01",
       "\x4a\x12\x08\x02\x1a\x0e"
       "CODE_MALFORMED"},                                            // CheckTx, to check anew.
      {std::string("\x62\x00", 2), std::string("\x6a\x00", 2)},      // ListSnapshots.
      {"\x6a\x07\x0a\x05\x08\x01\x22\x01h", "\x72\x02\x08\x02"},     // OfferSnapshot.
      {"\x8a\x01\x08\x0a\x01x\x22\x03hhh", "\x92\x01\x02\x08\x02"},  // ProcessProposal: REJECT.
      {"\x92\x01\x03\x0a\x01h", std::string("\x9a\x01\x00", 3)},     // ExtendVote.
      {"\x9a\x01\x03\x0a\x01h", "\xa2\x01\x02\x08\x01"},             // VerifyVoteExtension: ACCEPT.
  };
  AbciClient client(path_);
  for (const Case& one : cases) {
    std::string frame;
    AppendFrame(one.request, frame);
    client.Send(frame);
    EXPECT_EQ(client.Receive()->SerializeAsString(), one.response) << HexOf(one.request);
  }
}

TEST_F(AbciServerTest, AnswersWithoutBeingFlushed) {
  AbciClient consensus(path_);
  AbciClient mempool(path_);
  Begin(consensus);
  std::string stream;
  constexpr std::uint32_t kMany = 300;
  for (std::uint32_t i = 0; i < kMany; ++i) {
    AppendFrame(CheckTxRequest(ChainInMemory::Deposit(i)).SerializeAsString(), stream);
  }
  std::thread sender([&] { mempool.Send(stream); });
  for (std::uint32_t i = 0; i < kMany; ++i) EXPECT_TRUE(mempool.Receive()->has_check_tx());
  sender.join();
}

TEST_F(AbciServerTest, ConnectionsWorkSideBySide) {
  AbciClient consensus(path_);
  Begin(consensus);
  std::vector<std::thread> threads;
  for (std::uint32_t thread = 0; thread < 3; ++thread) {
    threads.emplace_back([this, thread] {
      AbciClient client(path_);
      for (std::uint32_t i = 0; i < 40; ++i) {
        EXPECT_EQ(client.Call(CheckTxRequest(ChainInMemory::Deposit(1'000 * (thread + 1) + i))).check_tx().code(), 0u);
        EXPECT_TRUE(client.Call(InfoRequest()).has_info());
      }
    });
  }
  for (std::int64_t height = 2; height < 22; ++height) {
    const auto number = static_cast<std::uint32_t>(height);
    const Response block = consensus.Call(FinalizeBlockRequest(height, {ChainInMemory::Deposit(number)}));
    EXPECT_EQ(block.finalize_block().tx_results(0).code(), 0u);
    EXPECT_TRUE(consensus.Call(CommitRequest()).has_commit());
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(consensus.Call(InfoRequest()).info().last_block_height(), 21);
}

TEST_F(AbciServerTest, WhatCannotBeReadClosesItsConnectionAlone) {
  AbciClient consensus(path_);
  Begin(consensus);
  std::string cut;
  AppendFrame(CheckTxRequest(ChainInMemory::Deposit(1)).SerializeAsString(), cut);
  cut.pop_back();
  std::string garbage;
  AppendFrame(std::string(100, '\xff'), garbage);
  for (const std::string& stream : {std::string("\xff\xff\xff\x7f", 4), std::string(20, '\xff'), garbage, cut}) {
    AbciClient client(path_);
    EXPECT_TRUE(client.Call(InfoRequest()).has_info());
    client.Send(stream);
    client.CloseSending();
    EXPECT_FALSE(client.Receive().has_value());
  }
  EXPECT_TRUE(consensus.Call(FinalizeBlockRequest(2, {ChainInMemory::Deposit(1)})).has_finalize_block());
  EXPECT_TRUE(consensus.Call(CommitRequest()).has_commit());
}

TEST_F(AbciServerTest, EngineThatDiesWithinABlockFindsTheLastOneCommitted) {
  auto consensus = std::make_unique<AbciClient>(path_);
  Begin(*consensus);
  const Response lost = consensus->Call(FinalizeBlockRequest(2, {ChainInMemory::Deposit(1)}));
  auto read = std::async(std::launch::async, [&] {
    return chain_.application().WithLedger([](StateMachine&, LedgerDatabase&) { return absl::OkStatus(); });
  });
  consensus = nullptr;
  EXPECT_TRUE(absl::IsUnavailable(read.get()));
  AbciClient anew(path_);
  EXPECT_EQ(anew.Call(InfoRequest()).info().last_block_height(), 1);
  const Response block = anew.Call(FinalizeBlockRequest(2, {ChainInMemory::Deposit(1)}));
  EXPECT_EQ(block.finalize_block().app_hash(), lost.finalize_block().app_hash());
  EXPECT_TRUE(anew.Call(CommitRequest()).has_commit());
}

TEST_F(AbciServerTest, ConnectionsBeyondTheBoundAreClosed) {
  std::vector<std::unique_ptr<AbciClient>> clients;
  for (int i = 0; i < AbciServer::kMostConnections; ++i) {
    clients.push_back(std::make_unique<AbciClient>(path_));
    EXPECT_TRUE(clients.back()->Call(InfoRequest()).has_info());
  }
  EXPECT_FALSE(AbciClient(path_).Receive().has_value());
  // One that ends makes room, once the server has seen its end.
  clients.back()->CloseSending();
  EXPECT_FALSE(clients.back()->Receive().has_value());
  std::optional<Response> info;
  while (!info) {
    AbciClient client(path_);
    client.Send(InfoRequest());
    info = client.Receive();
  }
  EXPECT_TRUE(info->has_info());
}

TEST_F(AbciServerTest, SocketIsTheOwnersAloneAndGoesWithTheServer) {
  struct stat found = {};
  ASSERT_EQ(stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  AbciClient client(path_);
  EXPECT_TRUE(client.Call(InfoRequest()).has_info());
  server_ = nullptr;
  EXPECT_FALSE(client.Receive().has_value());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(AbciServerTest, OnlyASocketThatNobodyListensOnIsReplaced) {
  EXPECT_TRUE(absl::IsFailedPrecondition(AbciServer::Start(path_, chain_.application()).status()));
  const std::filesystem::path other = path_.parent_path() / "left_behind";
  std::filesystem::create_hard_link(path_, other);
  server_ = nullptr;
  EXPECT_TRUE(AbciServer::Start(other, chain_.application()).ok());
  std::ofstream(path_) << "a file";
  EXPECT_TRUE(absl::IsFailedPrecondition(Start()));
  EXPECT_TRUE(std::filesystem::exists(path_));
  for (const std::string& path : {std::string(), std::string(200, 'p')}) {
    EXPECT_TRUE(absl::IsInvalidArgument(AbciServer::Start(path, chain_.application()).status()));
  }
  EXPECT_TRUE(absl::IsUnavailable(AbciServer::Start("/nowhere/at/all", chain_.application()).status()));
}

}  // namespace
}  // namespace giot::ledger
