#include "tests/client/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "gtest/gtest.h"

namespace giot::client {

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) abort();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  if (posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) pid_ = -1;
  EXPECT_GT(pid_, 0) << "cannot start " << command[0];
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  output_ = fdopen(ends[0], "r");
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::fclose(output_);
}

std::string ChildProcess::WaitForLine(const std::string& text) {
  std::array<char, 4096> line{};
  while (std::fgets(line.data(), static_cast<int>(line.size()), output_) != nullptr) {
    if (std::string(line.data()).find(text) != std::string::npos) return line.data();
  }
  return "";
}

std::string ChildProcess::ReadAll() {
  std::string all;
  std::array<char, 4096> part{};
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), output_)) all.append(part.data(), size);
  return all;
}

void ChildProcess::Signal(int signal) {
  if (pid_ > 0) kill(pid_, signal);
}

int ChildProcess::Wait() {
  int status = 0;
  if (pid_ <= 0 || waitpid(pid_, &status, 0) != pid_) return -1;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Finished RunToEnd(const std::vector<std::string>& command) {
  ChildProcess child(command);
  Finished finished;
  finished.output = child.ReadAll();
  finished.exit_status = child.Wait();
  return finished;
}

std::string ProgramPath(const char* variable) {
  const char* path = std::getenv(variable);
  EXPECT_NE(path, nullptr) << variable << " is not set: run this by ctest";
  return path == nullptr ? "" : path;
}

}  // namespace giot::client
