#include "trainer/distributed/connect.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "trainer/distributed/process_group.h"
#include "trainer/distributed/single_process.h"

namespace giot::trainer {

absl::StatusOr<std::unique_ptr<Communicator>> Connect(const ClusterEnvironment& environment, torch::Device device,
                                                      absl::Duration timeout) {
  if (timeout < absl::Milliseconds(1) || timeout > absl::Hours(24)) {
    return absl::InvalidArgumentError(
        absl::StrCat("timeout: got ", absl::FormatDuration(timeout), ", want a value from 1ms to 24h"));
  }
  if (environment.size == 1) return MakeSingleProcess();
  return ConnectProcessGroup(environment, device, timeout);
}

}  // namespace giot::trainer
