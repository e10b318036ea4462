#pragma once

#include <string>

#include "google/protobuf/message.h"

namespace giot::client {

// A message as JSON with the proto's field names; unlike JsonOf, with bytes in lower-case hex, as ids and keys stand on
// the command line, but for chain ids, which are text.
std::string JsonWithHexOf(const google::protobuf::Message& message);

}  // namespace giot::client
