#include "server/quality/history_store.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/quality/scratch.h"

namespace giot::scoring {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kManySources = 100;

quality::SeenImage Image(std::int64_t captured_at_us) {
  quality::SeenImage image;
  image.captured_at_us = captured_at_us;
  return image;
}

std::unique_ptr<HistoryStore> OpenStore(std::size_t max_sources, const std::filesystem::path& path = {}) {
  auto store = HistoryStore::Open(max_sources, path);
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

std::vector<std::int64_t> Times(const HistoryStore& store, const std::string& source) {
  std::vector<std::int64_t> times;
  for (const quality::SeenImage& image : store.Find(source).seen) times.push_back(image.captured_at_us);
  return times;
}

void Remember(HistoryStore& store, const std::string& source, std::int64_t time) {
  const absl::Status status = store.Remember(source, Image(time));
  EXPECT_TRUE(status.ok()) << status;
}

TEST(HistoryStoreTest, EverySourceHasItsOwnHistoryOldestFirst) {
  const auto store = OpenStore(kManySources);
  Remember(*store, "a", 1);
  Remember(*store, "b", 2);
  Remember(*store, "a", 3);
  EXPECT_THAT(Times(*store, "a"), ElementsAre(1, 3));
  EXPECT_THAT(Times(*store, "b"), ElementsAre(2));
  EXPECT_THAT(Times(*store, "c"), IsEmpty());
}

TEST(HistoryStoreTest, KeepsSoManyImagesOfASource) {
  const auto store = OpenStore(kManySources);
  constexpr auto kCapacity = static_cast<std::int64_t>(quality::SourceHistory::kCapacity);
  for (std::int64_t i = 0; i <= kCapacity; ++i) Remember(*store, "a", i);
  const auto times = Times(*store, "a");
  EXPECT_EQ(times.size(), quality::SourceHistory::kCapacity);
  EXPECT_EQ(times.front(), 1);
  EXPECT_EQ(times.back(), kCapacity);
}

TEST(HistoryStoreTest, ForgetsTheSourceThatSentNothingForLongest) {
  const auto store = OpenStore(2);
  Remember(*store, "a", 1);
  Remember(*store, "b", 2);
  Remember(*store, "a", 3);
  Remember(*store, "c", 4);
  EXPECT_EQ(store->sources(), 2U);
  EXPECT_THAT(Times(*store, "a"), ElementsAre(1, 3));
  EXPECT_THAT(Times(*store, "b"), IsEmpty());
  EXPECT_THAT(Times(*store, "c"), ElementsAre(4));
}

TEST(HistoryStoreTest, IsTheSameAfterARestart) {
  const auto path = Scratch() / "history";
  {
    const auto store = OpenStore(2, path);
    Remember(*store, "a", 1);
    Remember(*store, "b", 2);
    Remember(*store, "a", 3);
  }
  const auto store = OpenStore(2, path);
  EXPECT_THAT(Times(*store, "a"), ElementsAre(1, 3));
  EXPECT_THAT(Times(*store, "b"), ElementsAre(2));
  Remember(*store, "c", 4);  // Who was last is known, too.
  EXPECT_THAT(Times(*store, "b"), IsEmpty());
}

TEST(HistoryStoreTest, TheFileStaysBoundedAndLosesNothingThatCounts) {
  const auto path = Scratch() / "history";
  constexpr int kImages = 20'000;
  constexpr std::uintmax_t kRecordBytes = 104;
  {
    const auto store = OpenStore(3, path);
    for (int i = 0; i < kImages; ++i) Remember(*store, std::to_string(i % 5), i);
  }
  EXPECT_LT(std::filesystem::file_size(path), kRecordBytes * (2 * 3 * quality::SourceHistory::kCapacity + 2000));
  const auto store = OpenStore(3, path);
  EXPECT_EQ(store->sources(), 3U);
  EXPECT_EQ(Times(*store, std::to_string((kImages - 1) % 5)).back(), kImages - 1);
}

TEST(HistoryStoreTest, FewerSourcesThanTheFileHoldsKeepsTheLast) {
  const auto path = Scratch() / "history";
  {
    const auto store = OpenStore(kManySources, path);
    for (const char* source : {"a", "b", "c"}) Remember(*store, source, 1);
  }
  const auto store = OpenStore(1, path);
  EXPECT_EQ(store->sources(), 1U);
  EXPECT_THAT(Times(*store, "c"), ElementsAre(1));
}

}  // namespace
}  // namespace giot::scoring
