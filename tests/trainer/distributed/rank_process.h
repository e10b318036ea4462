#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

namespace giot::trainer {

// A process of its own that runs the program below tests/ which plays one rank.
// Killed by the destructor if it is still there. `environment` holds NAME=value.
class RankProcess {
 public:
  RankProcess(const std::string& scenario, double timeout_seconds, const std::vector<std::string>& environment);
  ~RankProcess();
  RankProcess(const RankProcess&) = delete;
  RankProcess& operator=(const RankProcess&) = delete;

  // What it printed until its end. Blocks for as long as it lives.
  std::string Output();
  // Its exit status, or minus the signal that ended it.
  int Wait();

 private:
  pid_t pid_ = -1;
  std::FILE* output_ = nullptr;
};

// The rest of the line of `output` that starts with `name`; empty if there is none.
std::string Line(const std::string& output, const std::string& name);

// Accepts connections on the loopback interface and never says a word.
class SilentListener {
 public:
  SilentListener();
  ~SilentListener();
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;

  int port() const { return port_; }

 private:
  int socket_ = -1;
  int port_ = 0;
};

// A TCP port of this machine that nobody listens on.
int FreePort();

}  // namespace giot::trainer
