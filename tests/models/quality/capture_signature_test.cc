#include "models/quality/capture_signature.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace giot::quality {
namespace {

// The key pair of RFC 8032, section 7.1, test 1: seed, then public key.
constexpr char kSecretKeyHex[] =
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

std::array<std::uint8_t, 64> SecretKey() {
  std::array<std::uint8_t, 64> key;
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<std::uint8_t>(std::stoi(std::string(kSecretKeyHex).substr(2 * i, 2), nullptr, 16));
  }
  return key;
}

Capture SomeCapture() {
  Capture capture;
  capture.source_id = "ab";
  capture.captured_at_us = 0x0102030405060708;
  capture.latitude = 1.0;
  capture.longitude = -2.0;
  return capture;
}

std::array<std::uint8_t, 32> SomeDigest() {
  std::array<std::uint8_t, 32> digest;
  digest.fill(0x55);
  return digest;
}

TEST(CaptureSignatureTest, SignedBytesAreThoseOfTheDescription) {
  const std::string expected = std::string("giot.v1.Capture") + std::string("\x02\0\0\0\0\0\0\0", 8) + "ab" +
                               "\x08\x07\x06\x05\x04\x03\x02\x01" + std::string("\0\0\0\0\0\0\xf0\x3f", 8) +
                               std::string("\0\0\0\0\0\0\0\xc0", 8) + std::string(32, '\x55');
  EXPECT_EQ(SignedBytes(SomeCapture(), SomeDigest()), expected);
}

TEST(CaptureSignatureTest, VerifiesWhatWasSigned) {
  const CaptureSignature signature = Sign(SomeCapture(), SomeDigest(), SecretKey());
  EXPECT_TRUE(std::equal(signature.public_key.begin(), signature.public_key.end(), SecretKey().begin() + 32));
  EXPECT_TRUE(VerifySignature(SomeCapture(), SomeDigest(), signature).ok());
}

TEST(CaptureSignatureTest, AnyChangeIsSeen) {
  const CaptureSignature signature = Sign(SomeCapture(), SomeDigest(), SecretKey());
  const std::vector<std::function<void(Capture&)>> changes = {
      [](Capture& capture) { capture.source_id = "abc"; }, [](Capture& capture) { capture.captured_at_us += 1; },
      [](Capture& capture) { capture.latitude += 1e-12; }, [](Capture& capture) { capture.longitude = 2.0; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Capture capture = SomeCapture();
    changes[i](capture);
    EXPECT_EQ(VerifySignature(capture, SomeDigest(), signature).code(), absl::StatusCode::kInvalidArgument) << i;
  }
  auto digest = SomeDigest();
  digest[31] ^= 1;
  EXPECT_FALSE(VerifySignature(SomeCapture(), digest, signature).ok());
  CaptureSignature damaged = signature;
  damaged.signature[0] ^= 1;
  EXPECT_FALSE(VerifySignature(SomeCapture(), SomeDigest(), damaged).ok());
  damaged = signature;
  damaged.public_key[0] ^= 1;
  EXPECT_FALSE(VerifySignature(SomeCapture(), SomeDigest(), damaged).ok());
}

}  // namespace
}  // namespace giot::quality
