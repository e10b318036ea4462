// With a model that finds every image alike, what a vehicle's conduct makes of one is
// all that tells deliveries apart.
#include "client/delivery.h"

#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "models/quality/capture_signature.h"
#include "models/quality/sensing_score.h"
#include "models/quality/sha256.h"
#include "tests/server/quality/test_quality_model.h"

namespace giot::client {
namespace {

constexpr double kShare = 0.8;  // What the model thinks of every image.
constexpr std::int64_t kNow = 1'700'000'000'000'000;

class DeliveryTest : public testing::Test {
 protected:
  DeliveryTest() : model_(quality::IndifferentModel(kShare)), frame_(256, 320, CV_8UC3) {
    cv::RNG random(1);
    random.fill(frame_, cv::RNG::UNIFORM, 0, 256);
  }

  Delivery Make(Conduct conduct) {
    auto delivery = Prepare(frame_, order_, conduct, model_);
    EXPECT_TRUE(delivery.ok()) << delivery.status();
    Stamp(order_, kNow, *delivery);
    return *std::move(delivery);
  }

  const quality::QualityModel model_;
  cv::Mat frame_;
  Order order_ = {"car", 47.5, 19.0, 0.9, 7};
};

TEST_F(DeliveryTest, AnHonestOneIsAFreshSignedImageOfTheWholeSize) {
  const Delivery delivery = Make(Conduct::kHonest);
  const v1::Capture& capture = delivery.request.capture();
  EXPECT_EQ(capture.source_id(), "car");
  EXPECT_EQ(capture.captured_at_us(), kNow);
  EXPECT_EQ(capture.sha256(), quality::BytesOf(quality::Sha256(delivery.request.image())));
  EXPECT_EQ(delivery.request.requirements().width(), 320);
  EXPECT_EQ(delivery.request.requirements().height(), 256);
  EXPECT_FALSE(delivery.sent_before);
  EXPECT_NEAR(delivery.true_quality, kShare, 1e-6);

  quality::CaptureSignature signature;
  ASSERT_EQ(capture.public_key().size(), signature.public_key.size());
  ASSERT_EQ(capture.signature().size(), signature.signature.size());
  std::copy(capture.public_key().begin(), capture.public_key().end(), signature.public_key.begin());
  std::copy(capture.signature().begin(), capture.signature().end(), signature.signature.begin());
  quality::Capture signed_one;
  signed_one.source_id = "car";
  signed_one.captured_at_us = kNow;
  signed_one.latitude = 47.5;
  signed_one.longitude = 19.0;
  EXPECT_TRUE(quality::VerifySignature(signed_one, quality::Sha256(delivery.request.image()), signature).ok());
}

TEST_F(DeliveryTest, AReplayIsSentTwiceAndWorthNothing) {
  const Delivery delivery = Make(Conduct::kReplay);
  EXPECT_TRUE(delivery.sent_before);
  EXPECT_EQ(delivery.true_quality, 0.0);
}

TEST_F(DeliveryTest, AStaleOneIsOldAndWorthAsMuchLess) {
  const Delivery delivery = Make(Conduct::kStale);
  EXPECT_EQ(delivery.request.capture().captured_at_us(), kNow - 20'000'000);
  EXPECT_NEAR(delivery.true_quality, kShare * std::exp(-19.0 / 5.0), 1e-6);
}

TEST_F(DeliveryTest, AnUpscaledOneHasTheWholeSizeAndIsWorthItsPixels) {
  const Delivery delivery = Make(Conduct::kUpscale);
  const std::string& bytes = delivery.request.image();
  const cv::Mat image = cv::imdecode(std::vector<std::uint8_t>(bytes.begin(), bytes.end()), cv::IMREAD_COLOR);
  EXPECT_EQ(image.size(), frame_.size());
  EXPECT_NEAR(delivery.true_quality, kShare * 0.5, 1e-6);
}

TEST_F(DeliveryTest, ACorruptOneIsNotWhatItsDigestSays) {
  const Delivery delivery = Make(Conduct::kCorrupt);
  EXPECT_NE(delivery.request.capture().sha256(), quality::BytesOf(quality::Sha256(delivery.request.image())));
  EXPECT_EQ(delivery.true_quality, 0.0);
}

TEST_F(DeliveryTest, GrainIsAddedAfterTheVehicleMeasured) {
  order_.quality = kShare / 2.0;
  const Delivery honest = Make(Conduct::kHonest);
  const Delivery grainy = Make(Conduct::kGrain);
  EXPECT_NE(grainy.request.image(), honest.request.image());
  EXPECT_NEAR(grainy.true_quality, kShare, 1e-6);
}

TEST_F(DeliveryTest, AFrameThatCannotBeScoredIsAnError) {
  frame_ = frame_(cv::Rect(0, 0, 20, 20));
  EXPECT_EQ(Prepare(frame_, order_, Conduct::kHonest, model_).status().code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace giot::client
