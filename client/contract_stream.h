#pragma once

#include "client/request_stream.h"
#include "giot/v1/contract.pb.h"

namespace giot::client {

// StreamContracts: menus for the vehicles that a road-side unit speaks for.
using ContractStream = RequestStream<v1::StreamContractsRequest, v1::StreamContractsResponse>;
using StreamReply = ContractStream::Reply;

}  // namespace giot::client
