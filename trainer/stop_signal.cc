#include "trainer/stop_signal.h"

#include <signal.h>

#include <csignal>

namespace giot::trainer {
namespace {

volatile std::sig_atomic_t received_signal = 0;

void Record(int signal) { received_signal = signal; }

void Install(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  // SA_RESETHAND: the second signal finds the default action.
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

StopSignal::StopSignal() {
  received_signal = 0;
  Install(Record);
}

StopSignal::~StopSignal() { Install(SIG_DFL); }

int StopSignal::received() const { return received_signal; }

}  // namespace giot::trainer
