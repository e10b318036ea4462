#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "giot/ledger/v1/ledger.pb.h"
#include "server/ledger/proof/digest.h"

namespace giot::ledger {

// What the log says of one transaction: a leaf's data (FORMAT.md section 4).
struct LogRecord {
  std::uint64_t height = 0;
  std::int64_t time_us = 0;  // Of the block.
  std::uint32_t index = 0;   // In the block, from 0.
  v1::Code code = v1::CODE_OK;
  std::string envelope;
};

std::string EncodeRecord(const LogRecord& record);

// InvalidArgument if it is not a record of version 1, or its code has no name.
absl::StatusOr<LogRecord> DecodeRecord(std::string_view bytes);

// SHA-256(height, state root, log root), as FORMAT.md section 4 has it. `height` is of the last
// block that holds a transaction.
Digest AppHash(std::uint64_t height, const Digest& state_root, const Digest& log_root);

}  // namespace giot::ledger
