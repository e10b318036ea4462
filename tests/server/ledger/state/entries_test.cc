#include "server/ledger/state/entries.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace giot::ledger {
namespace {

// Each field another number, so that none can take another's place.
Digest Filled(std::uint8_t byte) {
  Digest digest;
  digest.fill(byte);
  return digest;
}

Parameters SomeParameters() {
  return {.mint = Filled(1),
          .treasury = Filled(2),
          .min_bond = 3,
          .penalty = 4,
          .availability_grace = 5,
          .dispute_window = 6,
          .vote_window = 7,
          .evidence_window = 8,
          .max_task = 9,
          .threshold = 2,
          .auditors = {Filled(10), Filled(11), Filled(12)}};
}
Chain SomeChain() { return {1, 2, 3, 4, 5, 6, 7, 8, 9}; }
KeyEntry SomeKey() { return {v1::KEY_ROLE_AUDITOR, true, Filled(3)}; }
AccountEntry SomeAccount() { return {1, 2, 3, 4}; }
OperatorEntry SomeOperator() { return {Filled(1), Filled(2), 3, 4, OperatorStatus::kSlashed}; }
TaskTerms SomeTerms() { return {Filled(1), 2, 3, 4, 5, 6, 7, 8, Filled(9), Filled(10), {{11, 12, 13}, {14, 15, 16}}}; }
TaskFunds SomeFunds() { return {1, 2, 3, 4, TaskStatus::kClosed}; }
Acceptance SomeAcceptance() { return {AcceptanceStatus::kDisputed, 2, 3, 4, 5, Filled(6), 7, Filled(8), 9, 10, 11}; }

std::string Big(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}
std::string Filling(char byte) { return std::string(32, byte); }

TEST(EntriesTest, BytesAreThoseOfTheFormat) {
  EXPECT_EQ(Encode(SomeParameters()),
            absl::StrCat("\x01", Filling(1), Filling(2), Big(3, 8), Big(4, 8), Big(5, 8), Big(6, 8), Big(7, 8),
                         Big(8, 8), Big(9, 8), "\x02\x03", Filling(10), Filling(11), Filling(12)));
  EXPECT_EQ(Encode(SomeChain()), absl::StrCat("\x01", Big(1, 8), Big(2, 8), Big(3, 8), Big(4, 8), Big(5, 8), Big(6, 8),
                                              Big(7, 8), Big(8, 8), Big(9, 8)));
  EXPECT_EQ(Encode(SomeKey()), absl::StrCat("\x01\x03\x01", Filling(3)));
  EXPECT_EQ(Encode(SomeAccount()), absl::StrCat("\x01", Big(1, 8), Big(2, 4), Big(3, 4), Big(4, 4)));
  EXPECT_EQ(Encode(SomeOperator()), absl::StrCat("\x01", Filling(1), Filling(2), Big(3, 8), Big(4, 8), "\x02"));
  EXPECT_EQ(Encode(SomeTerms()), absl::StrCat("\x01", Filling(1), Big(2, 8), Big(3, 8), Big(4, 8), Big(5, 8), Big(6, 4),
                                              Big(7, 4), Big(8, 4), Filling(9), Filling(10), "\x02", Big(11, 4),
                                              Big(12, 8), Big(13, 4), Big(14, 4), Big(15, 8), Big(16, 4)));
  EXPECT_EQ(Encode(SomeFunds()), absl::StrCat("\x01", Big(1, 8), Big(2, 4), Big(3, 4), Big(4, 4), "\x02"));
  EXPECT_EQ(Encode(SomeAcceptance()), absl::StrCat("\x01\x04\x02", Big(3, 8), Big(4, 8), Big(5, 8), Filling(6),
                                                   Big(7, 4), Filling(8), Big(9, 2), Big(10, 2), Big(11, 4)));
}

TEST(EntriesTest, KeysAreThoseOfTheFormat) {
  EXPECT_EQ(ParametersKey(), "P");
  EXPECT_EQ(ChainKey(), "C");
  EXPECT_EQ(KeyKey(Filled(1)), absl::StrCat("k", Filling(1)));
  EXPECT_EQ(AccountKey(Filled(1)), absl::StrCat("c", Filling(1)));
  EXPECT_EQ(OperatorKey(Filled(1)), absl::StrCat("o", Filling(1)));
  EXPECT_EQ(TermsKey(Filled(1)), absl::StrCat("t", Filling(1)));
  EXPECT_EQ(FundsKey(Filled(1)), absl::StrCat("u", Filling(1)));
  EXPECT_EQ(AcceptanceKey(Filled(1), Filled(2)), absl::StrCat("a", Filling(1), Filling(2)));
}

// Reads back to the same bytes, and no other length, version or kind of key does.
template <typename Entry>
void ExpectRoundTrip(const Entry& entry, const std::string& key) {
  const std::string bytes = Encode(entry);
  Entry read;
  ASSERT_TRUE(Decode(bytes, read));
  EXPECT_EQ(Encode(read), bytes);
  EXPECT_TRUE(IsEntry(key, bytes));
  EXPECT_FALSE(Decode(bytes + '\0', read));
  EXPECT_FALSE(IsEntry(key, bytes + '\0'));
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(Decode(bytes.substr(0, size), read)) << size;
  std::string other = bytes;
  other[0] = 2;
  EXPECT_FALSE(Decode(other, read));
  EXPECT_FALSE(IsEntry(key + '\0', bytes));
  EXPECT_FALSE(IsEntry(key.substr(1), bytes));
}

TEST(EntriesTest, RoundTripsAndNoOtherLengthOrVersion) {
  ExpectRoundTrip(SomeParameters(), ParametersKey());
  ExpectRoundTrip(SomeChain(), ChainKey());
  ExpectRoundTrip(SomeKey(), KeyKey(Filled(1)));
  ExpectRoundTrip(SomeAccount(), AccountKey(Filled(1)));
  ExpectRoundTrip(SomeOperator(), OperatorKey(Filled(1)));
  ExpectRoundTrip(SomeTerms(), TermsKey(Filled(1)));
  ExpectRoundTrip(SomeFunds(), FundsKey(Filled(1)));
  ExpectRoundTrip(SomeAcceptance(), AcceptanceKey(Filled(1), Filled(2)));
  EXPECT_FALSE(IsEntry("", ""));
  EXPECT_FALSE(IsEntry(absl::StrCat("x", Filling(1)), Encode(SomeAccount())));
}

template <typename Entry>
bool Decodes(const Entry& entry) {
  Entry read;
  return Decode(Encode(entry), read);
}

TEST(EntriesTest, WhatIsOutOfRangeIsRefused) {
  Parameters parameters = SomeParameters();
  parameters.threshold = 1;  // Not more than half of 3.
  EXPECT_FALSE(Decodes(parameters));
  parameters.threshold = 4;
  EXPECT_FALSE(Decodes(parameters));
  parameters = SomeParameters();
  parameters.auditors.assign(17, Filled(1));
  parameters.threshold = 9;
  EXPECT_FALSE(Decodes(parameters));
  parameters.auditors.clear();
  EXPECT_FALSE(Decodes(parameters));
  Chain chain = SomeChain();
  chain.balances = -1;
  EXPECT_FALSE(Decodes(chain));
  KeyEntry key = SomeKey();
  key.role = v1::KEY_ROLE_UNSPECIFIED;
  EXPECT_FALSE(Decodes(key));
  std::string revoked = Encode(SomeKey());
  revoked[2] = 2;
  EXPECT_FALSE(Decode(revoked, key));
  AccountEntry account = SomeAccount();
  account.reputation = 1'000'001;
  EXPECT_FALSE(Decodes(account));
  account = {.balance = -1};
  EXPECT_FALSE(Decodes(account));
  OperatorEntry served = SomeOperator();
  served.status = static_cast<OperatorStatus>(3);
  EXPECT_FALSE(Decodes(served));
  TaskTerms terms = SomeTerms();
  terms.menu.clear();
  EXPECT_FALSE(Decodes(terms));
  terms.menu.assign(17, {1, 1, 1});
  EXPECT_FALSE(Decodes(terms));
  TaskFunds funds = SomeFunds();
  funds.status = static_cast<TaskStatus>(0);
  EXPECT_FALSE(Decodes(funds));
  Acceptance acceptance = SomeAcceptance();
  acceptance.status = static_cast<AcceptanceStatus>(8);
  EXPECT_FALSE(Decodes(acceptance));
  acceptance = SomeAcceptance();
  acceptance.payable = 1'000'001;
  EXPECT_FALSE(Decodes(acceptance));
}

TEST(EntriesTest, MenuDigestIsThatOfTheFormat) {
  EXPECT_EQ(MenuDigest({{10, 11, 12}, {13, 14, 15}}),
            Sha256({absl::StrCat("giot.ledger.menu.v1\x02", Big(10, 4), Big(11, 8), Big(12, 4), Big(13, 4), Big(14, 8),
                                 Big(15, 4))}));
}

}  // namespace
}  // namespace giot::ledger
