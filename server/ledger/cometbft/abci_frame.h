#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace giot::ledger {

// Messages of ABCI on a stream: each has its length before it, as a varint of Protobuf.
inline constexpr std::size_t kMostFrameBytes = 64u << 20;

void AppendFrame(std::string_view message, std::string& stream);

// Takes a stream apart as it comes. Its memory grows with what was received, not with what a length promises.
class FrameReader {
 public:
  void Add(std::string_view bytes);

  // The next message that is there as a whole, valid until the next call; nullopt: more bytes are wanted.
  // InvalidArgument for a length that is no varint or above kMostFrameBytes; then nothing more can be read.
  absl::StatusOr<std::optional<std::string_view>> Next();

 private:
  std::string bytes_;
  std::size_t read_ = 0;  // Of them.
};

}  // namespace giot::ledger
