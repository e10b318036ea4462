#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/v1/settlement.grpc.pb.h"
#include "server/engine/admission.h"
#include "server/rpc/contract_service.h"
#include "server/rpc/open_streams.h"
#include "server/settlement/operator_token.h"
#include "server/settlement/settlement.h"

namespace giot::rpc {

struct SettlementServiceOptions {
  int max_calls = 256;                // At once, but for deliveries and streams.
  int max_deliveries = 32;            // DeliverData and FetchEvidence calls at once.
  int max_message_bytes = 256 << 10;  // Largest request, but of deliveries.
  int max_delivery_bytes = 16 << 20;  // Largest DeliverData.
  int max_streams = 256;              // Open WatchCheckpoints calls.
};

// giot.v1.SettlementService: what of it is gRPC's reactors. gRPC's threads only hand over: everything that waits for
// the ledger or the disk runs on the settlement's.
class SettlementService final : public v1::SettlementService::CallbackService {
 public:
  // Both outlive the service. Without a settlement every call is answered with FAILED_PRECONDITION and why there is
  // none; without a token nobody may publish.
  SettlementService(const absl::StatusOr<settlement::Settlement*>& settlement,
                    std::optional<settlement::OperatorToken> token, ContractService* contracts,
                    const SettlementServiceOptions& options);

  grpc::ServerUnaryReactor* GetLedger(grpc::CallbackServerContext* context, const v1::GetLedgerRequest* request,
                                      v1::GetLedgerResponse* response) override;
  grpc::ServerUnaryReactor* PublishTask(grpc::CallbackServerContext* context, const v1::PublishTaskRequest* request,
                                        v1::PublishTaskResponse* response) override;
  grpc::ServerUnaryReactor* ListTasks(grpc::CallbackServerContext* context, const v1::ListTasksRequest* request,
                                      v1::ListTasksResponse* response) override;
  grpc::ServerUnaryReactor* GetTask(grpc::CallbackServerContext* context, const v1::GetTaskRequest* request,
                                    v1::Task* response) override;
  grpc::ServerUnaryReactor* Transact(grpc::CallbackServerContext* context, const v1::TransactRequest* request,
                                     v1::TransactResponse* response) override;
  grpc::ServerUnaryReactor* DeliverData(grpc::CallbackServerContext* context, const v1::DeliverDataRequest* request,
                                        v1::DeliverDataResponse* response) override;
  grpc::ServerUnaryReactor* GetAcceptance(grpc::CallbackServerContext* context, const v1::GetAcceptanceRequest* request,
                                          v1::Acceptance* response) override;
  grpc::ServerUnaryReactor* ListAcceptances(grpc::CallbackServerContext* context,
                                            const v1::ListAcceptancesRequest* request,
                                            v1::ListAcceptancesResponse* response) override;
  grpc::ServerUnaryReactor* GetAccount(grpc::CallbackServerContext* context, const v1::GetAccountRequest* request,
                                       v1::GetAccountResponse* response) override;
  grpc::ServerUnaryReactor* GetReceipt(grpc::CallbackServerContext* context, const v1::GetReceiptRequest* request,
                                       v1::GetReceiptResponse* response) override;
  grpc::ServerUnaryReactor* Prove(grpc::CallbackServerContext* context, const v1::ProveRequest* request,
                                  v1::ProveResponse* response) override;
  grpc::ServerUnaryReactor* GetConsistencyProof(grpc::CallbackServerContext* context,
                                                const v1::GetConsistencyProofRequest* request,
                                                v1::GetConsistencyProofResponse* response) override;
  grpc::ServerUnaryReactor* FetchEvidence(grpc::CallbackServerContext* context, const v1::FetchEvidenceRequest* request,
                                          v1::DeliveryEvidence* response) override;
  grpc::ServerWriteReactor<v1::CheckpointMessage>* WatchCheckpoints(
      grpc::CallbackServerContext* context, const v1::WatchCheckpointsRequest* request) override;

  // From now on new calls get UNAVAILABLE, and open streams end so.
  void Drain();

 private:
  using Done = std::function<void(const absl::Status&)>;
  using Answer = std::function<void(const Done& done)>;

  // Has `answer` called on a thread of the settlement, if the call may come in; it tells `done` once.
  grpc::ServerUnaryReactor* OnWorker(grpc::CallbackServerContext* context, std::size_t message_bytes, Answer answer);
  grpc::ServerUnaryReactor* OnWorker(grpc::CallbackServerContext* context, std::size_t message_bytes, int most_bytes,
                                     engine::Admission& admission, Answer answer);
  absl::Status CheckToken(const grpc::CallbackServerContext& context) const;
  void Publish(const grpc::CallbackServerContext& context, const v1::PublishTaskRequest& request,
               v1::PublishTaskResponse& response, const Done& done);
  void AddReceipt(const ledger::Placed& placed, v1::TransactResponse& response, const Done& done);
  absl::Status FillPublished(const absl::StatusOr<ledger::Placed>& placed, v1::PublishTaskResponse& response) const;

  const absl::StatusOr<settlement::Settlement*> settlement_;
  const std::optional<settlement::OperatorToken> token_;
  ContractService* const contracts_;
  const SettlementServiceOptions options_;
  std::atomic<bool> draining_ = false;
  engine::Admission calls_;
  engine::Admission deliveries_;
  OpenStreams streams_;
};

}  // namespace giot::rpc
