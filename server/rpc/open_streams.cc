#include "server/rpc/open_streams.h"

#include <cstddef>

#include "server/rpc/status.h"

namespace giot::rpc {

absl::Status OpenStreams::Add(Drainable* stream) {
  const engine::MutexLock lock(&mutex_);
  if (draining_) return ServerDraining();
  if (open_.size() >= static_cast<std::size_t>(limit_)) return Overloaded("streams", limit_);
  open_.insert(stream);
  return absl::OkStatus();
}

void OpenStreams::Remove(Drainable* stream) {
  const engine::MutexLock lock(&mutex_);
  open_.erase(stream);
}

void OpenStreams::Drain() {
  const engine::MutexLock lock(&mutex_);
  draining_ = true;
  for (Drainable* stream : open_) stream->Drain();
}

}  // namespace giot::rpc
