#include "client/settlement/data_digest.h"

#include <string>

#include "gtest/gtest.h"

namespace giot::client {
namespace {

TEST(DataSha256Test, IsOfTheBytesOfImagesAndRecordings) {
  v1::ScoreSensingQualityRequest image, audio;
  image.set_image("abc");
  audio.set_audio("abc");
  // FIPS 180-4's example.
  const char* const wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(ledger::HexOf(ledger::BytesOf(*DataSha256(image))), wanted);
  EXPECT_EQ(ledger::HexOf(ledger::BytesOf(*DataSha256(audio))), wanted);
}

TEST(DataSha256Test, IsOfFortyBytesOfAReport) {
  v1::ScoreSensingQualityRequest report;
  report.mutable_capture()->set_captured_at_us(1'700'000'000'000'000);
  report.mutable_capture()->set_latitude(48.5);
  report.mutable_capture()->set_longitude(11.25);
  report.mutable_telemetry()->set_speed(12.5);
  report.mutable_telemetry()->set_heading(90.0);
  // By Python: sha256(struct.pack('<qdddd', 1700000000000000, 48.5, 11.25, 12.5, 90.0)).
  EXPECT_EQ(ledger::HexOf(ledger::BytesOf(*DataSha256(report))),
            "d882a6b2b217f30b17ea7cd79595ca6763da14d6f0247739c7f08bec1f4c1fe6");
}

TEST(DataSha256Test, WantsData) { EXPECT_EQ(DataSha256({}).status().code(), absl::StatusCode::kInvalidArgument); }

TEST(CaptureStatementTest, HasEveryPartLeastSignificantByteFirst) {
  v1::Capture capture;
  capture.set_source_id("ab");
  capture.set_captured_at_us(0x0201);
  capture.set_latitude(1.0);  // 0x3ff0000000000000
  const ledger::Digest sha256 = ledger::Sha256({"data"});
  const std::string zeros(6, '\0');
  EXPECT_EQ(CaptureStatement(capture, sha256), "giot.v1.Capture" + std::string("\2\0", 2) + zeros + "ab\1\2" + zeros +
                                                   zeros + "\xf0\x3f" + zeros + std::string(2, '\0') +
                                                   std::string(ledger::BytesOf(sha256)));
}

}  // namespace
}  // namespace giot::client
