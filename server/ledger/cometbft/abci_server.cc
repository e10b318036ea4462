#include "server/ledger/cometbft/abci_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/engine/mutex.h"
#include "server/ledger/cometbft/abci_calls.h"
#include "server/ledger/cometbft/abci_frame.h"
#include "server/ledger/proof/files.h"

namespace giot::ledger {
namespace {

constexpr std::size_t kMostUnsentBytes = 1u << 20;
constexpr std::size_t kReadBytes = 256u << 10;

absl::StatusOr<sockaddr_un> AddressOf(const std::filesystem::path& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.empty() || name.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("abci_socket: got a path of ", name.size(), " bytes, want 1 to ", sizeof(address.sun_path) - 1));
  }
  std::memcpy(address.sun_path, name.data(), name.size());
  return address;
}

const sockaddr* Generic(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

FileDescriptor NewSocket() { return FileDescriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

// Removes the socket that a process left behind.
absl::Status MakeRoom(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat found = {};
  if (lstat(path.c_str(), &found) != 0) return errno == ENOENT ? absl::OkStatus() : FileFailed(path, "look for");
  if (!S_ISSOCK(found.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat("abci_socket: ", path.string(), " is no socket"));
  }
  const FileDescriptor probe = NewSocket();
  if (probe.number() < 0) return FileFailed(path, "connect to");
  if (connect(probe.number(), Generic(address), sizeof(address)) == 0) {
    return absl::FailedPreconditionError(absl::StrCat("abci_socket: somebody listens on ", path.string()));
  }
  if (errno != ECONNREFUSED) return FileFailed(path, "connect to");
  return unlink(path.c_str()) == 0 ? absl::OkStatus() : FileFailed(path, "remove");
}

absl::StatusOr<FileDescriptor> Listen(const std::filesystem::path& path) {
  const absl::StatusOr<sockaddr_un> address = AddressOf(path);
  if (!address.ok()) return address.status();
  if (absl::Status room = MakeRoom(path, *address); !room.ok()) return room;
  FileDescriptor listening = NewSocket();
  // Linux gives the file the socket's mode.
  if (listening.number() < 0 || fchmod(listening.number(), S_IRUSR | S_IWUSR) != 0 ||
      bind(listening.number(), Generic(*address), sizeof(*address)) != 0 ||
      listen(listening.number(), AbciServer::kMostConnections) != 0) {
    return FileFailed(path, "listen on");
  }
  return listening;
}

bool Send(int socket, std::string& bytes) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t sent = send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  bytes.clear();
  return true;
}

// One connection of the engine.
class Conversation {
 public:
  Conversation(int socket, Application& application) : socket_(socket), application_(application) {}

  // Until one side ends it.
  void Hold() {
    std::string chunk(kReadBytes, '\0');
    while (AnswerAll()) {
      const ssize_t got = recv(socket_, chunk.data(), chunk.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      reader_.Add({chunk.data(), static_cast<std::size_t>(got)});
    }
    if (has_block_) application_.EngineLeft();
  }

 private:
  // What has come as a whole. Answers are sent together, but never kept while the engine is waited for.
  bool AnswerAll() {
    for (;;) {
      const absl::StatusOr<std::optional<std::string_view>> message = reader_.Next();
      if (!message.ok()) return false;
      if (!message->has_value()) return Send(socket_, unsent_);
      abci::v2::Request request;
      if (!request.ParseFromArray((*message)->data(), static_cast<int>((*message)->size()))) return false;
      if (request.has_init_chain() || request.has_finalize_block()) has_block_ = true;
      AppendFrame(Answer(application_, std::move(request)).SerializeAsString(), unsent_);
      if (unsent_.size() > kMostUnsentBytes && !Send(socket_, unsent_)) return false;
    }
  }

  const int socket_;
  Application& application_;
  FrameReader reader_;
  std::string unsent_;
  bool has_block_ = false;  // It is the connection that blocks come by.
};

class SocketServer : public AbciServer {
 public:
  SocketServer(std::filesystem::path path, FileDescriptor listening, FileDescriptor stop, Application& application)
      : path_(std::move(path)),
        listening_(std::move(listening)),
        stop_(std::move(stop)),
        application_(application),
        acceptor_([this] { Accept(); }) {}

  ~SocketServer() override {
    const std::uint64_t one = 1;
    static_cast<void>(!write(stop_.number(), &one, sizeof(one)));
    acceptor_.join();
    {
      const engine::MutexLock lock(&mutex_);
      for (const Connection& connection : connections_) shutdown(connection.socket.number(), SHUT_RDWR);
    }
    // Nobody adds any more.
    for (Connection& connection : connections_) connection.thread.join();
    unlink(path_.c_str());
  }

 private:
  struct Connection {
    explicit Connection(FileDescriptor connected) : socket(std::move(connected)) {}

    FileDescriptor socket;
    std::thread thread;
    bool ended = false;
  };

  void Accept() {
    for (;;) {
      std::array<pollfd, 2> waiting = {{{listening_.number(), POLLIN, 0}, {stop_.number(), POLLIN, 0}}};
      if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
      if (waiting[1].revents != 0) return;
      if (waiting[0].revents == 0) continue;
      FileDescriptor connected(accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC));
      if (connected.number() >= 0) {
        Begin(std::move(connected));
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        constexpr int kBreathMs = 100;  // Descriptors come back as connections end.
        poll(&waiting[1], 1, kBreathMs);
      }
    }
  }

  void Begin(FileDescriptor connected) {
    const engine::MutexLock lock(&mutex_);
    connections_.remove_if([](Connection& connection) {
      if (connection.ended) connection.thread.join();
      return connection.ended;
    });
    if (std::ssize(connections_) >= kMostConnections) return;
    Connection& connection = connections_.emplace_back(std::move(connected));
    connection.thread = std::thread([this, &connection] { Hold(connection); });
  }

  void Hold(Connection& connection) {
    try {
      Conversation(connection.socket.number(), application_).Hold();
    } catch (const std::exception& exception) {
      application_.Stop(absl::InternalError(exception.what()));
    }
    shutdown(connection.socket.number(), SHUT_RDWR);
    const engine::MutexLock lock(&mutex_);
    connection.ended = true;
  }

  const std::filesystem::path path_;
  const FileDescriptor listening_;
  const FileDescriptor stop_;  // An event.
  Application& application_;
  engine::Mutex mutex_;
  std::list<Connection> connections_ ABSL_GUARDED_BY(mutex_);
  std::thread acceptor_;  // Last.
};

}  // namespace

absl::StatusOr<std::unique_ptr<AbciServer>> AbciServer::Start(const std::filesystem::path& socket_path,
                                                              Application& application) {
  FileDescriptor stop(eventfd(0, EFD_CLOEXEC));
  if (stop.number() < 0) return FileFailed(socket_path, "make an event for");
  absl::StatusOr<FileDescriptor> listening = Listen(socket_path);
  if (!listening.ok()) return listening.status();
  return std::make_unique<SocketServer>(socket_path, *std::move(listening), std::move(stop), application);
}

}  // namespace giot::ledger
