#include "server/rpc/contract_service.h"

#include <string>
#include <unordered_set>

#include "absl/base/thread_annotations.h"
#include "server/engine/mutex.h"
#include "server/rpc/convert.h"
#include "server/rpc/status.h"

namespace giot::rpc {
// One StreamContracts call: reads a request, answers it, reads the next.
class ContractService::Stream final
    : public grpc::ServerBidiReactor<v1::StreamContractsRequest, v1::StreamContractsResponse> {
 public:
  Stream(ContractService* service, grpc::CallbackServerContext* context) : service_(service), context_(context) {}

  void Start() { StartRead(&request_); }

  // Ends the stream, once. The lock is not held over gRPC's Finish: OnDone may
  // follow it on another thread before it returns.
  void FinishOnce(const grpc::Status& status) {
    {
      const engine::MutexLock lock(&mutex_);
      if (finished_) return;
      finished_ = true;
    }
    Finish(status);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return FinishOnce(grpc::Status::OK);  // The client is done.
    if (!BeginAnswer()) return;
    response_.Clear();
    response_.set_request_id(request_.request_id());
    service_->answerer_.Answer(*context_, request_.request(), *response_.mutable_response(),
                               [this](const absl::Status& status) { Send(status); });
  }

  void OnWriteDone(bool ok) override {
    const bool draining = EndAnswer();
    if (!ok) return FinishOnce(grpc::Status::CANCELLED);
    if (draining) return FinishOnce(Draining());
    StartRead(&request_);
  }

  void OnCancel() override {
    if (!answering()) FinishOnce(grpc::Status::CANCELLED);
  }

  void OnDone() override;

  void Drain() {
    if (!AskToDrain()) FinishOnce(Draining());
  }

 private:
  // Sends the response, or why there is none.
  void Send(const absl::Status& status) {
    if (!status.ok()) {
      v1::StreamError& error = *response_.mutable_error();
      error.set_code(static_cast<int>(status.code()));
      error.set_message(std::string(status.message()));
    }
    StartWrite(&response_);
  }

  static grpc::Status Draining() { return {grpc::StatusCode::UNAVAILABLE, "server is draining"}; }

  bool answering() {
    const engine::MutexLock lock(&mutex_);
    return answering_;
  }

  // False if the stream has ended meanwhile.
  bool BeginAnswer() {
    const engine::MutexLock lock(&mutex_);
    answering_ = !finished_;
    return answering_;
  }

  // Whether the stream is to end now.
  bool EndAnswer() {
    const engine::MutexLock lock(&mutex_);
    answering_ = false;
    return draining_;
  }

  // Whether an answer is under way, after which the stream ends by itself.
  bool AskToDrain() {
    const engine::MutexLock lock(&mutex_);
    draining_ = true;
    return answering_;
  }

  ContractService* const service_;
  grpc::CallbackServerContext* const context_;
  v1::StreamContractsRequest request_;
  v1::StreamContractsResponse response_;
  engine::Mutex mutex_;
  bool answering_ ABSL_GUARDED_BY(mutex_) = false;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

// The open streams, so that they can be drained.
class ContractService::StreamSet {
 public:
  // Whether the stream was taken in: not while draining or at the limit.
  absl::Status Add(Stream* stream, int limit) {
    const engine::MutexLock lock(&mutex_);
    if (draining_) return absl::UnavailableError("server is draining");
    if (open_.size() >= static_cast<std::size_t>(limit)) return Overloaded("streams", limit);
    open_.insert(stream);
    return absl::OkStatus();
  }

  void Remove(Stream* stream) {
    const engine::MutexLock lock(&mutex_);
    open_.erase(stream);
  }

  // A stream leaves the set before it dies, so none can go while it is drained.
  void Drain() {
    const engine::MutexLock lock(&mutex_);
    draining_ = true;
    for (Stream* stream : open_) stream->Drain();
  }

 private:
  engine::Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::unordered_set<Stream*> open_ ABSL_GUARDED_BY(mutex_);
};

void ContractService::Stream::OnDone() {
  service_->streams_->Remove(this);
  delete this;  // gRPC owns a reactor until OnDone, its last call.
}

ContractService::ContractService(const engine::ModelRegistry* registry, const ContractServiceOptions& options)
    : registry_(registry), options_(options), streams_(std::make_unique<StreamSet>()), answerer_(registry, options) {
  SetMessageAllocatorFor_GenerateContract(&messages_);
}

ContractService::~ContractService() = default;

grpc::ServerUnaryReactor* ContractService::GenerateContract(grpc::CallbackServerContext* context,
                                                            const v1::GenerateContractRequest* request,
                                                            v1::GenerateContractResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (draining_) {
    reactor->Finish(ToGrpc(absl::UnavailableError("server is draining")));
    return reactor;
  }
  answerer_.Answer(*context, *request, *response,
                   [reactor](const absl::Status& status) { reactor->Finish(ToGrpc(status)); });
  return reactor;
}

grpc::ServerBidiReactor<v1::StreamContractsRequest, v1::StreamContractsResponse>* ContractService::StreamContracts(
    grpc::CallbackServerContext* context) {
  auto* stream = new Stream(this, context);
  if (const absl::Status status = streams_->Add(stream, options_.max_streams); !status.ok()) {
    stream->FinishOnce(ToGrpc(status));
  } else {
    stream->Start();
  }
  return stream;
}

grpc::ServerUnaryReactor* ContractService::ListModels(grpc::CallbackServerContext* context,
                                                      const v1::ListModelsRequest* /*request*/,
                                                      v1::ListModelsResponse* response) {
  ToProto(*registry_, *response);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

void ContractService::Drain() {
  draining_ = true;
  streams_->Drain();
}

}  // namespace giot::rpc
