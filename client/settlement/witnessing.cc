#include "client/settlement/witnessing.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/proof/receipt.h"

namespace giot::client {

absl::StatusOr<std::string> CosignNewest(SettlementClient& client, ledger::Witness& witness) {
  const std::uint64_t size = witness.last() ? witness.last()->size : 0;
  absl::StatusOr<std::string> text = client.GetConsistencyProof(size);
  // Of a log that became shorter the newest checkpoint alone says enough.
  if (absl::IsOutOfRange(text.status())) text = client.GetConsistencyProof(0);
  if (!text.ok()) return text.status();
  const absl::StatusOr<ledger::ConsistencyProof> proof = ledger::ParseConsistencyProof(*text);
  if (!proof.ok())
    return absl::DataLossError(absl::StrCat("the server's consistency proof: ", proof.status().message()));
  absl::StatusOr<std::string> cosigned = witness.Cosign(*proof);
  if (!absl::IsInvalidArgument(cosigned.status())) return cosigned;
  return absl::DataLossError(absl::StrCat("the server cannot prove that its ledger goes on from ", size,
                                          " transactions: ", cosigned.status().message()));
}

}  // namespace giot::client
