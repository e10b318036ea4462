#include "server/rpc/settlement_service.h"

#include <spdlog/spdlog.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "server/ledger/proof/digest.h"
#include "server/rpc/answer_call.h"
#include "server/rpc/checkpoint_stream.h"
#include "server/rpc/status.h"
#include "server/rpc/still_wanted.h"
#include "server/settlement/placing.h"

namespace giot::rpc {
namespace {

using settlement::Settlement;

bool IsDefect(const absl::Status& status) { return absl::IsInternal(status) || absl::IsDataLoss(status); }

// A reader's mistake is the client's to see; a defect of ours is the operator's.
absl::Status LogDefect(const char* call, const absl::Status& status) {
  if (IsDefect(status)) {
    spdlog::error("event=request_failed call={} error=\"{}\"", call, absl::CEscape(status.ToString()));
  }
  return status;
}

// What somebody tried to have done and was refused is the operator's to see, too.
absl::Status LogRefusal(const char* call, const absl::Status& status) {
  if (!status.ok() && !IsDefect(status)) {
    spdlog::info("event=refused call={} reason=\"{}\"", call, absl::CEscape(status.ToString()));
  }
  return LogDefect(call, status);
}

template <typename Message>
absl::Status Fill(absl::StatusOr<Message> answer, Message& response) {
  if (!answer.ok()) return answer.status();
  response = *std::move(answer);
  return absl::OkStatus();
}

template <typename Message>
absl::Status Fill(const char* call, absl::StatusOr<Message> answer, Message& response) {
  return LogDefect(call, Fill(std::move(answer), response));
}

}  // namespace

SettlementService::SettlementService(const absl::StatusOr<Settlement*>& settlement,
                                     std::optional<settlement::OperatorToken> token, ContractService* contracts,
                                     const SettlementServiceOptions& options)
    : settlement_(settlement),
      token_(std::move(token)),
      contracts_(contracts),
      options_(options),
      calls_(options.max_calls),
      deliveries_(options.max_deliveries),
      streams_(options.max_streams) {}

grpc::ServerUnaryReactor* SettlementService::OnWorker(grpc::CallbackServerContext* context, std::size_t message_bytes,
                                                      int most_bytes, engine::Admission& admission, Answer answer) {
  return AnswerCall(draining_, context, [&](const Done& done) {
    if (!settlement_.ok()) return done(absl::FailedPreconditionError(settlement_.status().message()));
    if (absl::Status size = CheckMessageSize(message_bytes, most_bytes); !size.ok()) return done(size);
    std::optional<engine::Admission::Ticket> entered = admission.TryEnter();
    if (!entered) return done(Overloaded("settlement calls", admission.limit()));
    auto place = std::make_shared<std::optional<engine::Admission::Ticket>>(std::move(*entered));
    (*settlement_)->Run([context, place = std::move(place), done, answer = std::move(answer)] {
      const Done leave = [place, done](const absl::Status& status) {
        place->reset();  // Before the client hears of it, who may come again at once.
        done(status);
      };
      if (absl::Status wanted = StillWanted(*context); !wanted.ok()) return leave(wanted);
      answer(leave);
    });
  });
}

grpc::ServerUnaryReactor* SettlementService::OnWorker(grpc::CallbackServerContext* context, std::size_t message_bytes,
                                                      Answer answer) {
  return OnWorker(context, message_bytes, options_.max_message_bytes, calls_, std::move(answer));
}

grpc::ServerUnaryReactor* SettlementService::GetLedger(grpc::CallbackServerContext* context,
                                                       const v1::GetLedgerRequest* request,
                                                       v1::GetLedgerResponse* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, response](const Done& done) {
    done(Fill("GetLedger", (*settlement_)->view().Ledger(), *response));
  });
}

absl::Status SettlementService::CheckToken(const grpc::CallbackServerContext& context) const {
  constexpr std::string_view kScheme = "Bearer ";
  if (!token_) return absl::PermissionDeniedError("authorization: this server has no operator's token");
  const auto header = context.client_metadata().find("authorization");
  if (header == context.client_metadata().end()) {
    return absl::PermissionDeniedError("authorization: got none, want 'Bearer ' and the operator's token");
  }
  const std::string_view value(header->second.data(), header->second.size());
  if (value.starts_with(kScheme) && token_->Matches(value.substr(kScheme.size()))) return absl::OkStatus();
  return absl::PermissionDeniedError("authorization: it is not the operator's token");
}

absl::Status SettlementService::FillPublished(const absl::StatusOr<ledger::Placed>& placed,
                                              v1::PublishTaskResponse& response) const {
  if (!placed.ok()) return placed.status();
  *response.mutable_placement() = settlement::ToProto(*placed);
  absl::StatusOr<v1::Task> task = (*settlement_)->view().Task(std::string(ledger::BytesOf(placed->id)));
  if (!task.ok()) return task.status();
  *response.mutable_task() = *std::move(task);
  return absl::OkStatus();
}

void SettlementService::Publish(const grpc::CallbackServerContext& context, const v1::PublishTaskRequest& request,
                                v1::PublishTaskResponse& response, const Done& done) {
  settlement::Publisher& publisher = (*settlement_)->publisher();
  if (absl::Status status = publisher.Check(request); !status.ok()) return done(status);
  absl::StatusOr<std::optional<ledger::Placed>> earlier = publisher.Earlier(request.request_id());
  if (!earlier.ok()) return done(earlier.status());
  if (*earlier) return done(FillPublished(**earlier, response));
  contracts_->Answer(context, request.contract(), *response.mutable_contract(),
                     [this, &request, &response, done](const absl::Status& designed) {
                       if (!designed.ok()) return done(designed);
                       (*settlement_)->RunPublishing([this, &request, &response, done] {
                         const auto placed = (*settlement_)->publisher().Publish(request, response.contract());
                         if (placed.ok() && placed->repeated) response.clear_contract();
                         done(FillPublished(placed, response));
                       });
                     });
}

grpc::ServerUnaryReactor* SettlementService::PublishTask(grpc::CallbackServerContext* context,
                                                         const v1::PublishTaskRequest* request,
                                                         v1::PublishTaskResponse* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, context, request, response](const Done& done) {
    const Done logged = [done](const absl::Status& status) { done(LogRefusal("PublishTask", status)); };
    if (absl::Status token = CheckToken(*context); !token.ok()) return logged(token);
    (*settlement_)->RunPublishing([=, this] { Publish(*context, *request, *response, logged); });
  });
}

grpc::ServerUnaryReactor* SettlementService::ListTasks(grpc::CallbackServerContext* context,
                                                       const v1::ListTasksRequest* request,
                                                       v1::ListTasksResponse* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, request, response](const Done& done) {
    done(Fill("ListTasks", (*settlement_)->view().Tasks(*request), *response));
  });
}

grpc::ServerUnaryReactor* SettlementService::GetTask(grpc::CallbackServerContext* context,
                                                     const v1::GetTaskRequest* request, v1::Task* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, request, response](const Done& done) {
    done(Fill("GetTask", (*settlement_)->view().Task(request->task()), *response));
  });
}

void SettlementService::AddReceipt(const ledger::Placed& placed, v1::TransactResponse& response, const Done& done) {
  (*settlement_)->Run([this, id = placed.id, &response, done] {
    absl::StatusOr<std::string> receipt = (*settlement_)->view().Receipt(std::string(ledger::BytesOf(id)));
    // Without it the answer is whole all the same: GetReceipt has it later.
    if (receipt.ok()) response.set_receipt(*std::move(receipt));
    done(absl::OkStatus());
  });
}

grpc::ServerUnaryReactor* SettlementService::Transact(grpc::CallbackServerContext* context,
                                                      const v1::TransactRequest* request,
                                                      v1::TransactResponse* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, request, response](const Done& done) {
    (*settlement_)->Transact(request->envelope(), [=, this](const absl::StatusOr<ledger::Placed>& placed) {
      if (!placed.ok()) return done(LogRefusal("Transact", placed.status()));
      *response->mutable_placement() = settlement::ToProto(*placed);
      if (placed->code != ledger::v1::CODE_OK) {
        spdlog::info("event=transaction_refused code={} id={}", ledger::v1::Code_Name(placed->code),
                     ledger::HexOf(ledger::BytesOf(placed->id)));
      }
      if (!request->want_receipt()) return done(absl::OkStatus());
      AddReceipt(*placed, *response, done);
    });
  });
}

grpc::ServerUnaryReactor* SettlementService::DeliverData(grpc::CallbackServerContext* context,
                                                         const v1::DeliverDataRequest* request,
                                                         v1::DeliverDataResponse* response) {
  return OnWorker(context, request->ByteSizeLong(), options_.max_delivery_bytes, deliveries_,
                  [this, context, request, response](const Done& done) {
                    (*settlement_)
                        ->deliveries()
                        .Deliver(
                            *request, [context] { return StillWanted(*context); },
                            [response, done](absl::StatusOr<v1::DeliverDataResponse> answer) {
                              done(LogRefusal("DeliverData", Fill(std::move(answer), *response)));
                            });
                  });
}

grpc::ServerUnaryReactor* SettlementService::GetAcceptance(grpc::CallbackServerContext* context,
                                                           const v1::GetAcceptanceRequest* request,
                                                           v1::Acceptance* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, request, response](const Done& done) {
    done(Fill("GetAcceptance", (*settlement_)->view().Acceptance(*request), *response));
  });
}

grpc::ServerUnaryReactor* SettlementService::ListAcceptances(grpc::CallbackServerContext* context,
                                                             const v1::ListAcceptancesRequest* request,
                                                             v1::ListAcceptancesResponse* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, request, response](const Done& done) {
    done(Fill("ListAcceptances", (*settlement_)->view().Acceptances(*request), *response));
  });
}

grpc::ServerUnaryReactor* SettlementService::GetAccount(grpc::CallbackServerContext* context,
                                                        const v1::GetAccountRequest* request,
                                                        v1::GetAccountResponse* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, request, response](const Done& done) {
    done(Fill("GetAccount", (*settlement_)->view().Account(request->account()), *response));
  });
}

grpc::ServerUnaryReactor* SettlementService::GetReceipt(grpc::CallbackServerContext* context,
                                                        const v1::GetReceiptRequest* request,
                                                        v1::GetReceiptResponse* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, request, response](const Done& done) {
    done(Fill("GetReceipt", (*settlement_)->view().Receipt(request->transaction()), *response->mutable_receipt()));
  });
}

grpc::ServerUnaryReactor* SettlementService::Prove(grpc::CallbackServerContext* context,
                                                   const v1::ProveRequest* request, v1::ProveResponse* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, request, response](const Done& done) {
    done(Fill("Prove", (*settlement_)->view().StateProof(request->key()), *response->mutable_state_proof()));
  });
}

grpc::ServerUnaryReactor* SettlementService::GetConsistencyProof(grpc::CallbackServerContext* context,
                                                                 const v1::GetConsistencyProofRequest* request,
                                                                 v1::GetConsistencyProofResponse* response) {
  return OnWorker(context, request->ByteSizeLong(), [this, request, response](const Done& done) {
    done(Fill("GetConsistencyProof", (*settlement_)->view().ConsistencyProof(request->old_size()),
              *response->mutable_consistency_proof()));
  });
}

grpc::ServerUnaryReactor* SettlementService::FetchEvidence(grpc::CallbackServerContext* context,
                                                           const v1::FetchEvidenceRequest* request,
                                                           v1::DeliveryEvidence* response) {
  return OnWorker(context, request->ByteSizeLong(), options_.max_message_bytes, deliveries_,
                  [this, request, response](const Done& done) {
                    auto fetched = (*settlement_)->evidence_access().Fetch(*request);
                    done(LogRefusal("FetchEvidence", Fill(std::move(fetched), *response)));
                  });
}

grpc::ServerWriteReactor<v1::CheckpointMessage>* SettlementService::WatchCheckpoints(
    grpc::CallbackServerContext* /*context*/, const v1::WatchCheckpointsRequest* /*request*/) {
  if (settlement_.ok()) return CheckpointStream::Open(&streams_, &(*settlement_)->checkpoints());
  return CheckpointStream::Refuse(&streams_, ToGrpc(absl::FailedPreconditionError(settlement_.status().message())));
}

void SettlementService::Drain() {
  draining_ = true;
  streams_.Drain();
}

}  // namespace giot::rpc
