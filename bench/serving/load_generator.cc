#include "bench/serving/load_generator.h"

#include <sys/prctl.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/alarm.h"
#include "grpcpp/channel.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"

namespace giot::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Moment = SteadyClock::time_point;

constexpr char kHealthMethod[] = "/grpc.health.v1.Health/Check";
constexpr auto kCallDeadline = std::chrono::seconds(10);

double Microseconds(SteadyClock::duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

// One call at a time on one connection; the tag of its completions.
struct Stream {
  grpc::GenericStub* stub = nullptr;
  std::optional<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer reply;
  grpc::Status status;
  Moment due;
  std::int64_t number = 0;
};

// Free streams of an open loop.
class FreeStreams {
 public:
  void Put(Stream* stream) {
    const std::lock_guard lock(mutex_);
    free_.push_back(stream);
    available_.notify_one();
  }
  // nullptr if none is free by `until`.
  Stream* Take(Moment until) {
    std::unique_lock lock(mutex_);
    if (!available_.wait_until(lock, until, [this] { return !free_.empty(); })) return nullptr;
    Stream* stream = free_.back();
    free_.pop_back();
    return stream;
  }

 private:
  std::mutex mutex_;
  std::condition_variable available_;
  std::vector<Stream*> free_;
};

class Generator {
 public:
  explicit Generator(const LoadPlan& plan) : plan_(plan) { result_.latencies_us.reserve(1 << 20); }

  absl::Status Connect();
  LoadResult Run();

 private:
  bool open_loop() const { return plan_.rate > 0.0; }
  std::int64_t total_calls() const { return plan_.warmup_calls + plan_.calls; }
  void Start(Stream& stream, std::int64_t number, Moment due);
  bool StartNext(Stream& stream);
  void Pace();
  void Drain();
  void Finish(Stream& stream);
  void Record(const Stream& stream, Moment now);

  const LoadPlan& plan_;
  const grpc::Slice no_bytes_;
  const grpc::ByteBuffer empty_{&no_bytes_, 1};
  grpc::CompletionQueue queue_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  std::vector<std::unique_ptr<Stream>> streams_;
  FreeStreams free_;
  grpc::Alarm paced_;
  Moment end_;                            // No call starts after it.
  std::atomic<std::int64_t> started_{0};  // Written by the thread that starts calls.
  std::atomic<bool> starting_{true};
  // Of the draining thread.
  std::int64_t finished_ = 0;
  Moment measured_from_;
  Moment last_;
  LoadResult result_;
};

absl::Status Generator::Connect() {
  for (int c = 0; c < plan_.connections; ++c) {
    grpc::ChannelArguments arguments;
    // Otherwise channels to one address would share a connection.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channels_.push_back(grpc::CreateCustomChannel(plan_.server, grpc::InsecureChannelCredentials(), arguments));
    channels_.back()->GetState(/*try_to_connect=*/true);
    stubs_.push_back(std::make_unique<grpc::GenericStub>(channels_.back()));
  }
  const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(5);
  for (const auto& channel : channels_) {
    if (!channel->WaitForConnected(deadline))
      return absl::UnavailableError(absl::StrCat("no connection to ", plan_.server));
  }
  for (int s = 0; s < plan_.connections * plan_.streams; ++s) {
    streams_.push_back(std::make_unique<Stream>());
    streams_.back()->stub = stubs_[static_cast<std::size_t>(s % plan_.connections)].get();
  }
  return absl::OkStatus();
}

void Generator::Start(Stream& stream, std::int64_t number, Moment due) {
  stream.number = number;
  stream.due = due;
  stream.reply.Clear();
  stream.context.emplace();
  stream.context->set_deadline(std::chrono::system_clock::now() + kCallDeadline);
  const bool health = plan_.warmup_by_health && number < plan_.warmup_calls;
  const auto& request = plan_.requests[static_cast<std::size_t>(number) % plan_.requests.size()];
  stream.reader = stream.stub->PrepareUnaryCall(&*stream.context, health ? kHealthMethod : plan_.method,
                                                health ? empty_ : request, &queue_);
  stream.reader->StartCall();
  stream.reader->Finish(&stream.reply, &stream.status, &stream);
}

bool Generator::StartNext(Stream& stream) {
  const Moment now = SteadyClock::now();
  const std::int64_t number = started_.load(std::memory_order_relaxed);
  if (number >= total_calls() || now >= end_) return false;
  started_.store(number + 1, std::memory_order_relaxed);
  Start(stream, number, now);
  return true;
}

// Starts calls when they are due; a late one still counts from then.
void Generator::Pace() {
  prctl(PR_SET_TIMERSLACK, 1);
  const auto interval = std::chrono::duration<double>(1.0 / plan_.rate);
  const Moment begin = SteadyClock::now();
  for (std::int64_t number = 0; number < total_calls(); ++number) {
    const Moment due =
        begin + std::chrono::duration_cast<SteadyClock::duration>(interval * static_cast<double>(number));
    if (due >= end_) break;
    std::this_thread::sleep_until(due);
    Stream* stream = free_.Take(end_);
    if (stream == nullptr) break;
    started_.store(number + 1);
    Start(*stream, number, due);
  }
  starting_ = false;
  // Every call may have been drained already: the drain must look again.
  paced_.Set(&queue_, std::chrono::system_clock::now(), nullptr);
}

void Generator::Record(const Stream& stream, Moment now) {
  last_ = now;
  if (stream.number < plan_.warmup_calls) {
    measured_from_ = now;
    return;
  }
  if (stream.status.ok()) {
    result_.latencies_us.push_back(Microseconds(now - stream.due));
    return;
  }
  if (result_.failed++ == 0) {
    result_.first_error = absl::StrCat(stream.status.error_code(), ": ", stream.status.error_message());
  }
}

void Generator::Finish(Stream& stream) {
  Record(stream, SteadyClock::now());
  ++finished_;
  if (open_loop()) {
    free_.Put(&stream);
  } else if (!StartNext(stream)) {
    starting_ = false;
  }
}

void Generator::Drain() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
    if (tag != nullptr) Finish(*static_cast<Stream*>(tag));
    if (!starting_ && finished_ == started_) queue_.Shutdown();
  }
}

LoadResult Generator::Run() {
  measured_from_ = SteadyClock::now();
  end_ = measured_from_ + absl::ToChronoNanoseconds(plan_.time);
  if (open_loop()) {
    for (const auto& stream : streams_) free_.Put(stream.get());
    std::thread pacer([this] { Pace(); });
    Drain();
    pacer.join();
  } else {
    for (const auto& stream : streams_) StartNext(*stream);
    Drain();
  }
  result_.seconds = std::chrono::duration<double>(last_ - measured_from_).count();
  return std::move(result_);
}

}  // namespace

absl::StatusOr<LoadResult> GenerateLoad(const LoadPlan& plan) {
  Generator generator(plan);
  if (auto status = generator.Connect(); !status.ok()) return status;
  return generator.Run();
}

}  // namespace giot::bench
