#include "trainer/distributed/single_process.h"

namespace giot::trainer {
namespace {

class SingleProcess final : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  absl::Status AllReduceMean(const std::vector<torch::Tensor>& /*tensors*/) override { return absl::OkStatus(); }
  absl::Status Broadcast(const std::vector<torch::Tensor>& /*tensors*/) override { return absl::OkStatus(); }
  absl::StatusOr<bool> Any(bool value) override { return value; }
  absl::Status Barrier() override { return absl::OkStatus(); }
};

}  // namespace

std::unique_ptr<Communicator> MakeSingleProcess() { return std::make_unique<SingleProcess>(); }

}  // namespace giot::trainer
