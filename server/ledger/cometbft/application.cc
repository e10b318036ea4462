#include "server/ledger/cometbft/application.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/answers.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/text_encoding.h"
#include "server/ledger/recovery.h"

namespace giot::ledger {
namespace {

constexpr std::size_t kMostCachedBytes = 64u << 20;
constexpr std::string_view kJsonSpace = " \t\r\n";

using Transactions = std::vector<std::shared_ptr<const OpenedTransaction>>;

std::int64_t SystemClockUs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

absl::StatusOr<LedgerDatabase> OpenOrCreate(const ApplicationOptions& options) {
  absl::StatusOr<LedgerDatabase> database =
      LedgerDatabase::Open(options.path, LedgerDatabase::Access::kWrite, options.chain_id, options.vfs);
  if (!absl::IsNotFound(database.status())) return database;
  return LedgerDatabase::Open(options.path, LedgerDatabase::Access::kCreate, options.chain_id, options.vfs);
}

absl::Status CheckHeight(std::int64_t engine_height, const StateMachine& machine) {
  if (engine_height == 0 && machine.log().size() > 0) {
    return absl::FailedPreconditionError("application: the ledger was kept by an embedded driver, not by an engine");
  }
  if (engine_height < 0 || static_cast<std::uint64_t>(engine_height) < machine.height() ||
      (engine_height > 0 && machine.log().size() == 0)) {
    return absl::DataLossError(absl::StrCat("application: engine_height is ", engine_height, ", but the log's ",
                                            machine.log().size(), " records end with height ", machine.height()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> GenesisIn(std::string_view app_state) {
  const std::size_t first = app_state.find_first_not_of(kJsonSpace);
  const std::size_t last = app_state.find_last_not_of(kJsonSpace);
  if (first == std::string_view::npos || last == first || app_state[first] != '"' || app_state[last] != '"') {
    return absl::InvalidArgumentError("app_state: want a JSON string, the base64 of Genesis' envelope");
  }
  std::optional<std::string> envelope = FromBase64(app_state.substr(first + 1, last - first - 1));
  if (!envelope) return absl::InvalidArgumentError("app_state: the string is not base64");
  return *std::move(envelope);
}

absl::StatusOr<StateMachine> AfterGenesis(const std::string& chain_id, const OpenedTransaction& genesis) {
  const auto refused = [](v1::Code code) {
    return absl::InvalidArgumentError(absl::StrCat("app_state: Genesis is refused: ", v1::Code_Name(code)));
  };
  if (genesis.envelope_code != v1::CODE_OK) return refused(genesis.envelope_code);
  if (!genesis.body.has_genesis()) return refused(v1::CODE_GENESIS_MISPLACED);
  StateMachine machine(chain_id);
  machine.Begin(0, genesis.body.genesis().time_us());
  const v1::Code code = machine.Apply(genesis);
  machine.End();
  if (code != v1::CODE_OK) return refused(code);
  return machine;
}

// As the engine counts it: a field of bytes in a message.
std::int64_t BytesInBlock(const std::string& envelope) {
  std::int64_t bytes = 2 + std::ssize(envelope);
  for (std::size_t size = envelope.size(); size >= 0x80; size >>= 7) ++bytes;
  return bytes;
}

}  // namespace

std::string AppStateOf(std::string_view genesis_envelope) {
  return absl::StrCat("\"", Base64Of(genesis_envelope), "\"");
}

Application::Application(ApplicationOptions options, LedgerDatabase database, StateMachine machine, std::int64_t height)
    : options_(std::move(options)),
      cache_(options_.chain_id, kMostCachedBytes),
      database_(std::move(database)),
      machine_(std::move(machine)),
      committed_{.height = height, .app_hash = machine_.app_hash()},
      time_us_(machine_.time_us()) {}

absl::StatusOr<std::unique_ptr<Application>> Application::Open(ApplicationOptions options) {
  if (!IsChainId(options.chain_id)) {
    return absl::InvalidArgumentError(
        absl::StrCat("chain_id: got '", options.chain_id, "', want 1 to 48 of a-z 0-9 - . /"));
  }
  if (!options.now_us) options.now_us = SystemClockUs;
  absl::StatusOr<LedgerDatabase> database = OpenOrCreate(options);
  if (!database.ok()) return database.status();
  absl::StatusOr<StateMachine> machine = Recover(*database, std::nullopt, {});
  if (!machine.ok()) return machine.status();
  const absl::StatusOr<std::int64_t> height = database->EngineHeight();
  if (!height.ok()) return height.status();
  if (absl::Status checked = CheckHeight(*height, *machine); !checked.ok()) return checked;
  return std::unique_ptr<Application>(
      new Application(std::move(options), *std::move(database), *std::move(machine), *height));
}

absl::StatusOr<Application::Info> Application::GetInfo() {
  const engine::MutexLock lock(&mutex_);
  if (!stopped_.ok()) return stopped_;
  return committed_;
}

absl::StatusOr<Digest> Application::InitChain(std::string_view chain_id, std::string_view app_state) {
  if (chain_id != options_.chain_id) {
    return absl::InvalidArgumentError(
        absl::StrCat("chain_id: got '", std::string(chain_id), "', want '", options_.chain_id, "'"));
  }
  absl::StatusOr<std::string> envelope = GenesisIn(app_state);
  if (!envelope.ok()) return envelope.status();
  const auto genesis = cache_.Open(*std::move(envelope));
  absl::StatusOr<StateMachine> machine = AfterGenesis(options_.chain_id, *genesis);
  if (!machine.ok()) return machine.status();
  const engine::MutexLock lock(&mutex_);
  if (!stopped_.ok()) return stopped_;
  if (committed_.height != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("init_chain: the ledger has blocks already, up to height ", committed_.height));
  }
  machine_ = *std::move(machine);
  time_us_ = machine_.time_us();
  uncommitted_ = Uncommitted::kGenesis;
  engine_left_ = false;
  return machine_.app_hash();
}

absl::StatusOr<v1::Code> Application::CheckTx(std::string envelope) {
  const auto transaction = cache_.Open(std::move(envelope));
  if (transaction->envelope_code != v1::CODE_OK) return transaction->envelope_code;
  const std::int64_t now_us = options_.now_us();
  const engine::MutexLock lock(&mutex_);
  if (!stopped_.ok()) return stopped_;
  return machine_.Admit(*transaction, std::max(now_us, time_us_));
}

absl::StatusOr<std::vector<std::string>> Application::PrepareProposal(std::vector<std::string> envelopes,
                                                                      std::int64_t most_bytes, std::int64_t time_us) {
  std::vector<std::string> proposal;
  if (options_.now_us() - time_us > kMostLagUs) return proposal;
  Transactions transactions;
  for (std::string& envelope : envelopes) transactions.push_back(cache_.Open(std::move(envelope)));
  std::set<Digest> ids;
  std::int64_t bytes = 0;
  const engine::MutexLock lock(&mutex_);
  if (!stopped_.ok()) return stopped_;
  for (const auto& transaction : transactions) {
    if (machine_.Admit(*transaction, std::max(time_us, machine_.time_us())) != v1::CODE_OK) continue;
    const std::int64_t grown = bytes + BytesInBlock(transaction->envelope);
    if (grown > most_bytes || !ids.insert(transaction->id).second) continue;
    bytes = grown;
    proposal.push_back(transaction->envelope);
  }
  return proposal;
}

bool Application::ProcessProposal(std::vector<std::string> envelopes) {
  std::set<Digest> ids;
  for (std::string& envelope : envelopes) {
    const auto transaction = cache_.Open(std::move(envelope));
    if (transaction->envelope_code != v1::CODE_OK || !ids.insert(transaction->id).second) return false;
  }
  return true;
}

absl::Status Application::Return() {
  absl::StatusOr<StateMachine> machine = Recover(database_, std::nullopt, {});
  if (!machine.ok()) return machine.status();
  if (machine->app_hash() != committed_.app_hash) {
    return absl::DataLossError("application: the database holds another state than was committed");
  }
  machine_ = *std::move(machine);
  uncommitted_ = Uncommitted::kNothing;
  return absl::OkStatus();
}

absl::Status Application::ReadyFor(std::int64_t height) {
  if (!stopped_.ok()) return stopped_;
  if (uncommitted_ == Uncommitted::kPartOfBlock || uncommitted_ == Uncommitted::kBlock) {
    if (absl::Status returned = Return(); !returned.ok()) return returned;
  }
  if (machine_.log().size() == 0) return absl::FailedPreconditionError("finalize_block: init_chain was not called");
  const std::int64_t least = committed_.height + 1;
  // The engine may begin with any height.
  if (height == least || (committed_.height == 0 && height > least)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("finalize_block: height: got ", height, ", want ", least));
}

void Application::ApplyBlock(std::int64_t height, std::int64_t time_us, const Transactions& transactions) {
  uncommitted_ = Uncommitted::kPartOfBlock;
  engine_left_ = false;
  block_ = {.height = height, .time_us = std::max(machine_.time_us(), time_us), .checkpoint = {}, .placed = {}};
  time_us_ = std::max(time_us_, block_.time_us);
  const auto ledger_height = static_cast<std::uint64_t>(height);
  machine_.Begin(ledger_height, block_.time_us);
  for (const auto& transaction : transactions) {
    const std::uint64_t position = machine_.log().size();
    const v1::Code code = machine_.Apply(*transaction);
    block_.placed.push_back({.id = transaction->id, .position = position, .height = ledger_height, .code = code});
  }
  machine_.End();
  block_.checkpoint = CheckpointOf(machine_);
  uncommitted_ = Uncommitted::kBlock;
}

absl::StatusOr<Application::Finalized> Application::FinalizeBlock(std::int64_t height, std::int64_t time_us,
                                                                  std::vector<std::string> envelopes) {
  Transactions transactions;
  for (std::string& envelope : envelopes) transactions.push_back(cache_.Open(std::move(envelope)));
  absl::Status ready;
  {
    const engine::MutexLock lock(&mutex_);
    ready = ReadyFor(height);
    if (ready.ok()) {
      if (uncommitted_ == Uncommitted::kNothing && options_.observer != nullptr) {
        options_.observer->OnDecided(height, machine_, database_);
      }
      ApplyBlock(height, time_us, transactions);
      return Finalized{.placed = block_.placed, .app_hash = machine_.app_hash()};
    }
  }
  return Judged(ready);
}

absl::StatusOr<CommittedBlock> Application::CommitBlock() {
  if (!stopped_.ok()) return stopped_;
  if (uncommitted_ != Uncommitted::kBlock) return absl::FailedPreconditionError("commit: no finalized block");
  if (absl::Status written = database_.Commit(machine_, "", block_.height); !written.ok()) return written;
  committed_ = {.height = block_.height, .app_hash = machine_.app_hash()};
  uncommitted_ = Uncommitted::kNothing;
  changed_.NotifyAll();
  return std::move(block_);
}

absl::Status Application::Commit() {
  absl::StatusOr<CommittedBlock> block = absl::UnknownError("not committed");
  {
    const engine::MutexLock lock(&mutex_);
    block = CommitBlock();
  }
  if (!block.ok()) return Judged(block.status());
  if (options_.observer != nullptr) options_.observer->OnCommitted(*block);
  return absl::OkStatus();
}

void Application::EngineLeft() {
  const engine::MutexLock lock(&mutex_);
  engine_left_ = true;
  changed_.NotifyAll();
}

void Application::Stop(const absl::Status& reason) {
  {
    const engine::MutexLock lock(&mutex_);
    if (!stopped_.ok()) return;
    stopped_ = absl::UnavailableError(absl::StrCat("application: stopped: ", reason.message()));
    changed_.NotifyAll();
  }
  if (options_.observer != nullptr) options_.observer->OnStopped(reason);
}

absl::Status Application::Judged(absl::Status status) {
  if (!absl::IsFailedPrecondition(status)) Stop(status);
  return status;
}

absl::Status Application::WithLedger(
    const std::function<absl::Status(StateMachine& machine, LedgerDatabase& database)>& read) {
  absl::Status status;
  {
    const auto deadline = std::chrono::steady_clock::now() + options_.most_wait;
    const engine::MutexLock lock(&mutex_);
    while (committed_.height != 0 && uncommitted_ != Uncommitted::kNothing && !engine_left_ && stopped_.ok()) {
      if (!changed_.WaitUntil(&mutex_, deadline)) break;
    }
    if (!stopped_.ok()) return stopped_;
    if (committed_.height == 0) return absl::UnavailableError("application: no block was committed yet");
    if (uncommitted_ != Uncommitted::kNothing) {
      return absl::UnavailableError(engine_left_ ? "application: the engine has left within a block"
                                                 : "application: the engine is within a block");
    }
    status = read(machine_, database_);
  }
  if (absl::IsDataLoss(status)) Stop(status);
  return status;
}

}  // namespace giot::ledger
