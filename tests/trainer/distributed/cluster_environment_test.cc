#include "trainer/distributed/cluster_environment.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace giot::trainer {
namespace {

using Variables = std::map<std::string, std::string>;

absl::StatusOr<ClusterEnvironment> Read(const Variables& variables) {
  return ReadClusterEnvironment([&variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

// What torchrun sets for the third of four processes, two on each machine.
Variables Torchrun() {
  return {{"RANK", "2"}, {"WORLD_SIZE", "4"}, {"LOCAL_RANK", "0"}, {"MASTER_ADDR", "node7"}, {"MASTER_PORT", "29500"}};
}

// What srun sets for the fourth of four tasks on one machine, and a user's port.
Variables Srun() {
  return {{"SLURM_PROCID", "3"},
          {"SLURM_STEP_NUM_TASKS", "4"},
          {"SLURM_LOCALID", "3"},
          {"SLURM_STEP_NODELIST", "gpu7"},
          {"MASTER_PORT", "29500"}};
}

Variables With(Variables variables, const std::string& name, const std::string& value) {
  variables[name] = value;
  return variables;
}

Variables Without(Variables variables, const std::string& name) {
  variables.erase(name);
  return variables;
}

TEST(ClusterEnvironment, WithoutAnyVariableTheProcessIsAlone) {
  const absl::StatusOr<ClusterEnvironment> environment = Read({});
  ASSERT_TRUE(environment.ok());
  EXPECT_EQ(environment->rank, 0);
  EXPECT_EQ(environment->size, 1);
  EXPECT_EQ(environment->local_rank, 0);
}

TEST(ClusterEnvironment, TorchrunsVariablesAreRead) {
  const absl::StatusOr<ClusterEnvironment> environment = Read(With(Torchrun(), "LOCAL_RANK", "1"));
  ASSERT_TRUE(environment.ok()) << environment.status();
  EXPECT_EQ(environment->rank, 2);
  EXPECT_EQ(environment->size, 4);
  EXPECT_EQ(environment->local_rank, 1);
  EXPECT_EQ(environment->master_address, "node7");
  EXPECT_EQ(environment->master_port, 29500);
  EXPECT_FALSE(environment->launcher_listens);
  EXPECT_EQ(environment->attempt, 0);
  EXPECT_EQ(environment->network_interface, "");
}

TEST(ClusterEnvironment, TorchrunMayListenItselfAndRestart) {
  Variables variables = Torchrun();
  variables["TORCHELASTIC_USE_AGENT_STORE"] = "True";
  variables["TORCHELASTIC_RESTART_COUNT"] = "3";
  const absl::StatusOr<ClusterEnvironment> environment = Read(variables);
  ASSERT_TRUE(environment.ok()) << environment.status();
  EXPECT_TRUE(environment->launcher_listens);
  EXPECT_EQ(environment->attempt, 3);
  EXPECT_FALSE(Read(With(variables, "TORCHELASTIC_USE_AGENT_STORE", "False"))->launcher_listens);
}

TEST(ClusterEnvironment, KubeflowSetsNoLocalRank) {
  const absl::StatusOr<ClusterEnvironment> environment = Read(Without(Torchrun(), "LOCAL_RANK"));
  ASSERT_TRUE(environment.ok()) << environment.status();
  EXPECT_EQ(environment->rank, 2);
  EXPECT_EQ(environment->local_rank, 0);
}

TEST(ClusterEnvironment, OneProcessNeedsNoAddress) {
  const absl::StatusOr<ClusterEnvironment> environment = Read({{"RANK", "0"}, {"WORLD_SIZE", "1"}});
  ASSERT_TRUE(environment.ok()) << environment.status();
  EXPECT_EQ(environment->size, 1);
}

TEST(ClusterEnvironment, SrunsVariablesAreReadAndItsOnlyMachineIsTheAddress) {
  const absl::StatusOr<ClusterEnvironment> environment = Read(Srun());
  ASSERT_TRUE(environment.ok()) << environment.status();
  EXPECT_EQ(environment->rank, 3);
  EXPECT_EQ(environment->size, 4);
  EXPECT_EQ(environment->local_rank, 3);
  EXPECT_EQ(environment->master_address, "gpu7");
  EXPECT_EQ(environment->master_port, 29500);
}

TEST(ClusterEnvironment, GivenAddressComesBeforeSrunsMachine) {
  const absl::StatusOr<ClusterEnvironment> environment = Read(With(Srun(), "MASTER_ADDR", "gpu7-ib"));
  ASSERT_TRUE(environment.ok()) << environment.status();
  EXPECT_EQ(environment->master_address, "gpu7-ib");
}

TEST(ClusterEnvironment, TorchrunBelowSrunCounts) {
  Variables variables = Srun();
  variables.merge(Torchrun());
  const absl::StatusOr<ClusterEnvironment> environment = Read(variables);
  ASSERT_TRUE(environment.ok()) << environment.status();
  EXPECT_EQ(environment->rank, 2);
  EXPECT_EQ(environment->master_address, "node7");
}

// sbatch sets these for its script, of which there is one.
TEST(ClusterEnvironment, ABatchScriptIsNoTask) {
  const absl::StatusOr<ClusterEnvironment> environment =
      Read({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}, {"SLURM_LOCALID", "0"}, {"SLURM_JOB_NODELIST", "gpu[1-2]"}});
  ASSERT_TRUE(environment.ok()) << environment.status();
  EXPECT_EQ(environment->size, 1);
}

TEST(ClusterEnvironment, InterfaceForPeersIsRead) {
  EXPECT_EQ(Read(With(Torchrun(), "GLOO_SOCKET_IFNAME", "eth1"))->network_interface, "eth1");
}

TEST(ClusterEnvironment, IncompleteOrMalformedVariablesAreNamed) {
  struct Case {
    Variables variables;
    std::string named;
  };
  const std::vector<Case> cases = {
      {Without(Torchrun(), "RANK"), "RANK"},
      {Without(Torchrun(), "WORLD_SIZE"), "WORLD_SIZE"},
      {Without(Torchrun(), "MASTER_ADDR"), "MASTER_ADDR"},
      {Without(Torchrun(), "MASTER_PORT"), "MASTER_PORT"},
      {{{"LOCAL_RANK", "0"}}, "WORLD_SIZE"},
      {{{"MASTER_ADDR", "node7"}}, "WORLD_SIZE"},
      {{{"MASTER_PORT", "29500"}}, "WORLD_SIZE"},
      {With(Torchrun(), "RANK", "4"), "RANK"},
      {With(Torchrun(), "RANK", "-1"), "RANK"},
      {With(Torchrun(), "RANK", "two"), "RANK"},
      {With(Torchrun(), "RANK", ""), "RANK"},
      {With(Torchrun(), "WORLD_SIZE", "0"), "WORLD_SIZE"},
      {With(Torchrun(), "WORLD_SIZE", "4x"), "WORLD_SIZE"},
      {With(Torchrun(), "WORLD_SIZE", "99999999999"), "WORLD_SIZE"},
      {With(Torchrun(), "LOCAL_RANK", "4"), "LOCAL_RANK"},
      {With(Torchrun(), "MASTER_ADDR", ""), "MASTER_ADDR"},
      {With(Torchrun(), "MASTER_PORT", "0"), "MASTER_PORT"},
      {With(Torchrun(), "MASTER_PORT", "65536"), "MASTER_PORT"},
      {With(Torchrun(), "TORCHELASTIC_RESTART_COUNT", "x"), "TORCHELASTIC_RESTART_COUNT"},
      {Without(Srun(), "SLURM_PROCID"), "SLURM_PROCID"},
      {With(Srun(), "SLURM_LOCALID", "4"), "SLURM_LOCALID"},
      {Without(Srun(), "MASTER_PORT"), "MASTER_PORT"},
      {Without(Srun(), "SLURM_STEP_NODELIST"), "MASTER_ADDR"},
      {With(Srun(), "SLURM_STEP_NODELIST", "gpu[7-8]"), "MASTER_ADDR"},
      {With(Srun(), "SLURM_STEP_NODELIST", "gpu7,gpu9"), "MASTER_ADDR"},
  };
  for (const Case& c : cases) {
    const absl::Status status = Read(c.variables).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.named;
    EXPECT_EQ(status.message().substr(0, status.message().find(':')), c.named);
  }
}

}  // namespace
}  // namespace giot::trainer
