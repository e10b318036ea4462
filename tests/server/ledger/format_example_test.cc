// FORMAT.md's worked example, computed. With GIOT_UPDATE_FORMAT in the environment it is written into the document;
// else the document must hold it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/log_record.h"
#include "server/ledger/proof/merkle.h"
#include "server/ledger/proof/receipt.h"
#include "server/ledger/proof/state_proof.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/state/entries.h"
#include "server/ledger/state/state_machine.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

constexpr char kExampleChain[] = "example.com/giot/road-17";
constexpr char kFirstLine[] = "### Keys\n";
constexpr std::int64_t kSecond = 1'000'000;

enum KeyNumber : std::uint8_t { kMint, kTreasury, kAuditor, kOperator, kCheckpointKey, kVehicle };
constexpr const char* kRoles[] = {"mint", "treasury", "auditor", "operator", "checkpoint", "vehicle"};

std::string PublicBytes(KeyNumber number) { return std::string(BytesOf(KeyOf(number).public_key())); }

std::string Signed(KeyNumber number, const std::string& statement) {
  return std::string(BytesOf(KeyOf(number).Sign(statement)));
}

v1::Body Genesis(std::int64_t now_us) {
  v1::Body body;
  v1::Genesis& genesis = *body.mutable_genesis();
  genesis.set_time_us(now_us);
  genesis.set_treasury(PublicBytes(kTreasury));
  genesis.add_auditors(PublicBytes(kAuditor));
  genesis.set_auditor_threshold(1);
  genesis.set_min_bond_micros(50'000'000);
  genesis.set_penalty_micros(5'000'000);
  genesis.set_availability_grace_us(60 * kSecond);
  genesis.set_dispute_window_us(3600 * kSecond);
  genesis.set_vote_window_us(3600 * kSecond);
  genesis.set_evidence_window_us(86'400 * kSecond);
  genesis.set_max_task_us(86'400 * kSecond);
  return body;
}

v1::Body Deposit(KeyNumber to, std::int64_t amount, const std::string& reference) {
  v1::Body body;
  body.mutable_deposit()->set_account(PublicBytes(to));
  body.mutable_deposit()->set_amount_micros(amount);
  body.mutable_deposit()->set_reference(reference);
  return body;
}

v1::Body RegisterOperator(std::int64_t now_us) {
  v1::Body body;
  v1::RegisterOperator& registration = *body.mutable_register_operator();
  const PublicKey account = KeyOf(kOperator).public_key();
  registration.set_checkpoint_key(PublicBytes(kCheckpointKey));
  registration.set_checkpoint_possession(
      Signed(kCheckpointKey, PossessionStatement(kExampleChain, v1::KEY_ROLE_CHECKPOINT, account)));
  registration.set_bond_micros(60'000'000);
  registration.set_approve_by_us(now_us + 3600 * kSecond);
  v1::KeySignature approval;
  approval.set_key(PublicBytes(kAuditor));
  approval.set_signature(Signed(kAuditor, ApprovalStatement(kExampleChain, account, registration)));
  *registration.add_approvals() = approval;
  return body;
}

v1::Body PublishTask(std::int64_t now_us) {
  v1::Body body;
  v1::PublishTask& task = *body.mutable_publish_task();
  v1::Item& item = *task.add_menu();
  item.set_quality_micros(600'000);
  item.set_reward_micros(2'500'000);
  item.set_update_rate_micros(1'000'000);
  task.set_slots(2);
  task.set_accept_by_us(now_us + 100 * kSecond);
  task.set_submit_by_us(now_us + 200 * kSecond);
  task.set_score_by_us(now_us + 300 * kSecond);
  task.set_deposit_micros(100'000);
  task.set_delta_micros(40'000);
  task.set_allowance_micros(10'000);
  task.set_min_reputation_micros(250'000);
  task.set_scorer_digest(std::string(BytesOf(Sha256({"scorer"}))));
  task.set_nonce_commitment(std::string(BytesOf(Sha256({"nonce secret"}))));
  task.set_description_digest(std::string(BytesOf(Sha256({"description"}))));
  return body;
}

v1::Body Accept(const std::string& task) {
  v1::Body body;
  body.mutable_accept()->set_task(task);
  body.mutable_accept()->set_menu_digest(
      std::string(BytesOf(MenuDigest({TaskItem{.quality = 600'000, .reward = 2'500'000, .update_rate = 1'000'000}}))));
  return body;
}

v1::Body Submit(const Digest& task, std::int64_t now_us) {
  v1::Body body;
  v1::Submit& submission = *body.mutable_submit();
  const Digest data = Sha256({"salt and data"});
  submission.set_task(std::string(BytesOf(task)));
  submission.set_data_digest(std::string(BytesOf(data)));
  submission.mutable_receipt()->set_operator_key(PublicBytes(kOperator));
  submission.mutable_receipt()->set_received_us(now_us);
  submission.mutable_receipt()->set_signature(
      Signed(kOperator, ReceiptStatement(kExampleChain, task, KeyOf(kVehicle).public_key(), data, now_us)));
  return body;
}

v1::Body Score(const std::string& task) {
  v1::Body body;
  v1::Score& score = *body.mutable_score();
  score.set_task(task);
  score.set_vehicle(PublicBytes(kVehicle));
  score.set_payable_micros(610'000);  // Scored 0.6, lower bound 0.58: the least of 0.58 + delta and 0.6 + allowance.
  score.set_nonce(std::string(BytesOf(Sha256({"nonce"}))));
  score.set_evidence_digest(std::string(BytesOf(Sha256({"salt and evidence"}))));
  return body;
}

// The example, as it is written down while it happens.
class Example {
 public:
  std::string Tell() {
    TellKeys();
    Block({{kMint, Genesis(now_us_)}});
    Block({{kMint, Deposit(kOperator, 100'000'000, "invoice 1")}, {kMint, Deposit(kVehicle, 1'000'000, "invoice 2")}});
    Block({{kOperator, RegisterOperator(now_us_)}});
    const Digest task = Block({{kOperator, PublishTask(now_us_)}});
    const std::string task_bytes(BytesOf(task));
    Block({{kVehicle, Accept(task_bytes)}});
    Block({{kVehicle, Submit(task, now_us_)}});
    Block({{kOperator, Score(task_bytes)}, {kVehicle, Accept(task_bytes)}});
    TellProofs();
    return text_;
  }

 private:
  struct Signing {
    KeyNumber signer = kMint;
    v1::Body body;
  };

  void Line(const std::string& what, std::string_view bytes) { absl::StrAppend(&text_, what, " ", HexOf(bytes), "\n"); }

  void TellKeys() {
    absl::StrAppend(
        &text_, kFirstLine, "\nChain id `", kExampleChain,
        "`. All numbers are hex but indices, heights and sizes.\n\n| Seed | Public key | Whose |\n|---|---|---|\n");
    for (std::uint8_t number = kMint; number <= kVehicle; ++number) {
      const std::string seed = HexOf(std::string(1, static_cast<char>(number)));
      absl::StrAppend(&text_, "| `", seed, "..", seed, "` | `", HexOf(BytesOf(KeyOf(number).public_key())), "` | ",
                      kRoles[number], " |\n");
    }
  }

  // The id of its first transaction.
  Digest Block(const std::vector<Signing>& transactions) {
    const std::uint64_t height = machine_.log().size() == 0 ? 0 : machine_.height() + 1;
    absl::StrAppend(&text_, "\n### Block ", height, "\n\n```\n");
    machine_.Begin(height, now_us_);
    Digest first{};
    for (std::size_t i = 0; i < transactions.size(); ++i) {
      v1::Body body = transactions[i].body;
      body.set_nonce(ByteWriter().U64(0).U64(machine_.log().size()).Take());
      body.set_expires_us(now_us_ + 60 * kSecond);
      const std::string envelope = Seal(std::move(body), kExampleChain, KeyOf(transactions[i].signer));
      const OpenedTransaction opened = OpenTransaction(kExampleChain, envelope);
      const v1::Code code = machine_.Apply(opened);
      if (i == 0) first = opened.id;
      const std::string record = EncodeRecord({height, now_us_, static_cast<std::uint32_t>(i), code, envelope});
      absl::StrAppend(&text_, "transaction ", machine_.log().size() - 1, ", by the ", kRoles[transactions[i].signer],
                      ": ", v1::Code_Name(code), "\n");
      Line("  envelope", envelope);
      Line("  txid", BytesOf(opened.id));
      Line("  record, before the envelope", record.substr(0, record.size() - envelope.size()));
      Line("  leaf", BytesOf(LeafHash(record)));
      records_.push_back(record);
    }
    machine_.End();
    machine_.state().TakeChanges([&](const std::string& key, const std::string* value) {
      absl::StrAppend(&text_, "entry ", HexOf(key), "\n  is ", value == nullptr ? "gone" : HexOf(*value), "\n");
    });
    Line("state root", BytesOf(machine_.StateRoot()));
    Line("log root", BytesOf(machine_.log().Root()));
    Line("app hash", BytesOf(machine_.app_hash()));
    text_ += "```\n";
    now_us_ += kSecond;
    return first;
  }

  void TellProofs() {
    const Checkpoint checkpoint{.origin = kExampleChain,
                                .size = machine_.log().size(),
                                .root = machine_.log().Root(),
                                .height = machine_.height(),
                                .app_hash = machine_.app_hash()};
    const std::string note = SignCheckpoint(checkpoint, KeyOf(kCheckpointKey));
    const VerifierKey key = {.name = kExampleChain, .key = KeyOf(kCheckpointKey).public_key()};
    const auto no_tiles = [](int, std::uint64_t) { return absl::NotFoundError("no tile is full"); };

    constexpr std::uint64_t kShown = 5;
    Receipt receipt;
    receipt.record = DecodeRecord(records_[kShown]).value();
    receipt.position = kShown;
    receipt.proof = machine_.log().InclusionProof(kShown, checkpoint.size, no_tiles).value();
    receipt.checkpoint = note;
    EXPECT_TRUE(VerifyReceipt(receipt, key).ok());

    const std::string account = AccountKey(KeyOf(kVehicle).public_key());
    StateMachine::Answer answer = machine_.Query(account, true);
    EXPECT_TRUE(VerifyStateProof(account, *answer.proof, machine_.StateRoot()).ok());
    const StateProofFile proof{.key = account,
                               .proof = *answer.proof,
                               .log_root = checkpoint.root,
                               .state_root = machine_.StateRoot(),
                               .checkpoint = note};
    absl::StrAppend(&text_, "\n### Checkpoint\n\nIts verifier key is `", FormatVerifierKey(key), "`.\n\n```\n", note,
                    "```\n\n### Receipt of transaction ", kShown, "\n\n```\n", FormatReceipt(receipt),
                    "```\n\n### State proof of the vehicle's account\n\n```\n", FormatStateProof(proof), "```\n");
  }

  StateMachine machine_{kExampleChain};
  std::int64_t now_us_ = 1'767'225'600 * kSecond;  // 2026-01-01.
  std::vector<std::string> records_;
  std::string text_;
};

TEST(FormatExampleTest, DocumentHoldsWhatIsComputed) {
  const std::string path = std::getenv("GIOT_LEDGER_FORMAT");
  std::ifstream in(path);
  const std::string document{std::istreambuf_iterator<char>(in), {}};
  const std::size_t section = document.find("\n## 10. ");
  ASSERT_NE(section, std::string::npos);
  const std::size_t begin = std::min(document.find(kFirstLine, section), document.size());
  const std::string example = Example().Tell();
  if (std::getenv("GIOT_UPDATE_FORMAT") != nullptr) {
    std::string head = document.substr(0, begin);
    if (begin == document.size()) head += "\n";
    std::ofstream(path) << head << example;
    return;
  }
  EXPECT_EQ(document.substr(begin), example);
}

// The example is one in which the vehicle is paid, and a second acceptance is refused.
TEST(FormatExampleTest, ShowsSuccessAndFailure) {
  const std::string example = Example().Tell();
  EXPECT_NE(example.find("by the vehicle: CODE_OK"), std::string::npos);
  EXPECT_NE(example.find("by the operator: CODE_OK"), std::string::npos);
  EXPECT_NE(example.find("by the vehicle: CODE_DUPLICATE_ACCEPTANCE"), std::string::npos);
}

}  // namespace
}  // namespace giot::ledger
