#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "trainer/distributed/process_group.h"

namespace giot::trainer {

absl::StatusOr<std::unique_ptr<Communicator>> ConnectProcessGroup(const ClusterEnvironment& environment,
                                                                  torch::Device /*device*/,
                                                                  absl::Duration /*timeout*/) {
  return absl::FailedPreconditionError(absl::StrCat("the run has ", environment.size,
                                                    " processes, but this program was built without Gloo and NCCL and "
                                                    "runs as one only"));
}

}  // namespace giot::trainer
