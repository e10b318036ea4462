#include "trainer/commands/run_flags.h"

#include <string>

#include "absl/flags/flag.h"

ABSL_FLAG(std::string, run_dir, "",
          "folder of a run: config.flags, checkpoints/, metrics.jsonl, tensorboard/ and, at the end, bundle/");

namespace giot::trainer {

absl::StatusOr<RunFolder> RunFolderFromFlags() {
  const std::string root = absl::GetFlag(FLAGS_run_dir);
  if (root.empty()) return absl::InvalidArgumentError("--run_dir: want the folder of a run");
  return RunFolder{root};
}

}  // namespace giot::trainer
