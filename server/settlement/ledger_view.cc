#include "server/settlement/ledger_view.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/receipt.h"
#include "server/ledger/proof/state_proof.h"
#include "server/settlement/entry_messages.h"
#include "server/settlement/entry_reader.h"
#include "server/settlement/fields.h"

namespace giot::settlement {
namespace {

constexpr int kPage = 100;
constexpr int kMostPage = 1000;
constexpr std::size_t kIdBytes = 32;
constexpr std::size_t kMostKeyBytes = 256;  // No entry's is longer.

using Entries = std::vector<std::pair<std::string, std::string>>;

template <typename Bytes>
std::string Text(const Bytes& bytes) {
  return std::string(ledger::BytesOf(bytes));
}

absl::StatusOr<int> PageSize(std::int32_t asked) {
  if (absl::Status status = CheckRange("page_size", asked, 0, kMostPage); !status.ok()) return status;
  return asked == 0 ? kPage : asked;
}

// Entries of one page: those whose keys start with `prefix`, after `prefix` || token.
absl::StatusOr<Entries> Page(ledger::Driver& driver, const std::string& prefix, const std::string& token,
                             std::size_t token_bytes, int most) {
  if (!token.empty() && token.size() != token_bytes) {
    return BadField("page_token", std::to_string(token.size()) + " bytes", "that of the page before");
  }
  // The next key of that length or more.
  const std::string from = token.empty() ? prefix : prefix + token + '\0';
  return driver.Scan(prefix, from, most);
}

ledger::TaskId TaskOf(const std::string& key) {
  ledger::TaskId task{};
  ledger::FromBytes(std::string_view(key).substr(1, kIdBytes), task);
  return task;
}

AcceptanceId AcceptanceOf(const std::string& key) {
  AcceptanceId id{.task = TaskOf(key)};
  ledger::FromBytes(std::string_view(key).substr(1 + kIdBytes), id.vehicle);
  return id;
}

}  // namespace

std::int64_t LedgerView::NowUs() const { return std::max(sources_.now_us(), sources_.driver.BlockTimeUs()); }

absl::Status LedgerView::AddCheckpoint(v1::GetLedgerResponse& response) const {
  const absl::StatusOr<std::string> bytes = sources_.driver.LatestCheckpoint();
  if (absl::IsNotFound(bytes.status())) return absl::OkStatus();
  if (!bytes.ok()) return bytes.status();
  const absl::StatusOr<ledger::Note> note = ledger::ParseNote(*bytes);
  if (!note.ok()) return absl::DataLossError(note.status().message());
  const absl::StatusOr<ledger::Checkpoint> checkpoint = ledger::ParseCheckpointText(note->text);
  if (!checkpoint.ok()) return absl::DataLossError(checkpoint.status().message());
  response.set_transactions(checkpoint->size);
  response.set_height(checkpoint->height);
  response.set_app_hash(Text(checkpoint->app_hash));
  return absl::OkStatus();
}

absl::Status LedgerView::AddOperator(v1::GetLedgerResponse& response) const {
  const std::optional<ledger::PublicKey> key = sources_.seat.key();
  if (!key) return absl::OkStatus();
  response.set_operator_key(Text(*key));
  const auto entry = ReadEntry<ledger::KeyEntry>(sources_.driver, ledger::KeyKey(*key));
  if (!entry.ok()) return entry.status();
  if (!*entry || (*entry)->role != ledger::v1::KEY_ROLE_OPERATOR) return absl::OkStatus();
  response.set_operator_account(Text((*entry)->account));
  const auto present = ReadEntry<ledger::OperatorEntry>(sources_.driver, ledger::OperatorKey((*entry)->account));
  if (!present.ok()) return present.status();
  if (*present) response.set_operator_key(Text((*present)->key));
  return absl::OkStatus();
}

absl::StatusOr<v1::GetLedgerResponse> LedgerView::Ledger() const {
  v1::GetLedgerResponse response;
  response.set_chain_id(sources_.driver.chain_id());
  response.set_driver(driver_name_);
  response.set_verifier_key(ledger::FormatVerifierKey(verifier_));
  response.set_block_time_us(sources_.driver.BlockTimeUs());
  if (sources_.scorer.ok()) {
    response.set_scorer_digest(Text(sources_.scorer->model));
    response.set_nonce_commitment(Text(sources_.scorer->nonce_commitment));
  }
  absl::Status status = AddCheckpoint(response);
  if (status.ok()) status = AddOperator(response);
  if (!status.ok()) return status;
  const auto parameters = ReadEntry<ledger::Parameters>(sources_.driver, ledger::ParametersKey());
  if (!parameters.ok()) return parameters.status();
  if (*parameters) *response.mutable_parameters() = ToProto(**parameters);
  const auto chain = ReadEntry<ledger::Chain>(sources_.driver, ledger::ChainKey());
  if (!chain.ok()) return chain.status();
  if (*chain) {
    response.set_minted_micros((*chain)->minted);
    response.set_withdrawn_micros((*chain)->withdrawn);
  }
  return response;
}

v1::Task LedgerView::TaskFrom(const ledger::TaskId& id, const ledger::TaskTerms& terms,
                              const ledger::TaskFunds& funds) const {
  v1::Task task = ToProto(id, terms, funds, NowUs());
  if (std::optional<v1::TaskDescription> description = sources_.tasks.Description(id)) {
    *task.mutable_description() = *std::move(description);
  }
  return task;
}

absl::StatusOr<std::optional<v1::Task>> LedgerView::TaskWithTerms(const ledger::TaskId& id,
                                                                  const ledger::TaskTerms& terms) const {
  const auto funds = ReadEntry<ledger::TaskFunds>(sources_.driver, ledger::FundsKey(id));
  if (!funds.ok()) return funds.status();
  if (!*funds) return std::nullopt;  // Deleted since its terms were read.
  return TaskFrom(id, terms, **funds);
}

absl::StatusOr<v1::ListTasksResponse> LedgerView::Tasks(const v1::ListTasksRequest& request) const {
  const absl::StatusOr<int> size = PageSize(request.page_size());
  if (!size.ok()) return size.status();
  const absl::StatusOr<Entries> entries = Page(sources_.driver, "t", request.page_token(), kIdBytes, kMostPage);
  if (!entries.ok()) return entries.status();
  v1::ListTasksResponse response;
  std::size_t looked_at = 0;
  for (const auto& [key, value] : *entries) {
    if (response.tasks_size() == *size) break;
    ++looked_at;
    const absl::StatusOr<ledger::TaskTerms> terms = EntryFrom<ledger::TaskTerms>(key, value);
    if (!terms.ok()) return terms.status();
    if (!request.all() && NowUs() > terms->accept_by) continue;
    absl::StatusOr<std::optional<v1::Task>> task = TaskWithTerms(TaskOf(key), *terms);
    if (!task.ok()) return task.status();
    if (!*task || (!request.all() && (*task)->state() != v1::TASK_STATE_OPEN)) continue;
    *response.add_tasks() = **std::move(task);
  }
  const bool at_end = looked_at == entries->size() && looked_at < kMostPage;
  if (!at_end) response.set_next_page_token((*entries)[looked_at - 1].first.substr(1));
  return response;
}

absl::StatusOr<v1::Task> LedgerView::Task(const std::string& id) const {
  ledger::TaskId task{};
  if (absl::Status status = TakeBytes("task", id, task); !status.ok()) return status;
  const auto terms = ReadEntry<ledger::TaskTerms>(sources_.driver, ledger::TermsKey(task));
  if (!terms.ok()) return terms.status();
  if (!*terms) return absl::NotFoundError("task: there is no such task");
  absl::StatusOr<std::optional<v1::Task>> message = TaskWithTerms(task, **terms);
  if (!message.ok()) return message.status();
  if (!*message) return absl::NotFoundError("task: there is no such task");
  return **std::move(message);
}

v1::Acceptance LedgerView::AcceptanceFrom(const AcceptanceId& id, const ledger::Acceptance& entry) const {
  v1::Acceptance acceptance = ToProto(id, entry);
  acceptance.set_has_evidence(sources_.evidence.Has(id));
  return acceptance;
}

absl::StatusOr<v1::Acceptance> LedgerView::Acceptance(const v1::GetAcceptanceRequest& request) const {
  AcceptanceId id;
  absl::Status status = TakeBytes("task", request.task(), id.task);
  status.Update(TakeBytes("vehicle", request.vehicle(), id.vehicle));
  if (!status.ok()) return status;
  const auto entry = ReadEntry<ledger::Acceptance>(sources_.driver, ledger::AcceptanceKey(id.task, id.vehicle));
  if (!entry.ok()) return entry.status();
  if (!*entry) return absl::NotFoundError("task, vehicle: there is no such acceptance");
  return AcceptanceFrom(id, **entry);
}

absl::StatusOr<v1::ListAcceptancesResponse> LedgerView::Acceptances(const v1::ListAcceptancesRequest& request) const {
  const absl::StatusOr<int> size = PageSize(request.page_size());
  if (!size.ok()) return size.status();
  if (!v1::AcceptanceState_IsValid(request.state())) return BadField("state", request.state(), "an AcceptanceState");
  if (const std::size_t bytes = request.task().size(); bytes != 0 && bytes != kIdBytes) {
    return BadField("task", std::to_string(bytes) + " bytes", std::to_string(kIdBytes) + ", or none");
  }
  // With a task, the token is the vehicle's half of the key.
  const std::string prefix = "a" + request.task();
  const std::size_t token_bytes = 2 * kIdBytes - request.task().size();
  const absl::StatusOr<Entries> entries = Page(sources_.driver, prefix, request.page_token(), token_bytes, kMostPage);
  if (!entries.ok()) return entries.status();
  v1::ListAcceptancesResponse response;
  std::size_t looked_at = 0;
  for (const auto& [key, value] : *entries) {
    if (response.acceptances_size() == *size) break;
    ++looked_at;
    const absl::StatusOr<ledger::Acceptance> entry = EntryFrom<ledger::Acceptance>(key, value);
    if (!entry.ok()) return entry.status();
    const bool wanted =
        request.state() == v1::ACCEPTANCE_STATE_UNSPECIFIED || request.state() == ToProto(entry->status);
    if (wanted) *response.add_acceptances() = AcceptanceFrom(AcceptanceOf(key), *entry);
  }
  const bool at_end = looked_at == entries->size() && looked_at < kMostPage;
  if (!at_end) response.set_next_page_token((*entries)[looked_at - 1].first.substr(prefix.size()));
  return response;
}

absl::StatusOr<v1::GetAccountResponse> LedgerView::Account(const std::string& account) const {
  ledger::Account owner{};
  if (absl::Status status = TakeBytes("account", account, owner); !status.ok()) return status;
  const auto entry = ReadEntry<ledger::AccountEntry>(sources_.driver, ledger::AccountKey(owner));
  if (!entry.ok()) return entry.status();
  const ledger::AccountEntry known = entry->value_or(ledger::AccountEntry{});
  v1::GetAccountResponse response;
  response.set_balance_micros(known.balance);
  response.set_reputation_micros(static_cast<std::int32_t>(known.reputation));
  response.set_fulfilled(static_cast<std::int32_t>(known.fulfilled));
  response.set_failed(static_cast<std::int32_t>(known.failed));
  const auto as_operator = ReadEntry<ledger::OperatorEntry>(sources_.driver, ledger::OperatorKey(owner));
  if (!as_operator.ok()) return as_operator.status();
  if (*as_operator) {
    response.set_bond_micros((*as_operator)->bond);
    response.set_bond_locked_until_us((*as_operator)->bond_locked_until);
    response.set_slashed((*as_operator)->status == ledger::OperatorStatus::kSlashed);
  }
  return response;
}

absl::StatusOr<std::string> LedgerView::Receipt(const std::string& transaction) const {
  ledger::Digest id{};
  if (absl::Status status = TakeBytes("transaction", transaction, id); !status.ok()) return status;
  const absl::StatusOr<ledger::Receipt> receipt = sources_.driver.ReceiptOf(id);
  // Whoever asks again in a moment gets it.
  if (absl::IsFailedPrecondition(receipt.status())) return absl::UnavailableError(receipt.status().message());
  if (!receipt.ok()) return receipt.status();
  return ledger::FormatReceipt(*receipt);
}

absl::StatusOr<std::string> LedgerView::StateProof(const std::string& key) const {
  if (key.empty() || key.size() > kMostKeyBytes) {
    return BadField("key", std::to_string(key.size()) + " bytes", "1 to " + std::to_string(kMostKeyBytes));
  }
  const absl::StatusOr<ledger::StateProofFile> proof = sources_.driver.Prove(key);
  if (!proof.ok()) return proof.status();
  return ledger::FormatStateProof(*proof);
}

absl::StatusOr<std::string> LedgerView::ConsistencyProof(std::uint64_t old_size) const {
  const absl::StatusOr<ledger::ConsistencyProof> proof = sources_.driver.ProveConsistency(old_size);
  if (!proof.ok()) return proof.status();
  return ledger::FormatConsistencyProof(*proof);
}

}  // namespace giot::settlement
