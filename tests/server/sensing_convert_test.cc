#include "server/rpc/sensing_convert.h"

#include <functional>
#include <limits>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/quality/capture_signature.h"

namespace giot::rpc {
namespace {

v1::ScoreSensingQualityRequest GoodDelivery() {
  v1::ScoreSensingQualityRequest request;
  request.set_image("image");
  v1::Capture& capture = *request.mutable_capture();
  capture.set_source_id("car-7/front");
  capture.set_captured_at_us(1'700'000'000'000'000);
  capture.set_latitude(47.5);
  capture.set_longitude(19.0);
  return request;
}

TEST(SubmissionFromTest, TakesOverWhatWasSentAndFillsInTheRest) {
  v1::ScoreSensingQualityRequest request = GoodDelivery();
  request.set_reference_image("reference");
  request.set_submission_id("7");
  request.set_heat_map(true);
  request.mutable_requirements()->set_width(640);
  request.mutable_requirements()->set_fresh_for_s(0.0);
  const auto submission = SubmissionFrom(request);
  ASSERT_TRUE(submission.ok()) << submission.status();
  EXPECT_EQ(submission->image, "image");
  EXPECT_EQ(submission->reference, "reference");
  EXPECT_EQ(submission->submission_id, "7");
  EXPECT_TRUE(submission->heat_map);
  EXPECT_EQ(submission->capture.source_id, "car-7/front");
  EXPECT_EQ(submission->capture.captured_at_us, 1'700'000'000'000'000);
  EXPECT_EQ(submission->capture.latitude, 47.5);
  EXPECT_EQ(submission->capture.longitude, 19.0);
  EXPECT_FALSE(submission->capture.is_signed);
  EXPECT_FALSE(submission->signature.has_value());
  EXPECT_EQ(submission->requirements.width, 640);
  EXPECT_EQ(submission->requirements.height, 720);
  EXPECT_EQ(submission->requirements.fresh_for_s, 0.0);
  EXPECT_EQ(submission->requirements.age_scale_s, 5.0);
}

TEST(SubmissionFromTest, TakesOverTheSignature) {
  v1::ScoreSensingQualityRequest request = GoodDelivery();
  request.mutable_capture()->set_public_key(std::string(32, 'k'));
  request.mutable_capture()->set_signature(std::string(64, 's'));
  const auto submission = SubmissionFrom(request);
  ASSERT_TRUE(submission.ok()) << submission.status();
  ASSERT_TRUE(submission->signature.has_value());
  EXPECT_EQ(submission->signature->public_key[31], 'k');
  EXPECT_EQ(submission->signature->signature[63], 's');
}

struct BadField {
  std::string field;
  std::function<void(v1::ScoreSensingQualityRequest&)> damage;
};

class BadDeliveryTest : public testing::TestWithParam<BadField> {};

TEST_P(BadDeliveryTest, IsRefusedWithTheFieldNamed) {
  v1::ScoreSensingQualityRequest request = GoodDelivery();
  GetParam().damage(request);
  const absl::Status status = SubmissionFrom(request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::StartsWith(GetParam().field + ": got"));
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

INSTANTIATE_TEST_SUITE_P(
    Fields, BadDeliveryTest,
    testing::Values(
        BadField{"data", [](auto& r) { r.clear_image(); }},
        BadField{"capture.source_id", [](auto& r) { r.clear_capture(); }},
        BadField{"capture.source_id", [](auto& r) { r.mutable_capture()->set_source_id(std::string(129, 'x')); }},
        BadField{"capture.captured_at_us", [](auto& r) { r.mutable_capture()->set_captured_at_us(0); }},
        BadField{"capture.latitude", [](auto& r) { r.mutable_capture()->set_latitude(90.1); }},
        BadField{"capture.latitude", [](auto& r) { r.mutable_capture()->set_latitude(kNan); }},
        BadField{"capture.longitude", [](auto& r) { r.mutable_capture()->set_longitude(-180.1); }},
        BadField{"capture.sha256", [](auto& r) { r.mutable_capture()->set_sha256("short"); }},
        BadField{"capture.public_key", [](auto& r) { r.mutable_capture()->set_signature(std::string(64, 's')); }},
        BadField{"capture.signature", [](auto& r) { r.mutable_capture()->set_public_key(std::string(32, 'k')); }},
        BadField{"requirements.width", [](auto& r) { r.mutable_requirements()->set_width(-1); }},
        BadField{"requirements.height", [](auto& r) { r.mutable_requirements()->set_height(65536); }},
        BadField{"requirements.fresh_for_s", [](auto& r) { r.mutable_requirements()->set_fresh_for_s(-1.0); }},
        BadField{"requirements.age_scale_s", [](auto& r) { r.mutable_requirements()->set_age_scale_s(0.0); }},
        BadField{"requirements.age_scale_s", [](auto& r) { r.mutable_requirements()->set_age_scale_s(kNan); }},
        BadField{"submission_id", [](auto& r) { r.set_submission_id(std::string(65, 'x')); }}));

}  // namespace
}  // namespace giot::rpc
