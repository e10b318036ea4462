#include "server/rpc/sensing_convert.h"

#include <functional>
#include <limits>
#include <string>
#include <variant>

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
  ASSERT_TRUE(std::holds_alternative<scoring::Image>(submission->data));
  const auto& image = std::get<scoring::Image>(submission->data);
  EXPECT_EQ(image.bytes, "image");
  EXPECT_EQ(image.reference, "reference");
  EXPECT_TRUE(image.heat_map);
  EXPECT_EQ(submission->submission_id, "7");
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

TEST(SubmissionFromTest, TakesARecording) {
  v1::ScoreSensingQualityRequest request = GoodDelivery();
  request.set_audio("sound");
  const auto submission = SubmissionFrom(request);
  ASSERT_TRUE(submission.ok()) << submission.status();
  ASSERT_TRUE(std::holds_alternative<scoring::Recording>(submission->data));
  EXPECT_EQ(std::get<scoring::Recording>(submission->data).bytes, "sound");
}

v1::ScoreSensingQualityRequest GoodReport() {
  v1::ScoreSensingQualityRequest request = GoodDelivery();
  request.mutable_telemetry()->set_speed(12.5);
  request.mutable_telemetry()->set_heading(359.5);
  return request;
}

TEST(SubmissionFromTest, TakesAReport) {
  const v1::ScoreSensingQualityRequest request = GoodReport();
  const auto submission = SubmissionFrom(request);
  ASSERT_TRUE(submission.ok()) << submission.status();
  ASSERT_TRUE(std::holds_alternative<scoring::Motion>(submission->data));
  EXPECT_EQ(std::get<scoring::Motion>(submission->data).speed, 12.5);
  EXPECT_EQ(std::get<scoring::Motion>(submission->data).heading, 359.5);
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
        BadField{"submission_id", [](auto& r) { r.set_submission_id(std::string(65, 'x')); }},
        BadField{"reference_image",
                 [](auto& r) {
                   r.set_audio("sound");
                   r.set_reference_image("reference");
                 }},
        BadField{"heat_map",
                 [](auto& r) {
                   r = GoodReport();
                   r.set_heat_map(true);
                 }},
        BadField{"telemetry.speed", [](auto& r) { r.mutable_telemetry()->set_speed(-0.1); }},
        BadField{"telemetry.speed", [](auto& r) { r.mutable_telemetry()->set_speed(1000.1); }},
        BadField{"telemetry.speed", [](auto& r) { r.mutable_telemetry()->set_speed(kNan); }},
        BadField{"telemetry.heading", [](auto& r) { r.mutable_telemetry()->set_heading(360.0); }},
        BadField{"telemetry.heading", [](auto& r) { r.mutable_telemetry()->set_heading(kNan); }}));

}  // namespace
}  // namespace giot::rpc
