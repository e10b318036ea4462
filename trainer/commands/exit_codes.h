#pragma once

namespace giot::trainer {

// What giot-trainer tells its caller; docs/training.md repeats this table. A run
// ended by a signal exits with 128 + its number.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;  // Also: a command line that makes no sense.
inline constexpr int kDiverged = 3;
inline constexpr int kNotPromoted = 4;
inline constexpr int kSignalBase = 128;

}  // namespace giot::trainer
