// Damages what comes from outside in seeded ways: whatever happens, nothing is read or written
// outside, what is read has one form, and nothing that was not signed verifies. GIOT_FUZZ_RUNS
// sets how many, GIOT_FUZZ_SECONDS for how long each test tries instead.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/proof/fields.h"
#include "server/ledger/proof/log_record.h"
#include "server/ledger/proof/receipt.h"
#include "server/ledger/proof/state_proof.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/ledger/proof/damage.h"
#include "tests/server/ledger/proof/naive_merkle.h"
#include "tests/server/ledger/proof/naive_state.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

using Corpus = std::vector<std::string>;

int RunCount() {
  const char* text = std::getenv("GIOT_FUZZ_RUNS");
  return text == nullptr ? 10'000 : std::max(1, std::atoi(text));
}

// How many texts are damaged: RunCount(), or as many of the same ones as there is time for.
class Budget {
 public:
  bool IsLeft(int runs) const {
    if (seconds_ == nullptr) return runs < RunCount();
    return std::chrono::steady_clock::now() - start_ < std::chrono::seconds(std::atoi(seconds_));
  }

 private:
  const char* seconds_ = std::getenv("GIOT_FUZZ_SECONDS");
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

const VerifierKey kKey{std::string(kChain), NoteKeyType::kEd25519, KeyOf(kCheckpoint).public_key()};

bool Holds(const Corpus& corpus, std::string_view text) {
  return std::find(corpus.begin(), corpus.end(), text) != corpus.end();
}

// Calls `each` with damaged texts, each on the heap and of its very size, so that a sanitizer sees a byte too many. How
// many they were.
template <typename Each>
int Fuzz(std::uint64_t seed, const Corpus& corpus, const std::vector<std::string>& nasty, const Each& each) {
  Mutator mutator(seed, nasty);
  const Budget budget;
  int runs = 0;
  for (; budget.IsLeft(runs); ++runs) {
    const std::string damaged = mutator.Damage(corpus[mutator.Below(corpus.size())], corpus);
    const std::vector<char> bytes(damaged.begin(), damaged.end());
    each(std::string_view(bytes.data(), bytes.size()));
    if (testing::Test::HasFatalFailure()) break;
  }
  return runs;
}

const std::vector<std::string>& NastyBytes() {
  static const std::vector<std::string> nasty = {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", std::string("\x80\x00", 2),
                                                 "\x7f\xff\xff\xff", std::string(8, '\0'), "\x0b\x0c"};
  return nasty;
}

const std::vector<std::string>& NastyText() {
  static const std::vector<std::string> nasty = {"\n\n", "\n",   " ", "=", "\u2014 ", "18446744073709551616",
                                                 "00",   "\xff", "+"};
  return nasty;
}

TEST(ProofFuzzTest, DamagedEnvelopesGiveACodeAndNeverPass) {
  Corpus corpus;
  for (const v1::Body& body : TypicalBodies()) corpus.push_back(SealTypical(body));
  Fuzz(1, corpus, NastyBytes(), [&](std::string_view damaged) {
    const OpenedTransaction opened = OpenTransaction(kChain, std::string(damaged));
    ASSERT_TRUE(v1::Code_IsValid(opened.envelope_code));
    if (opened.envelope_code == v1::CODE_OK) {
      ASSERT_TRUE(Holds(corpus, damaged));
    }
  });
}

// Whoever has a key signs any bytes: the body's own checks are reached.
TEST(ProofFuzzTest, DamagedBodiesThatAreSignedGiveACode) {
  Corpus corpus;
  for (const v1::Body& body : TypicalBodies()) corpus.push_back(CanonicalBytes(body));
  int passed = 0;
  const int runs = Fuzz(2, corpus, NastyBytes(), [&](std::string_view damaged) {
    v1::Body body;
    if (!body.ParseFromArray(damaged.data(), static_cast<int>(damaged.size()))) return;
    body.set_chain_id(std::string(kChain));
    body.set_signer(PublicKeyOf(kOperator));
    body.set_nonce(std::string(kNonceBytes, 'n'));
    body.DiscardUnknownFields();
    const OpenedTransaction opened = OpenTransaction(kChain, SealBytes(CanonicalBytes(body), KeyOf(kOperator)));
    if (body.transaction_case() == v1::Body::TRANSACTION_NOT_SET) {
      ASSERT_EQ(opened.envelope_code, v1::CODE_MALFORMED);
      return;
    }
    ASSERT_EQ(opened.envelope_code, v1::CODE_OK);
    ASSERT_TRUE(v1::Code_IsValid(opened.field_code));
    if (opened.field_code == v1::CODE_OK) ++passed;
  });
  // The damage must neither always nor never reach the end.
  EXPECT_GT(passed, runs / 100);
  EXPECT_LT(passed, runs);
}

TEST(ProofFuzzTest, DamagedRecordsHaveOneFormOrAreRefused) {
  Corpus corpus;
  for (const v1::Body& body : TypicalBodies()) {
    corpus.push_back(
        EncodeRecord({.height = 1, .time_us = 2, .index = 3, .code = v1::CODE_OK, .envelope = SealTypical(body)}));
  }
  Fuzz(3, corpus, NastyBytes(), [](std::string_view damaged) {
    const auto record = DecodeRecord(damaged);
    if (record.ok()) {
      ASSERT_EQ(EncodeRecord(*record), damaged);
    }
  });
}

std::string CosignedNote(std::uint64_t size, const Digest& root, std::uint64_t height, const Digest& app_hash) {
  Note note = *ParseNote(SignCheckpoint({std::string(kChain), size, root, height, app_hash}, KeyOf(kCheckpoint)));
  note.signatures.push_back(Cosign(note.text, "witness.example.com/w1", 1679315147, KeyOf(kVehicle)));
  return FormatNote(note);
}

TEST(ProofFuzzTest, DamagedNotesHaveOneFormAndNoOtherTextVerifies) {
  const Corpus corpus = {CosignedNote(1, DigestOf(1), 1, DigestOf(2)), CosignedNote(70, DigestOf(3), 60, DigestOf(4))};
  Corpus texts;
  for (const std::string& note : corpus) texts.push_back(ParseNote(note)->text);
  Fuzz(4, corpus, NastyText(), [&](std::string_view damaged) {
    const auto note = ParseNote(damaged);
    if (!note.ok()) return;
    ASSERT_EQ(FormatNote(*note), damaged);
    const auto checkpoint = OpenCheckpoint(damaged, kKey);
    if (checkpoint.ok()) {
      ASSERT_TRUE(Holds(texts, CheckpointText(*checkpoint)));
    }
  });
}

TEST(ProofFuzzTest, DamagedVerifierKeysHaveOneFormOrAreRefused) {
  const Corpus corpus = {FormatVerifierKey(kKey),
                         FormatVerifierKey({"w", NoteKeyType::kCosignature, KeyOf(kVehicle).public_key()})};
  Fuzz(5, corpus, NastyText(), [](std::string_view damaged) {
    const auto key = ParseVerifierKey(damaged);
    if (key.ok()) {
      ASSERT_EQ(FormatVerifierKey(*key), damaged);
    }
  });
}

Corpus ReceiptCorpus() {
  std::vector<std::string> leaves;
  std::vector<LogRecord> records;
  for (const v1::Body& body : TypicalBodies()) {
    records.push_back({.height = 1, .time_us = 2, .index = 3, .code = v1::CODE_OK, .envelope = SealTypical(body)});
    leaves.push_back(EncodeRecord(records.back()));
  }
  const std::string note = CosignedNote(leaves.size(), NaiveRoot(leaves), 1, DigestOf(1));
  Corpus corpus;
  for (const std::size_t i : {1U, 4U, 13U}) {
    corpus.push_back(FormatReceipt({records[i], i, NaiveInclusion(i, leaves), note}));
  }
  return corpus;
}

TEST(ProofFuzzTest, DamagedReceiptsHaveOneFormAndNoOtherRecordVerifies) {
  const Corpus corpus = ReceiptCorpus();
  const auto subject = [](const Receipt& receipt) {
    return std::to_string(receipt.position) + " " + EncodeRecord(receipt.record);
  };
  Corpus subjects;
  for (const std::string& text : corpus) subjects.push_back(subject(*ParseReceipt(text)));
  Fuzz(6, corpus, NastyText(), [&](std::string_view damaged) {
    const auto receipt = ParseReceipt(damaged);
    if (!receipt.ok()) return;
    ASSERT_EQ(FormatReceipt(*receipt), damaged);
    if (VerifyReceipt(*receipt, kKey).ok()) {
      ASSERT_TRUE(Holds(subjects, subject(*receipt)));
    }
  });
}

TEST(ProofFuzzTest, DamagedConsistencyProofsHaveOneFormOrAreRefused) {
  const std::string note = CosignedNote(9, DigestOf(1), 1, DigestOf(2));
  const Corpus corpus = {FormatConsistencyProof({0, {}, note}),
                         FormatConsistencyProof({5, {DigestOf(1), DigestOf(2), DigestOf(3)}, note})};
  Fuzz(7, corpus, NastyText(), [](std::string_view damaged) {
    const auto proof = ParseConsistencyProof(damaged);
    if (proof.ok()) {
      ASSERT_EQ(FormatConsistencyProof(*proof), damaged);
    }
  });
}

TEST(ProofFuzzTest, DamagedStateProofsHaveOneFormAndShowNothingElse) {
  Entries entries;
  for (int i = 0; i < 30; ++i) entries["key " + std::to_string(i)] = "value " + std::to_string(i);
  const Digest root = NaiveStateRoot(entries);
  const std::string note = CosignedNote(9, DigestOf(1), 4, AppHash(4, root, DigestOf(1)));
  Corpus corpus;
  for (const std::string key : {"key 3", "key 17", "key 30", "key 99"}) {
    corpus.push_back(FormatStateProof({key, NaiveStateProof(key, entries), DigestOf(1), root, note}));
  }
  Fuzz(8, corpus, NastyText(), [&](std::string_view damaged) {
    const auto file = ParseStateProof(damaged);
    if (!file.ok()) return;
    ASSERT_EQ(FormatStateProof(*file), damaged);
    if (!VerifyStateProofFile(*file, kKey).ok()) return;
    const auto entry = entries.find(file->key);
    ASSERT_EQ(file->proof.value.has_value(), entry != entries.end());
    if (entry != entries.end()) {
      ASSERT_EQ(*file->proof.value, entry->second);
    }
  });
}

}  // namespace
}  // namespace giot::ledger
