#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/ledger/proof/digest.h"

namespace giot::settlement {

// Checks of requests' fields, which say what they got and what they wanted.

inline absl::Status BadField(absl::string_view field, const absl::AlphaNum& got, const absl::AlphaNum& wanted) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": got ", got, ", want ", wanted));
}

inline absl::Status CheckRange(absl::string_view field, std::int64_t got, std::int64_t least, std::int64_t most) {
  if (got >= least && got <= most) return absl::OkStatus();
  return BadField(field, got, absl::StrCat(least, " to ", most));
}

// An id, key, digest or signature.
template <std::size_t size>
absl::Status TakeBytes(absl::string_view field, const std::string& got, std::array<std::uint8_t, size>& bytes) {
  if (ledger::FromBytes(got, bytes)) return absl::OkStatus();
  return BadField(field, absl::StrCat(got.size(), " bytes"), absl::StrCat(size));
}

}  // namespace giot::settlement
