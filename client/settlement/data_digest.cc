#include "client/settlement/data_digest.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace giot::client {
namespace {

// Least significant byte first.
void Append(std::uint64_t word, std::string& bytes) {
  for (std::size_t i = 0; i < sizeof(word); ++i) bytes.push_back(static_cast<char>(word >> (8 * i)));
}

void Append(double value, std::string& bytes) { Append(std::bit_cast<std::uint64_t>(value), bytes); }

ledger::Digest DigestOfReport(const v1::Capture& capture, const v1::Telemetry& motion) {
  std::string bytes;
  Append(static_cast<std::uint64_t>(capture.captured_at_us()), bytes);
  for (const double value : {capture.latitude(), capture.longitude(), motion.speed(), motion.heading()}) {
    Append(value, bytes);
  }
  return ledger::Sha256({bytes});
}

}  // namespace

absl::StatusOr<ledger::Digest> DataSha256(const v1::ScoreSensingQualityRequest& request) {
  if (request.has_image()) return ledger::Sha256({request.image()});
  if (request.has_audio()) return ledger::Sha256({request.audio()});
  if (request.has_telemetry()) return DigestOfReport(request.capture(), request.telemetry());
  return absl::InvalidArgumentError("data: got none, want image, audio or telemetry");
}

std::string CaptureStatement(const v1::Capture& capture, const ledger::Digest& data_sha256) {
  std::string bytes = "giot.v1.Capture";
  Append(std::uint64_t{capture.source_id().size()}, bytes);
  bytes += capture.source_id();
  Append(static_cast<std::uint64_t>(capture.captured_at_us()), bytes);
  Append(capture.latitude(), bytes);
  Append(capture.longitude(), bytes);
  return bytes.append(ledger::BytesOf(data_sha256));
}

}  // namespace giot::client
