#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/engine/model_registry.h"
#include "server/options.h"
#include "server/rpc/contract_service.h"

namespace giot::server {

// The whole server, listening from Start until Shutdown: contract service,
// grpc.health.v1 (overall and per service; SERVING only if every model is ready)
// and, if wanted, reflection.
class Server {
 public:
  // Loads and verifies the models, then binds. NotFound if there is no model to
  // serve; FailedPrecondition, with the first one's reason, if none is usable;
  // Unavailable if the address cannot be bound. Logs each model's state.
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

  std::unique_ptr<engine::ModelRegistry> models_;
  std::unique_ptr<rpc::ContractService> contracts_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace giot::server
