#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/clock.h"
#include "client/connection.h"
#include "client/settlement/checkpoint_stream.h"
#include "giot/v1/settlement.grpc.pb.h"
#include "grpcpp/channel.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::client {

// giot-server's settlement service, its answers as they come: what verifies them is ProvenLedger. Thread-safe;
// calls block, and are repeated as the options say, also where it is unknown whether a transaction will be
// placed (ABORTED): each has the effect of one. Statuses are the server's own (proto/giot/v1/settlement.proto), besides
// UNAVAILABLE if it cannot be reached and DEADLINE_EXCEEDED.
class SettlementClient {
 public:
  // Connects to "host:port" when first used, without TLS, over a connection that no other client shares. Takes
  // answers of up to 64 MiB, since evidence holds what was delivered.
  explicit SettlementClient(const std::string& server, const CallOptions& options = {});
  // Over a channel of the caller's. `clock` outlives the client.
  SettlementClient(std::shared_ptr<grpc::Channel> channel, const CallOptions& options, Clock& clock = Clock::Real());

  absl::StatusOr<v1::GetLedgerResponse> GetLedger();

  // `token`: the operator's. A request without a request_id gets a random one, so that a retry publishes
  // nothing twice.
  absl::StatusOr<v1::PublishTaskResponse> PublishTask(v1::PublishTaskRequest request, std::string_view token);
  absl::StatusOr<v1::ListTasksResponse> ListTasks(const v1::ListTasksRequest& request);
  absl::StatusOr<v1::Task> GetTask(const ledger::Digest& task);

  // A rule that refuses the transaction is no error: the answer's code says so.
  absl::StatusOr<v1::TransactResponse> Transact(std::string envelope, bool want_receipt);
  absl::StatusOr<v1::DeliverDataResponse> DeliverData(const v1::DeliverDataRequest& request);

  absl::StatusOr<v1::Acceptance> GetAcceptance(const ledger::Digest& task, const ledger::PublicKey& vehicle);
  absl::StatusOr<v1::ListAcceptancesResponse> ListAcceptances(const v1::ListAcceptancesRequest& request);
  absl::StatusOr<v1::GetAccountResponse> GetAccount(const ledger::PublicKey& account);

  // Files of FORMAT.md section 7.
  absl::StatusOr<std::string> GetReceipt(const ledger::Digest& transaction);
  absl::StatusOr<std::string> Prove(std::string_view key);
  absl::StatusOr<std::string> GetConsistencyProof(std::uint64_t old_size);
  // Ends after `lifetime`; nothing on it is retried.
  CheckpointStream WatchCheckpoints(absl::Duration lifetime);

  absl::StatusOr<v1::DeliveryEvidence> FetchEvidence(const v1::FetchEvidenceRequest& request);

 private:
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Call(grpc::Status (v1::SettlementService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                                 Reply*),
                             const Request& request);

  CallOptions options_;
  Clock& clock_;
  std::unique_ptr<v1::SettlementService::Stub> stub_;
};

}  // namespace giot::client
