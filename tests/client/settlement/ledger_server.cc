#include "tests/client/settlement/ledger_server.h"

#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/settlement/data_digest.h"
#include "client/settlement/transactions.h"
#include "gtest/gtest.h"
#include "server/ledger/proof/payable.h"
#include "server/ledger/proof/receipt.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/state_proof.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::client {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kMoney = 1'000'000;

std::string Bytes(const ledger::Digest& digest) { return std::string(ledger::BytesOf(digest)); }

ledger::Digest DigestIn(const std::string& bytes) {
  ledger::Digest digest{};
  ledger::FromBytes(bytes, digest);
  return digest;
}

grpc::Status ToWire(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

template <typename Lie, typename Answer>
void Falsify(const Lie& lie, Answer& answer) {
  if (lie) lie(answer);
}

v1::SensingQualityScore SomeScore(const v1::ScoreSensingQualityRequest& data, std::int64_t received_us) {
  v1::SensingQualityScore score;
  score.set_received_at_us(received_us);
  score.set_quality(0.75);
  score.set_quality_lower(0.625);
  score.set_data_sha256(Bytes(*DataSha256(data)));
  score.mutable_requirements()->set_width(1280);
  score.mutable_requirements()->set_height(720);
  score.mutable_requirements()->set_fresh_for_s(1.0);
  score.mutable_requirements()->set_age_scale_s(5.0);
  score.set_nonce("a nonce");
  score.set_nonce_commitment(Bytes(ledger::Sha256({"secret"})));
  return score;
}

}  // namespace

class LedgerServer::Service final : public v1::SettlementService::Service {
 public:
  Service(ledger::Driver& driver, const std::atomic<std::int64_t>& now_us) : driver_(driver), now_us_(now_us) {}

  void Lie(Lies lies) {
    const std::lock_guard lock(mutex_);
    lies_ = std::move(lies);
  }

  grpc::Status GetLedger(grpc::ServerContext*, const v1::GetLedgerRequest*, v1::GetLedgerResponse* reply) override {
    reply->set_chain_id(driver_.chain_id());
    reply->set_block_time_us(driver_.BlockTimeUs());
    Falsify(lies().about, *reply);
    return grpc::Status::OK;
  }

  grpc::Status GetTask(grpc::ServerContext*, const v1::GetTaskRequest* request, v1::Task* reply) override {
    reply->set_id(request->task());
    *reply->mutable_description() = Description();
    Falsify(lies().task, *reply);
    return grpc::Status::OK;
  }

  grpc::Status Transact(grpc::ServerContext*, const v1::TransactRequest* request,
                        v1::TransactResponse* reply) override {
    if (const auto& before = lies().before_transact) {
      if (grpc::Status status = before(); !status.ok()) return status;
    }
    const absl::StatusOr<ledger::Placed> placed = ledger::SubmitAndWait(driver_, request->envelope());
    if (!placed.ok()) return ToWire(placed.status());
    reply->mutable_placement()->set_transaction(Bytes(placed->id));
    reply->mutable_placement()->set_position(placed->position);
    reply->mutable_placement()->set_code(placed->code);
    reply->mutable_placement()->set_repeated(placed->repeated);
    if (request->want_receipt()) reply->set_receipt(ledger::FormatReceipt(*driver_.ReceiptOf(placed->id)));
    Falsify(lies().transact, *reply);
    return grpc::Status::OK;
  }

  grpc::Status DeliverData(grpc::ServerContext*, const v1::DeliverDataRequest* request,
                           v1::DeliverDataResponse* reply) override {
    const Wallet signer = WalletOf(kOperator);
    const ledger::Digest digest = ledger::DataDigest(DigestIn(request->salt()), *DataSha256(request->data()));
    const std::int64_t received_us = now_us_;
    reply->set_data_digest(Bytes(digest));
    reply->set_received_us(received_us);
    reply->set_operator_key(Bytes(signer.key()));
    reply->set_receipt_signature(std::string(ledger::BytesOf(ledger::KeyOf(kOperator).Sign(ledger::ReceiptStatement(
        ledger::kChainId, DigestIn(request->task()), DigestIn(request->vehicle()), digest, received_us)))));
    *reply->mutable_score() = SomeScore(request->data(), received_us);
    reply->set_payable_micros(ledger::PayableMicros(0.75, 0.625, 100'000, 30'000));
    Falsify(lies().deliver, *reply);
    return grpc::Status::OK;
  }

  grpc::Status GetReceipt(grpc::ServerContext*, const v1::GetReceiptRequest* request,
                          v1::GetReceiptResponse* reply) override {
    const absl::StatusOr<ledger::Receipt> receipt = driver_.ReceiptOf(DigestIn(request->transaction()));
    if (!receipt.ok()) return ToWire(receipt.status());
    reply->set_receipt(ledger::FormatReceipt(*receipt));
    Falsify(lies().receipt, *reply->mutable_receipt());
    return grpc::Status::OK;
  }

  grpc::Status Prove(grpc::ServerContext*, const v1::ProveRequest* request, v1::ProveResponse* reply) override {
    const absl::StatusOr<ledger::StateProofFile> proof = driver_.Prove(request->key());
    if (!proof.ok()) return ToWire(proof.status());
    reply->set_state_proof(ledger::FormatStateProof(*proof));
    Falsify(lies().state_proof, *reply->mutable_state_proof());
    return grpc::Status::OK;
  }

  grpc::Status GetConsistencyProof(grpc::ServerContext*, const v1::GetConsistencyProofRequest* request,
                                   v1::GetConsistencyProofResponse* reply) override {
    const absl::StatusOr<ledger::ConsistencyProof> proof = driver_.ProveConsistency(request->old_size());
    if (!proof.ok()) return ToWire(proof.status());
    reply->set_consistency_proof(ledger::FormatConsistencyProof(*proof));
    Falsify(lies().consistency_proof, *reply->mutable_consistency_proof());
    return grpc::Status::OK;
  }

  grpc::Status WatchCheckpoints(grpc::ServerContext*, const v1::WatchCheckpointsRequest*,
                                grpc::ServerWriter<v1::CheckpointMessage>* writer) override {
    v1::CheckpointMessage message;
    message.set_checkpoint(*driver_.LatestCheckpoint());
    writer->Write(message);
    return grpc::Status::OK;
  }

 private:
  Lies lies() {
    const std::lock_guard lock(mutex_);
    return lies_;
  }

  ledger::Driver& driver_;
  const std::atomic<std::int64_t>& now_us_;
  std::mutex mutex_;
  Lies lies_;
};

LedgerServer::LedgerServer(const std::string& folder) : now_us_(absl::ToUnixMicros(absl::Now())) {
  auto driver = ledger::EmbeddedDriver::Open(
      ledger::OptionsFor(ledger::EmptyFolder(folder) / "ledger.db", nullptr, now_us_, true), ledger::CheckpointKey());
  EXPECT_TRUE(driver.ok()) << driver.status();
  driver_ = *std::move(driver);
  Publish();
  service_ = std::make_unique<Service>(*driver_, now_us_);
  server_ = std::make_unique<LoopbackServer>(*service_);
}

LedgerServer::~LedgerServer() = default;

void LedgerServer::Lie(Lies lies) { service_->Lie(std::move(lies)); }

void LedgerServer::Place(const Wallet& signer, ledger::v1::Body body) {
  const auto placed = ledger::SubmitAndWait(*driver_, signer.Seal(std::move(body), now_us_));
  ASSERT_TRUE(placed.ok()) << placed.status();
  ASSERT_EQ(placed->code, ledger::v1::CODE_OK);
}

void LedgerServer::Score(std::int32_t payable_micros) {
  ledger::v1::Body body;
  body.mutable_score()->set_task(Bytes(task_));
  body.mutable_score()->set_vehicle(Bytes(WalletOf(kVehicle).key()));
  body.mutable_score()->set_payable_micros(payable_micros);
  body.mutable_score()->set_nonce(Bytes(ledger::Sha256({"nonce"})));
  body.mutable_score()->set_evidence_digest(Bytes(ledger::Sha256({"evidence"})));
  Place(WalletOf(kOperator), std::move(body));
}

void LedgerServer::Export(const std::string& path) { EXPECT_TRUE(driver_->Export(path).ok()); }

Wallet LedgerServer::WalletOf(std::uint8_t key) { return {ledger::KeyOf(key), std::string(ledger::kChainId)}; }

v1::TaskDescription LedgerServer::Description() {
  v1::TaskDescription description;
  description.set_text("the road ahead");
  return description;
}

void LedgerServer::Publish() {
  const Wallet signer = WalletOf(kOperator);
  Place({ledger::MintKey(), std::string(ledger::kChainId)}, DepositBody(signer.key(), 100 * kMoney, ""));
  const Wallet checkpoint = {ledger::KeyOf(kOperator + 1), std::string(ledger::kChainId)};
  ledger::v1::RegisterOperator message;
  message.set_checkpoint_key(Bytes(checkpoint.key()));
  message.set_checkpoint_possession(
      std::string(ledger::BytesOf(checkpoint.ProvePossession(ledger::v1::KEY_ROLE_CHECKPOINT, signer.key()))));
  message.set_bond_micros(10 * kMoney);
  message.set_approve_by_us(now_us_ + kSecondUs);
  *message.add_approvals() = WalletOf(4).Approve(signer.key(), message);
  Place(signer, RegisterOperatorBody(std::move(message)));

  ledger::v1::Body body;
  ledger::v1::PublishTask& task = *body.mutable_publish_task();
  for (const std::int32_t quality : {400'000, 700'000}) {
    ledger::v1::Item& item = *task.add_menu();
    item.set_quality_micros(quality);
    item.set_reward_micros(quality * 2);
  }
  task.set_slots(2);
  task.set_accept_by_us(now_us_ + 60 * kSecondUs);
  task.set_submit_by_us(now_us_ + 120 * kSecondUs);
  task.set_score_by_us(now_us_ + 300 * kSecondUs);
  task.set_delta_micros(100'000);
  task.set_allowance_micros(30'000);
  task.set_scorer_digest(Bytes(ledger::Sha256({"model"})));
  task.set_nonce_commitment(Bytes(ledger::Sha256({"secret"})));
  task.set_description_digest(Bytes(ledger::Sha256({ledger::CanonicalBytes(Description())})));
  const std::string envelope = signer.Seal(std::move(body), now_us_);
  task_ = ledger::TransactionId(envelope);
  const auto placed = ledger::SubmitAndWait(*driver_, envelope);
  ASSERT_TRUE(placed.ok()) << placed.status();
  ASSERT_EQ(placed->code, ledger::v1::CODE_OK);
}

}  // namespace giot::client
