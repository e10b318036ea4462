#include "server/ledger/proof/ed25519.h"

#include <sodium.h>

#include <algorithm>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/text_encoding.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

template <typename Array>
Array FromHexDigits(std::string_view digits) {
  Array array{};
  EXPECT_TRUE(FromBytes(FromHex(digits).value_or(""), array)) << digits;
  return array;
}

struct Vector {
  std::string_view seed, public_key, message, signature;
};

// RFC 8032 section 7.1: tests 1, 2, 3, 1024 and SHA(abc).
constexpr Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    {"f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
     "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
     "08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98fa6e264bf09efe12ee50f8f54e9f77b1e355"
     "f6c50544e23fb1433ddf73be84d879de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37c93a1b270b20329d658675fc"
     "6ea534e0810a4432826bf58c941efb65d57a338bbd2e26640f89ffbc1a858efcb8550ee3a5e1998bd177e93a7363c344fe6b"
     "199ee5d02e82d522c4feba15452f80288a821a579116ec6dad2b3b310da903401aa62100ab5d1a36553e06203b33890cc9b8"
     "32f79ef80560ccb9a39ce767967ed628c6ad573cb116dbefefd75499da96bd68a8a97b928a8bbc103b6621fcde2beca1231d"
     "206be6cd9ec7aff6f6c94fcd7204ed3455c68c83f4a41da4af2b74ef5c53f1d8ac70bdcb7ed185ce81bd84359d44254d9562"
     "9e9855a94a7c1958d1f8ada5d0532ed8a5aa3fb2d17ba70eb6248e594e1a2297acbbb39d502f1a8c6eb6f1ce22b3de1a1f40"
     "cc24554119a831a9aad6079cad88425de6bde1a9187ebb6092cf67bf2b13fd65f27088d78b7e883c8759d2c4f5c65adb7553"
     "878ad575f9fad878e80a0c9ba63bcbcc2732e69485bbc9c90bfbd62481d9089beccf80cfe2df16a2cf65bd92dd597b0707e0"
     "917af48bbb75fed413d238f5555a7a569d80c3414a8d0859dc65a46128bab27af87a71314f318c782b23ebfe808b82b0ce26"
     "401d2e22f04d83d1255dc51addd3b75a2b1ae0784504df543af8969be3ea7082ff7fc9888c144da2af58429ec96031dbcad3"
     "dad9af0dcbaaaf268cb8fcffead94f3c7ca495e056a9b47acdb751fb73e666c6c655ade8297297d07ad1ba5e43f1bca32301"
     "651339e22904cc8c42f58c30c04aafdb038dda0847dd988dcda6f3bfd15c4b4c4525004aa06eeff8ca61783aacec57fb3d1f"
     "92b0fe2fd1a85f6724517b65e614ad6808d6f6ee34dff7310fdc82aebfd904b01e1dc54b2927094b2db68d6f903b68401ade"
     "bf5a7e08d78ff4ef5d63653a65040cf9bfd4aca7984a74d37145986780fc0b16ac451649de6188a7dbdf191f64b5fc5e2ab4"
     "7b57f7f7276cd419c17a3ca8e1b939ae49e488acba6b965610b5480109c8b17b80e1b7b750dfc7598d5d5011fd2dcc5600a3"
     "2ef5b52a1ecc820e308aa342721aac0943bf6686b64b2579376504ccc493d97e6aed3fb0f9cd71a43dd497f01f17c0e2cb37"
     "97aa2a2f256656168e6c496afc5fb93246f6b1116398a346f1a641f3b041e989f7914f90cc2c7fff357876e506b50d334ba7"
     "7c225bc307ba537152f3f1610e4eafe595f6d9d90d11faa933a15ef1369546868a7f3a45a96768d40fd9d03412c091c6315c"
     "f4fde7cb68606937380db2eaaa707b4c4185c32eddcdd306705e4dc1ffc872eeee475a64dfac86aba41c0618983f8741c5ef"
     "68d3a101e8a3b8cac60c905c15fc910840b94c00a0b9d0",
     "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350"
     "aa5371b1508f9f4528ecea23c436d94b5e8fcd4f681e30a6ac00a9704a188a03"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
     "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"},
};

TEST(Ed25519Test, SignsAndVerifiesTheStandardsVectors) {
  for (const Vector& vector : kVectors) {
    const SecretKey key(FromHexDigits<Seed>(vector.seed));
    const std::string message = *FromHex(vector.message);
    EXPECT_EQ(HexOf(BytesOf(key.public_key())), vector.public_key);
    EXPECT_EQ(HexOf(BytesOf(key.Sign(message))), vector.signature);
    EXPECT_TRUE(Verify(key.public_key(), message, FromHexDigits<Signature>(vector.signature)));
  }
}

TEST(Ed25519Test, AnyFlippedBitIsRefused) {
  const Vector& vector = kVectors[2];
  const auto key = FromHexDigits<PublicKey>(vector.public_key);
  const auto signature = FromHexDigits<Signature>(vector.signature);
  const std::string message = *FromHex(vector.message);
  for (std::size_t bit = 0; bit < 512; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
    Signature other = signature;
    other[bit / 8] ^= mask;
    EXPECT_FALSE(Verify(key, message, other)) << "bit " << bit << " of the signature";
    PublicKey other_key = key;
    other_key[bit / 8 % 32] ^= mask;
    EXPECT_FALSE(Verify(other_key, message, signature)) << "bit " << bit % 256 << " of the key";
  }
  EXPECT_FALSE(Verify(key, message + '\0', signature));
}

// The group order L, least significant byte first.
constexpr std::string_view kOrder = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

TEST(Ed25519Test, AnSThatIsNotBelowTheGroupOrderIsRefused) {
  const Vector& vector = kVectors[1];
  auto signature = FromHexDigits<Signature>(vector.signature);
  const auto order = FromHexDigits<Digest>(kOrder);
  // S + L means the same point.
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += unsigned{signature[32 + i]} + order[i];
    signature[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0U);
  EXPECT_FALSE(Verify(FromHexDigits<PublicKey>(vector.public_key), *FromHex(vector.message), signature));
}

// Points of order 1, 2, 4 and 8, and forms of the first three that are not canonical.
constexpr std::string_view kSmallOrder[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

TEST(Ed25519Test, AKeyOfSmallOrderSignsNothing) {
  // S = 0 and R the identity: of a key of order 1, a valid signature of every message by the
  // equation alone.
  Signature signature{};
  signature[0] = 1;
  for (const std::string_view key : kSmallOrder) {
    for (const std::string& message : {std::string("a"), std::string("b"), std::string("c"), std::string("d")}) {
      EXPECT_FALSE(Verify(FromHexDigits<PublicKey>(key), message, signature)) << key;
    }
  }
}

// A signature with the given R = r B.
Signature SignatureWith(const Seed& seed, const Digest& r, const Digest& r_point, const PublicKey& key,
                        const std::string& message) {
  unsigned char hashed[64];
  crypto_hash_sha512(hashed, seed.data(), seed.size());
  Digest secret;
  std::copy_n(hashed, secret.size(), secret.begin());
  secret[0] &= 248;
  secret[31] = static_cast<std::uint8_t>((secret[31] & 127) | 64);
  const std::string committed = std::string(BytesOf(r_point)) + std::string(BytesOf(key)) + message;
  crypto_hash_sha512(hashed, reinterpret_cast<const unsigned char*>(committed.data()), committed.size());
  Digest h, product, s;
  crypto_core_ed25519_scalar_reduce(h.data(), hashed);
  crypto_core_ed25519_scalar_mul(product.data(), h.data(), secret.data());
  crypto_core_ed25519_scalar_add(s.data(), r.data(), product.data());
  Signature signature;
  std::copy(r_point.begin(), r_point.end(), signature.begin());
  std::copy(s.begin(), s.end(), signature.begin() + 32);
  return signature;
}

TEST(Ed25519Test, AnROfSmallOrderIsRefused) {
  Seed seed;
  seed.fill(kVehicle);
  const PublicKey key = KeyOf(kVehicle).public_key();
  Digest r{}, r_point{};
  r[0] = 5;
  ASSERT_EQ(crypto_scalarmult_ed25519_base_noclamp(r_point.data(), r.data()), 0);
  EXPECT_TRUE(Verify(key, "message", SignatureWith(seed, r, r_point, key, "message")));
  // r = 0, R the identity: the equation holds as well.
  const auto identity = FromHexDigits<Digest>(kSmallOrder[0]);
  EXPECT_FALSE(Verify(key, "message", SignatureWith(seed, Digest{}, identity, key, "message")));
}

TEST(Ed25519Test, AMovedKeySigns) {
  SecretKey key = KeyOf(kVehicle);
  const SecretKey moved(std::move(key));
  EXPECT_TRUE(Verify(KeyOf(kVehicle).public_key(), "m", moved.Sign("m")));
}

TEST(Ed25519Test, RandomKeysDiffer) {
  const SecretKey one = SecretKey::Random();
  const SecretKey other = SecretKey::Random();
  EXPECT_NE(one.public_key(), other.public_key());
  EXPECT_TRUE(Verify(one.public_key(), "m", one.Sign("m")));
  EXPECT_FALSE(Verify(one.public_key(), "m", other.Sign("m")));
}

}  // namespace
}  // namespace giot::ledger
