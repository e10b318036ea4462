// One process of a small run, for tests: meets the others that its environment
// names, plays the scenario that its argument names and prints what it saw.
//
// usage: distributed_rank SCENARIO TIMEOUT_SECONDS

#include <signal.h>
#include <torch/torch.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "trainer/distributed/cluster_environment.h"
#include "trainer/distributed/communicator.h"
#include "trainer/distributed/connect.h"

namespace giot::trainer {
namespace {

using torch::Tensor;

// "mean UNAVAILABLE 0.312 rank 0 of 3: ...": the operation, its status, the
// seconds that it took, and what the status says.
template <typename Operation>
void Report(std::string_view name, Operation operation) {
  const auto start = std::chrono::steady_clock::now();
  const absl::Status status = operation();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  std::cout << name << ' ' << absl::StatusCodeToString(status.code()) << ' ' << elapsed.count() << ' '
            << status.message() << std::endl;
}

void Print(std::string_view name, const Tensor& tensor) {
  const Tensor flat = tensor.reshape({-1}).to(torch::kDouble);
  std::cout << name;
  for (std::int64_t i = 0; i < flat.numel(); ++i) std::cout << ' ' << flat[i].item<double>();
  std::cout << std::endl;
}

void Mean(Communicator& communicator) {
  const double rank = communicator.rank();
  const Tensor matrix = torch::tensor({1.0F, 2.0F, 3.0F, 4.0F}).reshape({2, 2}) * (rank + 1);
  const Tensor column = torch::arange(6, torch::kFloat).reshape({3, 2}).mul_(rank).select(1, 1);
  const Tensor precise = torch::tensor(1e-12 * rank, torch::kDouble);
  if (!communicator.AllReduceMean({matrix, precise, column}).ok()) return;
  Print("matrix", matrix);
  Print("column", column);
  Print("precise", precise);
}

// What every process must hold to the last bit lest the weights drift apart.
void Agreement(Communicator& communicator) {
  torch::manual_seed(communicator.rank());
  const Tensor values = torch::randn({10007});
  if (!communicator.AllReduceMean({values}).ok()) return;
  const Tensor bits = values.view(torch::kInt32).to(torch::kLong);
  std::cout << "bits " << (bits * torch::arange(1, 10008)).sum().item<std::int64_t>() << std::endl;
}

void NotANumber(Communicator& communicator) {
  const Tensor value = torch::tensor(communicator.rank() == 1 ? std::numeric_limits<float>::quiet_NaN() : 1.0F);
  if (!communicator.AllReduceMean({value}).ok()) return;
  std::cout << "not_a_number " << (std::isnan(value.item<float>()) ? "yes" : "no") << std::endl;
}

void Broadcast(Communicator& communicator) {
  const Tensor weights = torch::full({2, 2}, 0.5 + communicator.rank());
  const Tensor iteration = torch::tensor(std::int64_t{1} << (40 + communicator.rank()));
  if (!communicator.Broadcast({weights, iteration}).ok()) return;
  Print("weights", weights);
  std::cout << "iteration " << iteration.item<std::int64_t>() << std::endl;

  const std::string bytes(communicator.rank() == 0 ? std::string("sta\0te", 6) : std::string("another"));
  const absl::StatusOr<std::string> received = BroadcastBytes(communicator, bytes);
  std::cout << "bytes " << (received.ok() && *received == std::string("sta\0te", 6) ? "same" : "different")
            << std::endl;
  const absl::StatusOr<std::string> nothing =
      BroadcastBytes(communicator, communicator.rank() == 0 ? std::string() : std::string("another"));
  std::cout << "nothing " << (nothing.ok() && nothing->empty() ? "empty" : "different") << std::endl;
}

void Any(Communicator& communicator) {
  for (const int asking : {0, 2, 3}) {
    const absl::StatusOr<bool> any = communicator.Any(communicator.rank() == asking);
    std::cout << "any_" << asking << ' ' << (any.ok() && *any ? "yes" : "no") << std::endl;
  }
}

void Collectives(Communicator& communicator) {
  Mean(communicator);
  Agreement(communicator);
  NotANumber(communicator);
  Broadcast(communicator);
  Any(communicator);
  Report("barrier", [&communicator] { return communicator.Barrier(); });
}

// Rank 1 gets `signal` between two exchanges; the others go on.
void Lose(Communicator& communicator, int signal) {
  Report("before", [&communicator] { return communicator.Barrier(); });
  if (communicator.rank() == 1) raise(signal);
  const double own = 1.0 + communicator.rank();
  const Tensor value = torch::full({40000}, own);
  Report("mean", [&] { return communicator.AllReduceMean({value}); });
  std::cout << "value " << (torch::equal(value, torch::full({40000}, own)) ? "kept" : "changed") << std::endl;
  Report("afterwards", [&communicator] { return communicator.Barrier(); });
}

void Play(const std::string& scenario, Communicator& communicator) {
  if (scenario == "collectives") return Collectives(communicator);
  if (scenario == "killed") return Lose(communicator, SIGKILL);
  if (scenario == "stopped") return Lose(communicator, SIGSTOP);
}

int Run(const std::string& scenario, double timeout) {
  const absl::StatusOr<ClusterEnvironment> environment = ReadClusterEnvironment(std::getenv);
  if (!environment.ok()) {
    std::cerr << environment.status() << std::endl;
    return 1;
  }
  std::unique_ptr<Communicator> communicator;
  Report("connect", [&]() -> absl::Status {
    absl::StatusOr<std::unique_ptr<Communicator>> connected =
        Connect(*environment, torch::kCPU, absl::Seconds(timeout));
    if (connected.ok()) communicator = *std::move(connected);
    return connected.status();
  });
  if (communicator != nullptr) Play(scenario, *communicator);
  communicator.reset();
  std::cout << "end" << std::endl;
  return 0;
}

}  // namespace
}  // namespace giot::trainer

int main(int count, char** arguments) {
  torch::set_num_threads(1);
  return count == 3 ? giot::trainer::Run(arguments[1], std::atof(arguments[2])) : 2;
}
