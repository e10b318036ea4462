#include "server/ledger/proof/transaction.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/proof/statement.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

// Protobuf's wire format, by hand.
std::string Varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}
std::string NumberField(int field, std::uint64_t value) {
  return Varint(static_cast<unsigned>(field) << 3) + Varint(value);
}
std::string BytesField(int field, const std::string& bytes) {
  return Varint(static_cast<unsigned>(field) << 3 | 2) + Varint(bytes.size()) + bytes;
}

const std::string kChainField = BytesField(1, std::string(kChain));
const std::string kNonceField = BytesField(3, std::string(16, 'n'));
const std::string kExpiryField = NumberField(4, 300);
const std::string kDeposit = BytesField(17, NumberField(2, 300));

std::string SignerField() { return BytesField(2, PublicKeyOf(kMint)); }

v1::Code EnvelopeCode(const std::string& body) {
  return OpenTransaction(kChain, SealBytes(body, KeyOf(kMint))).envelope_code;
}

TEST(TransactionTest, ASealedBodyOpens) {
  for (const v1::Body& body : TypicalBodies()) {
    const OpenedTransaction opened = OpenTransaction(kChain, SealTypical(body));
    EXPECT_EQ(opened.envelope_code, v1::CODE_OK);
    EXPECT_EQ(opened.field_code, v1::CODE_OK) << body.DebugString();
    EXPECT_EQ(BytesOf(opened.signer), body.signer());
    EXPECT_EQ(CanonicalBytes(opened.body), CanonicalBytes(body));
    EXPECT_EQ(opened.id, Sha256({CanonicalBytes(body)}));
  }
}

TEST(TransactionTest, SealFillsInChainSignerAndNonce) {
  v1::Body body;
  body.mutable_dispute()->set_task(DigestBytes(1));
  const std::string envelope = Seal(body, kChain, KeyOf(kVehicle));
  const OpenedTransaction opened = OpenTransaction(kChain, envelope);
  EXPECT_EQ(opened.envelope_code, v1::CODE_OK);
  EXPECT_EQ(opened.field_code, v1::CODE_OK);
  EXPECT_EQ(opened.body.chain_id(), kChain);
  EXPECT_EQ(opened.body.signer(), PublicKeyOf(kVehicle));
  EXPECT_EQ(opened.body.nonce().size(), kNonceBytes);
  EXPECT_NE(opened.id, TransactionId(Seal(body, kChain, KeyOf(kVehicle)))) << "the nonces are random";
  body.set_nonce(std::string(16, 'n'));
  EXPECT_EQ(Seal(body, kChain, KeyOf(kVehicle)), Seal(body, kChain, KeyOf(kVehicle)));
}

TEST(TransactionTest, TheIdIsTheHashOfTheBodyAlone) {
  EXPECT_EQ(TransactionId(std::string(64, 's') + "body"), Sha256({"body"}));
  EXPECT_EQ(TransactionId(std::string(64, 't') + "body"), Sha256({"body"}));
  EXPECT_EQ(TransactionId(std::string(63, 's')), Sha256({}));
}

TEST(TransactionTest, TheBodyByHandIsCanonical) {
  EXPECT_EQ(EnvelopeCode(kChainField + SignerField() + kNonceField + kExpiryField + kDeposit), v1::CODE_OK);
  // An empty message in the oneof counts as set; its fields are refused later.
  EXPECT_EQ(EnvelopeCode(kChainField + SignerField() + kNonceField + BytesField(27, "")), v1::CODE_OK);
}

TEST(TransactionTest, OtherBytesOfTheSameBodyAreNotCanonical) {
  const std::string head = kChainField + SignerField() + kNonceField;
  const std::string body = head + kExpiryField + kDeposit;
  const std::string long_300("\xac\x82\x00", 3);
  const std::pair<std::string, std::string> forms[] = {
      {"unknown field at the end", body + NumberField(100, 1)},
      {"unknown field at the start", NumberField(15, 1) + body},
      {"unknown field in a sub-message", head + BytesField(17, NumberField(2, 300) + NumberField(9, 1))},
      {"unknown group", body + "\xa3\x06\xa4\x06"},
      {"fields not ascending", SignerField() + kChainField + kNonceField + kExpiryField + kDeposit},
      {"fields of a sub-message not ascending", head + BytesField(17, NumberField(2, 1) + BytesField(1, "a"))},
      {"a repeated field", head + kNonceField + kDeposit},
      {"a repeated field that differs", BytesField(1, "x") + body},
      {"a repeated message", body + kDeposit},
      {"two transactions", body + BytesField(27, BytesField(1, "t"))},
      {"a long varint", head + "\x20" + long_300 + kDeposit},
      {"a long varint in a sub-message", head + BytesField(17, "\x10" + long_300)},
      {"a long length", head + "\x8a\x01\x83" + std::string(1, '\0') + NumberField(2, 300)},
      {"a long tag", head + std::string("\xa0\x00", 2) + Varint(300) + kDeposit},
      {"a default", head + NumberField(4, 0) + kDeposit},
      {"a default in a sub-message", head + BytesField(17, NumberField(2, 0))},
      {"empty bytes", head + BytesField(17, BytesField(1, ""))},
      {"a bool that is 2", head + BytesField(18, NumberField(1, 5) + NumberField(2, 2))},
      {"an enum beyond 32 bits", head + BytesField(21, NumberField(1, (std::uint64_t{1} << 32) + 1))},
      {"an int32 beyond 32 bits", head + BytesField(23, NumberField(2, (std::uint64_t{1} << 32) + 1))},
      {"a negative int32 in five bytes", head + BytesField(23, NumberField(2, 0xffffffff))},
  };
  for (const auto& [what, form] : forms) EXPECT_EQ(EnvelopeCode(form), v1::CODE_NOT_CANONICAL) << what;
}

TEST(TransactionTest, WhatIsNoBodyIsMalformed) {
  const std::string head = kChainField + SignerField();
  const std::string body = head + kNonceField + kDeposit;
  const std::pair<std::string, std::string> forms[] = {
      {"nothing", ""},
      {"cut off", body.substr(0, body.size() - 1)},
      {"no transaction", head + kNonceField},
      {"no signer", kChainField + kNonceField + kDeposit},
      {"a signer of 31 bytes", kChainField + BytesField(2, std::string(31, 's')) + kNonceField + kDeposit},
      {"a signer of 33 bytes", kChainField + BytesField(2, std::string(33, 's')) + kNonceField + kDeposit},
      {"a nonce of 15 bytes", head + BytesField(3, std::string(15, 'n')) + kDeposit},
      {"a nonce of 17 bytes", head + BytesField(3, std::string(17, 'n')) + kDeposit},
      {"a transaction of another wire type", head + kNonceField + NumberField(17, 1)},
      {"a group that does not end", body + "\xa3\x06"},
      {"field 0", body + std::string("\0\0", 2)},
  };
  for (const auto& [what, form] : forms) EXPECT_EQ(EnvelopeCode(form), v1::CODE_MALFORMED) << what;
  EXPECT_EQ(OpenTransaction(kChain, "").envelope_code, v1::CODE_MALFORMED);
  EXPECT_EQ(OpenTransaction(kChain, std::string(64, 's')).envelope_code, v1::CODE_MALFORMED);
}

TEST(TransactionTest, ASignatureIsOfThisChainAndThisBody) {
  const v1::Body body = TypicalBody(v1::Body::kDeposit);
  const std::string bytes = CanonicalBytes(body);
  EXPECT_EQ(OpenTransaction(kChain, SealBytes(bytes, KeyOf(kVehicle))).envelope_code, v1::CODE_BAD_SIGNATURE);
  EXPECT_EQ(OpenTransaction(kChain, SealBytes(bytes, KeyOf(kMint), "other")).envelope_code, v1::CODE_BAD_SIGNATURE);
  EXPECT_EQ(OpenTransaction("other", SealBytes(bytes, KeyOf(kMint), "other")).envelope_code, v1::CODE_WRONG_CHAIN);
  EXPECT_EQ(EnvelopeCode(BytesField(1, "\xff") + SignerField() + kNonceField + kDeposit), v1::CODE_WRONG_CHAIN);
  const Signature bare = KeyOf(kMint).Sign(bytes);
  EXPECT_EQ(OpenTransaction(kChain, std::string(BytesOf(bare)) + bytes).envelope_code, v1::CODE_BAD_SIGNATURE)
      << "without its domain";
}

TEST(TransactionTest, TheLargestEnvelopeOpens) {
  // A body that is padded up to the limit by an unknown field is read, and refused only for that.
  const std::string body = kChainField + SignerField() + kNonceField + kDeposit;
  constexpr std::size_t kFieldHead = 5;
  const std::size_t room = kMostEnvelopeBytes - 64 - body.size() - kFieldHead;
  const std::string full = body + BytesField(100, std::string(room, 'p'));
  ASSERT_EQ(full.size() + 64, kMostEnvelopeBytes);
  EXPECT_EQ(EnvelopeCode(full), v1::CODE_NOT_CANONICAL);
  EXPECT_EQ(EnvelopeCode(full + "p"), v1::CODE_TOO_LARGE);
}

// Checks 1 to 5 and 9, each violated by one change of an envelope that is otherwise right.
constexpr v1::Code kOrder[] = {v1::CODE_TOO_LARGE,   v1::CODE_MALFORMED,     v1::CODE_NOT_CANONICAL,
                               v1::CODE_WRONG_CHAIN, v1::CODE_BAD_SIGNATURE, v1::CODE_AMOUNT_OUT_OF_RANGE};

v1::Code CodeWith(const std::vector<v1::Code>& violations) {
  const auto violates = [&](v1::Code code) {
    return std::find(violations.begin(), violations.end(), code) != violations.end();
  };
  v1::Body body = TypicalBody(v1::Body::kDeposit);
  if (violates(v1::CODE_TOO_LARGE)) body.mutable_deposit()->set_reference(std::string(kMostEnvelopeBytes, 'r'));
  if (violates(v1::CODE_MALFORMED)) body.set_nonce("short");
  if (violates(v1::CODE_WRONG_CHAIN)) body.set_chain_id("other");
  if (violates(v1::CODE_AMOUNT_OUT_OF_RANGE)) body.mutable_deposit()->set_amount_micros(-1);
  std::string bytes = CanonicalBytes(body);
  if (violates(v1::CODE_NOT_CANONICAL)) bytes += NumberField(100, 1);
  std::string envelope = SealBytes(bytes, KeyOf(kMint));
  if (violates(v1::CODE_BAD_SIGNATURE)) envelope[0] = static_cast<char>(envelope[0] ^ 1);
  const OpenedTransaction opened = OpenTransaction(kChain, envelope);
  return opened.envelope_code != v1::CODE_OK ? opened.envelope_code : opened.field_code;
}

TEST(TransactionTest, TheFirstCheckThatFailsGivesTheCode) {
  EXPECT_EQ(CodeWith({}), v1::CODE_OK);
  for (std::size_t first = 0; first < std::size(kOrder); ++first) {
    EXPECT_EQ(CodeWith({kOrder[first]}), kOrder[first]);
    for (std::size_t second = first + 1; second < std::size(kOrder); ++second) {
      EXPECT_EQ(CodeWith({kOrder[first], kOrder[second]}), kOrder[first])
          << v1::Code_Name(kOrder[first]) << " and " << v1::Code_Name(kOrder[second]);
    }
  }
}

}  // namespace
}  // namespace giot::ledger
