#pragma once

#include <filesystem>
#include <string>

#include "gtest/gtest.h"

namespace giot::scoring {

// A new empty folder of the running test's own.
inline std::filesystem::path Scratch() {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / (std::string(test.test_suite_name()) + "." + test.name());
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

}  // namespace giot::scoring
