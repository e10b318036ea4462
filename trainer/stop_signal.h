#pragma once

namespace giot::trainer {

// From construction to destruction, SIGINT and SIGTERM ask for a stop instead
// of ending the process; a second one ends it, as before. One at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // The signal that asked, 0 if none did.
  int received() const;
};

}  // namespace giot::trainer
