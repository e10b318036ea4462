#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/wire_status.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/sync_stream.h"

namespace giot::client {

// Many requests over one call, answered in order. One thread may send while
// another receives. Destroying it cancels what is still on its way.
//
// Request has a request_id and a `request`; Response repeats the id and has a `response`
// or an `error`.
template <typename Request, typename Response>
class RequestStream {
 public:
  using Payload = std::decay_t<decltype(std::declval<Request>().request())>;
  using Result = std::decay_t<decltype(std::declval<Response>().response())>;

  struct Reply {
    std::uint64_t request_id = 0;
    // The answer, or why this request alone failed.
    absl::StatusOr<Result> result;
  };

  // `open(context)` opens the call, which ends after `lifetime`. Requires max_in_flight >= 1.
  template <typename Open>
  RequestStream(const Open& open, absl::Duration lifetime, std::size_t max_in_flight)
      : state_(std::make_unique<State>(max_in_flight)) {
    state_->context.set_deadline(absl::ToChronoTime(absl::Now() + lifetime));
    state_->stream = open(&state_->context);
  }
  RequestStream(RequestStream&&) = default;
  ~RequestStream() {
    if (state_ == nullptr || !state_->end.ok()) return;
    state_->context.TryCancel();
    state_->stream->Finish();
  }

  // Blocks while the server is that far behind. RESOURCE_EXHAUSTED if max_in_flight replies are yet to
  // be received; UNAVAILABLE once the stream is broken: Receive says why.
  absl::Status Send(std::uint64_t request_id, const Payload& request) {
    if (state_->in_flight >= state_->max_in_flight) {
      return absl::ResourceExhaustedError(
          absl::StrCat("stream: ", state_->max_in_flight, " requests in flight is the limit, receive a reply first"));
    }
    ++state_->in_flight;
    Request message;
    message.set_request_id(request_id);
    *message.mutable_request() = request;
    if (state_->stream->Write(message)) return absl::OkStatus();
    return absl::UnavailableError("the stream is broken");
  }

  // No more requests will follow; replies still do.
  void CloseSending() { state_->stream->WritesDone(); }

  // The next reply. OUT_OF_RANGE after the last one, else why the stream broke.
  absl::StatusOr<Reply> Receive() {
    if (!state_->end.ok()) return state_->end;
    Response message;
    if (state_->stream->Read(&message)) {
      --state_->in_flight;
      return ToReply(std::move(message));
    }
    state_->end = FromWire(state_->stream->Finish());
    if (state_->end.ok()) state_->end = absl::OutOfRangeError("every reply has been received");
    return state_->end;
  }

  // Requests whose replies are yet to be received.
  std::size_t in_flight() const { return state_->in_flight; }

 private:
  struct State {
    explicit State(std::size_t most) : max_in_flight(most) {}

    const std::size_t max_in_flight;
    std::atomic<std::size_t> in_flight = 0;
    grpc::ClientContext context;  // Outlives the stream that uses it.
    std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream;
    absl::Status end;  // Why no more replies come, once that is known.
  };

  static Reply ToReply(Response message) {
    const std::uint64_t id = message.request_id();
    if (message.has_response()) return {id, std::move(*message.mutable_response())};
    if (!message.has_error() || message.error().code() == 0) {
      return {id, absl::DataLossError("result: got none, want a response or an error")};
    }
    return {id, absl::Status(static_cast<absl::StatusCode>(message.error().code()), message.error().message())};
  }

  std::unique_ptr<State> state_;
};

}  // namespace giot::client
