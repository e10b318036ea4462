#include <iostream>
#include <memory>
#include <string>

#include "absl/flags/flag.h"
#include "trainer/checkpoint.h"
#include "trainer/commands/algorithm_factory.h"
#include "trainer/commands/bundle_export.h"
#include "trainer/commands/commands.h"
#include "trainer/commands/exit_codes.h"
#include "trainer/commands/run_flags.h"
#include "trainer/commands/training_flags.h"
#include "trainer/distributed/single_process.h"

ABSL_FLAG(std::string, checkpoint, "", "checkpoint file of the run; empty: the newest");
ABSL_FLAG(std::string, bundle_root, "", "folder that receives <name>/<version>; empty: bundle/ of the run");

namespace giot::trainer {
namespace {

absl::Status Load(const RunFolder& folder, Algorithm& algorithm) {
  const std::string file = absl::GetFlag(FLAGS_checkpoint);
  if (!file.empty()) return LoadCheckpoint(file, algorithm, torch::kCPU);
  return CheckpointStore(folder.checkpoints(), 1).LoadNewest(algorithm, torch::kCPU);
}

}  // namespace

absl::StatusOr<int> Export() {
  const absl::StatusOr<RunFolder> folder = RunFolderFromFlags();
  if (!folder.ok()) return folder.status();
  if (absl::Status status = ReadTrainingFlags(folder->config()); !status.ok()) return status;
  const absl::StatusOr<TrainingSettings> settings = TrainingSettingsFromFlags();
  if (!settings.ok()) return settings.status();
  if (absl::Status status = CheckExportFlags(*settings); !status.ok()) return status;

  const std::unique_ptr<Communicator> alone = MakeSingleProcess();
  const absl::StatusOr<std::unique_ptr<Algorithm>> algorithm = MakeAlgorithm(*settings, torch::kCPU, *alone);
  if (!algorithm.ok()) return algorithm.status();
  if (absl::Status status = CheckExportable(*settings, **algorithm); !status.ok()) return status;
  if (absl::Status status = Load(*folder, **algorithm); !status.ok()) return status;
  const std::string root = absl::GetFlag(FLAGS_bundle_root);
  const absl::StatusOr<std::filesystem::path> bundle = ExportBundle(
      root.empty() ? folder->bundles() : std::filesystem::path(root), *folder, *settings, (*algorithm)->policy());
  if (!bundle.ok()) return bundle.status();
  std::cout << "iteration " << (*algorithm)->iteration() << " exported to " << bundle->string() << '\n';
  return kDone;
}

}  // namespace giot::trainer
