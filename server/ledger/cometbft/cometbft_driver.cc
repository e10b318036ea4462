#include "server/ledger/cometbft/cometbft_driver.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "server/ledger/answers.h"
#include "server/ledger/cometbft/signed_copy.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {
namespace {

// The engine collects what it asks an application on a socket for up to 20 ms, so that each waits that long for an
// answer.
constexpr int kBroadcasters = 32;
constexpr std::chrono::milliseconds kRpcTimeout{5'000};
constexpr int kPagesAtOnce = 256;  // 1 MiB, a few milliseconds.

absl::Status Refused(v1::Code code, const std::string& what) {
  const std::string message = absl::StrCat(v1::Code_Name(code), ": ", what);
  return code == v1::CODE_EXPIRED ? absl::DeadlineExceededError(message) : absl::InvalidArgumentError(message);
}

// Of a code of CheckTx, which is a number on the wire.
v1::Code CodeOf(std::uint32_t number) {
  const int code = static_cast<int>(std::min<std::uint32_t>(number, v1::Code_MAX));
  return v1::Code_IsValid(code) ? static_cast<v1::Code>(code) : v1::CODE_MALFORMED;
}

// What a place in a block means for who submitted it: with a code of checks 6 and 7 it is logged, but does not count.
absl::StatusOr<Placed> Meaning(absl::StatusOr<Placed> answer) {
  if (!answer.ok() || (answer->code != v1::CODE_EXPIRED && answer->code != v1::CODE_EXPIRY_TOO_FAR)) return answer;
  return Refused(answer->code, absl::StrCat("expires_us, at the time of block ", answer->height));
}

absl::Status NoCheckpoint() { return absl::NotFoundError("ledger: no block has confirmed another yet"); }

}  // namespace

CometbftDriver::CometbftDriver(CometbftOptions options, SecretKey checkpoint_key)
    : options_(std::move(options)),
      checkpoint_key_(std::move(checkpoint_key)),
      submissions_({.most = options_.most_waiting,
                    .most_bytes = options_.most_waiting_bytes,
                    .give_up = options_.give_up,
                    .again = options_.broadcast_again}) {}

absl::StatusOr<std::unique_ptr<CometbftDriver>> CometbftDriver::Start(CometbftOptions options,
                                                                      SecretKey checkpoint_key) {
  std::unique_ptr<CometbftDriver> driver(new CometbftDriver(std::move(options), std::move(checkpoint_key)));
  if (absl::Status opened = driver->Open(); !opened.ok()) return opened;
  return driver;
}

absl::Status CometbftDriver::Open() {
  for (int i = 0; i < kBroadcasters; ++i) {
    absl::StatusOr<std::unique_ptr<RpcClient>> engine = RpcClient::Create(options_.rpc_address, kRpcTimeout);
    if (!engine.ok()) return engine.status();
    engines_.push_back(*std::move(engine));
  }
  ApplicationOptions application_options;
  application_options.path = options_.path;
  application_options.chain_id = options_.chain_id;
  application_options.now_us = options_.now_us;
  application_options.observer = this;
  absl::StatusOr<std::unique_ptr<Application>> application = Application::Open(std::move(application_options));
  if (!application.ok()) return application.status();
  application_ = *std::move(application);
  if (absl::Status resumed = Resume(); !resumed.ok()) return resumed;
  absl::StatusOr<std::unique_ptr<AbciServer>> server = AbciServer::Start(options_.abci_socket, *application_);
  if (!server.ok()) return server.status();
  server_ = *std::move(server);
  for (const std::unique_ptr<RpcClient>& engine : engines_) {
    threads_.emplace_back([this, &engine] { Broadcast(*engine); });
  }
  threads_.emplace_back([this] { TellAll(); });
  return absl::OkStatus();
}

absl::Status CometbftDriver::Resume() {
  const absl::StatusOr<Application::Info> info = application_->GetInfo();
  if (!info.ok()) return info.status();
  if (info->height == 0) return absl::OkStatus();
  return application_->WithLedger([&](StateMachine& machine, LedgerDatabase&) {
    block_time_us_.store(machine.time_us(), std::memory_order_relaxed);
    const engine::MutexLock lock(&mutex_);
    agreed_.height = info->height - 1;
    return absl::OkStatus();
  });
}

CometbftDriver::~CometbftDriver() {
  server_.reset();
  submissions_.Close(absl::UnavailableError("ledger: it is being closed"));
  for (std::thread& thread : threads_) thread.join();
}

absl::Status CometbftDriver::Stopped() const {
  const engine::MutexLock lock(&mutex_);
  return stopped_;
}

void CometbftDriver::Stop(const absl::Status& reason) {
  const absl::Status stopped =
      absl::IsDataLoss(reason) ? reason : absl::UnavailableError(absl::StrCat("ledger: stopped: ", reason.message()));
  {
    const engine::MutexLock lock(&mutex_);
    if (!stopped_.ok()) return;
    stopped_ = stopped;
  }
  submissions_.Close(stopped);
  if (options_.on_stopped) options_.on_stopped(stopped);
}

void CometbftDriver::Sign(std::int64_t height, const StateMachine& machine) {
  const Checkpoint checkpoint = CheckpointOf(machine);
  const engine::MutexLock lock(&mutex_);
  if (!stopped_.ok()) return;
  agreed_.height = std::max(agreed_.height, height);
  if (agreed_.note.empty() || agreed_.checkpoint != checkpoint) {
    agreed_.checkpoint = checkpoint;
    agreed_.note = SignCheckpoint(checkpoint, checkpoint_key_);
  }
}

void CometbftDriver::OnDecided(std::int64_t height, StateMachine& machine, LedgerDatabase& database) {
  const std::int64_t agreed = height - 1;
  // An engine may bring a block without having compared the header with the app hash of what was found in the file.
  const bool shows_ours = agreed == committed_height_;
  if (shows_ours) {
    Sign(agreed, machine);
  } else {
    const engine::MutexLock lock(&mutex_);
    agreed_.height = std::max(agreed_.height, agreed);
  }
  submissions_.Agree(static_cast<std::uint64_t>(agreed));
  if (shows_ours) decided_reads_.CallSome(machine, database);
}

void CometbftDriver::OnCommitted(const CommittedBlock& block) {
  block_time_us_.store(block.time_us, std::memory_order_relaxed);
  committed_height_ = block.height;
  for (const Placed& placed : block.placed) {
    if (placed.code != v1::CODE_REPLAYED) {
      submissions_.Place(placed);
    } else if (submissions_.IsWaiting(placed.id)) {
      AnswerFromLog(placed.id);
    }
  }
}

void CometbftDriver::OnStopped(const absl::Status& reason) { Stop(reason); }

void CometbftDriver::Submit(std::string envelope, Done done) {
  const OpenedTransaction transaction = OpenEnvelope(options_.chain_id, std::move(envelope));
  if (transaction.envelope_code != v1::CODE_OK) return done(Refused(transaction.envelope_code, "the envelope"));
  if (absl::Status added = submissions_.Add(transaction, done); !added.ok()) done(added);
}

void CometbftDriver::Broadcast(RpcClient& engine) {
  while (const std::optional<Submissions::Attempt> attempt = submissions_.NextAttempt()) Try(engine, *attempt);
}

void CometbftDriver::Try(RpcClient& engine, const Submissions::Attempt& attempt) {
  if (AnswerFromLog(attempt.id)) return;
  const absl::StatusOr<RpcClient::Checked> checked = engine.BroadcastTxSync(*attempt.envelope);
  if (checked.ok()) {
    if (checked->pooled || checked->code == v1::CODE_OK) return;
    return Judge(attempt, CodeOf(checked->code), checked->log);
  }
  // Of an earlier attempt it may know.
  if (!attempt.is_first) return;
  if (absl::IsUnavailable(checked.status()) || absl::IsResourceExhausted(checked.status())) {
    submissions_.Answer(attempt.id, checked.status());
  } else if (absl::IsInvalidArgument(checked.status())) {
    submissions_.Answer(attempt.id, Refused(v1::CODE_TOO_LARGE, std::string(checked.status().message())));
  }
}

void CometbftDriver::Judge(const Submissions::Attempt& attempt, v1::Code code, const std::string& log) {
  if (AnswerFromLog(attempt.id)) return;
  // It may be in a block that is being decided, or wait with other validators, whose clocks differ.
  if (code == v1::CODE_REPLAYED || !attempt.is_first) return;
  submissions_.Answer(attempt.id, Refused(code, absl::StrCat("expires_us: got ", attempt.expires_us, "; ", log)));
}

bool CometbftDriver::AnswerFromLog(const Digest& id) {
  absl::StatusOr<Placed> placed = FirstPlace(id);
  if (!placed.ok()) return false;
  placed->repeated = true;
  if (static_cast<std::int64_t>(placed->height) <= agreed().height) {
    submissions_.Answer(id, *placed);
  } else {
    submissions_.Place(*placed);
  }
  return true;
}

void CometbftDriver::TellAll() {
  while (std::optional<Submissions::Told> told = submissions_.NextTold()) {
    absl::StatusOr<Placed> answer = Meaning(std::move(told->answer));
    for (const Done& done : told->dones) {
      done(answer);
      if (answer.ok()) answer->repeated = true;
    }
  }
}

CometbftDriver::Agreed CometbftDriver::agreed() const {
  const engine::MutexLock lock(&mutex_);
  return agreed_;
}

absl::StatusOr<CometbftDriver::Agreed> CometbftDriver::AgreedOr(const absl::Status& missing) const {
  const engine::MutexLock lock(&mutex_);
  if (!stopped_.ok()) return stopped_;
  if (agreed_.note.empty()) return missing;
  return agreed_;
}

absl::Status CometbftDriver::WithLedger(const LedgerRead& read) {
  if (absl::Status stopped = Stopped(); !stopped.ok()) return stopped;
  return application_->WithLedger(read);
}

template <typename Answer>
absl::StatusOr<Answer> CometbftDriver::Ask(
    const std::function<absl::StatusOr<Answer>(StateMachine&, LedgerDatabase&)>& question) {
  absl::StatusOr<Answer> answer = absl::UnknownError("not asked");
  const absl::Status asked = WithLedger([&](StateMachine& machine, LedgerDatabase& database) {
    answer = question(machine, database);
    return answer.status();
  });
  if (!asked.ok()) return asked;
  return answer;
}

absl::Status CometbftDriver::WhenAgreed(const LedgerRead& read) {
  std::shared_ptr<DecidedReads::Waiting> waiting;
  const absl::Status now = WithLedger([&](StateMachine& machine, LedgerDatabase& database) {
    const Agreed agreed = this->agreed();
    if (!agreed.note.empty() && agreed.checkpoint.size == machine.log().size()) return read(machine, database);
    // Under the lock that the next block needs: it cannot have come in between.
    waiting = decided_reads_.Add(read);
    return absl::OkStatus();
  });
  if (!waiting) return now;
  absl::Status later = decided_reads_.Wait(waiting, options_.most_wait);
  if (absl::IsDataLoss(later)) Stop(later);
  return later;
}

absl::StatusOr<Placed> CometbftDriver::FirstPlace(const Digest& id) {
  return Ask<Placed>([&](StateMachine& machine, LedgerDatabase& database) {
    Answers answers(database, machine);
    const std::optional<std::uint64_t> recent = machine.FindRecent(id);
    return recent ? answers.At(*recent) : answers.Find(id);
  });
}

absl::StatusOr<Placed> CometbftDriver::Find(const Digest& id) {
  absl::StatusOr<Placed> placed = FirstPlace(id);
  if (placed.ok() && static_cast<std::int64_t>(placed->height) > agreed().height) {
    return absl::NotFoundError(absl::StrCat("id: ", HexOf(BytesOf(id)), " is in block ", placed->height,
                                            ", which the next one has yet to confirm"));
  }
  return placed;
}

absl::StatusOr<std::string> CometbftDriver::Read(std::string_view key) {
  return Ask<std::string>([&](StateMachine& machine, LedgerDatabase&) -> absl::StatusOr<std::string> {
    StateMachine::Answer answer = machine.Query(key, false);
    if (!answer.value) return absl::NotFoundError(absl::StrCat("key: no entry ", HexOf(key)));
    return *std::move(answer.value);
  });
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> CometbftDriver::Scan(std::string_view prefix,
                                                                                      std::string_view from, int most) {
  using Entries = std::vector<std::pair<std::string, std::string>>;
  return Ask<Entries>([&](StateMachine& machine, LedgerDatabase&) {
    Entries entries;
    machine.state().Scan(std::max(prefix, from), [&](const std::string& key, const std::string& value) {
      if (std::ssize(entries) >= most || !key.starts_with(prefix)) return false;
      entries.emplace_back(key, value);
      return true;
    });
    return entries;
  });
}

absl::StatusOr<Receipt> CometbftDriver::ReceiptOf(const Digest& id) {
  return Ask<Receipt>([&](StateMachine& machine, LedgerDatabase& database) -> absl::StatusOr<Receipt> {
    Answers answers(database, machine);
    const absl::StatusOr<Placed> placed = answers.Find(id);
    if (!placed.ok()) return placed.status();
    const absl::StatusOr<Agreed> agreed =
        AgreedOr(absl::FailedPreconditionError(absl::StrCat("id: ", HexOf(BytesOf(id)), ": no checkpoint yet")));
    if (!agreed.ok()) return agreed.status();
    return answers.ReceiptOf(id, agreed->checkpoint, agreed->note);
  });
}

absl::StatusOr<StateProofFile> CometbftDriver::Prove(std::string_view key) {
  absl::StatusOr<StateProofFile> proof = absl::UnknownError("not asked");
  const absl::Status asked = WhenAgreed([&](StateMachine& machine, LedgerDatabase& database) {
    proof = Answers(database, machine).Prove(key, agreed().note);
    return proof.status();
  });
  if (!asked.ok()) return asked;
  return proof;
}

absl::StatusOr<ConsistencyProof> CometbftDriver::ProveConsistency(std::uint64_t old_size) {
  using Proof = giot::ledger::ConsistencyProof;
  return Ask<Proof>([&](StateMachine& machine, LedgerDatabase& database) -> absl::StatusOr<Proof> {
    const absl::StatusOr<Agreed> agreed = AgreedOr(NoCheckpoint());
    if (!agreed.ok()) return agreed.status();
    return Answers(database, machine).ProveConsistency(old_size, agreed->checkpoint, agreed->note);
  });
}

absl::StatusOr<std::string> CometbftDriver::LatestCheckpoint() {
  absl::StatusOr<Agreed> agreed = AgreedOr(NoCheckpoint());
  if (!agreed.ok()) return agreed.status();
  return std::move(agreed->note);
}

absl::Status CometbftDriver::Export(const std::filesystem::path& path) {
  const engine::MutexLock lock(&export_mutex_);
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    return absl::AlreadyExistsError(absl::StrCat("ledger: ", path.string(), " is there already"));
  }
  const std::filesystem::path copy = path.string() + ".unsigned";
  std::filesystem::remove(copy, error);  // Of a process that died.
  Checkpoint copied_checkpoint;
  for (bool is_begun = false, is_whole = false; !is_whole; is_begun = true) {
    const absl::Status copied = WithLedger([&](StateMachine& machine, LedgerDatabase& database) {
      if (!is_begun) database.GiveUpBackUp();  // Of an export that could not go on.
      const absl::StatusOr<bool> some = database.BackUpSome(copy, kPagesAtOnce);
      is_whole = some.ok() && *some;
      if (is_whole) copied_checkpoint = CheckpointOf(machine);
      return some.status();
    });
    if (!copied.ok()) return copied;
  }
  return SignCopy(copy, path, checkpoint_key_, [&](const StateMachine& machine) {
    if (CheckpointOf(machine) != copied_checkpoint) {
      return absl::DataLossError("ledger: the copy holds another state than was agreed on");
    }
    const Agreed agreed = this->agreed();
    const auto height = static_cast<std::int64_t>(machine.height());
    if (!agreed.note.empty() && height <= agreed.height) return absl::OkStatus();
    return WhenAgreed([](StateMachine&, LedgerDatabase&) { return absl::OkStatus(); });
  });
}

}  // namespace giot::ledger
