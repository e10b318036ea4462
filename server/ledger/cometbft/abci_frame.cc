#include "server/ledger/cometbft/abci_frame.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace giot::ledger {
namespace {

constexpr std::size_t kMostLengthBytes = 4;  // 2^28 is far above kMostFrameBytes.

}  // namespace

void AppendFrame(std::string_view message, std::string& stream) {
  std::size_t size = message.size();
  for (; size >= 0x80; size >>= 7) stream.push_back(static_cast<char>((size & 0x7f) | 0x80));
  stream.push_back(static_cast<char>(size));
  stream += message;
}

void FrameReader::Add(std::string_view bytes) {
  bytes_.erase(0, read_);
  read_ = 0;
  bytes_ += bytes;
}

absl::StatusOr<std::optional<std::string_view>> FrameReader::Next() {
  const std::string_view rest = std::string_view(bytes_).substr(read_);
  std::uint64_t size = 0;
  std::size_t length = 0;  // Of the length.
  do {
    if (length == kMostLengthBytes) return absl::InvalidArgumentError("frame: its length is no varint of 4 bytes");
    if (length == rest.size()) return std::nullopt;
    size |= static_cast<std::uint64_t>(rest[length] & 0x7f) << (7 * length);
  } while ((rest[length++] & 0x80) != 0);
  if (size > kMostFrameBytes) {
    return absl::InvalidArgumentError(absl::StrCat("frame: got ", size, " bytes, want at most ", kMostFrameBytes));
  }
  if (rest.size() - length < size) return std::nullopt;
  read_ += length + size;
  return rest.substr(length, size);
}

}  // namespace giot::ledger
