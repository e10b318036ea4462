#include "tests/integration/settlement_fixture.h"

#include <fstream>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "grpcpp/create_channel.h"
#include "models/quality/capture_signature.h"
#include "models/quality/sha256.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/state_proof.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/market.h"
#include "tests/server/quality/test_quality_model.h"

namespace giot::integration {
namespace {

constexpr double kShare = 0.8;  // What the model thinks of every image.

std::filesystem::path EmptyFolder(const std::string& name) {
  std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

std::string Text(std::string_view bytes) { return std::string(bytes); }

std::filesystem::path PrivateFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return path;
}

std::filesystem::path KeyFile(const std::filesystem::path& folder, const std::string& name) {
  return PrivateFile(folder / name, ledger::HexOf(ledger::BytesOf(ledger::Sha256({name}))) + "\n");
}

}  // namespace

void SettlementFixture::SetUp() {
  folder_ = EmptyFolder(testing::UnitTest::GetInstance()->current_test_info()->name());
  ledger::v1::Body genesis = ledger::GenesisBody();
  genesis.set_expires_us(ledger::kStart);
  std::ofstream(folder_ / "genesis.envelope", std::ios::binary)
      << ledger::Seal(genesis, ledger::kTestChain, ledger::KeyNamed("mint"));

  options_ = PolicyServing();
  options_.sensing.model = quality::WriteIndifferentModel(folder_ / "models", 1, kShare);
  options_.sensing.engine.now_us = [this] { return now_us_.load(); };
  options_.sensing.engine.nonce_secret_file = folder_ / "nonce-secret";
  options_.ledger.path = folder_ / "ledger";
  options_.ledger.chain_id = ledger::kTestChain;
  options_.ledger.genesis = folder_ / "genesis.envelope";
  options_.ledger.operator_key = KeyFile(folder_, "operator");
  options_.ledger.checkpoint_key = KeyFile(folder_, "checkpoint");
  options_.ledger.operator_token = PrivateFile(folder_ / "token", std::string(kToken) + "\n");
  options_.ledger.settle_every = absl::Milliseconds(1);
  options_.ledger.now_us = [this] { return now_us_.load(); };
  Restart();
}

void SettlementFixture::Restart() {
  running_.reset();
  running_ = std::make_unique<RunningServer>(options_);
  stub_ = v1::SettlementService::NewStub(grpc::CreateChannel(running_->address(), grpc::InsecureChannelCredentials()));
}

std::string SettlementFixture::Key(std::string_view name) { return Text(ledger::BytesOf(ledger::PublicNamed(name))); }

std::string SettlementFixture::Seal(std::string_view signer, ledger::v1::Body body) const {
  if (body.expires_us() == 0) body.set_expires_us(now() + 300 * ledger::kSecond);
  return ledger::Seal(std::move(body), ledger::kTestChain, ledger::KeyNamed(signer));
}

grpc::Status SettlementFixture::Transact(const std::string& envelope, v1::TransactResponse& response) {
  grpc::ClientContext context;
  v1::TransactRequest request;
  request.set_envelope(envelope);
  return stub_->Transact(&context, request, &response);
}

ledger::v1::Code SettlementFixture::Do(std::string_view signer, ledger::v1::Body body) {
  v1::TransactResponse response;
  const grpc::Status status = Transact(Seal(signer, std::move(body)), response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return static_cast<ledger::v1::Code>(response.placement().code());
}

void SettlementFixture::FoundMarket() {
  ASSERT_EQ(Do("mint", ledger::DepositBody("operator", 1'000'000'000)), ledger::v1::CODE_OK);
  for (const char* vehicle : {"car", "bus"}) {
    ASSERT_EQ(Do("mint", ledger::DepositBody(vehicle, 1'000)), ledger::v1::CODE_OK);
  }
  ASSERT_EQ(Do("operator", ledger::RegisterBody("operator", "checkpoint", 1'000)), ledger::v1::CODE_OK);
}

v1::PublishTaskRequest SettlementFixture::PublishRequest(const std::string& request_id) const {
  v1::PublishTaskRequest request;
  *request.mutable_contract() = GoodRequest();
  request.set_slots(3);
  request.set_accept_for_us(100 * ledger::kSecond);
  request.set_submit_for_us(100 * ledger::kSecond);
  request.set_score_for_us(100 * ledger::kSecond);
  request.set_deposit_micros(50);
  request.set_request_id(request_id);
  request.mutable_description()->set_text("the crossing");
  // However long a loaded machine takes, it is fresh.
  request.mutable_description()->mutable_requirements()->set_fresh_for_s(3600.0);
  request.mutable_description()->mutable_requirements()->set_width(320);
  request.mutable_description()->mutable_requirements()->set_height(240);
  return request;
}

grpc::Status SettlementFixture::Publish(const v1::PublishTaskRequest& request, v1::PublishTaskResponse& response,
                                        const std::string& token) {
  grpc::ClientContext context;
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  return stub_->PublishTask(&context, request, &response);
}

v1::Task SettlementFixture::Published(const std::string& request_id) {
  v1::PublishTaskResponse response;
  const grpc::Status status = Publish(PublishRequest(request_id), response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.task();
}

ledger::v1::Body SettlementFixture::AcceptOf(const v1::Task& task, int item) const {
  ledger::v1::Body body;
  body.mutable_accept()->set_task(task.id());
  body.mutable_accept()->set_item(item);
  body.mutable_accept()->set_menu_digest(task.menu_digest());
  return body;
}

v1::DeliverDataRequest SettlementFixture::Delivery(const v1::Task& task, std::string_view vehicle,
                                                   const std::string& image) const {
  const ledger::PublicKey& key = ledger::PublicNamed(vehicle);
  const ledger::Digest salt = ledger::Sha256({"salt"});
  ledger::TaskId id{};
  ledger::FromBytes(task.id(), id);
  quality::Capture capture;
  capture.source_id = ledger::HexOf(ledger::BytesOf(key));
  capture.captured_at_us = now();
  const std::string signed_bytes = quality::SignedBytes(capture, quality::Sha256(image));

  v1::DeliverDataRequest request;
  request.set_task(task.id());
  request.set_vehicle(Text(ledger::BytesOf(key)));
  request.set_salt(Text(ledger::BytesOf(salt)));
  request.mutable_data()->set_image(image);
  v1::Capture& message = *request.mutable_data()->mutable_capture();
  message.set_source_id(capture.source_id);
  message.set_captured_at_us(capture.captured_at_us);
  message.set_public_key(Text(ledger::BytesOf(key)));
  message.set_signature(Text(ledger::BytesOf(ledger::KeyNamed(vehicle).Sign(signed_bytes))));
  const std::string statement = ledger::DeliveryStatement(ledger::kTestChain, id, key, ledger::DataDigest(salt, image));
  request.set_signature(Text(ledger::BytesOf(ledger::KeyNamed(vehicle).Sign(statement))));
  return request;
}

ledger::v1::Body SettlementFixture::SubmitOf(const v1::Task& task, const v1::DeliverDataResponse& delivered) const {
  ledger::v1::Body body;
  ledger::v1::Submit& submit = *body.mutable_submit();
  submit.set_task(task.id());
  submit.set_data_digest(delivered.data_digest());
  submit.mutable_receipt()->set_operator_key(delivered.operator_key());
  submit.mutable_receipt()->set_received_us(delivered.received_us());
  submit.mutable_receipt()->set_signature(delivered.receipt_signature());
  return body;
}

v1::Acceptance SettlementFixture::Await(const v1::Task& task, std::string_view vehicle, v1::AcceptanceState state) {
  v1::GetAcceptanceRequest request;
  request.set_task(task.id());
  request.set_vehicle(Key(vehicle));
  for (;;) {
    grpc::ClientContext context;
    v1::Acceptance acceptance;
    const grpc::Status status = stub_->GetAcceptance(&context, request, &acceptance);
    const bool over = !status.ok() || acceptance.state() >= v1::ACCEPTANCE_STATE_PAID;
    if (over || acceptance.state() == state) {
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_EQ(acceptance.state(), state);
      return acceptance;
    }
  }
}

v1::GetLedgerResponse SettlementFixture::Ledger() {
  grpc::ClientContext context;
  v1::GetLedgerResponse response;
  const grpc::Status status = stub_->GetLedger(&context, {}, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

std::int64_t SettlementFixture::BalanceOf(std::string_view name) {
  grpc::ClientContext context;
  v1::GetAccountRequest request;
  v1::GetAccountResponse response;
  request.set_account(Key(name));
  const grpc::Status status = stub_->GetAccount(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.balance_micros();
}

std::string SettlementFixture::Everything() {
  grpc::ClientContext tasks_context;
  grpc::ClientContext acceptances_context;
  v1::ListTasksRequest all;
  v1::ListTasksResponse tasks;
  v1::ListAcceptancesResponse acceptances;
  all.set_all(true);
  EXPECT_TRUE(stub_->ListTasks(&tasks_context, all, &tasks).ok());
  EXPECT_TRUE(stub_->ListAcceptances(&acceptances_context, {}, &acceptances).ok());
  std::string everything = tasks.SerializeAsString() + acceptances.SerializeAsString();
  for (const char* name : {"mint", "treasury", "operator", "car", "bus"}) {
    everything += std::string(name) + " " + std::to_string(BalanceOf(name)) + "\n";
  }
  return everything + std::to_string(Ledger().minted_micros() - Ledger().withdrawn_micros());
}

std::string SettlementFixture::StateRoot() {
  grpc::ClientContext context;
  v1::ProveRequest request;
  v1::ProveResponse response;
  request.set_key(ledger::ParametersKey());
  const grpc::Status status = stub_->Prove(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  const auto proof = ledger::ParseStateProof(response.state_proof());
  EXPECT_TRUE(proof.ok()) << proof.status();
  return proof.ok() ? Text(ledger::BytesOf(proof->state_root)) : "";
}

}  // namespace giot::integration
