#include "server/ledger/embedded_driver.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "server/ledger/answers.h"
#include "server/ledger/format_upgrade.h"
#include "server/ledger/recovery.h"

namespace giot::ledger {
namespace {

constexpr int kPagesAtOnce = 256;  // 1 MiB, a few milliseconds.

std::int64_t SystemClockUs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string HeadsPath(const EmbeddedOptions& options) { return options.path.string() + ".heads"; }

absl::Status Refused(v1::Code code, const std::string& what) {
  const std::string message = absl::StrCat(v1::Code_Name(code), ": ", what);
  return code == v1::CODE_EXPIRED ? absl::DeadlineExceededError(message) : absl::InvalidArgumentError(message);
}

absl::Status Unfinished(const EmbeddedOptions& options) {
  return absl::FailedPreconditionError(absl::StrCat("ledger: ", options.path.string(),
                                                    " holds no block: its creation was interrupted; remove it and ",
                                                    HeadsPath(options), ", and create it anew"));
}

// A new ledger under the checkpoint key of one that is missing would be a fork of it.
absl::Status CheckNoneIsMissing(const EmbeddedOptions& options) {
  const absl::StatusOr<HeadsFile> heads = HeadsFile::Open(HeadsPath(options), HeadsFile::Access::kOpen, options.vfs);
  if (absl::IsNotFound(heads.status())) return absl::OkStatus();
  if (!heads.ok()) return heads.status();
  if (heads->head()->size == 0) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("ledger: ", options.path.string(), " is missing, but ", HeadsPath(options),
                                          " says that ", heads->head()->size,
                                          " transactions were acknowledged: restore it; a new ledger would be a fork"));
}

absl::StatusOr<StateMachine> AfterGenesis(const EmbeddedOptions& options) {
  const OpenedTransaction genesis = OpenTransaction(options.chain_id, options.genesis);
  if (genesis.envelope_code != v1::CODE_OK) return Refused(genesis.envelope_code, "genesis");
  if (!genesis.body.has_genesis()) return Refused(v1::CODE_GENESIS_MISPLACED, "the first transaction is no Genesis");
  StateMachine machine(options.chain_id);
  machine.Begin(0, genesis.body.genesis().time_us());
  const v1::Code code = machine.Apply(genesis);
  machine.End();
  if (code != v1::CODE_OK) return Refused(code, "genesis");
  return machine;
}

absl::StatusOr<HeadsFile> OpenHeads(const EmbeddedOptions& options) {
  absl::StatusOr<HeadsFile> heads = HeadsFile::Open(HeadsPath(options), HeadsFile::Access::kOpen, options.vfs);
  if (!absl::IsNotFound(heads.status())) return heads;
  if (options.trust_missing_heads) {
    return HeadsFile::Open(HeadsPath(options), HeadsFile::Access::kCreate, options.vfs);
  }
  return absl::DataLossError(absl::StrCat(heads.status().message(),
                                          ": what was acknowledged is unknown; a ledger that was restored on "
                                          "purpose is opened by saying so, once witnesses were asked"));
}

}  // namespace

EmbeddedDriver::EmbeddedDriver(EmbeddedOptions options, SecretKey checkpoint_key, LedgerDatabase database,
                               HeadsFile heads, StateMachine machine)
    : options_(std::move(options)),
      checkpoint_key_(std::move(checkpoint_key)),
      found_damaged_heads_(heads.damaged()),
      database_(std::move(database)),
      heads_(std::move(heads)),
      machine_(std::move(machine)),
      queue_(options_.most_waiting, options_.most_waiting_bytes) {}

absl::StatusOr<std::unique_ptr<EmbeddedDriver>> EmbeddedDriver::Open(EmbeddedOptions options,
                                                                     SecretKey checkpoint_key) {
  if (!options.now_us) options.now_us = SystemClockUs;
  absl::StatusOr<std::unique_ptr<EmbeddedDriver>> driver = options.genesis.empty()
                                                               ? Existing(std::move(options), std::move(checkpoint_key))
                                                               : Created(std::move(options), std::move(checkpoint_key));
  if (!driver.ok()) return driver.status();
  (*driver)->database_.set_most_log_frames((*driver)->options_.most_log_frames);
  // Of a ledger that is opened, too: the heads file may be new, or behind a block that was never acknowledged.
  if (absl::Status persisted = (*driver)->Persist(); !persisted.ok()) return persisted;
  (*driver)->writer_ = std::thread([raw = driver->get()] { raw->Write(); });
  return driver;
}

absl::StatusOr<std::unique_ptr<EmbeddedDriver>> EmbeddedDriver::Created(EmbeddedOptions options,
                                                                        SecretKey checkpoint_key) {
  absl::StatusOr<StateMachine> machine = AfterGenesis(options);
  if (!machine.ok()) return machine.status();
  const bool is_new =
      absl::IsNotFound(LedgerDatabase::Open(options.path, LedgerDatabase::Access::kRead, {}, options.vfs).status());
  if (absl::Status checked = CheckNoneIsMissing(options); is_new && !checked.ok()) return checked;
  absl::StatusOr<LedgerDatabase> database =
      LedgerDatabase::Open(options.path, LedgerDatabase::Access::kCreate, options.chain_id, options.vfs);
  if (!database.ok()) return database.status();
  absl::StatusOr<HeadsFile> heads = HeadsFile::Open(HeadsPath(options), HeadsFile::Access::kCreate, options.vfs);
  if (!heads.ok()) return heads.status();
  // Nothing was acknowledged yet, should block 0 be all that is left of this.
  if (absl::Status none = heads->Write({}); !none.ok()) return none;
  return std::unique_ptr<EmbeddedDriver>(new EmbeddedDriver(
      std::move(options), std::move(checkpoint_key), *std::move(database), *std::move(heads), *std::move(machine)));
}

absl::StatusOr<std::unique_ptr<EmbeddedDriver>> EmbeddedDriver::Existing(EmbeddedOptions options,
                                                                         SecretKey checkpoint_key) {
  std::vector<VerifierKey> keys = {{.name = options.chain_id, .key = checkpoint_key.public_key()}};
  for (const PublicKey& key : options.former_checkpoint_keys) keys.push_back({.name = options.chain_id, .key = key});
  if (options.upgrade) {
    const absl::Status upgraded = UpgradeFormat(options.path, keys, FormatSteps(), options.vfs);
    if (!upgraded.ok()) return upgraded;
  }
  absl::StatusOr<LedgerDatabase> database =
      LedgerDatabase::Open(options.path, LedgerDatabase::Access::kWrite, options.chain_id, options.vfs);
  if (!database.ok()) return database.status();
  const absl::StatusOr<std::uint64_t> size = database->Size();
  if (!size.ok()) return size.status();
  if (*size == 0) return Unfinished(options);
  absl::StatusOr<HeadsFile> heads = OpenHeads(options);
  if (!heads.ok()) return heads.status();
  absl::StatusOr<StateMachine> machine = Recover(*database, heads->head(), keys);
  if (!machine.ok()) return machine.status();
  return std::unique_ptr<EmbeddedDriver>(new EmbeddedDriver(
      std::move(options), std::move(checkpoint_key), *std::move(database), *std::move(heads), *std::move(machine)));
}

EmbeddedDriver::~EmbeddedDriver() {
  queue_.Close(absl::UnavailableError("ledger: it is being closed"));
  if (writer_.joinable()) writer_.join();
}

void EmbeddedDriver::Submit(std::string envelope, Done done) {
  // Before a signature is verified for nothing.
  if (absl::Status admitted = queue_.Admits(envelope.size()); !admitted.ok()) return done(admitted);
  WriterQueue::Waiting waiting{OpenTransaction(options_.chain_id, std::move(envelope)), std::move(done)};
  if (const v1::Code code = waiting.transaction.envelope_code; code != v1::CODE_OK) {
    return waiting.done(Refused(code, "the envelope"));
  }
  if (absl::Status added = queue_.Add(waiting); !added.ok()) waiting.done(added);
}

void EmbeddedDriver::Write() {
  for (;;) {
    WriterQueue::Work work = queue_.Take(options_.group);
    if (work.closed) break;
    if (!work.group.empty()) WriteGroup(std::move(work.group));
    queue_.CallReads();
  }
  queue_.AnswerAll();
}

absl::StatusOr<Placed> EmbeddedDriver::FirstPlace(const Digest& id) {
  Answers answers(database_, machine_);
  const std::optional<std::uint64_t> recent = machine_.FindRecent(id);
  absl::StatusOr<Placed> placed = recent ? answers.At(*recent) : answers.Find(id);
  if (placed.ok()) placed->repeated = true;
  if (absl::IsDataLoss(placed.status())) queue_.Close(placed.status());
  return placed;
}

std::optional<absl::StatusOr<Placed>> EmbeddedDriver::Settled(const OpenedTransaction& transaction,
                                                              std::int64_t now_us) {
  const std::int64_t expires_us = transaction.body.expires_us();
  if (machine_.FindRecent(transaction.id)) return FirstPlace(transaction.id);
  if (now_us > expires_us) {
    absl::StatusOr<Placed> placed = FirstPlace(transaction.id);
    if (!absl::IsNotFound(placed.status())) return placed;
    return Refused(v1::CODE_EXPIRED, absl::StrCat("expires_us: got ", expires_us, ", want at least ", now_us));
  }
  if (expires_us - now_us > kMostExpiryUs) {
    return Refused(v1::CODE_EXPIRY_TOO_FAR,
                   absl::StrCat("expires_us: got ", expires_us, ", want at most ", now_us + kMostExpiryUs));
  }
  return std::nullopt;
}

void EmbeddedDriver::WriteGroup(std::vector<WriterQueue::Waiting> group) {
  const std::int64_t now_us = std::max(options_.now_us(), machine_.time_us());
  std::vector<std::optional<absl::StatusOr<Placed>>> answers;
  absl::Status altered;
  for (const WriterQueue::Waiting& waiting : group) {
    answers.push_back(Settled(waiting.transaction, now_us));
    if (answers.back() && absl::IsDataLoss(answers.back()->status())) altered.Update(answers.back()->status());
  }
  WriteBlock(group, now_us, altered, answers);
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done(*std::move(answers[i]));
}

void EmbeddedDriver::WriteBlock(const std::vector<WriterQueue::Waiting>& group, std::int64_t now_us,
                                const absl::Status& altered,
                                std::vector<std::optional<absl::StatusOr<Placed>>>& answers) {
  std::vector<std::size_t> placed;      // In this block.
  std::map<Digest, std::size_t> first;  // Of each transaction, its place in the group.
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!answers[i]) placed.push_back(i);
  }
  if (placed.empty()) return;
  absl::Status written = altered;
  if (written.ok()) {
    const std::uint64_t height = machine_.height() + 1;
    machine_.Begin(height, now_us);
    for (const std::size_t i : placed) {
      const OpenedTransaction& transaction = group[i].transaction;
      const auto [before, is_first] = first.emplace(transaction.id, i);
      if (!is_first) {
        answers[i] = answers[before->second];
        (*answers[i])->repeated = true;
        continue;
      }
      const std::uint64_t position = machine_.log().size();
      const v1::Code code = machine_.Apply(transaction);
      answers[i] = Placed{.id = transaction.id, .position = position, .height = height, .code = code};
    }
    machine_.End();
    written = Persist();
    // It may be found after opening anew, or not.
    if (!written.ok()) written = absl::AbortedError(written.message());
  }
  if (written.ok()) return;
  for (const std::size_t i : placed) answers[i] = written;
}

absl::Status EmbeddedDriver::Persist() {
  checkpoint_ = CheckpointOf(machine_);
  note_ = SignCheckpoint(checkpoint_, checkpoint_key_);
  absl::Status persisted = database_.Commit(machine_, note_);
  if (persisted.ok()) {
    persisted = heads_.Write({.size = checkpoint_.size,
                              .height = checkpoint_.height,
                              .log_root = checkpoint_.root,
                              .app_hash = checkpoint_.app_hash});
  }
  if (persisted.ok()) {
    block_time_us_.store(machine_.time_us(), std::memory_order_relaxed);
  } else {
    queue_.Close(absl::UnavailableError(absl::StrCat("ledger: stopped after a failed write: ", persisted.message())));
  }
  return persisted;
}

absl::Status EmbeddedDriver::OnWriter(const std::function<absl::Status()>& read) {
  return queue_.Run([&] {
    absl::Status status = read();
    if (absl::IsDataLoss(status)) queue_.Close(status);
    return status;
  });
}

template <typename Answer>
absl::StatusOr<Answer> EmbeddedDriver::Ask(const std::function<absl::StatusOr<Answer>()>& question) {
  absl::StatusOr<Answer> answer = absl::UnknownError("not asked");
  const absl::Status asked = OnWriter([&] {
    answer = question();
    return answer.status();
  });
  if (!asked.ok()) return asked;
  return answer;
}

absl::StatusOr<Placed> EmbeddedDriver::Find(const Digest& id) {
  return Ask<Placed>([&] { return Answers(database_, machine_).Find(id); });
}

absl::StatusOr<std::string> EmbeddedDriver::Read(std::string_view key) {
  return Ask<std::string>([&]() -> absl::StatusOr<std::string> {
    StateMachine::Answer answer = machine_.Query(key, false);
    if (!answer.value) return absl::NotFoundError(absl::StrCat("key: no entry ", HexOf(key)));
    return *std::move(answer.value);
  });
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> EmbeddedDriver::Scan(std::string_view prefix,
                                                                                      std::string_view from, int most) {
  using Entries = std::vector<std::pair<std::string, std::string>>;
  return Ask<Entries>([&] {
    Entries entries;
    machine_.state().Scan(std::max(prefix, from), [&](const std::string& key, const std::string& value) {
      if (std::ssize(entries) >= most || !key.starts_with(prefix)) return false;
      entries.emplace_back(key, value);
      return true;
    });
    return entries;
  });
}

absl::StatusOr<Receipt> EmbeddedDriver::ReceiptOf(const Digest& id) {
  return Ask<Receipt>([&] { return Answers(database_, machine_).ReceiptOf(id, checkpoint_, note_); });
}

absl::StatusOr<StateProofFile> EmbeddedDriver::Prove(std::string_view key) {
  return Ask<StateProofFile>([&] { return Answers(database_, machine_).Prove(key, note_); });
}

absl::StatusOr<ConsistencyProof> EmbeddedDriver::ProveConsistency(std::uint64_t old_size) {
  return Ask<giot::ledger::ConsistencyProof>(
      [&] { return Answers(database_, machine_).ProveConsistency(old_size, checkpoint_, note_); });
}

absl::StatusOr<std::string> EmbeddedDriver::LatestCheckpoint() {
  return Ask<std::string>([&] { return note_; });
}

absl::Status EmbeddedDriver::Export(const std::filesystem::path& path) {
  for (;;) {
    bool whole = false;
    const absl::Status copied = OnWriter([&] {
      const absl::StatusOr<bool> copy = database_.BackUpSome(path, kPagesAtOnce);
      whole = copy.ok() && *copy;
      return copy.status();
    });
    if (!copied.ok() || whole) return copied;
  }
}

}  // namespace giot::ledger
