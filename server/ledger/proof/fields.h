#pragma once

#include <cstdint>
#include <string_view>

#include "giot/ledger/v1/ledger.pb.h"

namespace giot::ledger {

// The latest time that any field may state, in microseconds since 1970-01-01 UTC.
inline constexpr std::int64_t kLatestUs = std::int64_t{1} << 62;
// 0 to kLatestUs.
bool IsTime(std::int64_t us);

// Check 9 of FORMAT.md section 2: what can be judged of a body's fields alone. First lengths, ranges
// and amounts in the order of the fields' numbers; then inner signatures, but for that of
// RotateKey's new key, which needs the state; then what relates fields: whether there is proof of
// data, deadlines' order, whether evidence contradicts itself. The first that fails gives the
// code. Pure, thread-safe; 50 us an inner signature.
// Requires a signer of 32 bytes.
v1::Code CheckFields(std::string_view chain_id, const v1::Body& body);

}  // namespace giot::ledger
