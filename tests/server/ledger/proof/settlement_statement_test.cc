#include "server/ledger/proof/settlement_statement.h"

#include <string>

#include "gtest/gtest.h"
#include "server/ledger/proof/bytes.h"

namespace giot::ledger {
namespace {

Digest Filled(std::uint8_t byte) {
  Digest digest;
  digest.fill(byte);
  return digest;
}

std::string Part(std::string_view bytes) {
  return ByteWriter().U32(static_cast<std::uint32_t>(bytes.size())).Raw(bytes).Take();
}

TEST(SettlementStatementTest, ADataDigestIsOfSaltAndDigest) {
  const Digest of_data = Sha256({"data"});
  EXPECT_EQ(DataDigest(Filled(1), "data"), Sha256({std::string(32, '\1') + std::string(BytesOf(of_data))}));
  EXPECT_EQ(DataDigest(Filled(1), of_data), DataDigest(Filled(1), "data"));
}

TEST(SettlementStatementTest, ADeliveryIsFramed) {
  EXPECT_EQ(DeliveryStatement("chain", Filled(1), Filled(2), Filled(3)),
            Part("giot.settlement.delivery.v1") + Part("chain") + Part(std::string(32, '\1')) +
                Part(std::string(32, '\2')) + Part(std::string(32, '\3')));
}

TEST(SettlementStatementTest, AFetchIsFramedWithItsTime) {
  EXPECT_EQ(FetchStatement("chain", Filled(1), Filled(2), 0x0102),
            Part("giot.settlement.fetch.v1") + Part("chain") + Part(std::string(32, '\1')) +
                Part(std::string(32, '\2')) + Part(std::string("\0\0\0\0\0\0\1\2", 8)));
}

}  // namespace
}  // namespace giot::ledger
