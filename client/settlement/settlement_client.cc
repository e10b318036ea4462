#include "client/settlement/settlement_client.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/sensing_client.h"
#include "grpcpp/client_context.h"

namespace giot::client {
namespace {

constexpr int kMostReplyBytes = 64 << 20;

CallOptions WithRoomForEvidence(CallOptions options) {
  options.max_reply_bytes = std::max(options.max_reply_bytes, kMostReplyBytes);
  return options;
}

std::string Bytes(const ledger::Digest& digest) { return std::string(ledger::BytesOf(digest)); }

}  // namespace

SettlementClient::SettlementClient(const std::string& server, const CallOptions& options)
    : SettlementClient(OwnConnection(server, WithRoomForEvidence(options)), options) {}

SettlementClient::SettlementClient(std::shared_ptr<grpc::Channel> channel, const CallOptions& options, Clock& clock)
    : options_(options), clock_(clock), stub_(v1::SettlementService::NewStub(std::move(channel))) {}

template <typename Reply, typename Request>
absl::StatusOr<Reply> SettlementClient::Call(grpc::Status (v1::SettlementService::Stub::*method)(grpc::ClientContext*,
                                                                                                 const Request&,
                                                                                                 Reply*),
                                             const Request& request) {
  return CallUnary<Reply>(options_, clock_, [&](grpc::ClientContext& context, Reply& reply) {
    return ((*stub_).*method)(&context, request, &reply);
  });
}

absl::StatusOr<v1::GetLedgerResponse> SettlementClient::GetLedger() {
  return Call(&v1::SettlementService::Stub::GetLedger, v1::GetLedgerRequest());
}

absl::StatusOr<v1::PublishTaskResponse> SettlementClient::PublishTask(v1::PublishTaskRequest request,
                                                                      std::string_view token) {
  if (request.request_id().empty()) request.set_request_id(NewSubmissionId());
  const std::string authorization = absl::StrCat("Bearer ", std::string(token));
  return CallUnary<v1::PublishTaskResponse>(options_, clock_,
                                            [&](grpc::ClientContext& context, v1::PublishTaskResponse& reply) {
                                              context.AddMetadata("authorization", authorization);
                                              return stub_->PublishTask(&context, request, &reply);
                                            });
}

absl::StatusOr<v1::ListTasksResponse> SettlementClient::ListTasks(const v1::ListTasksRequest& request) {
  return Call(&v1::SettlementService::Stub::ListTasks, request);
}

absl::StatusOr<v1::Task> SettlementClient::GetTask(const ledger::Digest& task) {
  v1::GetTaskRequest request;
  request.set_task(Bytes(task));
  return Call(&v1::SettlementService::Stub::GetTask, request);
}

absl::StatusOr<v1::TransactResponse> SettlementClient::Transact(std::string envelope, bool want_receipt) {
  v1::TransactRequest request;
  request.set_envelope(std::move(envelope));
  request.set_want_receipt(want_receipt);
  return Call(&v1::SettlementService::Stub::Transact, request);
}

absl::StatusOr<v1::DeliverDataResponse> SettlementClient::DeliverData(const v1::DeliverDataRequest& request) {
  return Call(&v1::SettlementService::Stub::DeliverData, request);
}

absl::StatusOr<v1::Acceptance> SettlementClient::GetAcceptance(const ledger::Digest& task,
                                                               const ledger::PublicKey& vehicle) {
  v1::GetAcceptanceRequest request;
  request.set_task(Bytes(task));
  request.set_vehicle(Bytes(vehicle));
  return Call(&v1::SettlementService::Stub::GetAcceptance, request);
}

absl::StatusOr<v1::ListAcceptancesResponse> SettlementClient::ListAcceptances(
    const v1::ListAcceptancesRequest& request) {
  return Call(&v1::SettlementService::Stub::ListAcceptances, request);
}

absl::StatusOr<v1::GetAccountResponse> SettlementClient::GetAccount(const ledger::PublicKey& account) {
  v1::GetAccountRequest request;
  request.set_account(Bytes(account));
  return Call(&v1::SettlementService::Stub::GetAccount, request);
}

absl::StatusOr<std::string> SettlementClient::GetReceipt(const ledger::Digest& transaction) {
  v1::GetReceiptRequest request;
  request.set_transaction(Bytes(transaction));
  auto reply = Call(&v1::SettlementService::Stub::GetReceipt, request);
  if (!reply.ok()) return reply.status();
  return std::move(*reply->mutable_receipt());
}

absl::StatusOr<std::string> SettlementClient::Prove(std::string_view key) {
  v1::ProveRequest request;
  request.set_key(std::string(key));
  auto reply = Call(&v1::SettlementService::Stub::Prove, request);
  if (!reply.ok()) return reply.status();
  return std::move(*reply->mutable_state_proof());
}

absl::StatusOr<std::string> SettlementClient::GetConsistencyProof(std::uint64_t old_size) {
  v1::GetConsistencyProofRequest request;
  request.set_old_size(old_size);
  auto reply = Call(&v1::SettlementService::Stub::GetConsistencyProof, request);
  if (!reply.ok()) return reply.status();
  return std::move(*reply->mutable_consistency_proof());
}

CheckpointStream SettlementClient::WatchCheckpoints(absl::Duration lifetime) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + lifetime));
  auto reader = stub_->WatchCheckpoints(context.get(), v1::WatchCheckpointsRequest());
  return {std::move(context), std::move(reader)};
}

absl::StatusOr<v1::DeliveryEvidence> SettlementClient::FetchEvidence(const v1::FetchEvidenceRequest& request) {
  return Call(&v1::SettlementService::Stub::FetchEvidence, request);
}

}  // namespace giot::client
