#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "giot/v1/contract.pb.h"

namespace giot::client {

// Reads a market that somebody wrote down: a JSON object with the fields of the
// family's message in contract.proto, and "family": "screening" (also if missing),
// "uncertain" or "freshness". Sets the market of the request and nothing else.
// Numbers that the server would not take for missing must be there; budget may be
// null. Checks form only: whether the numbers make a market is the server's to say.
// InvalidArgument naming the field that is missing, unknown or of another type, or
// the place where the text stops being JSON.
absl::StatusOr<v1::GenerateContractRequest> ParseMarketJson(absl::string_view text);

}  // namespace giot::client
