#include "server/ledger/cometbft/abci_calls.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/bytes.h"

namespace giot::ledger {
namespace {

using abci::v2::Request;
using abci::v2::Response;

constexpr std::uint64_t kAppVersion = 1;  // Part of every header: validators must agree on it.

Response Failed(const absl::Status& status) {
  Response response;
  response.mutable_exception()->set_error(status.ToString());
  return response;
}

std::string Bytes(const Digest& digest) { return std::string(BytesOf(digest)); }

template <typename Repeated>
std::vector<std::string> Taken(Repeated& transactions) {
  std::vector<std::string> taken;
  taken.reserve(static_cast<std::size_t>(transactions.size()));
  for (std::string& transaction : transactions) taken.push_back(std::move(transaction));
  return taken;
}

template <typename Message>
absl::StatusOr<std::int64_t> TimeUs(const Message& message) {
  constexpr std::int64_t kMostSeconds = std::numeric_limits<std::int64_t>::max() / 2'000'000;
  const std::int64_t seconds = message.time().seconds();
  if (seconds < 0 || seconds > kMostSeconds) {
    return absl::InvalidArgumentError(absl::StrCat("time: got ", seconds, " s, want 0 to ", kMostSeconds));
  }
  return seconds * 1'000'000 + message.time().nanos() / 1'000;
}

Response InfoOf(Application& application) {
  const absl::StatusOr<Application::Info> info = application.GetInfo();
  if (!info.ok()) return Failed(info.status());
  Response response;
  response.mutable_info()->set_data("giot-ledger");
  response.mutable_info()->set_app_version(kAppVersion);
  response.mutable_info()->set_last_block_height(info->height);
  if (info->height > 0) response.mutable_info()->set_last_block_app_hash(Bytes(info->app_hash));
  return response;
}

Response InitChain(Application& application, const abci::v2::InitChainRequest& request) {
  const std::int64_t most_bytes = request.consensus_params().block().max_bytes();
  if (most_bytes < 0 || most_bytes > kMostBlockBytes) {
    return Failed(absl::InvalidArgumentError(
        absl::StrCat("consensus_params.block.max_bytes: got ", most_bytes, ", want at most ", kMostBlockBytes)));
  }
  const absl::StatusOr<Digest> app_hash = application.InitChain(request.chain_id(), request.app_state_bytes());
  if (!app_hash.ok()) return Failed(app_hash.status());
  Response response;
  response.mutable_init_chain()->set_app_hash(Bytes(*app_hash));
  return response;
}

absl::StatusOr<std::string> ValueOf(StateMachine& machine, const abci::v2::QueryRequest& request) {
  if (request.path() != "/state") {
    return absl::InvalidArgumentError(absl::StrCat("path: got '", request.path(), "', want '/state'"));
  }
  StateMachine::Answer answer = machine.Query(request.data(), false);
  if (!answer.value) return absl::NotFoundError(absl::StrCat("data: no entry ", HexOf(request.data())));
  return *std::move(answer.value);
}

Response Query(Application& application, const abci::v2::QueryRequest& request) {
  Response response;
  abci::v2::QueryResponse& answer = *response.mutable_query();
  const absl::Status read = application.WithLedger([&](StateMachine& machine, LedgerDatabase&) {
    absl::StatusOr<std::string> value = ValueOf(machine, request);
    if (!value.ok()) return value.status();
    answer.set_key(request.data());
    answer.set_value(*std::move(value));
    answer.set_height(static_cast<std::int64_t>(machine.height()));
    return absl::OkStatus();
  });
  answer.set_code(static_cast<std::uint32_t>(read.code()));
  answer.set_log(std::string(read.message()));
  return response;
}

Response CheckTx(Application& application, std::string envelope) {
  const absl::StatusOr<v1::Code> code = application.CheckTx(std::move(envelope));
  if (!code.ok()) return Failed(code.status());
  Response response;
  response.mutable_check_tx()->set_code(static_cast<std::uint32_t>(*code));
  if (*code != v1::CODE_OK) response.mutable_check_tx()->set_log(v1::Code_Name(*code));
  return response;
}

Response PrepareProposal(Application& application, abci::v2::PrepareProposalRequest& request) {
  const absl::StatusOr<std::int64_t> time_us = TimeUs(request);
  if (!time_us.ok()) return Failed(time_us.status());
  absl::StatusOr<std::vector<std::string>> proposal =
      application.PrepareProposal(Taken(*request.mutable_txs()), request.max_tx_bytes(), *time_us);
  if (!proposal.ok()) return Failed(proposal.status());
  Response response;
  response.mutable_prepare_proposal();  // An empty one is an answer, too.
  for (std::string& envelope : *proposal) response.mutable_prepare_proposal()->add_txs(std::move(envelope));
  return response;
}

Response ProcessProposal(Application& application, abci::v2::ProcessProposalRequest& request) {
  using Processed = abci::v2::ProcessProposalResponse;
  Response response;
  const bool accepted = application.ProcessProposal(Taken(*request.mutable_txs()));
  response.mutable_process_proposal()->set_status(accepted ? Processed::ACCEPT : Processed::REJECT);
  return response;
}

Response VerifyVoteExtension(const abci::v2::VerifyVoteExtensionRequest& request) {
  using Verified = abci::v2::VerifyVoteExtensionResponse;
  Response response;
  response.mutable_verify_vote_extension()->set_status(request.vote_extension().empty() ? Verified::ACCEPT
                                                                                        : Verified::REJECT);
  return response;
}

Response FinalizeBlock(Application& application, abci::v2::FinalizeBlockRequest& request) {
  const absl::StatusOr<std::int64_t> time_us = TimeUs(request);
  if (!time_us.ok()) return Failed(time_us.status());
  const absl::StatusOr<Application::Finalized> block =
      application.FinalizeBlock(request.height(), *time_us, Taken(*request.mutable_txs()));
  if (!block.ok()) return Failed(block.status());
  Response response;
  response.mutable_finalize_block()->set_app_hash(Bytes(block->app_hash));
  for (const Placed& placed : block->placed) {
    abci::v2::ExecTxResult& result = *response.mutable_finalize_block()->add_tx_results();
    result.set_code(static_cast<std::uint32_t>(placed.code));
    result.set_data(ByteWriter().U64(placed.position).Take());
    if (placed.code != v1::CODE_OK) result.set_log(v1::Code_Name(placed.code));
  }
  return response;
}

Response Commit(Application& application) {
  if (const absl::Status committed = application.Commit(); !committed.ok()) return Failed(committed);
  Response response;
  response.mutable_commit();  // Retain height 0: the engine keeps all, for who joins late.
  return response;
}

// Of the calls that need no application.
Response Constant(const Request& request) {
  Response response;
  switch (request.value_case()) {
    case Request::kEcho:
      response.mutable_echo()->set_message(request.echo().message());
      return response;
    case Request::kFlush:
      response.mutable_flush();
      return response;
    case Request::kListSnapshots:
      response.mutable_list_snapshots();
      return response;
    case Request::kOfferSnapshot:
      response.mutable_offer_snapshot()->set_result(abci::v2::OfferSnapshotResponse::ABORT);
      return response;
    case Request::kLoadSnapshotChunk:
      response.mutable_load_snapshot_chunk();
      return response;
    case Request::kApplySnapshotChunk:
      response.mutable_apply_snapshot_chunk()->set_result(abci::v2::ApplySnapshotChunkResponse::ABORT);
      return response;
    case Request::kExtendVote:
      response.mutable_extend_vote();
      return response;
    case Request::kVerifyVoteExtension:
      return VerifyVoteExtension(request.verify_vote_extension());
    default:
      return Failed(absl::UnimplementedError("request: none of ABCI 2.0"));
  }
}

}  // namespace

Response Answer(Application& application, Request request) {
  switch (request.value_case()) {
    case Request::kInfo:
      return InfoOf(application);
    case Request::kInitChain:
      return InitChain(application, request.init_chain());
    case Request::kQuery:
      return Query(application, request.query());
    case Request::kCheckTx:
      return CheckTx(application, std::move(*request.mutable_check_tx()->mutable_tx()));
    case Request::kPrepareProposal:
      return PrepareProposal(application, *request.mutable_prepare_proposal());
    case Request::kProcessProposal:
      return ProcessProposal(application, *request.mutable_process_proposal());
    case Request::kFinalizeBlock:
      return FinalizeBlock(application, *request.mutable_finalize_block());
    case Request::kCommit:
      return Commit(application);
    default:
      return Constant(request);
  }
}

}  // namespace giot::ledger
