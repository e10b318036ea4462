#include "server/ledger/state/state_store.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/ledger/proof/merkle.h"
#include "tests/server/ledger/state/test_ledger.h"

namespace giot::ledger {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::string AccountNumber(int number) { return AccountKey(Sha256({std::to_string(number)})); }

std::vector<std::pair<std::string, std::optional<std::string>>> TakeChanges(StateStore& store) {
  std::vector<std::pair<std::string, std::optional<std::string>>> changes;
  store.TakeChanges([&](const std::string& key, const std::string* value) {
    changes.emplace_back(key, value == nullptr ? std::nullopt : std::optional(*value));
  });
  return changes;
}

TEST(StateStoreTest, PutsGetsAndErases) {
  StateStore store;
  EXPECT_FALSE(store.Get<AccountEntry>(AccountNumber(1)).has_value());
  store.Put(AccountNumber(1), AccountEntry{.balance = 7});
  EXPECT_EQ(store.Get<AccountEntry>(AccountNumber(1))->balance, 7);
  store.Put(AccountNumber(1), AccountEntry{.balance = 8});
  EXPECT_EQ(store.Get<AccountEntry>(AccountNumber(1))->balance, 8);
  EXPECT_EQ(store.size(), 1u);
  store.Erase(AccountNumber(1));
  EXPECT_FALSE(store.Get<AccountEntry>(AccountNumber(1)).has_value());
  EXPECT_EQ(store.Root(), EmptyRoot());
}

TEST(StateStoreTest, TellsEachChangeOnceInOrder) {
  StateStore store;
  store.PutBytes("b", "1");
  store.PutBytes("a", "1");
  store.PutBytes("b", "2");
  EXPECT_THAT(TakeChanges(store), ElementsAre(Pair("a", "1"), Pair("b", "2")));
  EXPECT_TRUE(TakeChanges(store).empty());
  store.Erase("a");
  store.Erase("never there");
  EXPECT_THAT(TakeChanges(store), ElementsAre(Pair("a", std::nullopt)));
}

TEST(StateStoreTest, RootsDoNotHideChangesNorChangesRoots) {
  StateStore one, other;
  one.PutBytes("a", "1");
  const Digest before = one.Root();
  EXPECT_THAT(TakeChanges(one), ElementsAre(Pair("a", "1")));
  one.Erase("a");
  one.PutBytes("a", "2");
  EXPECT_EQ(TakeChanges(one).size(), 1u);
  other.PutBytes("a", "2");
  EXPECT_EQ(one.Root(), other.Root());
  EXPECT_NE(one.Root(), before);
}

TEST(StateStoreTest, ScansInOrderFromAKeyUntilToldToStop) {
  StateStore store;
  for (const char* key : {"d", "a", "c", "b"}) store.PutBytes(key, key);
  std::string seen;
  store.Scan("b", [&](const std::string& key, const std::string& value) {
    EXPECT_EQ(key, value);
    seen += key;
    return key != "c";
  });
  EXPECT_EQ(seen, "bc");
}

TEST(StateStoreTest, ProvesPresenceAndAbsence) {
  StateStore store;
  EXPECT_TRUE(VerifyStateProof(AccountNumber(0), store.Prove(AccountNumber(0)), store.Root()).ok());
  for (int i = 0; i < 200; ++i) store.Put(AccountNumber(i), AccountEntry{.balance = i});
  for (int i = 0; i < 200; i += 3) store.Erase(AccountNumber(i));
  for (int i = 0; i < 250; ++i) {
    const StateProof proof = store.Prove(AccountNumber(i));
    EXPECT_EQ(proof.value.has_value(), i % 3 != 0 && i < 200);
    EXPECT_TRUE(VerifyStateProof(AccountNumber(i), proof, store.Root()).ok()) << i;
  }
}

TEST(StateStoreTest, AProofWithAnotherValueDepthOrSiblingIsRefused) {
  StateStore store;
  for (int i = 0; i < 50; ++i) store.Put(AccountNumber(i), AccountEntry{.balance = i});
  const StateProof right = store.Prove(AccountNumber(7));
  ASSERT_GE(right.steps.size(), 2u);
  StateProof forged = right;
  forged.value = Encode(AccountEntry{.balance = 1'000'000});
  EXPECT_FALSE(VerifyStateProof(AccountNumber(7), forged, store.Root()).ok());
  for (std::size_t i = 0; i < right.steps.size(); ++i) {
    forged = right;
    ++forged.steps[i].depth;
    EXPECT_FALSE(VerifyStateProof(AccountNumber(7), forged, store.Root()).ok());
    forged = right;
    forged.steps[i].sibling[31] ^= 1;
    EXPECT_FALSE(VerifyStateProof(AccountNumber(7), forged, store.Root()).ok());
    forged = right;
    forged.steps.erase(forged.steps.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(VerifyStateProof(AccountNumber(7), forged, store.Root()).ok());
  }
}

TEST(StateStoreTest, APresentKeyCannotBeShownAbsentByAnotherKeysEntry) {
  StateStore store;
  for (int i = 0; i < 50; ++i) store.Put(AccountNumber(i), AccountEntry{.balance = i});
  for (int other = 0; other < 50; ++other) {
    if (other == 7) continue;
    StateProof forged = store.Prove(AccountNumber(other));
    forged.other.emplace(AccountNumber(other), *forged.value);
    forged.value.reset();
    EXPECT_FALSE(VerifyStateProof(AccountNumber(7), forged, store.Root()).ok()) << other;
  }
}

TEST(StateStoreTest, LoadingIsNoChange) {
  StateStore saved, loaded;
  for (int i = 0; i < 20; ++i) saved.Put(AccountNumber(i), AccountEntry{.balance = i});
  for (const auto& [key, value] : EntriesOf(saved)) ASSERT_TRUE(loaded.Load(key, value).ok());
  EXPECT_EQ(loaded.Root(), saved.Root());
  EXPECT_TRUE(TakeChanges(loaded).empty());
}

TEST(StateStoreTest, LoadRefusesWhatIsNoEntryOrThereTwice) {
  StateStore store;
  const std::string value = Encode(AccountEntry{});
  ASSERT_TRUE(store.Load(AccountNumber(1), value).ok());
  EXPECT_EQ(store.Load(AccountNumber(1), value).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store.Load(AccountNumber(2), value + "x").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store.Load("c", value).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store.size(), 1u);
}

}  // namespace
}  // namespace giot::ledger
