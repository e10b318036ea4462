#pragma once

#include "client/request_stream.h"
#include "giot/v1/sensing_quality.pb.h"

namespace giot::client {

// StreamSensingQuality: scores of what a road-side unit has from many vehicles.
using SensingStream = RequestStream<v1::StreamSensingQualityRequest, v1::StreamSensingQualityResponse>;

}  // namespace giot::client
