// SensingQualityService over loopback, with a model that finds every image alike: what
// a score says is what became of everything but the picture.
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <latch>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/contract_client.h"
#include "giot/v1/sensing_quality.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "models/quality/capture_signature.h"
#include "models/quality/sensing_score.h"
#include "models/quality/sha256.h"
#include "tests/integration/odd_images.h"
#include "tests/integration/running_server.h"
#include "tests/server/market.h"
#include "tests/server/quality/test_quality_model.h"

namespace giot::integration {
namespace {

using grpc::StatusCode;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double kShare = 0.8;  // What the model thinks of every image.

std::filesystem::path EmptyFolder(const std::string& name) {
  std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

// A bundle of the indifferent model, which all tests here share.
const std::filesystem::path& SharedModel() {
  static const std::filesystem::path model = quality::WriteIndifferentModel(EmptyFolder("sensing_model"), 1, kShare);
  return model;
}

server::ServerOptions Scoring() {
  server::ServerOptions options = PolicyServing();
  options.sensing.model = SharedModel();
  return options;
}

v1::ScoreSensingQualityRequest Delivery(const std::string& image, const std::string& source = "car-7/front") {
  v1::ScoreSensingQualityRequest request;
  request.set_image(image);
  v1::Capture& capture = *request.mutable_capture();
  capture.set_source_id(source);
  capture.set_captured_at_us(absl::ToUnixMicros(absl::Now()));
  capture.set_latitude(47.5);
  capture.set_longitude(19.0);
  // However long a loaded machine takes, it is fresh.
  request.mutable_requirements()->set_fresh_for_s(3600.0);
  return request;
}

class SensingTest : public testing::Test {
 protected:
  void Start(const server::ServerOptions& options = Scoring()) {
    running_.reset();  // A file of the one before may be locked.
    running_ = std::make_unique<RunningServer>(options);
    stub_ = v1::SensingQualityService::NewStub(
        grpc::CreateChannel(running_->address(), grpc::InsecureChannelCredentials()));
  }

  grpc::Status Score(const v1::ScoreSensingQualityRequest& request, v1::SensingQualityScore& score) {
    grpc::ClientContext context;
    return stub_->ScoreSensingQuality(&context, request, &score);
  }

  v1::SensingQualityScore ScoreOk(const v1::ScoreSensingQualityRequest& request) {
    v1::SensingQualityScore score;
    const grpc::Status status = Score(request, score);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return score;
  }

  client::ContractClient Contracts() { return client::ContractClient(running_->address()); }

  std::unique_ptr<RunningServer> running_;
  std::unique_ptr<v1::SensingQualityService::Stub> stub_;
};

TEST_F(SensingTest, AScoreSaysWhatItTakesToComputeItAgain) {
  Start();
  const v1::ScoreSensingQualityRequest request = Delivery(SomeJpeg(1));
  const v1::SensingQualityScore score = ScoreOk(request);
  EXPECT_EQ(score.model().name(), "quality");
  EXPECT_EQ(score.nonce().size(), 32U);
  EXPECT_EQ(score.nonce_commitment().size(), 32U);
  EXPECT_EQ(score.data_sha256(), quality::BytesOf(quality::Sha256(request.image())));

  const auto model = quality::LoadQualityModel(SharedModel());
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(score.model().digest(), model->digest);
  quality::Capture capture;
  capture.source_id = request.capture().source_id();
  capture.captured_at_us = request.capture().captured_at_us();
  capture.latitude = request.capture().latitude();
  capture.longitude = request.capture().longitude();
  quality::Requirements requirements;
  requirements.received_at_us = score.received_at_us();
  requirements.fresh_for_s = score.requirements().fresh_for_s();
  requirements.age_scale_s = score.requirements().age_scale_s();
  requirements.width = score.requirements().width();
  requirements.height = score.requirements().height();
  const auto again = quality::ScoreImage(*model, request.image(), capture, requirements, score.nonce(), {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->quality, score.quality());
  EXPECT_EQ(again->quality_lower, score.quality_lower());
  EXPECT_EQ(again->quality_upper, score.quality_upper());
}

TEST_F(SensingTest, ResolutionCountsAgainstWhatTheTaskAsksFor) {
  Start();
  v1::ScoreSensingQualityRequest request = Delivery(SomeJpeg(1, 320, 240));
  request.mutable_requirements()->set_width(640);
  request.mutable_requirements()->set_height(480);
  const v1::SensingQualityScore score = ScoreOk(request);
  EXPECT_DOUBLE_EQ(score.factors().resolution(), 0.5);
  EXPECT_NEAR(score.quality(), kShare * 0.5, 1e-6);
  EXPECT_LE(score.quality_lower(), score.quality());
  EXPECT_GE(score.quality_upper(), score.quality());
  EXPECT_EQ(score.width(), 320);
  EXPECT_EQ(score.height(), 240);
}

TEST_F(SensingTest, AHeatMapComesWhereItIsAskedFor) {
  Start();
  v1::ScoreSensingQualityRequest request = Delivery(SomeJpeg(1));
  EXPECT_FALSE(ScoreOk(request).has_heat_map());
  request.set_image(SomeJpeg(2));
  request.set_heat_map(true);
  const v1::SensingHeatMap map = ScoreOk(request).heat_map();
  EXPECT_GT(map.columns(), 0);
  EXPECT_EQ(map.unusable_size(), map.columns() * map.rows());
}

TEST_F(SensingTest, TheSameBytesAgainAreAReplayAndWorthNothing) {
  Start();
  const std::string image = SomeJpeg(1);
  EXPECT_GT(ScoreOk(Delivery(image)).quality(), 0.0);
  const v1::SensingQualityScore again = ScoreOk(Delivery(image));
  EXPECT_THAT(again.flags(), Contains(v1::SENSING_FLAG_REPLAY));
  EXPECT_EQ(again.quality(), 0.0);
  EXPECT_EQ(again.quality_lower(), 0.0);
  EXPECT_GT(ScoreOk(Delivery(SomeJpeg(2))).quality(), 0.0);
  EXPECT_GT(ScoreOk(Delivery(image, "another car")).quality(), 0.0);
}

TEST_F(SensingTest, ACallThatIsRepeatedGetsItsFirstAnswer) {
  Start();
  v1::ScoreSensingQualityRequest request = Delivery(SomeJpeg(1));
  request.set_submission_id("delivery 1");
  const v1::SensingQualityScore first = ScoreOk(request);
  const v1::SensingQualityScore again = ScoreOk(request);
  EXPECT_FALSE(first.repeated());
  EXPECT_TRUE(again.repeated());
  EXPECT_EQ(again.quality(), first.quality());
  request.set_submission_id("delivery 2");
  EXPECT_THAT(ScoreOk(request).flags(), Contains(v1::SENSING_FLAG_REPLAY));
}

TEST_F(SensingTest, BytesOfAnotherDigestAreCorruptAndWorthNothing) {
  Start();
  v1::ScoreSensingQualityRequest request = Delivery(SomeJpeg(1));
  request.mutable_capture()->set_sha256(std::string(quality::BytesOf(quality::Sha256("another image"))));
  const v1::SensingQualityScore score = ScoreOk(request);
  EXPECT_THAT(score.flags(), Contains(v1::SENSING_FLAG_CORRUPT));
  EXPECT_EQ(score.quality(), 0.0);
}

TEST_F(SensingTest, ASignatureIsVerifiedAndNoted) {
  Start();
  v1::ScoreSensingQualityRequest request = Delivery(SomeJpeg(1));
  EXPECT_THAT(ScoreOk(request).flags(), Contains(v1::SENSING_FLAG_UNSIGNED));
  request.set_image(SomeJpeg(2));
  quality::Capture capture;
  capture.source_id = request.capture().source_id();
  capture.captured_at_us = request.capture().captured_at_us();
  capture.latitude = request.capture().latitude();
  capture.longitude = request.capture().longitude();
  const quality::CaptureSignature signature =
      quality::Sign(capture, quality::Sha256(request.image()), quality::SecretKeyFrom({1, 2, 3}));
  request.mutable_capture()->set_public_key(std::string(signature.public_key.begin(), signature.public_key.end()));
  request.mutable_capture()->set_signature(std::string(signature.signature.begin(), signature.signature.end()));
  EXPECT_THAT(ScoreOk(request).flags(), Not(Contains(v1::SENSING_FLAG_UNSIGNED)));
  request.mutable_capture()->set_longitude(20.0);
  v1::SensingQualityScore score;
  EXPECT_EQ(Score(request, score).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(SensingTest, UnusualImagesAreScoredAsTheyAreSeen) {
  Start();
  for (const NamedImage& image : ImagesThatAreScored()) {
    const v1::SensingQualityScore score = ScoreOk(Delivery(image.bytes, image.name));
    EXPECT_GT(score.quality(), 0.0) << image.name;
    EXPECT_EQ(score.width(), image.width) << image.name;
    EXPECT_EQ(score.height(), image.height) << image.name;
  }
}

TEST_F(SensingTest, BadImagesAreRefusedWithTheReasonAndTheServerGoesOn) {
  Start();
  for (const NamedImage& image : ImagesThatAreRefused()) {
    v1::SensingQualityScore score;
    const grpc::Status status = Score(Delivery(image.bytes, image.name), score);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << image.name;
    EXPECT_FALSE(status.error_message().empty()) << image.name;
  }
  EXPECT_GT(ScoreOk(Delivery(SomeJpeg(1))).quality(), 0.0);
}

TEST_F(SensingTest, ABadFieldIsNamed) {
  Start();
  v1::ScoreSensingQualityRequest request = Delivery(SomeJpeg(1));
  request.mutable_capture()->clear_source_id();
  v1::SensingQualityScore score;
  const grpc::Status status = Score(request, score);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("capture.source_id: got 0 bytes"));
}

TEST_F(SensingTest, AStreamAnswersInOrderWhateverTheIdsAndGoesOnAfterABadImage) {
  Start();
  grpc::ClientContext context;
  const auto stream = stub_->StreamSensingQuality(&context);
  const std::vector<std::uint64_t> ids = {9, 2, 2, 0, 7};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    v1::StreamSensingQualityRequest request;
    request.set_request_id(ids[i]);
    *request.mutable_request() = Delivery(i == 2 ? "no image" : SomeJpeg(i));
    ASSERT_TRUE(stream->Write(request));
  }
  stream->WritesDone();
  v1::StreamSensingQualityResponse response;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.request_id(), ids[i]);
    if (i == 2) {
      EXPECT_EQ(response.error().code(), static_cast<int>(StatusCode::INVALID_ARGUMENT));
    } else {
      EXPECT_GT(response.response().quality(), 0.0);
    }
  }
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(SensingTest, AReplayOnAStreamIsSeenByTheUnaryCall) {
  Start();
  grpc::ClientContext context;
  const auto stream = stub_->StreamSensingQuality(&context);
  v1::StreamSensingQualityRequest request;
  *request.mutable_request() = Delivery(SomeJpeg(1));
  ASSERT_TRUE(stream->Write(request));
  v1::StreamSensingQualityResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_THAT(ScoreOk(request.request()).flags(), Contains(v1::SENSING_FLAG_REPLAY));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(SensingTest, WithoutAModelItSaysSoAndContractsAreServed) {
  Start(PolicyServing());
  v1::SensingQualityScore score;
  const grpc::Status status = Score(Delivery(SomeJpeg(1)), score);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("quality_model"));
  client::ContractClient contracts = Contracts();
  EXPECT_TRUE(contracts.CheckHealth().ok());
  EXPECT_FALSE(contracts.CheckHealth("giot.v1.SensingQualityService").ok());
  EXPECT_TRUE(contracts.GenerateContract(GoodRequest()).ok());
}

TEST_F(SensingTest, ADamagedModelIsNotUsedAndHealthSaysSo) {
  server::ServerOptions options = PolicyServing();
  options.sensing.model = quality::WriteIndifferentModel(EmptyFolder("damaged_model"));
  std::ofstream(options.sensing.model / "model.json", std::ios::app) << ' ';
  Start(options);
  v1::SensingQualityScore score;
  const grpc::Status status = Score(Delivery(SomeJpeg(1)), score);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("model.json"));
  client::ContractClient contracts = Contracts();
  EXPECT_FALSE(contracts.CheckHealth().ok());
  EXPECT_TRUE(contracts.GenerateContract(GoodRequest()).ok());
}

TEST_F(SensingTest, TheNewestModelBelowTheRootIsTheDefaultAndNoContractModel) {
  server::ServerOptions options = PolicyServing();
  options.model_root = EmptyFolder("root_with_quality");
  std::filesystem::copy(GoodModels(), options.model_root, std::filesystem::copy_options::recursive);
  quality::WriteIndifferentModel(options.model_root, 1);
  quality::WriteIndifferentModel(options.model_root, 3);
  Start(options);
  EXPECT_EQ(ScoreOk(Delivery(SomeJpeg(1))).model().version(), 3);
  client::ContractClient contracts = Contracts();
  EXPECT_TRUE(contracts.CheckHealth().ok());
  EXPECT_TRUE(contracts.CheckHealth("giot.v1.SensingQualityService").ok());
  EXPECT_EQ(contracts.ListModels()->models_size(), 1);
}

TEST_F(SensingTest, AMessageThatIsTooLargeIsRefusedAndTheServerGoesOn) {
  server::ServerOptions options = Scoring();
  options.sensing.service.max_message_bytes = 100'000;
  Start(options);
  v1::SensingQualityScore score;
  EXPECT_EQ(Score(Delivery(std::string(100'001, 'x')), score).error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_GT(ScoreOk(Delivery(SomeJpeg(1))).quality(), 0.0);
}

TEST_F(SensingTest, HistoriesOutliveTheServer) {
  server::ServerOptions options = Scoring();
  options.sensing.engine.history_file = EmptyFolder("history") / "history";
  options.sensing.engine.nonce_secret_file = options.sensing.engine.history_file.parent_path() / "secret";
  Start(options);
  const std::string image = SomeJpeg(1);
  const v1::SensingQualityScore first = ScoreOk(Delivery(image));
  Start(options);
  const v1::SensingQualityScore again = ScoreOk(Delivery(image));
  EXPECT_THAT(again.flags(), Contains(v1::SENSING_FLAG_REPLAY));
  EXPECT_EQ(again.nonce(), first.nonce());
  EXPECT_EQ(again.nonce_commitment(), first.nonce_commitment());
}

TEST_F(SensingTest, ADamagedHistoryKeepsTheServerFromStarting) {
  server::ServerOptions options = Scoring();
  options.sensing.engine.history_file = EmptyFolder("damaged_history") / "history";
  std::ofstream(options.sensing.engine.history_file) << "not a history";
  EXPECT_EQ(server::Server::Start(options).status().code(), absl::StatusCode::kDataLoss);
}

// A pool in which every image waits to be let go.
class BlockedPoolTest : public SensingTest {
 protected:
  void SetUp() override {
    server::ServerOptions options = Scoring();
    options.sensing.engine.queue.deliveries = 2;
    options.sensing.engine.scorer = [this](auto&&...) {
      entered_.release();
      go_on_.wait();
      return quality::SensingScore();
    };
    Start(options);
  }

  void TearDown() override {
    if (!go_on_.try_wait()) go_on_.count_down();
    for (std::thread& caller : callers_) caller.join();
  }

  // Sends a delivery on a thread of its own, and leaves how it ended in statuses_.
  void Send(std::size_t number) {
    callers_.emplace_back([this, number] {
      v1::SensingQualityScore score;
      grpc::ClientContext context;
      statuses_[number] =
          stub_->ScoreSensingQuality(&context, Delivery("image", "car " + std::to_string(number)), &score);
    });
  }

  std::counting_semaphore<> entered_{0};
  std::latch go_on_{1};
  std::array<grpc::Status, 2> statuses_;
  std::vector<std::thread> callers_;
};

TEST_F(BlockedPoolTest, ImagesNeverDelayMenus) {
  Send(0);
  entered_.acquire();  // The only scoring thread is taken.
  client::ContractClient contracts = Contracts();
  for (int call = 0; call < 20; ++call) EXPECT_TRUE(contracts.GenerateContract(GoodRequest()).ok());
  go_on_.count_down();
  callers_.front().join();
  callers_.clear();
  EXPECT_TRUE(statuses_[0].ok()) << statuses_[0].error_message();
}

TEST_F(BlockedPoolTest, WhatDoesNotFitIsRefusedWithWhenToComeBack) {
  Send(0);
  entered_.acquire();
  // One more waits, another does not fit; which of both calls comes first is up to the threads.
  Send(1);
  v1::SensingQualityScore score;
  grpc::Status refused;
  for (int tries = 0; tries < 10'000 && refused.error_code() != StatusCode::RESOURCE_EXHAUSTED; ++tries) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(1));
    refused = stub_->ScoreSensingQuality(&context, Delivery("image", "late"), &score);
  }
  EXPECT_EQ(refused.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused.error_details(), HasSubstr("google.rpc.RetryInfo"));
}

TEST_F(BlockedPoolTest, ADrainingServerAnswersWhatItHasAndRefusesTheRest) {
  Send(0);
  entered_.acquire();
  running_->server().RefuseCalls();
  v1::SensingQualityScore score;
  EXPECT_EQ(Score(Delivery("image"), score).error_code(), StatusCode::UNAVAILABLE);
  go_on_.count_down();
  running_->server().Shutdown(absl::Seconds(60));
  callers_.front().join();
  callers_.clear();
  EXPECT_TRUE(statuses_[0].ok()) << statuses_[0].error_message();
}

}  // namespace
}  // namespace giot::integration
