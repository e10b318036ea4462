#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "trainer/distributed/c10d_communicator.h"
#include "trainer/distributed/process_group.h"

#ifdef USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif
#ifdef USE_C10D_NCCL
#include <torch/csrc/cuda/nccl.h>

#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

namespace giot::trainer {
namespace {

using Group = c10::intrusive_ptr<C10dGroup>;
using Store = c10::intrusive_ptr<c10d::Store>;
using Connected = absl::StatusOr<std::unique_ptr<Communicator>>;
using Clock = std::chrono::steady_clock;

constexpr absl::string_view kMeeting = "meeting the others";

#ifdef USE_C10D_NCCL
// The size of NCCL's own structures within LibTorch's classes depends on its version.
absl::Status CheckNcclVersion() {
  const std::uint64_t version = torch::cuda::nccl::version();
  const std::uint64_t major = version >> 32;
  const std::uint64_t minor = (version >> 16) & 0xFFFF;
  if (major == NCCL_MAJOR && minor == NCCL_MINOR) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("this program was built with the headers of NCCL ", NCCL_MAJOR, ".",
                                                    NCCL_MINOR, ", but LibTorch has NCCL ", major, ".", minor));
}
#endif

absl::Status CheckLibrary(torch::Device device) {
#ifdef USE_C10D_GLOO
  if (device.is_cpu()) return absl::OkStatus();
#endif
#ifdef USE_C10D_NCCL
  if (device.is_cuda()) return CheckNcclVersion();
#endif
  return absl::FailedPreconditionError(absl::StrCat("several processes on ", device.str(), " need ",
                                                    device.is_cpu() ? "Gloo" : "NCCL",
                                                    ", and this program was built without it"));
}

// libuv, the default of later versions, is not in every LibTorch.
template <typename Options>
void UsePlainSockets(Options& options) {
  if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
}

// A restarted run must not find what the one before left in the launcher's store.
Store OpenStore(const ClusterEnvironment& environment, absl::Duration timeout) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<std::uint16_t>(environment.master_port);
  options.isServer = environment.rank == 0 && !environment.launcher_listens;
  options.numWorkers = static_cast<std::size_t>(environment.size);
  options.timeout = LibraryTimeout(timeout);
  UsePlainSockets(options);
  Store store = c10::make_intrusive<c10d::TCPStore>(environment.master_address, options);
  return c10::make_intrusive<c10d::PrefixStore>(absl::StrCat("giot/", environment.attempt), std::move(store));
}

#ifdef USE_C10D_GLOO
Group MakeGloo(const ClusterEnvironment& environment, const Store& store, absl::Duration timeout) {
  using Gloo = c10d::ProcessGroupGloo;
  const auto options = Gloo::Options::create(LibraryTimeout(timeout));
  const bool named = !environment.network_interface.empty();
  options->devices.push_back(named ? Gloo::createDeviceForInterface(environment.network_interface)
                                   : Gloo::createDefaultDevice());
  return c10::make_intrusive<Gloo>(store, environment.rank, environment.size, options);
}
#endif

#ifdef USE_C10D_NCCL
Group MakeNccl(const ClusterEnvironment& environment, const Store& store, absl::Duration timeout) {
  // Or its watchdog ends the process where we would return an error.
  for (const char* const name : {"TORCH_NCCL_ASYNC_ERROR_HANDLING", "NCCL_ASYNC_ERROR_HANDLING"}) setenv(name, "0", 1);
  const auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = LibraryTimeout(timeout);
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, environment.rank, environment.size, options);
}
#endif

Group JoinGroup(const ClusterEnvironment& environment, torch::Device device, absl::Duration timeout) {
  const Store store = OpenStore(environment, timeout);
#ifdef USE_C10D_GLOO
  if (device.is_cpu()) return MakeGloo(environment, store, timeout);
#endif
#ifdef USE_C10D_NCCL
  if (device.is_cuda()) return MakeNccl(environment, store, timeout);
#endif
  throw std::logic_error(absl::StrCat("no library for ", device.str()));
}

// The barrier makes the connections that a library puts off until they are needed.
Connected Meet(const ClusterEnvironment& environment, torch::Device device, absl::Duration timeout) {
  const Clock::time_point start = Clock::now();
  try {
    std::unique_ptr<Communicator> communicator =
        MakeC10dCommunicator(JoinGroup(environment, device, timeout), device, timeout);
    if (absl::Status status = communicator->Barrier(); !status.ok()) return status;
    return communicator;
  } catch (const std::exception& error) {
    return PeersUnavailable(environment.rank, environment.size, kMeeting, start, ReasonOf(error));
  }
}

}  // namespace

// A peer that hangs while processes meet can block the libraries beyond every
// limit of theirs; the thread that waits for it is then left to itself.
Connected ConnectProcessGroup(const ClusterEnvironment& environment, torch::Device device, absl::Duration timeout) {
  if (absl::Status status = CheckLibrary(device); !status.ok()) return status;
  const Clock::time_point start = Clock::now();
  std::promise<Connected> promise;
  std::future<Connected> connected = promise.get_future();
  std::thread([=, promise = std::move(promise)]() mutable {
    promise.set_value(Meet(environment, device, timeout));
  }).detach();
  const bool met = connected.wait_for(absl::ToChronoMilliseconds(timeout)) == std::future_status::ready;
  if (met) return connected.get();
  return PeersUnavailable(
      environment.rank, environment.size, kMeeting, start,
      absl::StrCat("not all of them came to ", environment.master_address, ":", environment.master_port, " in time"));
}

}  // namespace giot::trainer
