#include "bench/ledger/cometbft_load.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/ledger/closed_loop.h"
#include "bench/ledger/transactions.h"
#include "server/ledger/cometbft/rpc_client.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/transaction.h"

namespace giot::bench {
namespace {

using Clock = std::chrono::steady_clock;
using ledger::RpcClient;

constexpr std::chrono::milliseconds kRpcTimeout{10'000};
constexpr std::chrono::milliseconds kFullPoolRest{5};
constexpr std::chrono::milliseconds kBlockPoll{10};
constexpr std::size_t kMostReference = 64;

std::string Deposit(std::size_t number, std::size_t reference, const std::string& chain_id,
                    const ledger::SecretKey& mint, std::int64_t expires_us) {
  ledger::v1::Body body;
  body.set_expires_us(expires_us);
  body.set_nonce(ledger::ByteWriter().U64(1).U64(number).Take());
  body.mutable_deposit()->set_account(std::string(ledger::BytesOf(AccountOf(number))));
  body.mutable_deposit()->set_amount_micros(1'000'000);
  body.mutable_deposit()->set_reference(std::string(reference, 'r'));
  return ledger::Seal(std::move(body), chain_id, mint);
}

double Seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

// One run. Each transaction is sent by one connection and seen by the reader of blocks.
class Load {
 public:
  Load(const std::vector<std::string>& transactions, const LoadOptions& options)
      : transactions_(transactions), options_(options), sent_(transactions.size()) {}

  absl::StatusOr<LoadResult> Run();

 private:
  using Engine = std::unique_ptr<RpcClient>;

  void Send(RpcClient& engine);
  absl::Status SendOne(RpcClient& engine, std::size_t number);
  absl::Status ReadBlocks(RpcClient& engine, std::int64_t height);
  void Read(const RpcClient::Block& block, Clock::time_point now);
  void Fail(const absl::Status& status);
  bool IsOver() const { return has_failed_ || Clock::now() - start_ > options_.seconds; }
  LoadResult Result();

  const std::vector<std::string>& transactions_;
  const LoadOptions& options_;
  std::vector<std::atomic<Clock::duration::rep>> sent_;  // Since the clock's epoch.
  std::unordered_map<std::string_view, std::size_t> numbers_;
  Clock::time_point start_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> accepted_ = 0;
  std::atomic<std::size_t> refused_ = 0;
  std::atomic<std::size_t> committed_ = 0;
  std::atomic<bool> is_sending_ = true;
  std::atomic<bool> has_failed_ = false;
  std::mutex mutex_;
  absl::Status failure_;
  // The reader's alone, while it reads.
  std::vector<double> finality_ms_;
  std::size_t blocks_ = 0;
  Clock::time_point last_committed_;
};

void Load::Fail(const absl::Status& status) {
  const std::lock_guard lock(mutex_);
  failure_.Update(status);
  has_failed_ = true;
}

absl::Status Load::SendOne(RpcClient& engine, std::size_t number) {
  for (;;) {
    sent_[number] = Clock::now().time_since_epoch().count();
    const absl::StatusOr<RpcClient::Checked> checked = engine.BroadcastTxSync(transactions_[number]);
    if (checked.ok()) {
      if (checked->code != 0) return absl::AbortedError(absl::StrCat("CheckTx: ", checked->code, " ", checked->log));
      ++accepted_;
      return absl::OkStatus();
    }
    if (!absl::IsResourceExhausted(checked.status())) return checked.status();
    ++refused_;
    if (options_.per_second > 0 || IsOver()) return absl::OkStatus();
    std::this_thread::sleep_for(kFullPoolRest);
  }
}

void Load::Send(RpcClient& engine) {
  while (!IsOver()) {
    const std::size_t number = next_++;
    if (number >= transactions_.size()) return;
    if (options_.per_second > 0) {
      const std::chrono::duration<double> due(static_cast<double>(number) / options_.per_second);
      std::this_thread::sleep_until(start_ + std::chrono::duration_cast<Clock::duration>(due));
    }
    while (accepted_ >= committed_ + options_.pending && !IsOver()) std::this_thread::sleep_for(kFullPoolRest);
    if (IsOver()) return;
    if (const absl::Status sent = SendOne(engine, number); !sent.ok()) return Fail(sent);
  }
}

void Load::Read(const RpcClient::Block& block, Clock::time_point now) {
  bool holds_some = false;
  for (const std::string& transaction : block.transactions) {
    const auto number = numbers_.find(transaction);
    if (number == numbers_.end()) continue;
    const Clock::time_point sent(Clock::duration(sent_[number->second].load()));
    finality_ms_.push_back(1000.0 * Seconds(now - sent));
    holds_some = true;
  }
  if (!holds_some) return;
  committed_ = finality_ms_.size();
  ++blocks_;
  last_committed_ = now;
}

absl::Status Load::ReadBlocks(RpcClient& engine, std::int64_t height) {
  Clock::time_point last_sent = Clock::now();
  while (!has_failed_ && (is_sending_ || finality_ms_.size() < accepted_)) {
    const Clock::time_point now = Clock::now();
    if (is_sending_) last_sent = now;
    if (now - last_sent > options_.most_wait) {
      return absl::DeadlineExceededError(
          absl::StrCat(finality_ms_.size(), " of ", accepted_.load(), " transactions committed in time"));
    }
    const absl::StatusOr<RpcClient::Block> block = engine.BlockAt(height + 1);
    if (absl::IsOutOfRange(block.status())) {
      std::this_thread::sleep_for(kBlockPoll);
      continue;
    }
    if (!block.ok()) return block.status();
    Read(*block, Clock::now());
    ++height;
  }
  return absl::OkStatus();
}

LoadResult Load::Result() {
  LoadResult result{.accepted = accepted_, .refused = refused_, .committed = finality_ms_.size(), .blocks = blocks_};
  if (finality_ms_.empty()) return result;
  result.seconds = Seconds(last_committed_ - start_);
  result.per_second = static_cast<double>(result.committed) / result.seconds;
  result.p50_ms = Quantile(finality_ms_, 0.5);
  result.p95_ms = Quantile(finality_ms_, 0.95);
  return result;
}

absl::StatusOr<LoadResult> Load::Run() {
  std::vector<Engine> engines;
  for (int i = 0; i <= options_.connections; ++i) {
    const std::size_t turn = static_cast<std::size_t>(i) % options_.rpc_addresses.size();
    absl::StatusOr<Engine> engine = RpcClient::Create(options_.rpc_addresses[turn], kRpcTimeout);
    if (!engine.ok()) return engine.status();
    engines.push_back(*std::move(engine));
  }
  RpcClient& reader = *engines.front();
  for (std::size_t i = 0; i < transactions_.size(); ++i) numbers_.emplace(transactions_[i], i);
  const absl::StatusOr<RpcClient::Status> status = reader.GetStatus();
  if (!status.ok()) return status.status();

  start_ = Clock::now();
  std::thread reading([&] {
    if (const absl::Status read = ReadBlocks(reader, status->height); !read.ok()) Fail(read);
  });
  std::vector<std::thread> sending;
  for (std::size_t i = 1; i < engines.size(); ++i) sending.emplace_back([&, i] { Send(*engines[i]); });
  for (std::thread& thread : sending) thread.join();
  is_sending_ = false;
  reading.join();
  if (!failure_.ok()) return failure_;
  return Result();
}

}  // namespace

std::vector<std::string> KeyValues(std::size_t count, std::size_t bytes) {
  // Another run's are other keys.
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  std::vector<std::string> payloads;
  payloads.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::string payload = absl::StrCat("k", now, ".", i, "=");
    payload.resize(std::max(payload.size() + 1, bytes), 'v');
    payloads.push_back(std::move(payload));
  }
  return payloads;
}

absl::StatusOr<std::vector<std::string>> DepositsOfSize(std::size_t count, std::size_t bytes,
                                                        const std::string& chain_id, const ledger::SecretKey& mint,
                                                        std::int64_t expires_us) {
  // A reference takes two bytes more than it has.
  const std::size_t least = Deposit(0, 0, chain_id, mint, expires_us).size();
  if (bytes < least + 3 || bytes > least + 2 + kMostReference) {
    return absl::InvalidArgumentError(
        absl::StrCat("bytes: got ", bytes, ", want ", least + 3, " to ", least + 2 + kMostReference));
  }
  const std::size_t reference = bytes - least - 2;
  std::vector<std::string> deposits(count);
  const std::size_t workers = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> threads;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    threads.emplace_back([&, worker] {
      for (std::size_t i = worker; i < count; i += workers) {
        deposits[i] = Deposit(i, reference, chain_id, mint, expires_us);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return deposits;
}

absl::StatusOr<LoadResult> RunLoad(const std::vector<std::string>& transactions, const LoadOptions& options) {
  return Load(transactions, options).Run();
}

}  // namespace giot::bench
