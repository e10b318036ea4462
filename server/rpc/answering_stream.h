#pragma once

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "server/engine/mutex.h"
#include "server/rpc/open_streams.h"
#include "server/rpc/status.h"

namespace giot::rpc {

// A bidirectional call that reads a request, answers it, and reads the next.
// Request has a request_id, which Response repeats, and `request`; Response has
// `response` or an `error`. Deletes itself when gRPC is done with it.
template <typename Request, typename Response>
class AnsweringStream final : public grpc::ServerBidiReactor<Request, Response>, public Drainable {
 public:
  using Done = std::function<void(const absl::Status&)>;
  // Fills the response and calls `done`, once, on any thread.
  using Answer = std::function<void(const Request& request, Response& response, const Done& done)>;

  // Opens one more of `streams`, or ends at once where there may be none. `streams` outlives it.
  static AnsweringStream* Open(OpenStreams* streams, Answer answer) {
    auto* stream = new AnsweringStream(streams, std::move(answer));
    if (const absl::Status status = streams->Add(stream); !status.ok()) {
      stream->FinishOnce(ToGrpc(status));
    } else {
      stream->StartRead(&stream->request_);
    }
    return stream;  // gRPC owns a reactor until OnDone, its last call.
  }

  void OnReadDone(bool ok) override {
    if (!ok) return FinishOnce(grpc::Status::OK);  // The client is done.
    if (!BeginAnswer()) return;
    response_.Clear();
    response_.set_request_id(request_.request_id());
    answer_(request_, response_, [this](const absl::Status& status) { Send(status); });
  }

  void OnWriteDone(bool ok) override {
    const bool draining = EndAnswer();
    if (!ok) return FinishOnce(grpc::Status::CANCELLED);
    if (draining) return FinishOnce(ToGrpc(ServerDraining()));
    // A message keeps the memory of the largest one that it ever held.
    if (request_.SpaceUsedLong() > kMostKept) request_ = Request();
    this->StartRead(&request_);
  }

  void OnCancel() override {
    if (!answering()) FinishOnce(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    streams_->Remove(this);
    delete this;
  }

  void Drain() override {
    if (!AskToDrain()) FinishOnce(ToGrpc(ServerDraining()));
  }

 private:
  static constexpr std::size_t kMostKept = 64 * 1024;

  AnsweringStream(OpenStreams* streams, Answer answer) : streams_(streams), answer_(std::move(answer)) {}

  // Sends the response, or why there is none.
  void Send(const absl::Status& status) {
    if (!status.ok()) {
      auto& error = *response_.mutable_error();
      error.set_code(static_cast<int>(status.code()));
      error.set_message(std::string(status.message()));
    }
    this->StartWrite(&response_);
  }

  // Ends the stream, once. The lock is not held over gRPC's Finish: OnDone may
  // follow it on another thread before it returns.
  void FinishOnce(const grpc::Status& status) {
    {
      const engine::MutexLock lock(&mutex_);
      if (finished_) return;
      finished_ = true;
    }
    this->Finish(status);
  }

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

  OpenStreams* const streams_;
  const Answer answer_;
  Request request_;
  Response response_;
  engine::Mutex mutex_;
  bool answering_ ABSL_GUARDED_BY(mutex_) = false;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace giot::rpc
