#include "server/ledger/proof/settlement_statement.h"

#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/statement.h"

namespace giot::ledger {

Digest DataDigest(const Digest& salt, std::string_view data) { return DataDigest(salt, Sha256({data})); }

Digest DataDigest(const Digest& salt, const Digest& data_sha256) {
  return Sha256({BytesOf(salt), BytesOf(data_sha256)});
}

std::string DeliveryStatement(std::string_view chain_id, const Digest& task, const PublicKey& vehicle,
                              const Digest& data_digest) {
  return Frame({"giot.settlement.delivery.v1", chain_id, BytesOf(task), BytesOf(vehicle), BytesOf(data_digest)});
}

std::string FetchStatement(std::string_view chain_id, const Digest& task, const PublicKey& vehicle,
                           std::int64_t time_us) {
  return Frame(
      {"giot.settlement.fetch.v1", chain_id, BytesOf(task), BytesOf(vehicle), ByteWriter().I64(time_us).bytes()});
}

}  // namespace giot::ledger
