#include "trainer/evaluation/tied_objective.h"

#include <gtest/gtest.h>

#include <vector>

namespace giot::trainer {
namespace {

// Remembers the levels it was asked about; they are worth the last of them.
class Recorder : public search::Objective {
 public:
  int dimension() const override { return 6; }
  double Value(absl::Span<const double> levels) override {
    seen.assign(levels.begin(), levels.end());
    return levels.back();
  }

  std::vector<double> seen;
};

TEST(TiedObjective, RepeatsEachLevelThroughItsChannel) {
  Recorder recorder;
  TiedObjective tied(recorder, 2);
  EXPECT_EQ(tied.dimension(), 2);
  EXPECT_EQ(tied.Value({0.25, -0.5}), -0.5);
  EXPECT_EQ(recorder.seen, (std::vector<double>{0.25, 0.25, 0.25, -0.5, -0.5, -0.5}));
}

}  // namespace
}  // namespace giot::trainer
