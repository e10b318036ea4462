#include "models/bundle/digest.h"

#include "gtest/gtest.h"

namespace giot::bundle {
namespace {

// RFC 8032, section 7.1, test 2: the one-byte message 0x72.
constexpr char kSecretKey[] =
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr char kPublicKey[] = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr char kSignature[] =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(DigestTest, Sha256IsThatOfTheStandard) {
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(DigestTest, SignatureIsThatOfTheStandard) {
  const auto signature = Sign("\x72", kSecretKey);
  ASSERT_TRUE(signature.ok()) << signature.status();
  EXPECT_EQ(signature->public_key, kPublicKey);
  EXPECT_EQ(signature->signature, kSignature);
  EXPECT_TRUE(Verify("\x72", *signature).ok());
}

TEST(DigestTest, SignatureOverOtherBytesIsDataLoss) {
  EXPECT_EQ(Verify("\x73", {kPublicKey, kSignature}).code(), absl::StatusCode::kDataLoss);
}

TEST(DigestTest, FlippedSignatureIsDataLoss) {
  std::string signature = kSignature;
  signature[0] = '8';
  EXPECT_EQ(Verify("\x72", {kPublicKey, signature}).code(), absl::StatusCode::kDataLoss);
}

TEST(DigestTest, MalformedKeysAndSignaturesAreInvalid) {
  EXPECT_EQ(Sign("m", "abcd").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Sign("m", std::string(128, 'g')).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Verify("m", {kPublicKey, "00"}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Verify("m", {"", kSignature}).code(), absl::StatusCode::kInvalidArgument);
}

TEST(DigestTest, ErrorNeverRepeatsTheSecretKey) {
  const std::string almost(127, 'a');
  EXPECT_EQ(std::string(Sign("m", almost).status().message()).find("aaaa"), std::string::npos);
}

}  // namespace
}  // namespace giot::bundle
