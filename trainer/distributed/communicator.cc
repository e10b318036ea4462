#include "trainer/distributed/communicator.h"

#include <cstdint>

namespace giot::trainer {

absl::StatusOr<std::string> BroadcastBytes(Communicator& communicator, std::string bytes) {
  torch::Tensor size = torch::tensor(static_cast<std::int64_t>(bytes.size()));
  if (absl::Status status = communicator.Broadcast({size}); !status.ok()) return status;
  bytes.resize(static_cast<std::size_t>(size.item<std::int64_t>()));
  if (bytes.empty()) return bytes;
  const torch::Tensor content = torch::from_blob(bytes.data(), {size.item<std::int64_t>()}, torch::kUInt8);
  if (absl::Status status = communicator.Broadcast({content}); !status.ok()) return status;
  return bytes;
}

}  // namespace giot::trainer
