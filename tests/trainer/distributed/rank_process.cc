#include "tests/trainer/distributed/rank_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <sstream>

namespace giot::trainer {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

// The tests' own environment, but on the loopback interface and with `added` last.
std::vector<std::string> ChildEnvironment(const std::vector<std::string>& added) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  variables.emplace_back("GLOO_SOCKET_IFNAME=lo");
  variables.insert(variables.end(), added.begin(), added.end());
  return variables;
}

}  // namespace

RankProcess::RankProcess(const std::string& scenario, double timeout_seconds,
                         const std::vector<std::string>& environment) {
  std::vector<std::string> command = {std::getenv("GIOT_DISTRIBUTED_RANK"), scenario, std::to_string(timeout_seconds)};
  std::vector<std::string> variables = ChildEnvironment(environment);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) abort();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  if (posix_spawn(&pid_, command[0].c_str(), &actions, nullptr, Pointers(command).data(), Pointers(variables).data()) !=
      0) {
    abort();
  }
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  output_ = fdopen(ends[0], "r");
}

RankProcess::~RankProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::fclose(output_);
}

std::string RankProcess::Output() {
  std::string all;
  std::array<char, 4096> part{};
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), output_)) all.append(part.data(), size);
  return all;
}

int RankProcess::Wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string Line(const std::string& output, const std::string& name) {
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + " ")) return line.substr(name.size() + 1);
  }
  return "";
}

SilentListener::SilentListener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const pointer = reinterpret_cast<sockaddr*>(&address);
  if (bind(socket_, pointer, size) != 0 || getsockname(socket_, pointer, &size) != 0 || listen(socket_, 8) != 0) {
    abort();
  }
  port_ = ntohs(address.sin_port);
}

SilentListener::~SilentListener() { close(socket_); }

int FreePort() { return SilentListener().port(); }

}  // namespace giot::trainer
