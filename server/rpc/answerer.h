#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/v1/contract.pb.h"
#include "models/bundle/family.h"
#include "server/engine/admission.h"
#include "server/engine/anytime.h"
#include "server/engine/contract_engine.h"
#include "server/engine/model_registry.h"
#include "server/engine/worker_pool.h"
#include "server/rpc/contract_service_options.h"

namespace giot::rpc {

// Answers GenerateContract requests of every family, from message to message. What
// takes microseconds is computed in the caller's thread, less than handing it over
// would; polish and search, which take milliseconds, on threads of their own, so
// that they never hold up the others. Thread-safe.
class Answerer {
 public:
  // Told how an answer ended.
  using Done = std::function<void(const absl::Status&)>;

  // The registry must outlive it.
  Answerer(const engine::ModelRegistry* registry, const ContractServiceOptions& options);

  // Fills `response` and calls `done`, once: before it returns, or later on another
  // thread. `context`, `request` and `response` must live until then. Errors are
  // those of contract.proto.
  void Answer(const grpc::CallbackServerContext& context, const v1::GenerateContractRequest& request,
              v1::GenerateContractResponse& response, const Done& done);

 private:
  struct Call {
    const grpc::CallbackServerContext* context;
    const v1::GenerateContractRequest* request;
    v1::GenerateContractResponse* response;
    std::chrono::steady_clock::time_point start;
  };
  using Work = std::function<absl::Status()>;

  // Answers, or puts into `long_work` what will.
  absl::Status AnswerOrPrepare(const Call& call, Work& long_work);
  absl::Status AnswerScreening(const Call& call, const engine::Effort& effort) const;
  template <typename Market>
  absl::Status AnswerOrPrepareAnytime(const Call& call, bundle::Family family, const absl::StatusOr<Market>& market,
                                      const engine::Effort& effort, Work& long_work) const;
  template <typename AnswerType, typename Market>
  static absl::Status Reply(const Call& call, const absl::StatusOr<AnswerType>& answer, const Market& market,
                            const bundle::Bundle* model);
  void HandOver(Work work, const Done& done);

  const engine::ModelRegistry* const registry_;
  const ContractServiceOptions options_;
  const engine::ContractEngine engine_;
  engine::Admission admission_;
  engine::Admission polishing_;
  engine::WorkerPool workers_;  // Last: its work uses what is above.
};

}  // namespace giot::rpc
