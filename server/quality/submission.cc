#include "server/quality/submission.h"

#include <bit>
#include <cstddef>

namespace giot::scoring {
namespace {

void Append(std::uint64_t word, std::string& bytes) {
  for (std::size_t i = 0; i < sizeof(word); ++i) bytes.push_back(static_cast<char>(word >> (8 * i)));
}

Digest DigestOfReport(const Motion& motion, const quality::Capture& capture) {
  std::string bytes;
  Append(static_cast<std::uint64_t>(capture.captured_at_us), bytes);
  for (const double value : {capture.latitude, capture.longitude, motion.speed, motion.heading}) {
    Append(std::bit_cast<std::uint64_t>(value), bytes);
  }
  return quality::Sha256(bytes);
}

}  // namespace

Digest DigestOf(const Submission& submission) {
  if (const auto* image = std::get_if<Image>(&submission.data)) return quality::Sha256(image->bytes);
  if (const auto* recording = std::get_if<Recording>(&submission.data)) return quality::Sha256(recording->bytes);
  return DigestOfReport(std::get<Motion>(submission.data), submission.capture);
}

std::int64_t BytesOf(const Data& data) {
  std::size_t bytes = sizeof(Motion);
  if (const auto* image = std::get_if<Image>(&data)) bytes = image->bytes.size() + image->reference.size();
  if (const auto* recording = std::get_if<Recording>(&data)) bytes = recording->bytes.size();
  return static_cast<std::int64_t>(bytes);
}

std::string HistoryName(const Submission& submission) {
  std::string name(submission.channel);  // The byte 0xff (octal 377) is in no UTF-8.
  if (std::holds_alternative<Recording>(submission.data)) name += "\377audio ";
  if (std::holds_alternative<Motion>(submission.data)) name += "\377telemetry ";
  return name.append(submission.capture.source_id);
}

}  // namespace giot::scoring
