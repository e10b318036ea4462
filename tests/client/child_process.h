#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

namespace giot::client {

// A program that runs beside the test; what it prints comes through a pipe.
class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& command);
  // Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Blocks for the first line that contains `text`; empty if the output ends before.
  std::string WaitForLine(const std::string& text);
  // Everything that has not been read yet, up to its end.
  std::string ReadAll();
  void Signal(int signal);
  // Waits for its end: its exit status, or -1 if a signal ended it.
  int Wait();

 private:
  pid_t pid_ = -1;
  std::FILE* output_ = nullptr;
};

struct Finished {
  int exit_status = 0;
  std::string output;  // Standard output and error together.
};
Finished RunToEnd(const std::vector<std::string>& command);

// The path of a program under test, which CMake puts into the environment.
std::string ProgramPath(const char* variable);

}  // namespace giot::client
