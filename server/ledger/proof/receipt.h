#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/log_record.h"

namespace giot::ledger {

// What a vehicle keeps of a transaction (c2sp.org/tlog-proof, FORMAT.md section 7).
struct Receipt {
  LogRecord record;
  std::uint64_t position = 0;  // In the log, from 0.
  std::vector<Digest> proof;   // From the leaf up.
  std::string checkpoint;      // The signed note.
};

std::string FormatReceipt(const Receipt& receipt);
// InvalidArgument naming the line, what it got and what it wanted.
absl::StatusOr<Receipt> ParseReceipt(std::string_view text);

// The checkpoint, if it is signed by `key`, the record is in its log, and the record's transaction
// is of this chain and rightly signed, or says by its code that it is not. Offline; knows nothing
// but `key`. InvalidArgument, NotFound (no signature of that key).
absl::StatusOr<Checkpoint> VerifyReceipt(const Receipt& receipt, const VerifierKey& key);

// A proof between two sizes.
struct ConsistencyProof {
  std::uint64_t old_size = 0;
  std::vector<Digest> proof;
  std::string checkpoint;  // Of the later size.
};
std::string FormatConsistencyProof(const ConsistencyProof& proof);
absl::StatusOr<ConsistencyProof> ParseConsistencyProof(std::string_view text);

}  // namespace giot::ledger
