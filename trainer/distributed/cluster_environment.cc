#include "trainer/distributed/cluster_environment.h"

#include <initializer_list>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace giot::trainer {
namespace {

constexpr int kMaxProcesses = 65536;
constexpr int kMaxPort = 65535;

// What a launcher calls the three numbers.
struct Names {
  const char* rank;
  const char* size;
  const char* local_rank;
};
constexpr Names kTorchNames = {"RANK", "WORLD_SIZE", "LOCAL_RANK"};
// sbatch sets SLURM_PROCID and SLURM_NTASKS for its script as well, which runs
// once; only srun sets the variables of a step.
constexpr Names kSlurmNames = {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID"};

std::optional<std::string> Lookup(const Getenv& getenv, const char* name) {
  const char* const value = getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

absl::Status Invalid(const char* name, const std::optional<std::string>& got, absl::string_view want) {
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": ", got ? absl::StrCat("got '", *got, "'") : "not set", ", want ", want));
}

absl::StatusOr<int> Integer(const Getenv& getenv, const char* name, int min, int max) {
  const std::optional<std::string> text = Lookup(getenv, name);
  int value = 0;
  if (text && absl::SimpleAtoi(*text, &value) && value >= min && value <= max) return value;
  return Invalid(name, text, absl::StrCat("an integer from ", min, " to ", max));
}

absl::StatusOr<int> IntegerOrZero(const Getenv& getenv, const char* name, int max) {
  return Lookup(getenv, name) ? Integer(getenv, name, 0, max) : 0;
}

absl::StatusOr<ClusterEnvironment> ReadPlace(const Getenv& getenv, const Names& names) {
  const absl::StatusOr<int> size = Integer(getenv, names.size, 1, kMaxProcesses);
  if (!size.ok()) return size.status();
  const absl::StatusOr<int> rank = Integer(getenv, names.rank, 0, *size - 1);
  if (!rank.ok()) return rank.status();
  const absl::StatusOr<int> local_rank = IntegerOrZero(getenv, names.local_rank, *size - 1);
  if (!local_rank.ok()) return local_rank.status();
  ClusterEnvironment environment;
  environment.rank = *rank;
  environment.size = *size;
  environment.local_rank = *local_rank;
  return environment;
}

// The only node of a Slurm step. A list of several is left to whoever sets
// MASTER_ADDR: which of them runs task 0 depends on the step's distribution.
std::optional<std::string> OnlySlurmNode(const Getenv& getenv) {
  std::optional<std::string> nodes = Lookup(getenv, "SLURM_STEP_NODELIST");
  if (nodes && nodes->find_first_of(",[") != std::string::npos) return std::nullopt;
  return nodes;
}

absl::Status ReadMaster(const Getenv& getenv, std::optional<std::string> default_address,
                        ClusterEnvironment& environment) {
  std::optional<std::string> address = Lookup(getenv, "MASTER_ADDR");
  if (!address) address = std::move(default_address);
  if (!address || address->empty()) {
    return Invalid("MASTER_ADDR", address, "the host name or address of the machine that rank 0 runs on");
  }
  const absl::StatusOr<int> port = Integer(getenv, "MASTER_PORT", 1, kMaxPort);
  if (!port.ok()) return port.status();
  const absl::StatusOr<int> attempt = IntegerOrZero(getenv, "TORCHELASTIC_RESTART_COUNT", kMaxProcesses);
  if (!attempt.ok()) return attempt.status();
  environment.master_address = *std::move(address);
  environment.master_port = *port;
  environment.launcher_listens = Lookup(getenv, "TORCHELASTIC_USE_AGENT_STORE") == "True";
  environment.attempt = *attempt;
  environment.network_interface = Lookup(getenv, "GLOO_SOCKET_IFNAME").value_or("");
  return absl::OkStatus();
}

bool AnySet(const Getenv& getenv, std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    if (getenv(name) != nullptr) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<ClusterEnvironment> ReadClusterEnvironment(const Getenv& getenv) {
  const bool torch = AnySet(getenv, {kTorchNames.rank, kTorchNames.size, kTorchNames.local_rank});
  const bool slurm = !torch && AnySet(getenv, {kSlurmNames.size});
  const bool master = AnySet(getenv, {"MASTER_ADDR", "MASTER_PORT"});
  if (!torch && !slurm && !master) return ClusterEnvironment{};

  absl::StatusOr<ClusterEnvironment> environment = ReadPlace(getenv, slurm ? kSlurmNames : kTorchNames);
  if (!environment.ok() || environment->size == 1) return environment;
  const std::optional<std::string> default_address = slurm ? OnlySlurmNode(getenv) : std::nullopt;
  if (absl::Status status = ReadMaster(getenv, default_address, *environment); !status.ok()) return status;
  return environment;
}

}  // namespace giot::trainer
