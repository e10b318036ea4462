#include "server/settlement/evidence_store.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

using absl::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

AcceptanceId Id(std::string_view task, std::string_view vehicle) {
  return {.task = ledger::Sha256({task}), .vehicle = ledger::Sha256({vehicle})};
}

std::string Whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class EvidenceStoreTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<EvidenceStore>> Open(std::int64_t most_bytes = 1 << 20,
                                                      std::string_view key = "a key") {
    return EvidenceStore::Open(folder_, EvidenceKey(ledger::Sha256({key})), most_bytes);
  }
  void Reopen(std::int64_t most_bytes = 1 << 20) {
    store_.reset();
    auto store = Open(most_bytes);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  void SetUp() override { Reopen(); }

  std::filesystem::path PathOf(const AcceptanceId& id) const {
    return folder_ / (ledger::HexOf(ledger::BytesOf(id.task)) + "-" + ledger::HexOf(ledger::BytesOf(id.vehicle)));
  }

  const std::filesystem::path folder_ =
      EmptyFolder(testing::UnitTest::GetInstance()->current_test_info()->name()) / "evidence";
  std::unique_ptr<EvidenceStore> store_;
};

TEST_F(EvidenceStoreTest, WhatIsKeptIsFoundAlsoByTheNextProcess) {
  ASSERT_TRUE(store_->Keep(Id("task", "car"), "a picture").ok());
  ASSERT_TRUE(store_->Keep(Id("task", "bus"), "").ok());
  EXPECT_EQ(store_->Find(Id("task", "car")).value(), "a picture");
  Reopen();
  EXPECT_EQ(store_->Find(Id("task", "car")).value(), "a picture");
  EXPECT_EQ(store_->Find(Id("task", "bus")).value(), "");
  EXPECT_TRUE(store_->Has(Id("task", "car")));
  EXPECT_FALSE(store_->Has(Id("other task", "car")));
  EXPECT_EQ(store_->Find(Id("other task", "car")).status().code(), StatusCode::kNotFound);
}

TEST_F(EvidenceStoreTest, WhatIsKeptNeverChanges) {
  ASSERT_TRUE(store_->Keep(Id("task", "car"), "first").ok());
  EXPECT_EQ(store_->Keep(Id("task", "car"), "second").code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(store_->Find(Id("task", "car")).value(), "first");
}

TEST_F(EvidenceStoreTest, TheFileShowsNothingOfWhatItHoldsAndDiffersEachTime) {
  const std::string secret(64, 's');
  ASSERT_TRUE(store_->Keep(Id("task", "car"), secret).ok());
  const std::string first = Whole(PathOf(Id("task", "car")));
  EXPECT_THAT(first, Not(HasSubstr("ssss")));
  EXPECT_EQ(first.size(), 16U + 24U + 64U + 16U);
  ASSERT_TRUE(store_->Erase(Id("task", "car")).ok());
  ASSERT_TRUE(store_->Keep(Id("task", "car"), secret).ok());
  EXPECT_NE(Whole(PathOf(Id("task", "car"))), first);
}

TEST_F(EvidenceStoreTest, EveryFlippedBitIsFound) {
  ASSERT_TRUE(store_->Keep(Id("task", "car"), "a picture").ok());
  const std::filesystem::path path = PathOf(Id("task", "car"));
  const std::string whole = Whole(path);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] ^= static_cast<char>(1 << (i % 8));
    Write(path, damaged);
    const auto found = store_->Find(Id("task", "car"));
    EXPECT_EQ(found.status().code(), StatusCode::kDataLoss) << i;
    EXPECT_THAT(std::string(found.status().message()), HasSubstr(path.filename().string()));
  }
}

TEST_F(EvidenceStoreTest, EveryTruncationIsFound) {
  ASSERT_TRUE(store_->Keep(Id("task", "car"), "a picture").ok());
  const std::filesystem::path path = PathOf(Id("task", "car"));
  for (std::string rest = Whole(path); !rest.empty();) {
    rest.pop_back();
    Write(path, rest);
    EXPECT_EQ(store_->Find(Id("task", "car")).status().code(), StatusCode::kDataLoss) << rest.size();
  }
}

TEST_F(EvidenceStoreTest, AFileUnderAnothersNameIsNotTaken) {
  ASSERT_TRUE(store_->Keep(Id("task", "car"), "the car's").ok());
  ASSERT_TRUE(store_->Keep(Id("task", "bus"), "the bus's").ok());
  std::filesystem::rename(PathOf(Id("task", "car")), PathOf(Id("task", "bus")));
  EXPECT_EQ(store_->Find(Id("task", "bus")).status().code(), StatusCode::kDataLoss);
}

TEST_F(EvidenceStoreTest, AFileThatSomebodyRemovedIsMissed) {
  ASSERT_TRUE(store_->Keep(Id("task", "car"), "a picture").ok());
  std::filesystem::remove(PathOf(Id("task", "car")));
  EXPECT_EQ(store_->Find(Id("task", "car")).status().code(), StatusCode::kDataLoss);
}

TEST_F(EvidenceStoreTest, ItsBytesAreBoundedAndErasingMakesRoom) {
  const std::string picture(100, 'p');
  const std::int64_t one = 100 + 56;
  Reopen(2 * one);
  ASSERT_TRUE(store_->Keep(Id("task", "car"), picture).ok());
  ASSERT_TRUE(store_->Keep(Id("task", "bus"), picture).ok());
  EXPECT_EQ(store_->Keep(Id("task", "van"), "").code(), StatusCode::kResourceExhausted);
  EXPECT_FALSE(store_->Has(Id("task", "van")));
  Reopen(2 * one);
  EXPECT_EQ(store_->bytes(), 2 * one);
  ASSERT_TRUE(store_->Erase(Id("task", "car")).ok());
  EXPECT_EQ(store_->bytes(), one);
  EXPECT_TRUE(store_->Keep(Id("task", "van"), picture).ok());
}

TEST_F(EvidenceStoreTest, ReservedRoomIsNobodyElsesUntilItIsUsedOrReleased) {
  const std::int64_t one = 100 + 56;
  Reopen(2 * one);
  ASSERT_TRUE(store_->Reserve(Id("task", "car"), 100).ok());
  EXPECT_FALSE(store_->Has(Id("task", "car")));
  EXPECT_EQ(store_->Reserve(Id("task", "car"), 1).code(), StatusCode::kAlreadyExists);
  EXPECT_EQ(store_->Reserve(Id("task", "bus"), 101).code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(store_->Keep(Id("task", "bus"), std::string(101, 'p')).code(), StatusCode::kResourceExhausted);
  ASSERT_TRUE(store_->Reserve(Id("task", "bus"), 100).ok());
  EXPECT_EQ(store_->bytes(), 2 * one);
  ASSERT_TRUE(store_->Keep(Id("task", "car"), "p").ok());
  EXPECT_EQ(store_->bytes(), 57 + one);
  EXPECT_EQ(store_->Reserve(Id("task", "car"), 1).code(), StatusCode::kAlreadyExists);
  store_->Release(Id("task", "bus"));
  store_->Release(Id("task", "bus"));
  store_->Release(Id("task", "car"));
  EXPECT_EQ(store_->bytes(), 57);
  EXPECT_TRUE(store_->Has(Id("task", "car")));
}

TEST_F(EvidenceStoreTest, WhatIsErasedIsGone) {
  ASSERT_TRUE(store_->Keep(Id("task", "car"), "a picture").ok());
  ASSERT_TRUE(store_->Erase(Id("task", "car")).ok());
  EXPECT_TRUE(store_->Erase(Id("task", "car")).ok());
  EXPECT_FALSE(store_->Has(Id("task", "car")));
  EXPECT_FALSE(std::filesystem::exists(PathOf(Id("task", "car"))));
  EXPECT_EQ(store_->bytes(), 0);
}

TEST_F(EvidenceStoreTest, WhatCannotBeWrittenTakesNoRoom) {
  std::filesystem::rename(folder_, folder_.string() + ".away");
  EXPECT_EQ(store_->Keep(Id("task", "car"), "a picture").code(), StatusCode::kUnavailable);
  EXPECT_FALSE(store_->Has(Id("task", "car")));
  EXPECT_EQ(store_->bytes(), 0);
  std::filesystem::rename(folder_.string() + ".away", folder_);
  EXPECT_TRUE(store_->Keep(Id("task", "car"), "a picture").ok());
}

TEST_F(EvidenceStoreTest, WhatACrashLeftHalfWrittenIsRemoved) {
  ASSERT_TRUE(store_->Keep(Id("task", "car"), "a picture").ok());
  const std::filesystem::path partial = PathOf(Id("task", "bus")).string() + ".a1B2c3";
  Write(partial, "giot evid");
  Reopen();
  EXPECT_FALSE(std::filesystem::exists(partial));
  EXPECT_FALSE(store_->Has(Id("task", "bus")));
  EXPECT_TRUE(store_->Has(Id("task", "car")));
}

TEST_F(EvidenceStoreTest, AnotherKeyIsRefused) {
  store_.reset();
  EXPECT_EQ(Open(1 << 20, "another key").status().code(), StatusCode::kFailedPrecondition);
  EXPECT_TRUE(Open().ok());
}

TEST_F(EvidenceStoreTest, ADamagedKeyIdIsRefused) {
  store_.reset();
  Write(folder_ / "key-id", "0123\n");
  EXPECT_EQ(Open().status().code(), StatusCode::kDataLoss);
}

TEST_F(EvidenceStoreTest, ASecondProcessIsRefused) {
  EXPECT_EQ(Open().status().code(), StatusCode::kFailedPrecondition);
  store_.reset();
  EXPECT_TRUE(Open().ok());
}

TEST_F(EvidenceStoreTest, AcceptancesComeInOrderPageByPage) {
  std::vector<AcceptanceId> ids = {Id("1", "a"), Id("1", "b"), Id("2", "a")};
  for (const AcceptanceId& id : ids) ASSERT_TRUE(store_->Keep(id, "x").ok());
  std::sort(ids.begin(), ids.end());
  EXPECT_THAT(store_->After(std::nullopt, 2), ElementsAre(ids[0], ids[1]));
  EXPECT_THAT(store_->After(ids[1], 2), ElementsAre(ids[2]));
  EXPECT_THAT(store_->After(ids[2], 2), ElementsAre());
}

}  // namespace
}  // namespace giot::settlement
