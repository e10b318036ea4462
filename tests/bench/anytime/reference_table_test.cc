#include "bench/anytime/reference_table.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace giot::bench {
namespace {

std::filesystem::path Write(const std::string& name, const std::string& text) {
  std::filesystem::path path = std::filesystem::path(testing::TempDir()) / name;
  std::ofstream(path) << text;
  return path;
}

constexpr char kHeader[] = "index,checksum,upper_bound,best_known,method,evaluations\n";

TEST(ReferenceTableTest, WhatIsWrittenIsReadBackToTheLastBit) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "written.csv";
  ASSERT_TRUE(WriteReferences({{0xfedcba9876543210, 1.0 / 3.0, 0.1 + 0.2, "polish", 12},
                               {0x1, 2.0, 1e-300, "item_cma_es", 5'000'000'000}},
                              path)
                  .ok());
  const auto read = ReadReferences(path);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].checksum, 0xfedcba9876543210);
  EXPECT_EQ((*read)[0].upper_bound, 1.0 / 3.0);
  EXPECT_EQ((*read)[0].best_known, 0.1 + 0.2);
  EXPECT_EQ((*read)[0].method, "polish");
  EXPECT_EQ((*read)[1].checksum, 0x1u);
  EXPECT_EQ((*read)[1].best_known, 1e-300);
  EXPECT_EQ((*read)[1].evaluations, 5'000'000'000);
}

TEST(ReferenceTableTest, AMissingFileIsNotFound) {
  EXPECT_EQ(ReadReferences("/no/such/file.csv").status().code(), absl::StatusCode::kNotFound);
}

TEST(ReferenceTableTest, ADamagedFileIsDataLoss) {
  const std::string damaged[] = {
      "",
      "index,checksum\n",
      std::string(kHeader) + "1,0000000000000001,1,1,polish,5\n",    // Not the first market.
      std::string(kHeader) + "0,01,1,1,polish,5\n",                  // A short checksum.
      std::string(kHeader) + "0,000000000000000g,1,1,polish,5\n",    // Not hexadecimal.
      std::string(kHeader) + "0,0000000000000001,one,1,polish,5\n",  // Not a number.
      std::string(kHeader) + "0,0000000000000001,1,1,,5\n",          // No method.
      std::string(kHeader) + "0,0000000000000001,1,1,polish\n",      // A field short.
      std::string(kHeader) + "0,0000000000000001,1,1,polish,5\n\n",  // An empty line.
  };
  for (const std::string& text : damaged) {
    EXPECT_EQ(ReadReferences(Write("damaged.csv", text)).status().code(), absl::StatusCode::kDataLoss) << text;
  }
}

TEST(ReferenceTableTest, AFolderThatDoesNotExistIsReported) {
  EXPECT_EQ(WriteReferences({}, "/no/such/folder/file.csv").code(), absl::StatusCode::kUnknown);
}

TEST(CheckSameMarketsTest, WantsEveryChecksumToMatch) {
  const auto markets = HeldOutMarkets("freshness", 2);
  ASSERT_TRUE(markets.ok());
  std::vector<Reference> references(2);
  for (std::size_t i = 0; i < 2; ++i) references[i].checksum = (*markets)[i]->checksum();
  EXPECT_TRUE(CheckSameMarkets(*markets, references).ok());
  references[1].checksum ^= 1;
  EXPECT_EQ(CheckSameMarkets(*markets, references).code(), absl::StatusCode::kFailedPrecondition);
  references.pop_back();
  EXPECT_EQ(CheckSameMarkets(*markets, references).code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace giot::bench
