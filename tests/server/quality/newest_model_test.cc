#include "server/quality/newest_model.h"

#include <filesystem>
#include <fstream>

#include "gtest/gtest.h"
#include "tests/server/quality/scratch.h"

namespace giot::scoring {
namespace {

TEST(NewestModelTest, IsTheHighestNumberAndNothingElse) {
  const auto models = Scratch();
  for (const char* folder : {"2", "10", ".11.tmp", "next", "0", "-12"}) {
    std::filesystem::create_directories(models / folder);
  }
  std::ofstream(models / "99") << "no folder";
  EXPECT_EQ(NewestModel(models), models / "10");
}

TEST(NewestModelTest, ThereMayBeNone) {
  EXPECT_FALSE(NewestModel(Scratch()).has_value());
  EXPECT_FALSE(NewestModel(Scratch() / "missing").has_value());
}

}  // namespace
}  // namespace giot::scoring
