#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "giot/v1/sensing_quality.pb.h"
#include "server/ledger/proof/digest.h"

namespace giot::client {

// SHA-256 of what a request delivers, as proto/giot/v1/sensing_quality.proto has it of each kind of data.
// InvalidArgument if it holds none.
absl::StatusOr<ledger::Digest> DataSha256(const v1::ScoreSensingQualityRequest& request);

// What the source of a delivery signs of where and when it was taken (the same file, Capture).
std::string CaptureStatement(const v1::Capture& capture, const ledger::Digest& data_sha256);

}  // namespace giot::client
