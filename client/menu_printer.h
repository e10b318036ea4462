#pragma once

#include <ostream>

#include "giot/v1/contract.pb.h"

namespace giot::client {

// What each type of the request's market makes of the menu, one row a type, for
// people. Prints nothing if the market is not valid or the menu none of its family.
void PrintMenu(const v1::GenerateContractRequest& request, const v1::GenerateContractResponse& reply,
               std::ostream& out);

}  // namespace giot::client
