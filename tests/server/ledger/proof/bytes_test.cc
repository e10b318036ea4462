#include "server/ledger/proof/bytes.h"

#include "gtest/gtest.h"
#include "server/ledger/proof/digest.h"

namespace giot::ledger {
namespace {

TEST(BytesTest, IntegersAreWrittenMostSignificantByteFirst) {
  ByteWriter writer;
  writer.U8(1).U16(0x0203).U32(0x04050607).U64(0x08090a0b0c0d0e0f).I64(-2).Raw("xy");
  EXPECT_EQ(HexOf(writer.bytes()), "0102030405060708090a0b0c0d0e0ffffffffffffffffe7879");
}

TEST(BytesTest, WhatWasWrittenIsRead) {
  const std::string bytes =
      ByteWriter().U8(255).U16(65'535).U32(4'000'000'000).U64(UINT64_MAX).I64(INT64_MIN).Raw("rest").Take();
  ByteReader reader(bytes);
  EXPECT_EQ(reader.U8(), 255);
  EXPECT_EQ(reader.U16(), 65'535);
  EXPECT_EQ(reader.U32(), 4'000'000'000);
  EXPECT_EQ(reader.U64(), UINT64_MAX);
  EXPECT_EQ(reader.I64(), INT64_MIN);
  EXPECT_EQ(reader.rest(), "rest");
  EXPECT_FALSE(reader.AtEnd());
  EXPECT_EQ(reader.Raw(4), "rest");
  EXPECT_TRUE(reader.AtEnd());
}

TEST(BytesTest, WhatIsMissingReadsAsZeroForGood) {
  ByteReader reader("\x01\x02\x03");
  EXPECT_EQ(reader.U32(), 0U);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.U8(), 0);
  EXPECT_EQ(reader.Raw(0), "");
  EXPECT_FALSE(reader.ok());
  EXPECT_FALSE(reader.AtEnd());
}

}  // namespace
}  // namespace giot::ledger
