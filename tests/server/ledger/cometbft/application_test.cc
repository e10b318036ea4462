#include "server/ledger/cometbft/application.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "giot/abci/v2/abci.pb.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/signed_note.h"
#include "server/ledger/proof/text_encoding.h"
#include "server/ledger/state/entries.h"
#include "tests/server/ledger/cometbft/chain_in_memory.h"

namespace giot::ledger {
namespace {

using Envelopes = std::vector<std::string>;

constexpr std::int64_t kSecond = ChainInMemory::kSecond;

class ApplicationTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(chain_.Open().ok()); }
  // With Genesis and an empty block 1.
  void Begin() {
    ASSERT_TRUE(chain_.InitChain().ok());
    chain_.Add({});
  }
  Application& application() { return chain_.application(); }
  std::int64_t Height() { return application().GetInfo().value().height; }
  Digest AppHashOf() { return application().GetInfo().value().app_hash; }
  absl::StatusOr<Application::Finalized> Finalize(std::int64_t height, const Envelopes& envelopes) {
    return application().FinalizeBlock(height, ChainInMemory::TimeOf(height), envelopes);
  }
  v1::Code CheckTx(const std::string& envelope) { return application().CheckTx(envelope).value(); }
  static std::string Deposit(std::uint32_t number) { return ChainInMemory::Deposit(number); }

  ChainInMemory chain_;
};

// Blocks of deposits, and of withdrawals of which some are refused.
std::vector<Envelopes> TypicalBlocks() {
  const std::int64_t expires_us = kGenesisUs + 300 * kSecond;
  return {{ChainInMemory::Deposit(1), ChainInMemory::Deposit(2)},
          {WithdrawEnvelope(9, 7, 3, expires_us), WithdrawEnvelope(9, 7, 4, expires_us)},
          {ChainInMemory::Deposit(5)}};
}

// What a machine alone makes of the same blocks, from height 2 on: after each its app hash.
std::vector<Digest> AppHashesOf(const std::vector<Envelopes>& blocks) {
  StateMachine machine{std::string(kChainId)};
  machine.Begin(0, kGenesisUs);
  machine.Apply(OpenTransaction(kChainId, GenesisEnvelope()));
  machine.End();
  std::vector<Digest> app_hashes;
  std::int64_t height = 2;
  for (const Envelopes& block : blocks) {
    machine.Begin(static_cast<std::uint64_t>(height), ChainInMemory::TimeOf(height));
    for (const std::string& envelope : block) machine.Apply(OpenTransaction(kChainId, envelope));
    app_hashes.push_back(machine.End());
    ++height;
  }
  return app_hashes;
}

TEST_F(ApplicationTest, GivesTheAppHashesOfTheMachineAlone) {
  Begin();
  const std::vector<Digest> wanted = AppHashesOf(TypicalBlocks());
  std::size_t i = 0;
  for (const Envelopes& block : TypicalBlocks()) EXPECT_EQ(chain_.Add(block), wanted[i++]);
}

TEST_F(ApplicationTest, SameBlocksGiveTheAppHashOfTheEmbeddedDriver) {
  MemoryVfs other;
  std::atomic<std::int64_t> now_us = kGenesisUs;
  auto driver = EmbeddedDriver::Open(OptionsFor("/embedded", other.name(), now_us, true), CheckpointKey());
  ASSERT_TRUE(driver.ok()) << driver.status();
  ASSERT_TRUE(chain_.InitChain().ok());
  for (std::uint32_t number = 1; number <= 5; ++number) {
    now_us = ChainInMemory::TimeOf(number);
    const std::string envelope =
        number % 2 == 1 ? Deposit(number) : WithdrawEnvelope(9, 9, number, kGenesisUs + 300 * kSecond);
    const absl::StatusOr<Placed> placed = SubmitAndWait(**driver, envelope);
    ASSERT_TRUE(placed.ok()) << placed.status();
    const Digest app_hash = chain_.Add({envelope});
    EXPECT_EQ(app_hash, OpenCheckpoint((*driver)->LatestCheckpoint().value(), CheckpointVerifier())->app_hash);
    ASSERT_EQ(chain_.told.committed.back().placed.size(), 1u);
    EXPECT_EQ(chain_.told.committed.back().placed[0].code, placed->code);
    EXPECT_EQ(chain_.told.committed.back().placed[0].position, placed->position);
  }
}

TEST_F(ApplicationTest, EmptyBlocksCountButKeepTheAppHash) {
  Begin();
  const Digest before = chain_.Add({Deposit(1)});
  EXPECT_EQ(chain_.Add({}), before);
  EXPECT_EQ(chain_.Add({}), before);
  EXPECT_EQ(Height(), 4);
  ASSERT_TRUE(chain_.Open().ok());
  EXPECT_EQ(Height(), 4);
  EXPECT_EQ(AppHashOf(), before);
}

TEST_F(ApplicationTest, NothingIsThereBeforeTheFirstCommit) {
  EXPECT_EQ(Height(), 0);
  ASSERT_TRUE(chain_.InitChain().ok());
  EXPECT_EQ(Height(), 0);
  ASSERT_TRUE(Finalize(1, {}).ok());
  EXPECT_EQ(Height(), 0);
  ASSERT_TRUE(application().Commit().ok());
  EXPECT_EQ(Height(), 1);
}

TEST_F(ApplicationTest, CrashBetweenInitChainAndTheFirstCommitIsMadeGoodByTheEngine) {
  const Digest genesis = chain_.InitChain().value();
  for (const bool finalized : {false, true}) {
    if (finalized) {
      ASSERT_TRUE(Finalize(1, {Deposit(1)}).ok());
    }
    ASSERT_TRUE(chain_.Open().ok());
    EXPECT_EQ(Height(), 0);
    EXPECT_TRUE(absl::IsFailedPrecondition(Finalize(1, {}).status()));
    EXPECT_EQ(chain_.InitChain().value(), genesis);
  }
  EXPECT_EQ(chain_.Add({}), genesis);
  ASSERT_TRUE(chain_.Open().ok());
  EXPECT_EQ(Height(), 1);
  EXPECT_EQ(AppHashOf(), genesis);
}

TEST_F(ApplicationTest, EngineThatRestartsBeforeTheFirstCommitBeginsAgain) {
  const Digest genesis = chain_.InitChain().value();
  EXPECT_EQ(chain_.InitChain().value(), genesis);
  ASSERT_TRUE(Finalize(1, {Deposit(1)}).ok());
  application().EngineLeft();
  EXPECT_EQ(chain_.InitChain().value(), genesis);
  EXPECT_EQ(chain_.Add({}), genesis);
}

TEST_F(ApplicationTest, CrashBetweenFinalizeBlockAndCommitIsMadeGoodByTheEngine) {
  Begin();
  const std::vector<Digest> wanted = AppHashesOf(TypicalBlocks());
  std::int64_t height = 2;
  for (const Envelopes& block : TypicalBlocks()) {
    const Application::Info before = application().GetInfo().value();
    EXPECT_EQ(Finalize(height, block)->app_hash, wanted[static_cast<std::size_t>(height - 2)]);
    ASSERT_TRUE(chain_.Open().ok());
    EXPECT_EQ(Height(), before.height);
    EXPECT_EQ(AppHashOf(), before.app_hash);
    EXPECT_EQ(chain_.Add(block), wanted[static_cast<std::size_t>(height - 2)]);
    ++height;
  }
}

TEST_F(ApplicationTest, EngineThatRestartsWithinABlockFindsNothingOfIt) {
  Begin();
  const std::vector<Envelopes> blocks = TypicalBlocks();
  const std::vector<Digest> wanted = AppHashesOf(blocks);
  ASSERT_TRUE(Finalize(2, {Deposit(77)}).ok());
  application().EngineLeft();
  EXPECT_EQ(Height(), 1);
  EXPECT_EQ(Finalize(2, blocks[0])->app_hash, wanted[0]);
  EXPECT_EQ(Finalize(2, blocks[0])->app_hash, wanted[0]);
  ASSERT_TRUE(application().Commit().ok());
  EXPECT_EQ(chain_.Add(blocks[1]), wanted[1]);
  EXPECT_EQ(CheckTx(Deposit(77)), v1::CODE_OK);
}

TEST_F(ApplicationTest, PowerCutsLoseNoCommittedBlock) {
  Begin();
  std::mt19937_64 random(7);
  const std::vector<Envelopes> blocks = TypicalBlocks();
  const std::vector<Digest> wanted = AppHashesOf(blocks);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(chain_.Add(blocks[i]), wanted[i]);
    const std::int64_t height = Height();
    ASSERT_TRUE(Finalize(height + 1, {Deposit(100)}).ok());
    chain_.CutPower(random);
    ASSERT_TRUE(chain_.Open().ok());
    EXPECT_EQ(Height(), height);
    EXPECT_EQ(AppHashOf(), wanted[i]);
  }
}

TEST_F(ApplicationTest, GoesOnAfterManyBlocksAsIfItHadNeverStopped) {
  constexpr std::uint32_t kBlocks = 30;
  constexpr std::uint32_t kEach = 20;  // More than a tile of the log together.
  ChainInMemory steady;
  ASSERT_TRUE(steady.Open().ok());
  ASSERT_TRUE(steady.InitChain().ok());
  ASSERT_TRUE(chain_.InitChain().ok());
  for (std::uint32_t block = 0; block < kBlocks; ++block) {
    Envelopes envelopes;
    for (std::uint32_t i = 0; i < kEach && block % 3 != 1; ++i) envelopes.push_back(Deposit(block * kEach + i));
    const Digest wanted = steady.Add(envelopes);
    EXPECT_EQ(chain_.Add(envelopes), wanted);
    if (block % 10 == 9) {
      ASSERT_TRUE(chain_.Open().ok());
      EXPECT_EQ(Height(), block + 1);
      EXPECT_EQ(AppHashOf(), wanted);
    }
  }
}

TEST_F(ApplicationTest, HeightsAreTheEnginesAndMayBeginAnywhere) {
  ASSERT_TRUE(chain_.InitChain().ok());
  ASSERT_TRUE(Finalize(1000, {Deposit(1)}).ok());
  ASSERT_TRUE(application().Commit().ok());
  EXPECT_EQ(Height(), 1000);
  EXPECT_EQ(chain_.told.committed.back().checkpoint.height, 1000u);
  for (const std::int64_t wrong : {999, 1000, 1002}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(Finalize(wrong, {}).status())) << wrong;
  }
  EXPECT_TRUE(Finalize(1001, {}).ok());
  EXPECT_TRUE(chain_.told.stopped.empty());
}

TEST_F(ApplicationTest, CommitWantsAFinalizedBlock) {
  EXPECT_TRUE(absl::IsFailedPrecondition(application().Commit()));
  ASSERT_TRUE(chain_.InitChain().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(application().Commit()));
  chain_.Add({});
  EXPECT_TRUE(absl::IsFailedPrecondition(application().Commit()));
  EXPECT_EQ(Height(), 1);
}

TEST_F(ApplicationTest, InitChainRefusesWhatIsNoGenesisOfThisChain) {
  const std::string genesis = GenesisEnvelope();
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"other.example/road", AppStateOf(genesis)},
      {std::string(kChainId), ""},
      {std::string(kChainId), "\""},
      {std::string(kChainId), Base64Of(genesis)},
      {std::string(kChainId), "{}"},
      {std::string(kChainId), "\"not base64\""},
      {std::string(kChainId), AppStateOf("")},
      {std::string(kChainId), AppStateOf(ChainInMemory::WithBadSignature(genesis))},
      {std::string(kChainId), AppStateOf(Deposit(1))},
  };
  for (const auto& [chain_id, app_state] : cases) {
    EXPECT_TRUE(absl::IsInvalidArgument(application().InitChain(chain_id, app_state).status())) << app_state;
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(Finalize(1, {}).status()));
  EXPECT_TRUE(application().InitChain(kChainId, "\n " + AppStateOf(genesis) + "\n").ok());
}

TEST_F(ApplicationTest, InitChainIsRefusedOnceThereAreBlocks) {
  Begin();
  EXPECT_TRUE(absl::IsFailedPrecondition(chain_.InitChain().status()));
  EXPECT_EQ(chain_.Add(TypicalBlocks()[0]), AppHashesOf(TypicalBlocks())[0]);
}

TEST_F(ApplicationTest, BlockTimesNeverFallBelowThatOfGenesis) {
  ASSERT_TRUE(chain_.InitChain().ok());
  ASSERT_TRUE(application().FinalizeBlock(1, kGenesisUs - 60 * kSecond, {Deposit(1)}).ok());
  ASSERT_TRUE(application().Commit().ok());
  EXPECT_EQ(chain_.told.committed.back().time_us, kGenesisUs);
  EXPECT_EQ(chain_.told.committed.back().placed[0].code, v1::CODE_OK);
}

TEST_F(ApplicationTest, CheckTxLetsInWhatPassesChecksOneToEight) {
  Begin();
  chain_.Add({Deposit(1)});
  const std::int64_t now_us = chain_.now_us;
  const auto expiring = [](std::int64_t expires_us) { return DepositEnvelope(9, 1, 50, expires_us); };
  v1::Body foreign;
  foreign.set_expires_us(now_us);
  foreign.mutable_withdraw()->set_amount_micros(1);
  const std::vector<std::pair<std::string, v1::Code>> cases = {
      {Deposit(2), v1::CODE_OK},
      {expiring(now_us), v1::CODE_OK},
      {expiring(now_us - 1), v1::CODE_EXPIRED},
      {expiring(now_us + kMostExpiryUs), v1::CODE_OK},
      {expiring(now_us + kMostExpiryUs + 1), v1::CODE_EXPIRY_TOO_FAR},
      {Deposit(1), v1::CODE_REPLAYED},
      {"", v1::CODE_MALFORMED},
      {std::string(kMostEnvelopeBytes + 1, 'x'), v1::CODE_TOO_LARGE},
      {ChainInMemory::WithBadSignature(Deposit(2)), v1::CODE_BAD_SIGNATURE},
      {Seal(foreign, "other.example/road", KeyOf(9)), v1::CODE_WRONG_CHAIN},
      // What a rule refuses is logged with its code.
      {WithdrawEnvelope(9, 1'000'000, 51, now_us), v1::CODE_OK},
  };
  for (const auto& [envelope, code] : cases) EXPECT_EQ(CheckTx(envelope), code) << v1::Code_Name(code);
}

TEST_F(ApplicationTest, CheckTxKnowsTheTimeAfterARest) {
  Begin();
  chain_.now_us += 3'600 * kSecond;
  EXPECT_EQ(CheckTx(DepositEnvelope(9, 5, 1, chain_.now_us + 300 * kSecond)), v1::CODE_OK);
  EXPECT_EQ(CheckTx(Deposit(2)), v1::CODE_EXPIRED);
}

TEST_F(ApplicationTest, CheckTxTrustsTheLastBlockRatherThanAClockThatIsBehind) {
  Begin();
  chain_.now_us -= 3'600 * kSecond;
  EXPECT_EQ(CheckTx(Deposit(1)), v1::CODE_OK);
}

TEST_F(ApplicationTest, ProposalHasWhatABlockWouldLogOnce) {
  Begin();
  chain_.Add({Deposit(1)});
  const std::int64_t time_us = ChainInMemory::TimeOf(3);
  const std::string refused = WithdrawEnvelope(9, 1'000'000, 4, time_us);
  const absl::StatusOr<Envelopes> proposal = application().PrepareProposal(
      {Deposit(2), ChainInMemory::WithBadSignature(Deposit(3)), "", Deposit(2), Deposit(1),
       DepositEnvelope(9, 5, 5, time_us - 1), DepositEnvelope(9, 5, 6, time_us + kMostExpiryUs + 1), refused},
      1 << 20, time_us);
  ASSERT_TRUE(proposal.ok()) << proposal.status();
  EXPECT_EQ(*proposal, (Envelopes{Deposit(2), refused}));
  EXPECT_TRUE(application().ProcessProposal(*proposal));
}

TEST_F(ApplicationTest, ProposalFitsTheBytesThatTheEngineCounts) {
  Begin();
  // A large one in the middle: its length takes three bytes.
  v1::Body large;
  large.set_expires_us(kGenesisUs + 300 * kSecond);
  large.mutable_evidence()->set_first(std::string(20'000, 'x'));
  const Envelopes offered = {Deposit(1), Seal(large, kChainId, KeyOf(9)), Deposit(2)};
  // The engine's block has its transactions as field 1, as this message does.
  abci::v2::PrepareProposalResponse whole;
  for (const std::string& envelope : offered) whole.add_txs(envelope);
  const auto bytes = static_cast<std::int64_t>(whole.ByteSizeLong());
  const std::int64_t time_us = ChainInMemory::TimeOf(2);
  EXPECT_EQ(application().PrepareProposal(offered, bytes, time_us).value(), offered);
  EXPECT_EQ(application().PrepareProposal(offered, bytes - 1, time_us)->size(), 2u);
  EXPECT_EQ(application().PrepareProposal(offered, 1'000, time_us).value(), (Envelopes{offered[0], offered[2]}));
  EXPECT_TRUE(application().PrepareProposal(offered, 0, time_us)->empty());
}

TEST_F(ApplicationTest, FirstProposalAfterARestOnlyRenewsTheTime) {
  Begin();
  chain_.now_us = ChainInMemory::TimeOf(2) + Application::kMostLagUs;
  EXPECT_EQ(application().PrepareProposal({Deposit(1)}, 1 << 20, ChainInMemory::TimeOf(2))->size(), 1u);
  ++chain_.now_us;
  EXPECT_TRUE(application().PrepareProposal({Deposit(1)}, 1 << 20, ChainInMemory::TimeOf(2))->empty());
}

TEST_F(ApplicationTest, ProposalsAreJudgedByThemselvesAlone) {
  Begin();
  chain_.Add({Deposit(1)});
  const std::string expired = DepositEnvelope(9, 5, 2, kGenesisUs - 1);
  EXPECT_TRUE(application().ProcessProposal({}));
  EXPECT_TRUE(application().ProcessProposal({Deposit(1), expired, Deposit(3)}));
  EXPECT_FALSE(application().ProcessProposal({Deposit(3), ChainInMemory::WithBadSignature(Deposit(4))}));
  EXPECT_FALSE(application().ProcessProposal({Deposit(3), "unsigned"}));
  EXPECT_FALSE(application().ProcessProposal({std::string(kMostEnvelopeBytes + 1, 'x')}));
  EXPECT_FALSE(application().ProcessProposal({Deposit(3), Deposit(4), Deposit(3)}));
}

TEST_F(ApplicationTest, DecidedBlocksAreLoggedWhateverTheyHold) {
  Begin();
  const Envelopes block = {Deposit(1), ChainInMemory::WithBadSignature(Deposit(2)), "x", Deposit(1)};
  const Application::Finalized finalized = Finalize(2, block).value();
  EXPECT_EQ(finalized.app_hash, AppHashesOf({block})[0]);
  std::vector<v1::Code> codes;
  for (const Placed& placed : finalized.placed) codes.push_back(placed.code);
  EXPECT_EQ(codes, (std::vector<v1::Code>{v1::CODE_OK, v1::CODE_BAD_SIGNATURE, v1::CODE_MALFORMED, v1::CODE_REPLAYED}));
  ASSERT_TRUE(application().Commit().ok());
  ASSERT_TRUE(chain_.Open().ok());
  EXPECT_EQ(AppHashOf(), finalized.app_hash);
}

TEST_F(ApplicationTest, ObserverLearnsWhatWasDecidedAndWhatIsDurable) {
  Begin();
  const Digest genesis = AppHashOf();
  const Digest second = chain_.Add({Deposit(1), Deposit(2)});
  chain_.Add({});
  ASSERT_EQ(chain_.told.committed.size(), 3u);
  const CommittedBlock& block = chain_.told.committed[1];
  EXPECT_EQ(block.height, 2);
  EXPECT_EQ(block.time_us, ChainInMemory::TimeOf(2));
  EXPECT_EQ(block.checkpoint.origin, kChainId);
  EXPECT_EQ(block.checkpoint.size, 3u);
  EXPECT_EQ(block.checkpoint.height, 2u);
  EXPECT_EQ(block.checkpoint.app_hash, second);
  ASSERT_EQ(block.placed.size(), 2u);
  EXPECT_EQ(block.placed[1].id, TransactionId(Deposit(2)));
  EXPECT_EQ(block.placed[1].position, 2u);
  EXPECT_EQ(block.placed[1].height, 2u);
  EXPECT_EQ(chain_.told.committed[2].height, 3);
  EXPECT_EQ(chain_.told.committed[2].checkpoint, block.checkpoint);
  // Block 1 shows the app hash of nothing that is committed.
  ASSERT_EQ(chain_.told.decided.size(), 2u);
  EXPECT_EQ(chain_.told.decided[0].height, 2);
  EXPECT_EQ(chain_.told.decided[0].app_hash, genesis);
  EXPECT_EQ(chain_.told.decided[0].size, 1u);
  EXPECT_EQ(chain_.told.decided[1].app_hash, second);
  EXPECT_EQ(chain_.told.decided[1].size, 3u);
}

// Whether machine and database hold the same, and the size of their log.
absl::StatusOr<std::uint64_t> SizeRead(Application& application) {
  std::uint64_t size = 0;
  const absl::Status read = application.WithLedger([&](StateMachine& machine, LedgerDatabase& database) {
    size = machine.log().size();
    return *database.Size() == size ? absl::OkStatus() : absl::InternalError("database and machine differ");
  });
  if (!read.ok()) return read;
  return size;
}

TEST_F(ApplicationTest, ReadsSeeCommittedBlocksAlone) {
  EXPECT_TRUE(absl::IsUnavailable(SizeRead(application()).status()));
  ASSERT_TRUE(chain_.InitChain().ok());
  EXPECT_TRUE(absl::IsUnavailable(SizeRead(application()).status()));
  chain_.Add({Deposit(1)});
  EXPECT_EQ(SizeRead(application()).value(), 2u);
  ASSERT_TRUE(Finalize(2, {Deposit(2)}).ok());
  std::promise<void> started;
  auto size = std::async(std::launch::async, [&] {
    started.set_value();
    return SizeRead(application());
  });
  started.get_future().wait();
  ASSERT_TRUE(application().Commit().ok());
  EXPECT_EQ(size.get().value(), 3u);
}

TEST_F(ApplicationTest, ReadsDoNotWaitForAnEngineThatHasLeft) {
  Begin();
  ASSERT_TRUE(Finalize(2, {Deposit(1)}).ok());
  auto size = std::async(std::launch::async, [&] { return SizeRead(application()); });
  application().EngineLeft();
  EXPECT_TRUE(absl::IsUnavailable(size.get().status()));
  chain_.Add({Deposit(1)});
  EXPECT_EQ(SizeRead(application()).value(), 2u);
}

TEST_F(ApplicationTest, ReadsDoNotWaitForEverForABlock) {
  chain_.most_wait = std::chrono::milliseconds(1);
  ASSERT_TRUE(chain_.Open().ok());
  Begin();
  ASSERT_TRUE(Finalize(2, {Deposit(1)}).ok());
  EXPECT_TRUE(absl::IsUnavailable(SizeRead(application()).status()));
  ASSERT_TRUE(application().Commit().ok());
  EXPECT_EQ(SizeRead(application()).value(), 2u);
}

TEST_F(ApplicationTest, ReadThatFindsDamageStopsEverything) {
  Begin();
  const absl::Status read =
      application().WithLedger([](StateMachine&, LedgerDatabase&) { return absl::DataLossError("damaged"); });
  EXPECT_TRUE(absl::IsDataLoss(read));
  EXPECT_EQ(chain_.told.stopped, std::vector<absl::Status>{read});
  EXPECT_TRUE(absl::IsUnavailable(Finalize(2, {}).status()));
}

TEST_F(ApplicationTest, BlockThatCannotBePersistedStopsEverythingAndIsBroughtAgain) {
  Begin();
  const std::vector<Digest> wanted = AppHashesOf(TypicalBlocks());
  ASSERT_TRUE(Finalize(2, TypicalBlocks()[0]).ok());
  chain_.vfs.FailWhen([](MemoryVfs::Call call) { return call == MemoryVfs::Call::kWrite ? SQLITE_FULL : SQLITE_OK; });
  EXPECT_TRUE(absl::IsUnavailable(application().Commit()));
  chain_.vfs.FailWhen(nullptr);
  EXPECT_EQ(chain_.told.stopped.size(), 1u);
  EXPECT_TRUE(absl::IsUnavailable(application().GetInfo().status()));
  EXPECT_TRUE(absl::IsUnavailable(chain_.InitChain().status()));
  EXPECT_TRUE(absl::IsUnavailable(application().CheckTx(Deposit(9)).status()));
  EXPECT_TRUE(absl::IsUnavailable(application().PrepareProposal({}, 1, ChainInMemory::TimeOf(2)).status()));
  EXPECT_TRUE(absl::IsUnavailable(Finalize(2, {}).status()));
  EXPECT_TRUE(absl::IsUnavailable(application().Commit()));
  EXPECT_TRUE(absl::IsUnavailable(SizeRead(application()).status()));
  EXPECT_EQ(chain_.told.stopped.size(), 1u);
  ASSERT_TRUE(chain_.Open().ok());
  EXPECT_EQ(Height(), 1);
  EXPECT_EQ(chain_.Add(TypicalBlocks()[0]), wanted[0]);
}

TEST_F(ApplicationTest, EveryFailureOfCommitsCallsLosesNothingOnceTheEngineReplays) {
  for (const MemoryVfs::Call failing : {MemoryVfs::Call::kWrite, MemoryVfs::Call::kSync}) {
    for (int nth = 1;; ++nth) {
      ChainInMemory chain;
      ASSERT_TRUE(chain.Open().ok());
      ASSERT_TRUE(chain.InitChain().ok());
      chain.Add({});
      const Envelopes block = TypicalBlocks()[0];
      ASSERT_TRUE(chain.application().FinalizeBlock(2, ChainInMemory::TimeOf(2), block).ok());
      int calls = 0;
      chain.vfs.FailWhen(
          [&](MemoryVfs::Call call) { return call == failing && ++calls == nth ? SQLITE_IOERR : SQLITE_OK; });
      const bool committed = chain.application().Commit().ok();
      chain.vfs.FailWhen(nullptr);
      if (calls < nth) break;
      EXPECT_FALSE(committed);
      ASSERT_TRUE(chain.Open().ok());
      // It is there as a whole, or not at all.
      if (chain.NextHeight() == 2) chain.Add(block);
      EXPECT_EQ(chain.NextHeight(), 3);
      EXPECT_EQ(chain.application().GetInfo()->app_hash, AppHashesOf({block})[0]);
      ASSERT_LT(nth, 100);
    }
  }
}

TEST_F(ApplicationTest, OpenRefusesWhatIsNotItsLedger) {
  const auto open = [](MemoryVfs& vfs, const std::string& path, std::string_view chain_id) {
    ApplicationOptions options;
    options.path = path;
    options.chain_id = chain_id;
    options.vfs = vfs.name();
    return Application::Open(std::move(options)).status();
  };
  EXPECT_TRUE(absl::IsInvalidArgument(open(chain_.vfs, "/other", "UPPER CASE")));
  Begin();
  MemoryVfs copy;
  copy.Restore(chain_.vfs.Files());
  EXPECT_TRUE(absl::IsDataLoss(open(copy, "/ledger", "other.example/road")));
  EXPECT_TRUE(open(copy, "/ledger", kChainId).ok());
  {
    ASSERT_TRUE(EmbeddedDriver::Open(OptionsFor("/embedded", copy.name(), chain_.now_us, true), CheckpointKey()).ok());
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(open(copy, "/embedded", kChainId)));
}

}  // namespace
}  // namespace giot::ledger
