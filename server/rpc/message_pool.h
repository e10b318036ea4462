#pragma once

#include <google/protobuf/arena.h>
#include <grpcpp/support/message_allocator.h>

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "server/engine/mutex.h"

namespace giot::rpc {

// Keeps the messages of a unary method's calls in arenas that are used again, so
// that a call of usual size asks the heap for no message. Holds as many arenas as
// there ever were calls at once, but no more than kMostKept. Thread-safe;
// outlives the server it is given to.
template <typename Request, typename Response>
class MessagePool final : public grpc::MessageAllocator<Request, Response> {
 public:
  grpc::MessageHolder<Request, Response>* AllocateMessages() override {
    std::unique_ptr<Holder> holder = Take();
    if (!holder) holder = std::make_unique<Holder>(this);
    holder->Fill();
    return holder.release();  // gRPC owns it until it calls Release.
  }

 private:
  static constexpr std::size_t kMostKept = 1024;
  // Fits request and reply of a market with 16 types.
  static constexpr std::size_t kArenaBytes = 4096;

  class Holder final : public grpc::MessageHolder<Request, Response> {
   public:
    explicit Holder(MessagePool* pool) : pool_(pool) {}

    void Fill() {
      this->set_request(google::protobuf::Arena::CreateMessage<Request>(&arena_));
      this->set_response(google::protobuf::Arena::CreateMessage<Response>(&arena_));
    }
    void Release() override {
      arena_.Reset();
      pool_->Keep(std::unique_ptr<Holder>(this));
    }

   private:
    google::protobuf::ArenaOptions Options() {
      google::protobuf::ArenaOptions options;
      options.initial_block = block_.data();
      options.initial_block_size = block_.size();
      return options;
    }

    MessagePool* const pool_;
    alignas(std::max_align_t) std::array<char, kArenaBytes> block_;
    google::protobuf::Arena arena_{Options()};
  };

  std::unique_ptr<Holder> Take() {
    const engine::MutexLock lock(&mutex_);
    if (free_.empty()) return nullptr;
    std::unique_ptr<Holder> holder = std::move(free_.back());
    free_.pop_back();
    return holder;
  }

  void Keep(std::unique_ptr<Holder> holder) {
    const engine::MutexLock lock(&mutex_);
    if (free_.size() < kMostKept) free_.push_back(std::move(holder));
  }

  engine::Mutex mutex_;
  std::vector<std::unique_ptr<Holder>> free_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace giot::rpc
