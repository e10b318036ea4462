#include "server/ledger/proof/witness.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/proof/signed_note.h"
#include "tests/server/ledger/proof/naive_merkle.h"
#include "tests/server/ledger/proof/typical_transactions.h"
#include "tests/server/quality/scratch.h"

namespace giot::ledger {
namespace {

using scoring::Scratch;

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;
constexpr std::string_view kName = "witness.example.com/w1";
const VerifierKey kLog{std::string(kChain), NoteKeyType::kEd25519, KeyOf(kCheckpoint).public_key()};
const VerifierKey kWitness{std::string(kName), NoteKeyType::kCosignature, KeyOf(kVehicle).public_key()};

// A log whose leaf i is in block i + 1, and what another branch of it has from leaf `fork` on.
std::vector<std::string> LeavesOf(std::size_t size, std::size_t fork = 1000) {
  std::vector<std::string> leaves;
  for (std::size_t i = 0; i < size; ++i) leaves.push_back((i < fork ? "leaf " : "forked ") + std::to_string(i));
  return leaves;
}

Checkpoint CheckpointOf(const std::vector<std::string>& leaves) {
  const Digest root = NaiveRoot(leaves);
  return {std::string(kChain), leaves.size(), root, leaves.size(), AppHash(leaves.size(), root, root)};
}

ConsistencyProof ProofOf(std::size_t old_size, const std::vector<std::string>& leaves) {
  std::vector<Digest> hashes;
  if (old_size > 0 && old_size < leaves.size()) hashes = NaiveConsistency(old_size, leaves);
  return {old_size, hashes, SignCheckpoint(CheckpointOf(leaves), KeyOf(kCheckpoint))};
}

absl::StatusOr<Witness> OpenAt(const std::filesystem::path& file) {
  return Witness::Open(file, kLog, std::string(kName), KeyOf(kVehicle), [] { return std::uint64_t{1679315147}; });
}

std::string ContentOf(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t FilesBeside(const std::filesystem::path& file, const std::string& part) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(file.parent_path())) {
    if (entry.path().filename().string().find(part) != std::string::npos) ++count;
  }
  return count;
}

TEST(WitnessTest, CosignsALogThatGrows) {
  const std::filesystem::path file = Scratch() / "last";
  auto witness = OpenAt(file);
  ASSERT_TRUE(witness.ok()) << witness.status();
  EXPECT_EQ(witness->last(), std::nullopt);
  std::size_t last = 0;
  for (const std::size_t size : {1U, 2U, 3U, 7U, 8U, 20U}) {
    const auto cosigned = witness->Cosign(ProofOf(last, LeavesOf(size)));
    ASSERT_TRUE(cosigned.ok()) << cosigned.status();
    const auto note = ParseNote(*cosigned);
    ASSERT_TRUE(note.ok()) << note.status();
    EXPECT_EQ(*VerifyNote(*note, kWitness), 1679315147U);
    EXPECT_EQ(*OpenCheckpoint(*cosigned, kLog), CheckpointOf(LeavesOf(size)));
    EXPECT_EQ(witness->last(), CheckpointOf(LeavesOf(size)));
    last = size;
  }
}

TEST(WitnessTest, RemembersOverRestarts) {
  const std::filesystem::path file = Scratch() / "last";
  ASSERT_TRUE(OpenAt(file)->Cosign(ProofOf(0, LeavesOf(5))).ok());
  auto witness = OpenAt(file);
  ASSERT_TRUE(witness.ok()) << witness.status();
  EXPECT_EQ(witness->last(), CheckpointOf(LeavesOf(5)));
  EXPECT_TRUE(witness->Cosign(ProofOf(5, LeavesOf(9))).ok());
}

// The answer was lost between storing and signing: the same checkpoint is asked for again.
TEST(WitnessTest, SignsTheLastCheckpointAgain) {
  const std::filesystem::path file = Scratch() / "last";
  ASSERT_TRUE(OpenAt(file)->Cosign(ProofOf(0, LeavesOf(5))).ok());
  auto witness = OpenAt(file);
  const auto again = witness->Cosign(ProofOf(5, LeavesOf(5)));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(VerifyNote(*ParseNote(*again), kWitness).ok());
  // Of its own cosignatures, the note keeps the newest alone.
  ConsistencyProof cosigned = ProofOf(5, LeavesOf(5));
  cosigned.checkpoint = *again;
  const auto renewed = witness->Cosign(cosigned);
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_EQ(ParseNote(*renewed)->signatures.size(), 2U);
}

TEST(WitnessTest, WhatDoesNotContinueTheLastCheckpointIsRefused) {
  const struct {
    std::string_view what;
    ConsistencyProof proof;
    absl::StatusCode code;
  } rows[] = {
      {"from another size", ProofOf(4, LeavesOf(9)), absl::StatusCode::kFailedPrecondition},
      {"from the start", ProofOf(0, LeavesOf(9)), absl::StatusCode::kFailedPrecondition},
      {"a smaller size", ProofOf(5, LeavesOf(4)), absl::StatusCode::kDataLoss},
      {"nothing", ProofOf(0, {}), absl::StatusCode::kDataLoss},
      {"another root of the same size", ProofOf(5, LeavesOf(5, 2)), absl::StatusCode::kDataLoss},
      {"another branch", ProofOf(5, LeavesOf(9, 2)), kRefused},
      {"a proof of another tree", {5, NaiveConsistency(5, LeavesOf(10)), ProofOf(5, LeavesOf(9)).checkpoint}, kRefused},
      {"no note", {5, {}, "note"}, kRefused},
  };
  for (const auto& row : rows) {
    const std::filesystem::path file = Scratch() / "last";
    auto witness = OpenAt(file);
    ASSERT_TRUE(witness->Cosign(ProofOf(0, LeavesOf(5))).ok());
    const std::string stored = ContentOf(file);
    EXPECT_EQ(witness->Cosign(row.proof).status().code(), row.code) << row.what;
    EXPECT_EQ(witness->last(), CheckpointOf(LeavesOf(5))) << row.what;
    EXPECT_EQ(ContentOf(file), stored) << row.what;
    EXPECT_EQ(FilesBeside(file, "contradiction"), row.code == absl::StatusCode::kDataLoss ? 2U : 0U) << row.what;
    EXPECT_TRUE(witness->Cosign(ProofOf(5, LeavesOf(9))).ok()) << row.what << ": what is right is still signed";
  }
}

TEST(WitnessTest, HeightsAndAppHashesBelongToTheirRoots) {
  const Checkpoint last = CheckpointOf(LeavesOf(5));
  Checkpoint same_size = last;
  same_size.height = 6;
  Checkpoint same_size_app = last;
  same_size_app.app_hash = DigestOf(1);
  Checkpoint same_height = CheckpointOf(LeavesOf(9));
  same_height.height = 5;
  Checkpoint lower = CheckpointOf(LeavesOf(9));
  lower.height = 4;
  for (const Checkpoint& next : {same_size, same_size_app, same_height, lower}) {
    const std::filesystem::path file = Scratch() / "last";
    auto witness = OpenAt(file);
    ASSERT_TRUE(witness->Cosign(ProofOf(0, LeavesOf(5))).ok());
    ConsistencyProof proof = ProofOf(5, LeavesOf(next.size));
    proof.checkpoint = SignCheckpoint(next, KeyOf(kCheckpoint));
    EXPECT_EQ(witness->Cosign(proof).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(WitnessTest, AContradictionIsKeptOnceAsBothSignedNotes) {
  const std::filesystem::path file = Scratch() / "last";
  auto witness = OpenAt(file);
  const ConsistencyProof first = ProofOf(0, LeavesOf(5));
  const ConsistencyProof second = ProofOf(5, LeavesOf(5, 2));
  ASSERT_TRUE(witness->Cosign(first).ok());
  EXPECT_EQ(witness->Cosign(second).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(witness->Cosign(second).status().code(), absl::StatusCode::kDataLoss);
  ASSERT_EQ(FilesBeside(file, "contradiction"), 2U);
  for (const auto& entry : std::filesystem::directory_iterator(file.parent_path())) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".first")) {
      EXPECT_EQ(ContentOf(entry.path()), first.checkpoint);
    }
    if (name.ends_with(".second")) {
      EXPECT_EQ(ContentOf(entry.path()), second.checkpoint);
    }
  }
}

TEST(WitnessTest, OnlyTheLogsOwnCheckpointsAreSigned) {
  auto witness = OpenAt(Scratch() / "last");
  ConsistencyProof proof = ProofOf(0, LeavesOf(5));
  proof.checkpoint = SignCheckpoint(CheckpointOf(LeavesOf(5)), KeyOf(kNewKey));
  EXPECT_EQ(witness->Cosign(proof).status().code(), kRefused);
  EXPECT_EQ(witness->last(), std::nullopt);
}

TEST(WitnessTest, TheFirstCheckpointIsFromNothing) {
  auto witness = OpenAt(Scratch() / "last");
  EXPECT_EQ(witness->Cosign(ProofOf(3, LeavesOf(5))).status().code(), absl::StatusCode::kFailedPrecondition);
  ConsistencyProof proof = ProofOf(0, LeavesOf(5));
  proof.proof = {DigestOf(1)};
  EXPECT_EQ(witness->Cosign(proof).status().code(), kRefused);
  EXPECT_TRUE(witness->Cosign(ProofOf(0, {})).ok()) << "an empty log";
  EXPECT_TRUE(witness->Cosign(ProofOf(0, LeavesOf(5))).ok()) << "from the empty log";
}

TEST(WitnessTest, ANoteWithoutRoomIsNotStored) {
  auto witness = OpenAt(Scratch() / "last");
  ConsistencyProof proof = ProofOf(0, LeavesOf(5));
  Note note = *ParseNote(proof.checkpoint);
  while (note.signatures.size() < kMostNoteSignatures) note.signatures.push_back({"other", 1, "signature"});
  proof.checkpoint = FormatNote(note);
  EXPECT_EQ(witness->Cosign(proof).status().code(), kRefused);
  EXPECT_EQ(witness->last(), std::nullopt);
}

TEST(WitnessTest, WhatCannotBeStoredIsNotSigned) {
  const std::filesystem::path folder = Scratch() / "folder";
  std::filesystem::create_directory(folder);
  auto witness = OpenAt(folder / "last");
  ASSERT_TRUE(witness.ok()) << witness.status();
  std::filesystem::remove_all(folder);
  EXPECT_EQ(witness->Cosign(ProofOf(0, LeavesOf(5))).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(witness->last(), std::nullopt);
  std::filesystem::create_directory(folder);
  EXPECT_TRUE(witness->Cosign(ProofOf(0, LeavesOf(5))).ok());
}

TEST(WitnessTest, OneFileHasOneWitness) {
  const std::filesystem::path file = Scratch() / "last";
  {
    auto witness = OpenAt(file);
    ASSERT_TRUE(witness->Cosign(ProofOf(0, LeavesOf(5))).ok());
    EXPECT_EQ(OpenAt(file).status().code(), absl::StatusCode::kFailedPrecondition);
    Witness moved = *std::move(witness);
    EXPECT_EQ(OpenAt(file).status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(moved.Cosign(ProofOf(5, LeavesOf(6))).ok());
  }
  EXPECT_TRUE(OpenAt(file).ok());
}

TEST(WitnessTest, AFileThatIsNotItsOwnIsDataLoss) {
  const std::string other_key = SignCheckpoint(CheckpointOf(LeavesOf(5)), KeyOf(kNewKey));
  const std::string right = ProofOf(0, LeavesOf(5)).checkpoint;
  for (const std::string& content :
       {std::string(), right.substr(0, right.size() - 1), right + "x", other_key, std::string(20'000, 'x')}) {
    const std::filesystem::path file = Scratch() / "last";
    std::ofstream(file) << content;
    EXPECT_EQ(OpenAt(file).status().code(), absl::StatusCode::kDataLoss) << content.size();
  }
}

TEST(WitnessTest, AFolderThatIsNotThereAndANameThatIsNoneAreRefused) {
  EXPECT_EQ(OpenAt(Scratch() / "none" / "last").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(
      Witness::Open(Scratch() / "last", kLog, "a b", KeyOf(kVehicle), [] { return std::uint64_t{1}; }).status().code(),
      kRefused);
}

}  // namespace
}  // namespace giot::ledger
