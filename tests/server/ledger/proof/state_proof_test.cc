#include "server/ledger/proof/state_proof.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/proof/log_record.h"
#include "tests/server/ledger/proof/damage.h"
#include "tests/server/ledger/proof/naive_state.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

std::string KeyNamed(int i) { return "key " + std::to_string(i); }

Entries EntriesOf(int count) {
  Entries entries;
  for (int i = 0; i < count; ++i) entries[KeyNamed(i)] = "value " + std::to_string(i);
  return entries;
}

TEST(StateProofTest, HashesAreThoseOfTheFormat) {
  EXPECT_EQ(StatePath("key"), Sha256({"key"}));
  EXPECT_EQ(StateLeafHash("key", "value"), Sha256({std::string_view("\0\0\3keyvalue", 11)}));
  const std::string wide(258, 'k');
  EXPECT_EQ(StateLeafHash(wide, "v"), Sha256({std::string_view("\0\1\2", 3), wide, "v"}));
  EXPECT_EQ(StateNodeHash(200, DigestOf('l'), DigestOf('r')),
            Sha256({"\1\xc8", std::string(32, 'l'), std::string(32, 'r')}));
  Digest path{};
  path[0] = 0x80;
  path[31] = 0x01;
  for (int d = 0; d < 256; ++d) EXPECT_EQ(PathBit(path, d), d == 0 || d == 255) << d;
}

TEST(StateProofTest, ProofsOfPresenceAndAbsenceVerify) {
  for (const int count : {0, 1, 2, 3, 7, 40}) {
    const Entries entries = EntriesOf(count);
    const Digest root = NaiveStateRoot(entries);
    for (int i = 0; i < count + 40; ++i) {
      const StateProof proof = NaiveStateProof(KeyNamed(i), entries);
      EXPECT_EQ(proof.value.has_value(), i < count);
      EXPECT_TRUE(VerifyStateProof(KeyNamed(i), proof, root).ok()) << i << " of " << count;
    }
  }
}

TEST(StateProofTest, AProofIsOfOneKeyValueAndRoot) {
  const Entries entries = EntriesOf(20);
  const Digest root = NaiveStateRoot(entries);
  StateProof proof = NaiveStateProof(KeyNamed(3), entries);
  EXPECT_EQ(VerifyStateProof(KeyNamed(4), proof, root).code(), kRefused);
  EXPECT_EQ(VerifyStateProof(KeyNamed(3), proof, NaiveStateRoot(EntriesOf(19))).code(), kRefused);
  proof.value = "another";
  EXPECT_EQ(VerifyStateProof(KeyNamed(3), proof, root).code(), kRefused);
}

TEST(StateProofTest, AnyFlippedBitIsRefused) {
  const Entries entries = EntriesOf(20);
  const Digest root = NaiveStateRoot(entries);
  for (const int key : {3, 33}) {
    StateProof proof = NaiveStateProof(KeyNamed(key), entries);
    for (StateProof::Step& step : proof.steps) {
      for (std::size_t bit = 0; bit < 256; ++bit) {
        step.sibling[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        ASSERT_EQ(VerifyStateProof(KeyNamed(key), proof, root).code(), kRefused);
        step.sibling[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      }
      for (int bit = 0; bit < 8; ++bit) {
        step.depth ^= static_cast<std::uint8_t>(1U << bit);
        ASSERT_EQ(VerifyStateProof(KeyNamed(key), proof, root).code(), kRefused);
        step.depth ^= static_cast<std::uint8_t>(1U << bit);
      }
    }
    ASSERT_TRUE(VerifyStateProof(KeyNamed(key), proof, root).ok());
  }
}

TEST(StateProofTest, AStepTooManyOrTooFewIsRefused) {
  const Entries entries = EntriesOf(20);
  const Digest root = NaiveStateRoot(entries);
  const StateProof proof = NaiveStateProof(KeyNamed(3), entries);
  for (std::size_t i = 0; i < proof.steps.size(); ++i) {
    StateProof fewer = proof;
    fewer.steps.erase(fewer.steps.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(VerifyStateProof(KeyNamed(3), fewer, root).code(), kRefused);
  }
  StateProof more = proof;
  more.steps.push_back({255, root});
  EXPECT_EQ(VerifyStateProof(KeyNamed(3), more, root).code(), kRefused);
  more = proof;
  more.steps.push_back(more.steps.back());
  EXPECT_EQ(VerifyStateProof(KeyNamed(3), more, root).code(), kRefused);
}

// Whether `proof` pretends that there is nothing where `entries` have `key`.
bool ForgesAbsence(const std::string& key, const Entries& entries, const StateProof& proof) {
  return VerifyStateProof(key, proof, NaiveStateRoot(entries)).ok();
}

TEST(StateProofTest, WhatIsThereCannotBeShownAbsent) {
  const Entries entries = EntriesOf(20);
  const std::string key = KeyNamed(3);
  const StateProof honest = NaiveStateProof(key, entries);
  StateProof nothing = honest;
  nothing.value.reset();
  EXPECT_FALSE(ForgesAbsence(key, entries, nothing)) << "no entry at the end of the way";
  nothing.steps.clear();
  EXPECT_FALSE(ForgesAbsence(key, entries, nothing)) << "the empty tree";
  for (const auto& [name, value] : entries) {
    // The way of another entry, for whose end the key's own way is taken or not.
    StateProof forged = NaiveStateProof(name, entries);
    forged.value.reset();
    forged.other.emplace(name, value);
    EXPECT_FALSE(ForgesAbsence(key, entries, forged)) << name;
    forged.steps = honest.steps;
    EXPECT_FALSE(ForgesAbsence(key, entries, forged)) << name;
  }
}

TEST(StateProofTest, BranchingsAtOtherDepthsAreRefused) {
  // With two entries, the root's branching is moved to every other bit: where both paths agree it
  // would make either entry hide the other.
  const Entries entries = EntriesOf(2);
  const Digest root = NaiveStateRoot(entries);
  const StateProof honest = NaiveStateProof(KeyNamed(0), entries);
  ASSERT_EQ(honest.steps.size(), 1U);
  for (int depth = 0; depth < 256; ++depth) {
    StateProof forged;
    forged.other.emplace(KeyNamed(1), entries.at(KeyNamed(1)));
    forged.steps = {{static_cast<std::uint8_t>(depth), StateLeafHash(KeyNamed(0), entries.at(KeyNamed(0)))}};
    EXPECT_EQ(VerifyStateProof(KeyNamed(0), forged, root).code(), kRefused) << depth;
    if (depth == honest.steps[0].depth) continue;
    StateProof moved = honest;
    moved.steps[0].depth = static_cast<std::uint8_t>(depth);
    EXPECT_EQ(VerifyStateProof(KeyNamed(0), moved, root).code(), kRefused) << depth;
  }
}

TEST(StateProofTest, DepthsAscendStrictly) {
  // A tree that somebody hashed with a branching twice at one depth, or upside down.
  const std::string key = "key";
  const Digest path = StatePath(key);
  const auto root_of = [&](const StateProof& proof) {
    Digest hash = StateLeafHash(key, *proof.value);
    for (auto step = proof.steps.rbegin(); step != proof.steps.rend(); ++step) {
      hash = PathBit(path, step->depth) ? StateNodeHash(step->depth, step->sibling, hash)
                                        : StateNodeHash(step->depth, hash, step->sibling);
    }
    return hash;
  };
  StateProof proof;
  proof.value = "value";
  proof.steps = {{4, DigestOf(1)}, {9, DigestOf(2)}};
  EXPECT_TRUE(VerifyStateProof(key, proof, root_of(proof)).ok());
  proof.steps[1].depth = 4;
  EXPECT_EQ(VerifyStateProof(key, proof, root_of(proof)).code(), kRefused);
  proof.steps[1].depth = 3;
  EXPECT_EQ(VerifyStateProof(key, proof, root_of(proof)).code(), kRefused);
}

TEST(StateProofTest, AProofShowsOneThing) {
  const Entries entries = EntriesOf(1);
  const Digest root = NaiveStateRoot(entries);
  StateProof both = NaiveStateProof(KeyNamed(0), entries);
  both.other.emplace(KeyNamed(5), "value");
  EXPECT_EQ(VerifyStateProof(KeyNamed(0), both, root).code(), kRefused);
  StateProof itself;
  itself.other.emplace(KeyNamed(0), entries.at(KeyNamed(0)));
  EXPECT_EQ(VerifyStateProof(KeyNamed(0), itself, root).code(), kRefused);
}

// Keys whose lengths are equal modulo 2^16 must not share leaves.
TEST(StateProofTest, AKeyThatIsTooLongIsRefused) {
  const std::string key(65'536, 'k');
  StateProof proof;
  proof.value = "value";
  EXPECT_EQ(VerifyStateProof(key, proof, StateLeafHash(key, "value")).code(), kRefused);
}

// Files.

StateProofFile FileOf(const std::string& key, const Entries& entries) {
  StateProofFile file{key, NaiveStateProof(key, entries), DigestOf('l'), NaiveStateRoot(entries), ""};
  const Checkpoint checkpoint{std::string(kChain), 9, file.log_root, 4, AppHash(4, file.state_root, file.log_root)};
  file.checkpoint = SignCheckpoint(checkpoint, KeyOf(kCheckpoint));
  return file;
}

const VerifierKey kLogKey{std::string(kChain), NoteKeyType::kEd25519, KeyOf(kCheckpoint).public_key()};

std::vector<StateProofFile> TypicalFiles() {
  return {FileOf(KeyNamed(3), EntriesOf(20)), FileOf(KeyNamed(33), EntriesOf(20)), FileOf(KeyNamed(0), {}),
          FileOf(std::string("\0\xff", 2), {{std::string("\0\xff", 2), ""}})};
}

TEST(StateProofFileTest, WhatIsFormattedIsParsedAndVerifies) {
  for (const StateProofFile& file : TypicalFiles()) {
    const auto parsed = ParseStateProof(FormatStateProof(file));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->key, file.key);
    EXPECT_EQ(parsed->proof.value, file.proof.value);
    EXPECT_EQ(parsed->proof.other, file.proof.other);
    EXPECT_EQ(parsed->proof.steps.size(), file.proof.steps.size());
    EXPECT_EQ(parsed->checkpoint, file.checkpoint);
    EXPECT_EQ(FormatStateProof(*parsed), FormatStateProof(file));
    const auto verified = VerifyStateProofFile(*parsed, kLogKey);
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->height, 4U);
  }
}

TEST(StateProofFileTest, TheFileIsTheLinesOfTheFormat) {
  const StateProofFile file = FileOf(KeyNamed(33), EntriesOf(1));
  const std::string want =
      "giot.ledger/state-proof@v1\nkey a2V5IDMz\nabsent\nother a2V5IDA= dmFsdWUgMA==\nlog-root "
      "bGxsbGxsbGxsbGxsbGxsbGxsbGxsbGxsbGxsbGxsbGw=\nstate-root ";
  EXPECT_EQ(FormatStateProof(file).substr(0, want.size()), want);
}

TEST(StateProofFileTest, AnyLineDroppedDoubledOrCutIsRefused) {
  for (const StateProofFile& file : TypicalFiles()) {
    const std::string text = FormatStateProof(file);
    for (const std::string& damaged : LineDamages(text)) {
      const auto parsed = ParseStateProof(damaged);
      const bool verifies = parsed.ok() && VerifyStateProofFile(*parsed, kLogKey).ok();
      // The log's signature twice is the one damage that changes nothing.
      EXPECT_EQ(verifies, damaged.size() > text.size() && damaged.starts_with(text)) << damaged;
    }
  }
}

TEST(StateProofFileTest, EachPartIsBoundToTheCheckpoint) {
  const auto code_of = [](const std::function<void(StateProofFile&)>& change) {
    StateProofFile file = FileOf(KeyNamed(3), EntriesOf(20));
    change(file);
    return VerifyStateProofFile(file, kLogKey).status().code();
  };
  EXPECT_EQ(code_of([](StateProofFile&) {}), absl::StatusCode::kOk);
  EXPECT_EQ(code_of([](StateProofFile& file) { file.log_root[0] ^= 1; }), kRefused);
  EXPECT_EQ(code_of([](StateProofFile& file) { file.state_root[0] ^= 1; }), kRefused);
  EXPECT_EQ(code_of([](StateProofFile& file) { file.key = KeyNamed(4); }), kRefused);
  EXPECT_EQ(code_of([](StateProofFile& file) { file.checkpoint = "no note"; }), kRefused);
  EXPECT_EQ(
      code_of([](StateProofFile& file) {
        const Checkpoint other{std::string(kChain), 9, file.log_root, 5, AppHash(4, file.state_root, file.log_root)};
        file.checkpoint = SignCheckpoint(other, KeyOf(kCheckpoint));
      }),
      kRefused)
      << "of another height";
  EXPECT_EQ(
      code_of([](StateProofFile& file) {
        const Checkpoint same{std::string(kChain), 9, file.log_root, 4, AppHash(4, file.state_root, file.log_root)};
        file.checkpoint = SignCheckpoint(same, KeyOf(kNewKey));
      }),
      absl::StatusCode::kNotFound)
      << "of another key";
}

}  // namespace
}  // namespace giot::ledger
