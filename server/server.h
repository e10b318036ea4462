#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/engine/model_registry.h"
#include "server/engine/mutex.h"
#include "server/hosted_ledger.h"
#include "server/options.h"
#include "server/quality/score_engine.h"
#include "server/rpc/contract_service.h"
#include "server/rpc/sensing_quality_service.h"
#include "server/rpc/settlement_service.h"

namespace giot::server {

// The whole server, listening from Start until Shutdown: contract, sensing quality and settlement service,
// grpc.health.v1 (overall and per service; SERVING only if every model is ready, the
// sensing quality service only if there is a model of it, the settlement service only while its ledger runs) and, if
// wanted, reflection.
class Server {
 public:
  // Loads and verifies the models, then binds. NotFound if there is no model to
  // serve; FailedPrecondition, with the first one's reason, if none is usable;
  // Unavailable if the address cannot be bound, or what ScoreEngine::Create says of a history or secret file, and
  // HostedLedger::Open of the ledger.
  // Logs each model's state.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options);

  // Shuts down at once, if Shutdown has not been called.
  ~Server();

  int port() const { return port_; }
  const engine::ModelRegistry& models() const { return *models_; }

  // From now on health says NOT_SERVING; calls are still answered.
  void StopAdvertising();

  // From now on new calls get UNAVAILABLE and streams end after the request they
  // are at. gRPC itself would answer a call that comes after Shutdown with
  // CANCELLED, which no client retries: refuse for a moment first.
  void RefuseCalls();

  // Refuses new calls, ends streams after the request they are at, and waits for
  // calls in flight; those that have not ended by `timeout` are cancelled.
  void Shutdown(absl::Duration timeout);

 private:
  Server() = default;

  absl::Status AddScoring(const ServerOptions& options);
  absl::Status AddLedger(const ServerOptions& options);
  // Health says what became of the ledger, from any thread.
  void TellOfLedger(const absl::Status& status);
  // Tells health of the whole and of each service, from now on.
  void Advertise(bool serving);

  std::unique_ptr<engine::ModelRegistry> models_;
  std::unique_ptr<rpc::ContractService> contracts_;
  bool scoring_ready_ = false;                     // The quality model is usable, or there is none.
  std::unique_ptr<scoring::ScoreEngine> scoring_;  // Null without a quality model.
  std::unique_ptr<rpc::SensingQualityService> sensing_;
  engine::Mutex health_mutex_;
  bool ledger_serving_ ABSL_GUARDED_BY(health_mutex_) = false;
  bool advertising_ ABSL_GUARDED_BY(health_mutex_) = false;
  std::unique_ptr<HostedLedger> ledger_;  // Null without a ledger.
  std::unique_ptr<rpc::SettlementService> settlement_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace giot::server
