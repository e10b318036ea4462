#include "server/ledger/proof/state_proof.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/line_reader.h"
#include "server/ledger/proof/log_record.h"
#include "server/ledger/proof/text_encoding.h"

namespace giot::ledger {
namespace {

constexpr std::string_view kHeader = "giot.ledger/state-proof@v1";
constexpr std::size_t kMostSteps = 256;
constexpr std::size_t kMostKeyBytes = 65'535;

absl::Status Refused(std::string_view got, std::string_view want) {
  return absl::InvalidArgumentError(absl::StrCat("state proof: got ", std::string(got), ", want ", std::string(want)));
}

bool DepthsAscend(const std::vector<StateProof::Step>& steps) {
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].depth <= steps[i - 1].depth) return false;
  }
  return true;
}

// That the entry lies where the way to `path` ends.
bool LiesOnWay(std::string_view key, const Digest& path, const std::vector<StateProof::Step>& steps) {
  const Digest other = StatePath(key);
  for (const StateProof::Step& step : steps) {
    if (PathBit(other, step.depth) != PathBit(path, step.depth)) return false;
  }
  return true;
}

Digest RootFrom(Digest hash, const Digest& path, const std::vector<StateProof::Step>& steps) {
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    hash = PathBit(path, step->depth) ? StateNodeHash(step->depth, step->sibling, hash)
                                      : StateNodeHash(step->depth, hash, step->sibling);
  }
  return hash;
}

absl::Status CheckForm(std::string_view key, const StateProof& proof, const Digest& path) {
  if (proof.value && proof.other) return Refused("a value and another entry", "one of them");
  if (key.size() > kMostKeyBytes || (proof.other && proof.other->first.size() > kMostKeyBytes)) {
    return Refused("a longer key", "at most 65535 bytes");
  }
  if (!DepthsAscend(proof.steps)) return Refused("depths that do not ascend", "ascending ones");
  if (!proof.other) {
    const bool right = proof.value || proof.steps.empty();
    return right ? absl::OkStatus() : Refused("siblings without an entry", "an entry where the way ends");
  }
  if (proof.other->first == key) return Refused("the key itself as another's", "another key");
  if (!LiesOnWay(proof.other->first, path, proof.steps)) return Refused("an entry beside the key's way", "one on it");
  return absl::OkStatus();
}

Digest LeafOf(std::string_view key, const StateProof& proof) {
  if (proof.value) return StateLeafHash(key, *proof.value);
  if (proof.other) return StateLeafHash(proof.other->first, proof.other->second);
  return Sha256({});
}

void ReadOther(LineReader& reader, StateProof& proof) {
  const std::string_view line = reader.Field("other");
  const std::size_t space = line.find(' ');
  const std::optional<std::string> key = FromBase64(line.substr(0, space));
  const std::optional<std::string> value =
      space == std::string_view::npos ? std::nullopt : FromBase64(line.substr(space + 1));
  if (!key || !value) {
    reader.Refuse(line, "\"other <key> <value>\", both in base64");
    return;
  }
  proof.other.emplace(*key, *value);
}

void ReadStep(LineReader& reader, StateProof& proof) {
  const std::string_view line = reader.Line("\"<depth> <sibling>\"");
  const std::size_t space = line.find(' ');
  const std::optional<std::uint64_t> depth = FromDecimal(line.substr(0, space));
  const std::optional<std::string> sibling =
      space == std::string_view::npos ? std::nullopt : FromBase64(line.substr(space + 1));
  StateProof::Step step;
  if (!depth || *depth > UINT8_MAX || !sibling || !FromBytes(*sibling, step.sibling)) {
    reader.Refuse(line, "\"<depth, at most 255> <32 bytes in base64>\"");
    return;
  }
  step.depth = static_cast<std::uint8_t>(*depth);
  proof.steps.push_back(step);
}

}  // namespace

Digest StatePath(std::string_view key) { return Sha256({key}); }

Digest StateLeafHash(std::string_view key, std::string_view value) {
  const std::string size = ByteWriter().U8(0).U16(static_cast<std::uint16_t>(key.size())).Take();
  return Sha256({size, key, value});
}

Digest StateNodeHash(std::uint8_t depth, const Digest& zero_side, const Digest& one_side) {
  const char prefix[] = {1, static_cast<char>(depth)};
  return Sha256({std::string_view(prefix, sizeof(prefix)), BytesOf(zero_side), BytesOf(one_side)});
}

bool PathBit(const Digest& path, int depth) {
  const auto place = static_cast<std::size_t>(depth);
  return (path[place / 8] >> (7 - place % 8) & 1) == 1;
}

absl::Status VerifyStateProof(std::string_view key, const StateProof& proof, const Digest& root) {
  const Digest path = StatePath(key);
  if (absl::Status status = CheckForm(key, proof, path); !status.ok()) return status;
  const Digest got = RootFrom(LeafOf(key, proof), path, proof.steps);
  return got == root ? absl::OkStatus() : Refused(HexOf(BytesOf(got)), "the root");
}

std::string FormatStateProof(const StateProofFile& file) {
  const StateProof& proof = file.proof;
  std::string text = absl::StrCat(std::string(kHeader), "\nkey ", Base64Of(file.key), "\n",
                                  proof.value ? absl::StrCat("value ", Base64Of(*proof.value)) : "absent", "\n");
  if (proof.other) {
    absl::StrAppend(&text, "other ", Base64Of(proof.other->first), " ", Base64Of(proof.other->second), "\n");
  }
  absl::StrAppend(&text, "log-root ", Base64Of(BytesOf(file.log_root)), "\nstate-root ",
                  Base64Of(BytesOf(file.state_root)), "\n");
  for (const StateProof::Step& step : proof.steps) {
    absl::StrAppend(&text, int{step.depth}, " ", Base64Of(BytesOf(step.sibling)), "\n");
  }
  return absl::StrCat(text, "\n", file.checkpoint);
}

absl::StatusOr<StateProofFile> ParseStateProof(std::string_view text) {
  LineReader reader("state proof", text);
  StateProofFile file;
  reader.Literal(kHeader);
  file.key = reader.Bytes("key");
  if (reader.NextStarts("value ")) {
    file.proof.value = reader.Bytes("value");
  } else {
    reader.Literal("absent");
    if (reader.NextStarts("other ")) ReadOther(reader, file.proof);
  }
  file.log_root = reader.Hash("log-root");
  file.state_root = reader.Hash("state-root");
  while (reader.ok() && !reader.NextStarts("\n") && file.proof.steps.size() < kMostSteps) {
    ReadStep(reader, file.proof);
  }
  reader.Literal("");
  file.checkpoint = reader.Rest();
  if (!reader.ok()) return reader.status();
  if (const auto note = ParseNote(file.checkpoint); !note.ok()) return note.status();
  return file;
}

absl::StatusOr<Checkpoint> VerifyStateProofFile(const StateProofFile& file, const VerifierKey& key) {
  absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(file.checkpoint, key);
  if (!checkpoint.ok()) return checkpoint;
  if (file.log_root != checkpoint->root) return Refused("another log root", "the checkpoint's");
  if (AppHash(checkpoint->height, file.state_root, file.log_root) != checkpoint->app_hash) {
    return Refused("a state root of another app hash", "the checkpoint's");
  }
  if (absl::Status status = VerifyStateProof(file.key, file.proof, file.state_root); !status.ok()) return status;
  return checkpoint;
}

}  // namespace giot::ledger
