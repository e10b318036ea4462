#include "tests/server/settlement/test_market.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <future>
#include <iostream>
#include <utility>

#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/state_proof.h"
#include "server/ledger/proof/transaction.h"
#include "server/settlement/entry_reader.h"
#include "server/settlement/placing.h"

namespace giot::settlement {
namespace {

ledger::SecretKey CopyOf(std::string_view name) { return ledger::SecretKey(ledger::Sha256({name})); }

std::string Text(std::string_view bytes) { return std::string(bytes); }

template <typename Value>
Value Must(absl::StatusOr<Value> value) {
  if (value.ok()) return *std::move(value);
  std::cerr << "the setting of a test failed: " << value.status() << '\n';
  std::abort();
}

void MustBeOk(ledger::v1::Code code) {
  if (code == ledger::v1::CODE_OK) return;
  std::cerr << "the setting of a test was refused: " << ledger::v1::Code_Name(code) << '\n';
  std::abort();
}

}  // namespace

std::filesystem::path EmptyFolder(std::string_view name) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

TestMarket::TestMarket(std::string_view name, const Options& options) : folder_(EmptyFolder(name)), options_(options) {
  Open(true);
  MustBeOk(Do("mint", ledger::DepositBody("operator", 101'000)));
  MustBeOk(Do("mint", ledger::DepositBody("car", 1'000)));
  MustBeOk(Do("mint", ledger::DepositBody("bus", 1'000)));
  MustBeOk(Do("operator", ledger::RegisterBody("operator", "checkpoint", 1'000)));
}

void TestMarket::Restart(const Options& options) {
  settlement_.reset();
  driver_.reset();
  options_ = options;
  Open(false);
}

void TestMarket::Open(bool is_new) {
  ledger::EmbeddedOptions embedded;
  embedded.path = folder_ / options_.ledger;
  embedded.trust_missing_heads = options_.ledger != "ledger";
  embedded.chain_id = ledger::kTestChain;
  embedded.now_us = [this] { return now_us_.load(); };
  if (is_new) {
    ledger::v1::Body genesis = ledger::GenesisBody();
    genesis.set_expires_us(ledger::kStart);
    embedded.genesis = ledger::Seal(genesis, ledger::kTestChain, ledger::KeyNamed("mint"));
  }
  driver_ = Must(ledger::EmbeddedDriver::Open(std::move(embedded), CopyOf("checkpoint")));
  SettlementOptions settlement;
  settlement.driver_name = options_.driver_name;
  settlement.checkpoint_key = ledger::PublicNamed("checkpoint");
  settlement.task_folder = folder_ / "tasks";
  settlement.evidence_folder = folder_ / "evidence";
  settlement.evidence_bytes = options_.evidence_bytes;
  settlement.now_us = [this] { return now_us_.load(); };
  std::optional<ledger::SecretKey> key;
  if (!options_.operator_name.empty()) key.emplace(CopyOf(options_.operator_name));
  absl::StatusOr<Scorer> scorer = absl::FailedPreconditionError("there is no scorer");
  if (options_.has_scorer) scorer = MakeScorer();
  settlement_ = Must(Settlement::Open(*driver_, std::move(key), EvidenceKey(ledger::Sha256({"evidence key"})),
                                      std::move(scorer), std::move(settlement)));
}

Scorer TestMarket::MakeScorer() {
  Scorer scorer;
  scorer.model = ledger::Sha256({options_.model});
  scorer.nonce_commitment = ledger::Sha256({"nonce"});
  scorer.margin_micros = 50'000;
  scorer.digest = [](const v1::ScoreSensingQualityRequest& request) -> absl::StatusOr<ledger::Digest> {
    if (request.image().empty()) return absl::InvalidArgumentError("data: got none, want an image");
    return ledger::Sha256({request.image()});
  };
  scorer.fill_in = [](const v1::SensingRequirements& requirements) -> absl::StatusOr<v1::SensingRequirements> {
    if (requirements.width() < 0) return absl::InvalidArgumentError("requirements.width: got -1");
    v1::SensingRequirements filled = requirements;
    if (filled.height() == 0) filled.set_height(720);
    return filled;
  };
  scorer.score = [this](const v1::ScoreSensingQualityRequest& request, const Scorer::Wanted& wanted,
                        const Scorer::Done& done) {
    ++opinion_.asked;
    if (absl::Status status = wanted(); !status.ok()) return done(status);
    if (!opinion_.refuses.ok()) return done(opinion_.refuses);
    v1::SensingQualityScore score;
    score.set_quality(opinion_.quality);
    score.set_quality_lower(opinion_.lower);
    score.set_data_sha256(Text(ledger::BytesOf(ledger::Sha256({request.image()}))));
    score.set_nonce(Text(ledger::BytesOf(ledger::Sha256({"nonce of", request.image()}))));
    score.set_received_at_us(now_us_);
    v1::SensingRequirements& requirements = *score.mutable_requirements();
    requirements.set_width(opinion_.width == 0 ? request.requirements().width() : opinion_.width);
    requirements.set_height(720);
    done(std::move(score));
  };
  return scorer;
}

std::string TestMarket::Seal(std::string_view signer, ledger::v1::Body body) {
  if (body.expires_us() == 0) body.set_expires_us(now_us_ + 300 * kSecond);
  return ledger::Seal(std::move(body), ledger::kTestChain, ledger::KeyNamed(signer));
}

ledger::v1::Code TestMarket::Do(std::string_view signer, ledger::v1::Body body) {
  return Must(Place(*driver_, Seal(signer, std::move(body)))).code;
}

ledger::v1::Code TestMarket::Transact(std::string_view signer, ledger::v1::Body body) {
  std::promise<absl::StatusOr<ledger::Placed>> answer;
  settlement_->Transact(Seal(signer, std::move(body)),
                        [&](absl::StatusOr<ledger::Placed> placed) { answer.set_value(std::move(placed)); });
  return Must(answer.get_future().get()).code;
}

v1::PublishTaskRequest TestMarket::Request(const std::string& request_id) const {
  v1::PublishTaskRequest request;
  request.set_slots(2);
  request.set_accept_for_us(100 * kSecond);
  request.set_submit_for_us(100 * kSecond);
  request.set_score_for_us(100 * kSecond);
  request.set_deposit_micros(50);
  request.set_request_id(request_id);
  request.mutable_description()->set_text("the crossing");
  request.mutable_description()->mutable_requirements()->set_width(640);
  return request;
}

v1::GenerateContractResponse TestMarket::Contract() {
  v1::GenerateContractResponse contract;
  for (const auto& [quality, reward] : {std::pair(500'000, 100), {800'000, 200}}) {
    v1::ContractItem& item = *contract.add_menu();
    item.set_quality_micros(quality);
    item.set_reward_micros(reward);
  }
  return contract;
}

ledger::TaskId TestMarket::Publish(const std::string& request_id) {
  return Must(settlement_->publisher().Publish(Request(request_id), Contract())).id;
}

void TestMarket::Accept(const ledger::TaskId& task, std::string_view vehicle, int item) {
  ledger::v1::PublishTask published;
  const v1::GenerateContractResponse contract = Contract();
  for (const v1::ContractItem& from : contract.menu()) {
    ledger::v1::Item& to = *published.add_menu();
    to.set_quality_micros(static_cast<std::int32_t>(from.quality_micros()));
    to.set_reward_micros(from.reward_micros());
  }
  MustBeOk(Do(vehicle, ledger::AcceptBody(task, item, published)));
}

v1::DeliverDataRequest TestMarket::Delivery(const ledger::TaskId& task, std::string_view vehicle,
                                            const std::string& data) const {
  const ledger::PublicKey& key = ledger::PublicNamed(vehicle);
  const ledger::Digest salt = ledger::Sha256({"salt"});
  v1::DeliverDataRequest request;
  request.set_task(Text(ledger::BytesOf(task)));
  request.set_vehicle(Text(ledger::BytesOf(key)));
  request.set_salt(Text(ledger::BytesOf(salt)));
  request.mutable_data()->set_image(data);
  v1::Capture& capture = *request.mutable_data()->mutable_capture();
  capture.set_source_id(ledger::HexOf(ledger::BytesOf(key)));
  capture.set_public_key(Text(ledger::BytesOf(key)));
  capture.set_captured_at_us(now_us_);
  const std::string statement =
      ledger::DeliveryStatement(ledger::kTestChain, task, key, ledger::DataDigest(salt, data));
  request.set_signature(Text(ledger::BytesOf(ledger::KeyNamed(vehicle).Sign(statement))));
  return request;
}

absl::StatusOr<v1::DeliverDataResponse> TestMarket::Deliver(const v1::DeliverDataRequest& request) {
  std::promise<absl::StatusOr<v1::DeliverDataResponse>> answer;
  settlement_->deliveries().Deliver(
      request, [] { return absl::OkStatus(); },
      [&](absl::StatusOr<v1::DeliverDataResponse> response) { answer.set_value(std::move(response)); });
  return answer.get_future().get();
}

ledger::v1::Body TestMarket::SubmitBody(const ledger::TaskId& task, const v1::DeliverDataResponse& delivered) {
  ledger::v1::Body body;
  ledger::v1::Submit& submit = *body.mutable_submit();
  submit.set_task(Text(ledger::BytesOf(task)));
  submit.set_data_digest(delivered.data_digest());
  submit.mutable_receipt()->set_operator_key(delivered.operator_key());
  submit.mutable_receipt()->set_received_us(delivered.received_us());
  submit.mutable_receipt()->set_signature(delivered.receipt_signature());
  return body;
}

v1::DeliverDataResponse TestMarket::Submitted(const ledger::TaskId& task, std::string_view vehicle, int item) {
  Accept(task, vehicle, item);
  v1::DeliverDataResponse delivered = Must(Deliver(Delivery(task, vehicle, "picture of " + Text(vehicle))));
  MustBeOk(Transact(vehicle, SubmitBody(task, delivered)));
  return delivered;
}

void TestMarket::Settle() {
  while (Must(settlement_->Tick())) {
  }
}

ledger::Acceptance TestMarket::AcceptanceOf(const ledger::TaskId& task, std::string_view vehicle) {
  return Must(ReadEntry<ledger::Acceptance>(*driver_, ledger::AcceptanceKey(task, ledger::PublicNamed(vehicle))))
      .value();
}

bool TestMarket::HasEvidence(const ledger::TaskId& task, std::string_view vehicle) {
  const std::string name =
      ledger::HexOf(ledger::BytesOf(task)) + "-" + ledger::HexOf(ledger::BytesOf(ledger::PublicNamed(vehicle)));
  return std::filesystem::exists(folder_ / "evidence" / name);
}

std::int64_t TestMarket::BalanceOf(std::string_view name) {
  return Must(ReadEntry<ledger::AccountEntry>(*driver_, ledger::AccountKey(ledger::PublicNamed(name))))
      .value_or(ledger::AccountEntry{})
      .balance;
}

std::int64_t TestMarket::BondOf(std::string_view name) {
  return Must(ReadEntry<ledger::OperatorEntry>(*driver_, ledger::OperatorKey(ledger::PublicNamed(name)))).value().bond;
}

std::string TestMarket::StateRoot() {
  return Text(ledger::BytesOf(Must(driver_->Prove(ledger::ChainKey())).state_root));
}

std::uint64_t TestMarket::LogSize() { return Must(settlement_->view().Ledger()).transactions(); }

}  // namespace giot::settlement
