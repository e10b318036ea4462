#include "server/ledger/cometbft/rpc_client.h"

#include <httplib.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/proof/text_encoding.h"

namespace giot::ledger {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostShownBytes = 200;

absl::Status NotThisProtocol(const std::string& method, const std::string& answer) {
  return absl::InternalError(
      absl::StrCat("rpc: ", method, ": not an engine's answer: ", absl::CEscape(answer.substr(0, kMostShownBytes))));
}

absl::Status Failed(const std::string& method, httplib::Error error) {
  const std::string message = absl::StrCat("rpc: ", method, ": ", httplib::to_string(error));
  const bool unsent = error == httplib::Error::Connection || error == httplib::Error::ConnectionTimeout ||
                      error == httplib::Error::BindIPAddress;
  return unsent ? absl::UnavailableError(message) : absl::DeadlineExceededError(message);
}

// The engine writes numbers of 64 bits as strings.
std::int64_t Number(const Json& value) { return std::stoll(value.get<std::string>()); }

// What the engine itself says it cannot do, in its words.
std::string ErrorOf(const Json& error) {
  return absl::StrCat(error.value("message", ""), ": ", error.value("data", ""));
}

}  // namespace

class RpcClient::Connection {
 public:
  Connection(const std::string& host, int port, std::chrono::milliseconds timeout) : http_(host, port) {
    http_.set_keep_alive(true);
    http_.set_tcp_nodelay(true);
    http_.set_connection_timeout(timeout);
    http_.set_read_timeout(timeout);
    http_.set_write_timeout(timeout);
  }

  // `read` takes the result apart; what it throws for a field that is missing or of another type ends here.
  // `error_of` says what the engine's own error means, where it means something.
  template <typename Answer>
  absl::StatusOr<Answer> Call(const std::string& method, const Json& params,
                              const std::function<Answer(const Json& result)>& read,
                              const std::function<std::optional<absl::StatusOr<Answer>>(const std::string&)>& error_of);

 private:
  httplib::Client http_;
};

template <typename Answer>
absl::StatusOr<Answer> RpcClient::Connection::Call(
    const std::string& method, const Json& params, const std::function<Answer(const Json& result)>& read,
    const std::function<std::optional<absl::StatusOr<Answer>>(const std::string&)>& error_of) {
  const Json request = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
  const httplib::Result answer = http_.Post("/", request.dump(), "application/json");
  if (!answer) return Failed(method, answer.error());
  try {
    const Json body = Json::parse(answer->body);
    if (!body.contains("error")) return read(body.at("result"));
    const std::string error = ErrorOf(body.at("error"));
    if (std::optional<absl::StatusOr<Answer>> meaning = error_of(error)) return *std::move(meaning);
    return absl::AbortedError(absl::StrCat("rpc: ", method, ": ", error));
  } catch (const std::exception&) {
    return NotThisProtocol(method, answer->body);
  }
}

RpcClient::RpcClient(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
RpcClient::~RpcClient() = default;

absl::StatusOr<std::unique_ptr<RpcClient>> RpcClient::Create(const std::string& address,
                                                             std::chrono::milliseconds timeout) {
  const std::size_t colon = address.rfind(':');
  int port = 0;
  if (colon == std::string::npos || colon == 0 || !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 1 ||
      port > 65'535) {
    return absl::InvalidArgumentError(absl::StrCat("rpc address: got '", address, "', want host:port"));
  }
  return std::unique_ptr<RpcClient>(
      new RpcClient(std::make_unique<Connection>(address.substr(0, colon), port, timeout)));
}

absl::StatusOr<RpcClient::Checked> RpcClient::BroadcastTxSync(std::string_view transaction) {
  return connection_->Call<Checked>(
      "broadcast_tx_sync", {{"tx", Base64Of(transaction)}},
      [](const Json& result) {
        return Checked{.pooled = false,
                       .code = result.at("code").get<std::uint32_t>(),
                       .log = result.at("log").get<std::string>()};
      },
      [](const std::string& error) -> std::optional<absl::StatusOr<Checked>> {
        if (absl::StrContains(error, "tx already exists in cache"))
          return Checked{.pooled = true, .code = 0, .log = {}};
        if (absl::StrContains(error, "mempool is ")) return absl::ResourceExhaustedError(absl::StrCat("rpc: ", error));
        if (absl::StrContains(error, "Tx too large")) return absl::InvalidArgumentError(absl::StrCat("rpc: ", error));
        return std::nullopt;
      });
}

absl::StatusOr<RpcClient::Status> RpcClient::GetStatus() {
  return connection_->Call<Status>(
      "status", Json::object(),
      [](const Json& result) {
        const Json& synced = result.at("sync_info");
        return Status{.chain_id = result.at("node_info").at("network").get<std::string>(),
                      .height = Number(synced.at("latest_block_height")),
                      .catching_up = synced.at("catching_up").get<bool>()};
      },
      [](const std::string&) { return std::nullopt; });
}

absl::StatusOr<RpcClient::Block> RpcClient::BlockAt(std::int64_t height) {
  return connection_->Call<Block>(
      "block", {{"height", std::to_string(height)}},
      [](const Json& result) {
        const Json& header = result.at("block").at("header");
        Block block;
        block.height = Number(header.at("height"));
        // Empty before the first block of some applications.
        block.app_hash = absl::HexStringToBytes(header.at("app_hash").get<std::string>());
        for (const Json& transaction : result.at("block").at("data").at("txs")) {
          std::optional<std::string> bytes = FromBase64(transaction.get<std::string>());
          if (!bytes) throw std::invalid_argument("base64");
          block.transactions.push_back(*std::move(bytes));
        }
        return block;
      },
      [&](const std::string& error) -> std::optional<absl::StatusOr<Block>> {
        if (!absl::StrContains(error, "height")) return std::nullopt;
        return absl::OutOfRangeError(absl::StrCat("rpc: block ", height, ": ", error));
      });
}

}  // namespace giot::ledger
