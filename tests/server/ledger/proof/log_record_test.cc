#include "server/ledger/proof/log_record.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

const LogRecord kRecord = {.height = 258, .time_us = 7, .index = 3, .code = v1::CODE_NO_SLOT, .envelope = "xyz"};

TEST(LogRecordTest, ARecordIsTheBytesOfTheFormat) {
  EXPECT_EQ(HexOf(EncodeRecord(kRecord)),
            "01"
            "0000000000000102"
            "0000000000000007"
            "00000003"
            "002e"
            "78797a");
}

TEST(LogRecordTest, WhatIsEncodedIsDecoded) {
  const auto decoded = DecodeRecord(EncodeRecord(kRecord));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->height, 258U);
  EXPECT_EQ(decoded->time_us, 7);
  EXPECT_EQ(decoded->index, 3U);
  EXPECT_EQ(decoded->code, v1::CODE_NO_SLOT);
  EXPECT_EQ(decoded->envelope, "xyz");
}

TEST(LogRecordTest, AnotherVersionACodeWithoutNameAndACutHeadAreRefused) {
  const std::string right = EncodeRecord(kRecord);
  for (std::size_t size = 0; size < 23; ++size) {
    EXPECT_EQ(DecodeRecord(right.substr(0, size)).status().code(), absl::StatusCode::kInvalidArgument) << size;
  }
  EXPECT_TRUE(DecodeRecord(right.substr(0, 23)).ok()) << "an empty envelope";
  for (const char version : {'\0', '\2', '\xff'}) {
    EXPECT_EQ(DecodeRecord(version + right.substr(1)).status().code(), absl::StatusCode::kInvalidArgument);
  }
  for (const std::string& code : {std::string("\0\x09", 2), std::string("\0\x36", 2), std::string("\x01\x2e", 2)}) {
    EXPECT_EQ(DecodeRecord(right.substr(0, 21) + code).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(LogRecordTest, TheAppHashIsOfHeightStateAndLog) {
  const std::string bytes =
      "giot.ledger.app.v1" + std::string("\0\0\0\0\0\0\1\2", 8) + std::string(32, 's') + std::string(32, 'l');
  ASSERT_EQ(bytes.size(), 90U);
  EXPECT_EQ(AppHash(258, DigestOf('s'), DigestOf('l')), Sha256({bytes}));
}

}  // namespace
}  // namespace giot::ledger
