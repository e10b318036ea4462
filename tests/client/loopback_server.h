#pragma once

#include <memory>
#include <string>

#include "grpcpp/impl/service_type.h"
#include "grpcpp/server.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/sync_stream.h"

namespace giot::client {

// Serves a service, which outlives it, on a free port of the loopback for as long as it lives.
class LoopbackServer {
 public:
  explicit LoopbackServer(grpc::Service& service);
  ~LoopbackServer();

  const std::string& address() const { return address_; }
  grpc::Server& server() { return *server_; }

 private:
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

// Answers what comes over a stream as giot-server does, in order, by `handler(request, reply)`.
template <typename Response, typename Request, typename Handler>
grpc::Status AnswerStream(grpc::ServerReaderWriter<Response, Request>& stream, const Handler& handler) {
  Request request;
  while (stream.Read(&request)) {
    Response response;
    response.set_request_id(request.request_id());
    const grpc::Status status = handler(request.request(), *response.mutable_response());
    if (!status.ok()) {
      response.mutable_error()->set_code(status.error_code());
      response.mutable_error()->set_message(status.error_message());
    }
    stream.Write(response);
  }
  return grpc::Status::OK;
}

}  // namespace giot::client
