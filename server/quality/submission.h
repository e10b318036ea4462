#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "models/quality/capture_signature.h"
#include "models/quality/sensing_score.h"
#include "models/quality/sha256.h"

namespace giot::scoring {

using quality::Digest;

// What can be delivered. What is pointed to must live until the delivery is answered.
struct Image {
  std::string_view bytes;      // JPEG, PNG or WebP.
  std::string_view reference;  // Of the same scene; empty: none.
  bool heat_map = false;
};
struct Recording {
  std::string_view bytes;  // WAV.
};
// A report of motion, at the time and place of the capture.
struct Motion {
  double speed = 0.0;    // Metres per second, finite.
  double heading = 0.0;  // Degrees clockwise from north, [0, 360).
};
using Data = std::variant<Image, Recording, Motion>;

// A delivery. What it points to must live until it is answered.
struct Submission {
  Data data;
  quality::Capture capture;  // is_signed is the engine's to say.
  std::optional<quality::CaptureSignature> signature;
  quality::Requirements requirements;  // received_at_us is the engine's to say.
  std::string_view submission_id;      // Empty: never repeated.
  // Each has histories of its own, so that nobody who sends on one spoils those of another. What the wire lets anybody
  // send has the empty one; others begin with the byte 0xff, and name no kind of data.
  std::string_view channel;
};

// SHA-256 of the bytes of an image or a recording; of a motion, of the capture's time, latitude and
// longitude, speed and heading: integers and the bits of doubles in eight bytes, least significant first.
Digest DigestOf(const Submission& submission);

// What the queue is to count.
std::int64_t BytesOf(const Data& data);

// Under which name the source's history of this channel and kind of data is kept, so that no kind gets in the
// way of what is found in another: for images of the empty channel the source_id, for others a name that is no
// source_id, which on the wire is UTF-8.
std::string HistoryName(const Submission& submission);

}  // namespace giot::scoring
