#pragma once

#include "giot/v1/contract.pb.h"
#include "models/bundle/manifest.h"

namespace giot::rpc {

// A request to a model, with a market from the middle of what it was trained for.
v1::GenerateContractRequest TypicalRequest(const bundle::Manifest& manifest);

}  // namespace giot::rpc
