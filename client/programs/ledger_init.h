#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "giot/ledger/v1/ledger.pb.h"

namespace giot::client {

// The files of a new ledger, all of mode 0600 but the last:
//   mint.key treasury.key operator.key checkpoint.key auditor-1.key ...   secret keys, for whoever is to have them
//   operator.token      what a server knows its operator's calls by: 64 random hex digits
//   genesis.envelope    the sealed Genesis, for a server's first start
//   genesis.app_state   the same as CometBFT's genesis.json has it
//   verifier.key        the checkpoint key's public part, for everyone
// `parameters` has all of Genesis but its time and keys; FORMAT.md section 5 has its ranges. `now_us`: Unix
// time. InvalidArgument; AlreadyExists if one of the files is there: then none is written; Unavailable.
absl::Status InitLedger(const std::filesystem::path& folder, const std::string& chain_id, int auditors,
                        ledger::v1::Genesis parameters, std::int64_t now_us);

}  // namespace giot::client
