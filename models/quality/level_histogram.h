#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace giot::quality {

// Counts of integer levels 0 .. kLevels - 1.
template <std::size_t kLevels>
class LevelHistogram {
 public:
  void Add(std::size_t level) { ++counts_[level]; }
  // Two tables in turn: equal levels that follow each other do not wait for one counter.
  void Add(const std::vector<std::uint16_t>& levels) {
    std::size_t i = 0;
    for (; i + 1 < levels.size(); i += 2) {
      ++counts_[levels[i]];
      ++other_counts_[levels[i + 1]];
    }
    if (i < levels.size()) ++counts_[levels[i]];
  }

  std::uint64_t Count() const {
    std::uint64_t count = 0;
    for (std::size_t level = 0; level < kLevels; ++level) count += At(level);
    return count;
  }
  std::uint32_t At(std::size_t level) const { return counts_[level] + other_counts_[level]; }

  // The level below which a share in (0, 1] of the samples lies, each spread evenly over
  // [level, level + 1): moves smoothly as samples do. 0 without samples.
  double Percentile(double share) const {
    const double wanted = share * static_cast<double>(Count());
    double below = 0.0;
    for (std::size_t level = 0; level < kLevels; ++level) {
      const auto here = static_cast<double>(At(level));
      if (here > 0.0 && below + here >= wanted) return static_cast<double>(level) + (wanted - below) / here;
      below += here;
    }
    return 0.0;
  }

 private:
  std::array<std::uint32_t, kLevels> counts_{}, other_counts_{};
};

}  // namespace giot::quality
