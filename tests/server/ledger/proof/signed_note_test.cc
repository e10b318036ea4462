#include "server/ledger/proof/signed_note.h"

#include <string>

#include "gtest/gtest.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/text_encoding.h"
#include "tests/server/ledger/proof/damage.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

// The example of Go's golang.org/x/mod/sumdb/note, which the specification standardises.
constexpr std::string_view kGoKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kGoSecret = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const std::string kGoText =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const std::string kGoNote =
    kGoText +
    "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb"
    "6KE6RyyBwJnAM=\n";

// The example of c2sp.org/tlog-cosignature; the keys are not published.
const std::string kCosignedNote =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\u2014 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

TEST(SignedNoteTest, TheExampleOfGoVerifiesAndIsSignedAlike) {
  const auto key = ParseVerifierKey(kGoKey);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->name, "PeterNeumann");
  EXPECT_EQ(key->id(), 0xc74f20a3U);
  EXPECT_EQ(FormatVerifierKey(*key), kGoKey);
  const auto note = ParseNote(kGoNote);
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->text, kGoText);
  const auto verified = VerifyNote(*note, *key);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(*verified, 0U);
  Seed seed{};
  ASSERT_TRUE(FromBytes(FromBase64(kGoSecret)->substr(1), seed));
  EXPECT_EQ(FormatNote({kGoText, {SignNote(kGoText, "PeterNeumann", SecretKey(seed))}}), kGoNote);
}

TEST(SignedNoteTest, TheExamplesOfTheSpecificationsParse) {
  const std::string poem =
      "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \u00e8 subito sera.\n";
  const std::string note =
      poem +
      "\n\u2014 quasimodo.example/salvatore "
      "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
  const auto parsed = ParseNote(note);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->text, poem) << "split at the last empty line";
  ASSERT_EQ(parsed->signatures.size(), 1U);
  EXPECT_EQ(parsed->signatures[0].name, "quasimodo.example/salvatore");
  EXPECT_EQ(parsed->signatures[0].key_id, 0x367ba04bU);
  EXPECT_EQ(parsed->signatures[0].signature.size(), 64U);
  EXPECT_EQ(FormatNote(*parsed), note);

  const auto cosigned = ParseNote(kCosignedNote);
  ASSERT_TRUE(cosigned.ok()) << cosigned.status();
  ASSERT_EQ(cosigned->signatures.size(), 2U);
  ASSERT_EQ(cosigned->signatures[1].signature.size(), 72U);
  EXPECT_EQ(ByteReader(cosigned->signatures[1].signature).U64(), 1679315147U);
  EXPECT_EQ(FormatNote(*cosigned), kCosignedNote);
}

TEST(SignedNoteTest, ACosignatureIsOfTimeAndText) {
  const SecretKey key = KeyOf(kVehicle);
  const VerifierKey verifier{"witness.example.com/w1", NoteKeyType::kCosignature, key.public_key()};
  const NoteSignature signature = Cosign("text\n", verifier.name, 1679315147, key);
  EXPECT_EQ(signature.key_id, verifier.id());
  // By hand, as the specification has it.
  const Signature want = key.Sign("cosignature/v1\ntime 1679315147\ntext\n");
  EXPECT_EQ(signature.signature, std::string("\0\0\0\0\x64\x18\x50\xcb", 8) + std::string(BytesOf(want)));
  const Digest id = Sha256({"witness.example.com/w1\n\x04", BytesOf(key.public_key())});
  EXPECT_EQ(ByteReader(BytesOf(id)).U32(), verifier.id());

  Note note{"text\n", {signature}};
  const auto time = VerifyNote(note, verifier);
  ASSERT_TRUE(time.ok()) << time.status();
  EXPECT_EQ(*time, 1679315147U);
  note.signatures[0].signature[7] ^= 1;
  EXPECT_EQ(VerifyNote(note, verifier).status().code(), kRefused) << "another time";
}

TEST(SignedNoteTest, AKeyOfOneTypeDoesNotSignForTheOther) {
  const SecretKey key = KeyOf(kVehicle);
  const VerifierKey plain{"name", NoteKeyType::kEd25519, key.public_key()};
  const VerifierKey timed{"name", NoteKeyType::kCosignature, key.public_key()};
  EXPECT_NE(plain.id(), timed.id());
  EXPECT_EQ(VerifyNote({"text\n", {SignNote("text\n", "name", key)}}, timed).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(VerifyNote({"text\n", {Cosign("text\n", "name", 1, key)}}, plain).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(SignedNoteTest, SignaturesOfOthersAreIgnoredAndAKnownOneThatIsWrongRefuses) {
  const SecretKey key = KeyOf(kVehicle);
  const VerifierKey verifier{"name", NoteKeyType::kEd25519, key.public_key()};
  const NoteSignature right = SignNote("text\n", "name", key);
  const NoteSignature wrong = {"name", verifier.id(), std::string(64, 's')};
  const NoteSignature wrong_size = {"name", verifier.id(), right.signature + "s"};
  const NoteSignature other_name = {"other", verifier.id(), std::string(64, 's')};
  const NoteSignature other_id = {"name", verifier.id() ^ 1, std::string(64, 's')};
  const auto code_of = [&](std::vector<NoteSignature> signatures) {
    return VerifyNote({"text\n", std::move(signatures)}, verifier).status().code();
  };
  EXPECT_EQ(code_of({right}), absl::StatusCode::kOk);
  EXPECT_EQ(code_of({other_name, other_id, right}), absl::StatusCode::kOk);
  EXPECT_EQ(code_of({right, right}), absl::StatusCode::kOk);
  EXPECT_EQ(code_of({other_name, other_id}), absl::StatusCode::kNotFound);
  EXPECT_EQ(code_of({right, wrong}), kRefused);
  EXPECT_EQ(code_of({wrong, right}), kRefused);
  EXPECT_EQ(code_of({wrong_size}), kRefused);
  EXPECT_EQ(VerifyNote({"texT\n", {right}}, verifier).status().code(), kRefused);
}

std::string NoteWith(std::size_t signatures) {
  Note note{"text\n", {}};
  for (std::size_t i = 0; i < signatures; ++i) note.signatures.push_back({std::to_string(i), 1, "signature"});
  return FormatNote(note);
}

TEST(SignedNoteTest, SixteenSignaturesAreReadAndSeventeenAreRefused) {
  const auto most = ParseNote(NoteWith(16));
  ASSERT_TRUE(most.ok()) << most.status();
  EXPECT_EQ(most->signatures.size(), 16U);
  EXPECT_EQ(ParseNote(NoteWith(17)).status().code(), kRefused);
  EXPECT_EQ(ParseNote(NoteWith(0)).status().code(), kRefused);
}

// The first note is then text, which the second's signature is not of.
TEST(SignedNoteTest, TwoNotesDoNotVerify) {
  const auto key = ParseVerifierKey(kGoKey);
  for (const std::string& notes : {kGoNote + kGoNote, kGoNote + "\n" + kGoNote}) {
    const auto note = ParseNote(notes);
    EXPECT_FALSE(note.ok() && VerifyNote(*note, *key).ok()) << notes;
  }
}

TEST(SignedNoteTest, ANoteHasAtMost16384Bytes) {
  const std::string line = "\n\u2014 n aWRzaWdu\n";
  const std::string text = std::string(kMostNoteBytes - line.size() - 1, 't') + "\n";
  ASSERT_EQ((text + line).size(), kMostNoteBytes);
  EXPECT_TRUE(ParseNote(text + line).ok());
  EXPECT_EQ(ParseNote(std::string(1, 't') + text + line).status().code(), kRefused);
}

TEST(SignedNoteTest, WhatIsNoNoteIsRefused) {
  const std::string line = "\u2014 name aWRzaWdu\n";
  ASSERT_TRUE(ParseNote("text\n\n" + line).ok());
  ASSERT_TRUE(ParseNote("\n\n" + line).ok()) << "a text of one empty line";
  const std::string notes[] = {
      "",
      "text\n",
      "text\n\n",
      "text\n" + line,
      "text\n\n" + line.substr(0, line.size() - 1),
      "text\n\n" + line + "\n",
      "text\n\n" + line + "more\n",
      "text\r\n\n" + line,
      "te\txt\n\n" + line,
      "te\xffxt\n\n" + line,
      std::string("te\0xt\n\n", 7) + line,
      "text\n\n-- name aWRzaWdu\n",
      "text\n\n\u2014name aWRzaWdu\n",
      "text\n\n\u2014 name\n",
      "text\n\n\u2014 name \n",
      "text\n\n\u2014  aWRzaWdu\n",
      "text\n\n\u2014 na+me aWRzaWdu\n",
      "text\n\n\u2014 na\u00a0me aWRzaWdu\n",
      "text\n\n\u2014 name Zm91cg==\n",
      "text\n\n\u2014 name aWRzaWdu=\n",
      "text\n\n\u2014 name  aWRzaWdu\n",
  };
  for (const std::string& note : notes) EXPECT_EQ(ParseNote(note).status().code(), kRefused) << note;
}

TEST(SignedNoteTest, AnyLineDroppedDoubledOrCutIsRefused) {
  const auto key = ParseVerifierKey(kGoKey);
  for (const std::string& damaged : LineDamages(kGoNote)) {
    const auto note = ParseNote(damaged);
    const bool verifies = note.ok() && VerifyNote(*note, *key).ok();
    // The same signature twice says no more than once.
    const bool is_doubled_signature = note.ok() && note->text == kGoText && note->signatures.size() == 2;
    EXPECT_EQ(verifies, is_doubled_signature) << damaged;
  }
}

TEST(SignedNoteTest, AnyOtherVerifierKeyIsRefused) {
  const std::string key(kGoKey);
  for (std::size_t from = 0; from < key.size(); ++from) {
    for (std::size_t to = from; to <= key.size(); ++to) {
      if (to - from == key.size()) continue;
      ASSERT_EQ(ParseVerifierKey(key.substr(from, to - from)).status().code(), kRefused);
    }
    std::string changed = key;
    ++changed[from];
    ASSERT_EQ(ParseVerifierKey(changed).status().code(), kRefused) << changed;
  }
  EXPECT_EQ(ParseVerifierKey(key + "\n").status().code(), kRefused);
  VerifierKey other{"name", static_cast<NoteKeyType>(2), KeyOf(kVehicle).public_key()};
  EXPECT_EQ(ParseVerifierKey(FormatVerifierKey(other)).status().code(), kRefused) << "an unknown type";
  other = {"a b", NoteKeyType::kEd25519, other.key};
  EXPECT_EQ(ParseVerifierKey(FormatVerifierKey(other)).status().code(), kRefused);
}

TEST(SignedNoteTest, VerifierKeysOfBothTypesAreRead) {
  for (const NoteKeyType type : {NoteKeyType::kEd25519, NoteKeyType::kCosignature}) {
    for (std::uint8_t seed = 1; seed < 40; ++seed) {  // Some base64 holds '+'.
      const VerifierKey key{"example.com/w", type, KeyOf(seed).public_key()};
      const auto parsed = ParseVerifierKey(FormatVerifierKey(key));
      ASSERT_TRUE(parsed.ok()) << parsed.status();
      EXPECT_EQ(parsed->name, key.name);
      EXPECT_EQ(parsed->type, type);
      EXPECT_EQ(parsed->key, key.key);
    }
  }
}

}  // namespace
}  // namespace giot::ledger
