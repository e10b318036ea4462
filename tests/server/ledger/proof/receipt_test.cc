#include "server/ledger/proof/receipt.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/ledger/proof/damage.h"
#include "tests/server/ledger/proof/naive_merkle.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;
const VerifierKey kKey{std::string(kChain), NoteKeyType::kEd25519, KeyOf(kCheckpoint).public_key()};

// The receipt of a record at `position` of a log of `size`, the others being other records.
Receipt ReceiptOf(const LogRecord& record, std::size_t position, std::size_t size, std::uint64_t height = 9) {
  std::vector<std::string> leaves;
  for (std::size_t i = 0; i < size; ++i) leaves.push_back("record " + std::to_string(i));
  leaves[position] = EncodeRecord(record);
  const Checkpoint checkpoint{std::string(kChain), size, NaiveRoot(leaves), height, DigestOf('a')};
  return {record, position, NaiveInclusion(position, leaves), SignCheckpoint(checkpoint, KeyOf(kCheckpoint))};
}

LogRecord RecordOf(std::string envelope, v1::Code code = v1::CODE_OK) {
  return {.height = 7, .time_us = 5, .index = 2, .code = code, .envelope = std::move(envelope)};
}

Receipt TypicalReceipt() { return ReceiptOf(RecordOf(SealTypical(TypicalBody(v1::Body::kAccept))), 4, 11); }

TEST(ReceiptTest, AReceiptVerifiesOffline) {
  for (const std::size_t size : {1U, 2U, 5U, 64U}) {
    const auto parsed =
        ParseReceipt(FormatReceipt(ReceiptOf(RecordOf(SealTypical(TypicalBody(v1::Body::kSubmit))), size - 1, size)));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    const auto checkpoint = VerifyReceipt(*parsed, kKey);
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
    EXPECT_EQ(checkpoint->size, size);
    EXPECT_EQ(checkpoint->origin, kChain);
  }
}

TEST(ReceiptTest, WhatIsFormattedIsParsed) {
  const Receipt receipt = TypicalReceipt();
  const auto parsed = ParseReceipt(FormatReceipt(receipt));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(EncodeRecord(parsed->record), EncodeRecord(receipt.record));
  EXPECT_EQ(parsed->position, 4U);
  EXPECT_EQ(parsed->proof, receipt.proof);
  EXPECT_EQ(parsed->checkpoint, receipt.checkpoint);
}

TEST(ReceiptTest, TheTextIsTheLinesOfTheFormat) {
  Receipt receipt = TypicalReceipt();
  receipt.record = {.height = 0, .time_us = 0, .index = 0, .code = v1::CODE_OK, .envelope = ""};
  receipt.proof = {DigestOf('r')};
  EXPECT_EQ(FormatReceipt(receipt),
            "c2sp.org/tlog-proof@v1\nextra AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nindex 4\n"
            "cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI=\n\n" +
                receipt.checkpoint);
}

TEST(ReceiptTest, AnyLineDroppedDoubledOrCutIsRefused) {
  const std::string text = FormatReceipt(TypicalReceipt());
  for (const std::string& damaged : LineDamages(text)) {
    const auto parsed = ParseReceipt(damaged);
    const bool verifies = parsed.ok() && VerifyReceipt(*parsed, kKey).ok();
    // The log's signature twice is the one damage that changes nothing.
    EXPECT_EQ(verifies, damaged.size() > text.size() && damaged.starts_with(text)) << damaged;
  }
}

TEST(ReceiptTest, NothingOfTheRecordCanBeChanged) {
  const auto code_of = [](const std::function<void(Receipt&)>& change) {
    Receipt receipt = TypicalReceipt();
    change(receipt);
    return VerifyReceipt(receipt, kKey).status().code();
  };
  EXPECT_EQ(code_of([](Receipt&) {}), absl::StatusCode::kOk);
  EXPECT_EQ(code_of([](Receipt& receipt) { ++receipt.record.height; }), kRefused);
  EXPECT_EQ(code_of([](Receipt& receipt) { ++receipt.record.time_us; }), kRefused);
  EXPECT_EQ(code_of([](Receipt& receipt) { ++receipt.record.index; }), kRefused);
  EXPECT_EQ(code_of([](Receipt& receipt) { receipt.record.code = v1::CODE_NO_SLOT; }), kRefused);
  EXPECT_EQ(code_of([](Receipt& receipt) { receipt.record.envelope += "x"; }), kRefused);
  EXPECT_EQ(code_of([](Receipt& receipt) { ++receipt.position; }), kRefused);
  EXPECT_EQ(code_of([](Receipt& receipt) { receipt.proof.pop_back(); }), kRefused);
}

TEST(ReceiptTest, OnlyTheLogsKeyCounts) {
  Receipt receipt = TypicalReceipt();
  VerifierKey other = kKey;
  other.key = KeyOf(kNewKey).public_key();
  EXPECT_EQ(VerifyReceipt(receipt, other).status().code(), absl::StatusCode::kNotFound);
}

TEST(ReceiptTest, ARecordIsNotOfAHeightAboveItsCheckpoints) {
  const LogRecord record = RecordOf(SealTypical(TypicalBody(v1::Body::kAccept)));
  EXPECT_TRUE(VerifyReceipt(ReceiptOf(record, 0, 1, record.height), kKey).ok());
  EXPECT_EQ(VerifyReceipt(ReceiptOf(record, 0, 1, record.height - 1), kKey).status().code(), kRefused);
}

// Even a log that signs what it likes does not convince anybody of a transaction that nobody signed.
TEST(ReceiptTest, TheCodeFitsTheEnvelope) {
  const std::string right = SealTypical(TypicalBody(v1::Body::kAccept));
  std::string forged = right;
  forged[0] = static_cast<char>(forged[0] ^ 1);
  v1::Body body = TypicalBody(v1::Body::kAccept);
  body.mutable_accept()->set_item(-1);
  const std::string out_of_range = SealTypical(body);
  body.set_chain_id("other");
  const std::string foreign = SealBytes(CanonicalBytes(body), KeyOf(kVehicle), "other");
  const struct {
    std::string envelope;
    v1::Code code;
    bool fits;
  } rows[] = {
      {right, v1::CODE_OK, true},
      {right, v1::CODE_NO_SLOT, true},
      {right, v1::CODE_REPLAYED, true},
      {right, v1::CODE_EXPIRED, true},
      {right, v1::CODE_BAD_SIGNATURE, false},
      {right, v1::CODE_FIELD_OUT_OF_RANGE, false},
      {forged, v1::CODE_BAD_SIGNATURE, true},
      {forged, v1::CODE_OK, false},
      {forged, v1::CODE_MALFORMED, false},
      {forged, v1::CODE_NO_SLOT, false},
      {out_of_range, v1::CODE_FIELD_OUT_OF_RANGE, true},
      {out_of_range, v1::CODE_EXPIRED, true},
      {out_of_range, v1::CODE_OK, false},
      {out_of_range, v1::CODE_NO_SLOT, false},
      {foreign, v1::CODE_WRONG_CHAIN, true},
      {foreign, v1::CODE_OK, false},
      {"", v1::CODE_MALFORMED, true},
      {"", v1::CODE_OK, false},
  };
  for (const auto& row : rows) {
    const auto status = VerifyReceipt(ReceiptOf(RecordOf(row.envelope, row.code), 1, 3), kKey).status();
    EXPECT_EQ(status.code(), row.fits ? absl::StatusCode::kOk : kRefused) << v1::Code_Name(row.code) << ": " << status;
  }
}

TEST(ReceiptTest, AProofOfMoreThan64HashesIsRefused) {
  Receipt receipt = TypicalReceipt();
  receipt.proof.assign(64, DigestOf(1));
  EXPECT_TRUE(ParseReceipt(FormatReceipt(receipt)).ok());
  receipt.proof.push_back(DigestOf(1));
  EXPECT_EQ(ParseReceipt(FormatReceipt(receipt)).status().code(), kRefused);
}

TEST(ReceiptTest, AFileOfMoreThanAMebibyteIsRefused) {
  Receipt receipt = TypicalReceipt();
  receipt.record.envelope.assign(900'000, 'e');
  EXPECT_EQ(ParseReceipt(FormatReceipt(receipt)).status().code(), kRefused);
}

TEST(ConsistencyProofTest, WhatIsFormattedIsParsed) {
  const ConsistencyProof proof{5, {DigestOf('r'), DigestOf('s')}, TypicalReceipt().checkpoint};
  const std::string text = FormatConsistencyProof(proof);
  EXPECT_EQ(text,
            "giot.ledger/consistency-proof@v1\nold 5\ncnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI=\n"
            "c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3M=\n\n" +
                proof.checkpoint);
  const auto parsed = ParseConsistencyProof(text);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->old_size, 5U);
  EXPECT_EQ(parsed->proof, proof.proof);
  EXPECT_EQ(parsed->checkpoint, proof.checkpoint);
  EXPECT_TRUE(ParseConsistencyProof(FormatConsistencyProof({0, {}, proof.checkpoint})).ok());
}

TEST(ConsistencyProofTest, WhatIsNoneIsRefused) {
  const std::string note = TypicalReceipt().checkpoint;
  const std::string head = "giot.ledger/consistency-proof@v1\n";
  const std::string texts[] = {"",
                               head,
                               head + "old 5\n" + note,
                               head + "old 05\n\n" + note,
                               head + "old\n\n" + note,
                               head + "old 5\nAAAA\n\n" + note,
                               head + "old 5\n\n",
                               head + "old 5\n\n" + note + "more\n",
                               "giot.ledger/consistency-proof@v2\nold 5\n\n" + note};
  ASSERT_TRUE(ParseConsistencyProof(head + "old 5\n\n" + note).ok());
  for (const std::string& text : texts) EXPECT_EQ(ParseConsistencyProof(text).status().code(), kRefused) << text;
}

}  // namespace
}  // namespace giot::ledger
