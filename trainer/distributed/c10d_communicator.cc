#include "trainer/distributed/c10d_communicator.h"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "trainer/distributed/tensor_bucket.h"

namespace giot::trainer {
namespace {

using std::chrono::milliseconds;
using torch::Tensor;
using Clock = std::chrono::steady_clock;

// On CUDA wait() merely orders streams and has no limit, hence the polling.
void Await(c10d::Work& work, torch::Device device, Clock::time_point deadline) {
  if (device.is_cpu()) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    work.wait(std::max(left, milliseconds(1)));
    return;
  }
  while (!work.isCompleted()) {
    if (Clock::now() >= deadline) {
      work.abort();
      throw std::runtime_error("timed out");
    }
    std::this_thread::yield();
  }
  work.wait();
}

class C10dCommunicator final : public Communicator {
 public:
  C10dCommunicator(c10::intrusive_ptr<C10dGroup> group, torch::Device device, absl::Duration timeout)
      : group_(std::move(group)), device_(device), timeout_(timeout) {}

  // After a failure the library's threads may be waiting for a peer still, and
  // joining them could take for ever: such a group is left to the process's end.
  ~C10dCommunicator() override {
    if (!failure_.ok()) static_cast<void>(group_.release());
  }

  int rank() const override { return group_->getRank(); }
  int size() const override { return group_->getSize(); }

  absl::Status AllReduceMean(const std::vector<Tensor>& tensors) override {
    return Exchange("all-reduce", tensors, [this](std::vector<Tensor>& message, Clock::time_point deadline) {
      Await(*group_->allreduce(message), device_, deadline);
      message[0].div_(size());
    });
  }

  absl::Status Broadcast(const std::vector<Tensor>& tensors) override {
    return Exchange("broadcast", tensors, [this](std::vector<Tensor>& message, Clock::time_point deadline) {
      Await(*group_->broadcast(message), device_, deadline);
    });
  }

  absl::StatusOr<bool> Any(bool value) override {
    const Tensor share = torch::tensor(value ? 1.0F : 0.0F);
    if (absl::Status status = AllReduceMean({share}); !status.ok()) return status;
    return share.item<float>() > 0;
  }

  absl::Status Barrier() override { return Any(false).status(); }

 private:
  using Collective = std::function<void(std::vector<Tensor>& message, Clock::time_point deadline)>;

  absl::Status Exchange(absl::string_view operation, const std::vector<Tensor>& tensors, const Collective& collective) {
    if (!failure_.ok()) return failure_;
    const Clock::time_point start = Clock::now();
    try {
      const std::vector<TensorBucket> buckets = Pack(tensors, device_);
      for (const TensorBucket& bucket : buckets) {
        std::vector<Tensor> message = {bucket.flat};
        collective(message, start + absl::ToChronoMilliseconds(timeout_));
      }
      for (const TensorBucket& bucket : buckets) Unpack(bucket);
    } catch (const std::exception& error) {
      failure_ = PeersUnavailable(rank(), size(), operation, start, ReasonOf(error));
    }
    return failure_;
  }

  c10::intrusive_ptr<C10dGroup> group_;
  const torch::Device device_;
  const absl::Duration timeout_;
  absl::Status failure_;
};

}  // namespace

std::unique_ptr<Communicator> MakeC10dCommunicator(c10::intrusive_ptr<C10dGroup> group, torch::Device device,
                                                   absl::Duration timeout) {
  return std::make_unique<C10dCommunicator>(std::move(group), device, timeout);
}

milliseconds LibraryTimeout(absl::Duration timeout) { return absl::ToChronoMilliseconds(timeout * 0.9); }

absl::Status PeersUnavailable(int rank, int size, absl::string_view operation, Clock::time_point start,
                              absl::string_view reason) {
  const absl::Duration elapsed = absl::Trunc(absl::FromChrono(Clock::now() - start), absl::Milliseconds(1));
  return absl::UnavailableError(absl::StrCat("rank ", rank, " of ", size, ": ", operation, " failed after ",
                                             absl::FormatDuration(elapsed), ": ", reason));
}

std::string ReasonOf(const std::exception& error) {
  const auto* const torch_error = dynamic_cast<const c10::Error*>(&error);
  const std::string message = torch_error != nullptr ? torch_error->what_without_backtrace() : error.what();
  return message.substr(0, message.find('\n'));
}

}  // namespace giot::trainer
