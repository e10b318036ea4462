#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::ledger {

inline constexpr std::string_view kChain = "example.com/giot/road-17";

// The key whose seed is this byte 32 times.
SecretKey KeyOf(std::uint8_t seed);
std::string PublicKeyOf(std::uint8_t seed);
// 32 bytes, each this one.
Digest DigestOf(std::uint8_t byte);
std::string DigestBytes(std::uint8_t byte);

// Seeds of the keys below.
inline constexpr std::uint8_t kMint = 1;
inline constexpr std::uint8_t kOperator = 2;
inline constexpr std::uint8_t kCheckpoint = 3;
inline constexpr std::uint8_t kFirstAuditor = 4;  // And the two after it.
inline constexpr std::uint8_t kVehicle = 7;
inline constexpr std::uint8_t kTreasury = 8;
inline constexpr std::uint8_t kNewKey = 9;

// Of what the auditors sign, keys ascending.
void AddAuditors(const std::string& statement, google::protobuf::RepeatedPtrField<v1::KeySignature>& list);

// A receipt by `key`, rightly signed.
v1::SignedReceipt ReceiptBy(const SecretKey& key, const Digest& task, const PublicKey& vehicle, const Digest& data,
                            std::int64_t received_us);

// One of each kind in the order of the proto file, with chain id, signer and nonce, all fields right.
std::vector<v1::Body> TypicalBodies();
// That of one kind.
v1::Body TypicalBody(v1::Body::TransactionCase kind);

// Signed by its signer, which is one of the keys above.
std::string SealTypical(const v1::Body& body);

// An envelope of any bytes, signed as a body would be.
std::string SealBytes(std::string_view body, const SecretKey& key, std::string_view chain = kChain);

}  // namespace giot::ledger
