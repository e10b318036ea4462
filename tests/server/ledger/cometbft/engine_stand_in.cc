#include "tests/server/ledger/cometbft/engine_stand_in.h"

#include <httplib.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/cometbft/application.h"
#include "server/ledger/proof/text_encoding.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::ledger {
namespace {

using abci::v2::Request;

Request InitChain() {
  Request request;
  request.mutable_init_chain()->set_chain_id(std::string(kChainId));
  request.mutable_init_chain()->set_app_state_bytes(AppStateOf(GenesisEnvelope()));
  return request;
}

}  // namespace

struct EngineStandIn::Http {
  httplib::Server server;
  int port = 0;
  std::thread thread;
};

EngineStandIn::EngineStandIn(std::filesystem::path abci_socket)
    : abci_socket_(std::move(abci_socket)), http_(std::make_unique<Http>()) {
  http_->server.Post("/", [this](const httplib::Request& request, httplib::Response& response) {
    const auto body = nlohmann::json::parse(request.body);
    const std::string envelope = FromBase64(body.at("params").at("tx").get<std::string>()).value();
    response.set_content(Broadcast(envelope), "application/json");
  });
  http_->port = http_->server.bind_to_any_port("127.0.0.1");
  if (http_->port <= 0) std::abort();
  http_->thread = std::thread([this] { http_->server.listen_after_bind(); });
}

EngineStandIn::~EngineStandIn() {
  http_->server.stop();
  http_->thread.join();
}

std::string EngineStandIn::rpc_address() const { return absl::StrCat("127.0.0.1:", http_->port); }

void EngineStandIn::Connect() {
  consensus_ = std::make_unique<AbciClient>(abci_socket_);
  {
    const std::lock_guard lock(mutex_);
    mempool_ = std::make_unique<AbciClient>(abci_socket_);
  }
  Request info;
  info.mutable_info();
  height_ = consensus_->Call(info).info().last_block_height();
  if (height_ == 0 && !consensus_->Call(InitChain()).has_init_chain()) std::abort();
}

void EngineStandIn::Disconnect() {
  consensus_ = nullptr;
  const std::lock_guard lock(mutex_);
  mempool_ = nullptr;
}

void EngineStandIn::MakeBlock(std::int64_t time_us) {
  Request finalize;
  finalize.mutable_finalize_block()->set_height(++height_);
  finalize.mutable_finalize_block()->mutable_time()->set_seconds(time_us / 1'000'000);
  {
    const std::lock_guard lock(mutex_);
    for (const std::string& envelope : std::exchange(pool_, {})) finalize.mutable_finalize_block()->add_txs(envelope);
  }
  if (!consensus_->Call(finalize).has_finalize_block()) std::abort();
  Request commit;
  commit.mutable_commit();
  if (!consensus_->Call(commit).has_commit()) std::abort();
}

void EngineStandIn::SetAnswer(Answer answer, std::string error) {
  const std::lock_guard lock(mutex_);
  answer_ = answer;
  error_ = std::move(error);
}

std::string EngineStandIn::Broadcast(const std::string& envelope) {
  const std::lock_guard lock(mutex_);
  ++broadcasts_;
  asked_.notify_all();
  nlohmann::json answer = {{"jsonrpc", "2.0"}, {"id", 1}};
  if (answer_ == Answer::kError) {
    answer["error"] = {{"code", -32'603}, {"message", "Internal error"}, {"data", error_}};
    return answer.dump();
  }
  answer["result"] = {{"code", 0}, {"log", ""}};
  if (answer_ == Answer::kForget) return answer.dump();
  Request check;
  check.mutable_check_tx()->set_tx(envelope);
  const auto checked = mempool_->Call(check).check_tx();
  answer["result"] = {{"code", checked.code()}, {"log", checked.log()}};
  if (checked.code() == 0) pool_.push_back(envelope);
  return answer.dump();
}

void EngineStandIn::WaitForBroadcasts(int count) {
  std::unique_lock lock(mutex_);
  if (!asked_.wait_for(lock, std::chrono::seconds(30), [&] { return broadcasts_ >= count; })) std::abort();
}

std::size_t EngineStandIn::pooled() const {
  const std::lock_guard lock(mutex_);
  return pool_.size();
}

}  // namespace giot::ledger
