#include "server/ledger/proof/checkpoint.h"

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/line_reader.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/text_encoding.h"

namespace giot::ledger {

std::string CheckpointText(const Checkpoint& checkpoint) {
  return absl::StrCat(checkpoint.origin, "\n", checkpoint.size, "\n", Base64Of(BytesOf(checkpoint.root)), "\napp ",
                      checkpoint.height, " ", Base64Of(BytesOf(checkpoint.app_hash)), "\n");
}

absl::StatusOr<Checkpoint> ParseCheckpointText(std::string_view text) {
  LineReader reader("checkpoint", text);
  Checkpoint checkpoint;
  checkpoint.origin = reader.Line("a chain id");
  if (!IsChainId(checkpoint.origin)) reader.Refuse(checkpoint.origin, "a chain id: 1 to 48 of a-z 0-9 - . /");
  checkpoint.size = reader.NumberLine();
  checkpoint.root = reader.HashLine();
  const std::string_view app = reader.Field("app");
  const std::size_t space = app.find(' ');
  const std::optional<std::uint64_t> height = FromDecimal(app.substr(0, space));
  const std::optional<std::string> hash =
      space == std::string_view::npos ? std::nullopt : FromBase64(app.substr(space + 1));
  if (!height || !hash || !FromBytes(*hash, checkpoint.app_hash)) reader.Refuse(app, "\"app <height> <app hash>\"");
  checkpoint.height = height.value_or(0);
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return checkpoint;
}

std::string SignCheckpoint(const Checkpoint& checkpoint, const SecretKey& key) {
  const std::string text = CheckpointText(checkpoint);
  return FormatNote({text, {SignNote(text, checkpoint.origin, key)}});
}

absl::StatusOr<Checkpoint> OpenCheckpoint(std::string_view note, const VerifierKey& key) {
  const absl::StatusOr<Note> parsed = ParseNote(note);
  if (!parsed.ok()) return parsed.status();
  if (const auto time = VerifyNote(*parsed, key); !time.ok()) return time.status();
  absl::StatusOr<Checkpoint> checkpoint = ParseCheckpointText(parsed->text);
  if (checkpoint.ok() && checkpoint->origin != key.name) {
    return absl::InvalidArgumentError(
        absl::StrCat("checkpoint: origin: got ", checkpoint->origin, ", want the key's name, ", key.name));
  }
  return checkpoint;
}

bool Contradict(const Checkpoint& one, const Checkpoint& other) {
  return one.origin == other.origin && ((one.size == other.size && one.root != other.root) ||
                                        (one.height == other.height && one.app_hash != other.app_hash));
}

}  // namespace giot::ledger
