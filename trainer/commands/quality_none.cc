#include "absl/status/status.h"
#include "trainer/commands/commands.h"

namespace giot::trainer {

absl::StatusOr<int> Quality() {
  return absl::FailedPreconditionError("quality: this giot-trainer was built without OpenCV, which images need");
}

}  // namespace giot::trainer
