#include "tests/client/fake_sensing_server.h"

#include <utility>

namespace giot::client {

grpc::Status ScoreLeniently(const v1::ScoreSensingQualityRequest& request, v1::SensingQualityScore& score) {
  if (request.image() == "bad") return {grpc::StatusCode::INVALID_ARGUMENT, "image: bad"};
  score.set_quality(0.75);
  score.set_quality_lower(0.625);
  score.set_quality_upper(0.875);
  score.add_flags(v1::SENSING_FLAG_STALE);
  score.add_flags(v1::SENSING_FLAG_UNSIGNED);
  score.add_reasons("motion blur");
  score.add_reasons("a second reason");
  if (request.heat_map()) {
    score.mutable_heat_map()->set_columns(2);
    score.mutable_heat_map()->set_rows(1);
    score.mutable_heat_map()->add_unusable(0.0F);
    score.mutable_heat_map()->add_unusable(1.0F);
  }
  return grpc::Status::OK;
}

class FakeSensingServer::Service final : public v1::SensingQualityService::Service {
 public:
  explicit Service(SensingHandler handler) : handler_(std::move(handler)) {}

  grpc::Status ScoreSensingQuality(grpc::ServerContext*, const v1::ScoreSensingQualityRequest* request,
                                   v1::SensingQualityScore* score) override {
    return handler_(*request, *score);
  }

  grpc::Status StreamSensingQuality(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::StreamSensingQualityResponse, v1::StreamSensingQualityRequest>* stream) override {
    return AnswerStream(*stream, handler_);
  }

 private:
  SensingHandler handler_;
};

FakeSensingServer::FakeSensingServer(SensingHandler handler) : service_(std::make_unique<Service>(std::move(handler))) {
  server_ = std::make_unique<LoopbackServer>(*service_);
}

FakeSensingServer::~FakeSensingServer() = default;

}  // namespace giot::client
