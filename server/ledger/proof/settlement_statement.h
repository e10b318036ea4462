#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/ed25519.h"

namespace giot::ledger {

// What is signed for giot.v1.SettlementService alone, outside of transactions; the framing is that of
// FORMAT.md section 2. Pure functions, thread-safe.

// The digest that the ledger has of delivered bytes: SHA-256(salt || SHA-256 of the data). The salt
// keeps it from telling anything of the data.
Digest DataDigest(const Digest& salt, std::string_view data);
// The same, of bytes whose SHA-256 is known.
Digest DataDigest(const Digest& salt, const Digest& data_sha256);

// By the vehicle: that it hands over data with that digest for its acceptance.
std::string DeliveryStatement(std::string_view chain_id, const Digest& task, const PublicKey& vehicle,
                              const Digest& data_digest);

// By an auditor: that it asks for the evidence of an acceptance at a time, Unix microseconds.
std::string FetchStatement(std::string_view chain_id, const Digest& task, const PublicKey& vehicle,
                           std::int64_t time_us);

}  // namespace giot::ledger
