#include "tests/server/ledger/cometbft/abci_client.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace giot::ledger {
namespace {

FileDescriptor Connected(const std::filesystem::path& path) {
  FileDescriptor connected(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof(address.sun_path)) std::abort();
  std::memcpy(address.sun_path, name.data(), name.size());
  if (connect(connected.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) std::abort();
  return connected;
}

}  // namespace

AbciClient::AbciClient(const std::filesystem::path& socket_path) : socket_(Connected(socket_path)) {}

void AbciClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // What Receive will show.
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void AbciClient::Send(const abci::v2::Request& request) {
  std::string frame;
  AppendFrame(request.SerializeAsString(), frame);
  Send(frame);
}

std::optional<abci::v2::Response> AbciClient::Receive() {
  for (;;) {
    const auto message = reader_.Next();
    if (!message.ok()) std::abort();
    if (message->has_value()) {
      abci::v2::Response response;
      if (!response.ParseFromArray((*message)->data(), static_cast<int>((*message)->size()))) std::abort();
      return response;
    }
    std::array<char, 4096> bytes;
    const ssize_t got = recv(socket_.number(), bytes.data(), bytes.size(), 0);
    if (got <= 0) return std::nullopt;
    reader_.Add({bytes.data(), static_cast<std::size_t>(got)});
  }
}

abci::v2::Response AbciClient::Call(const abci::v2::Request& request) {
  Send(request);
  return Receive().value();
}

void AbciClient::CloseSending() { shutdown(socket_.number(), SHUT_WR); }

}  // namespace giot::ledger
