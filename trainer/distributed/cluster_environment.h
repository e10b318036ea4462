#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"

namespace giot::trainer {

// Where this process stands among those of its run, as their launcher says.
struct ClusterEnvironment {
  int rank = 0;        // Of this process, 0 to size - 1.
  int size = 1;        // Processes of the run.
  int local_rank = 0;  // Of this process among those of its machine: says which accelerator is its own.

  // Where the processes meet; unset if size is 1. Rank 0 listens there, unless
  // the launcher does so itself.
  std::string master_address;
  int master_port = 0;
  bool launcher_listens = false;
  int attempt = 0;  // How often that launcher has started the processes anew.

  std::string network_interface;  // Whose address peers on CPU connect to; empty: that of the host's name.
};

// Looks up an environment variable, as std::getenv does.
using Getenv = std::function<const char*(const char* name)>;

// Reads, in this order of precedence,
//   RANK, WORLD_SIZE, LOCAL_RANK (0 if not set)            torchrun, Kubeflow, or by hand
//   SLURM_PROCID, SLURM_STEP_NUM_TASKS, SLURM_LOCALID      a task of srun; a batch script itself is none
// and MASTER_ADDR, MASTER_PORT. Where all tasks of srun are on one machine,
// MASTER_ADDR may be missing. TORCHELASTIC_USE_AGENT_STORE and
// TORCHELASTIC_RESTART_COUNT say whether torchrun listens, GLOO_SOCKET_IFNAME
// names the network interface. With none of them set, the process is alone.
// InvalidArgument, naming the variable, what it got and what it wanted, if they
// are incomplete or make no sense.
absl::StatusOr<ClusterEnvironment> ReadClusterEnvironment(const Getenv& getenv);

}  // namespace giot::trainer
