#include "server/ledger/proof/witness.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/proof/merkle.h"
#include "server/ledger/proof/signed_note.h"

namespace giot::ledger {
namespace {

constexpr mode_t kOwnerOnly = 0600;
// Of a cosignature: time and Ed25519 signature.
constexpr std::size_t kCosignatureBytes = 72;
constexpr std::size_t kNameDigits = 16;

absl::StatusOr<FileDescriptor> Lock(const std::filesystem::path& file) {
  // Not the file itself, which every checkpoint replaces.
  const std::filesystem::path path = file.string() + ".lock";
  FileDescriptor lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly));
  if (lock.number() < 0) return FileFailed(path, "open");
  if (flock(lock.number(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return FileFailed(path, "lock");
  return absl::FailedPreconditionError(absl::StrCat("witness: another one has ", file.string()));
}

// Whether a log that only grows cannot be at `next` after `last`.
bool IsRolledBack(const Checkpoint& last, const Checkpoint& next) {
  return next.size < last.size || next.height < last.height || (next.size == last.size && next != last) ||
         Contradict(last, next);
}

// Without what this key signed before.
Note WithoutSignatureOf(Note note, const VerifierKey& key) {
  std::erase_if(note.signatures, [&](const NoteSignature& signature) {
    return signature.name == key.name && signature.key_id == key.id();
  });
  return note;
}

absl::Status CheckRoom(Note note, const VerifierKey& key) {
  note.signatures.push_back({key.name, key.id(), std::string(kCosignatureBytes, '\0')});
  return ParseNote(FormatNote(note)).status();
}

}  // namespace

Witness::Witness(std::filesystem::path file, FileDescriptor lock, VerifierKey log, std::string name, SecretKey key,
                 std::function<std::uint64_t()> unix_seconds)
    : file_(std::move(file)),
      lock_(std::move(lock)),
      log_(std::move(log)),
      name_(std::move(name)),
      key_(std::move(key)),
      unix_seconds_(std::move(unix_seconds)) {}

absl::StatusOr<Witness> Witness::Open(const std::filesystem::path& file, VerifierKey log, std::string name,
                                      SecretKey key, std::function<std::uint64_t()> unix_seconds) {
  if (!IsNoteKeyName(name)) {
    return absl::InvalidArgumentError("witness: name: want one without spaces, control characters and '+'");
  }
  absl::StatusOr<FileDescriptor> lock = Lock(file);
  if (!lock.ok()) return lock.status();
  Witness witness(file, *std::move(lock), std::move(log), std::move(name), std::move(key), std::move(unix_seconds));
  if (absl::Status status = witness.Load(); !status.ok()) return status;
  return witness;
}

absl::Status Witness::Load() {
  const absl::StatusOr<FileDescriptor> file = OpenRegularFile(file_);
  if (absl::IsNotFound(file.status())) return absl::OkStatus();
  absl::Status status = file.status();
  if (status.ok()) status = ReadWhole(*file, file_, kMostNoteBytes, last_note_);
  if (absl::IsUnavailable(status)) return status;
  if (status.ok()) {
    const absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(last_note_, log_);
    status = checkpoint.status();
    if (status.ok()) last_ = *checkpoint;
  }
  if (status.ok()) return status;
  return absl::DataLossError(absl::StrCat("witness: ", file_.string(), ": got no checkpoint of ", log_.name, " (",
                                          std::string(status.message()), "), want the last one that was cosigned"));
}

absl::StatusOr<std::string> Witness::Cosign(const ConsistencyProof& consistency) {
  const absl::StatusOr<Note> parsed = ParseNote(consistency.checkpoint);
  if (!parsed.ok()) return parsed.status();
  const absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(consistency.checkpoint, log_);
  if (!checkpoint.ok()) return absl::InvalidArgumentError(checkpoint.status().message());
  if (last_ && IsRolledBack(*last_, *checkpoint)) return KeepEvidence(*checkpoint, consistency.checkpoint);
  const std::uint64_t size = last_ ? last_->size : 0;
  if (consistency.old_size != size) {
    return absl::FailedPreconditionError(
        absl::StrCat("witness: old size: got ", consistency.old_size, ", want that of the last checkpoint, ", size));
  }
  absl::Status status =
      VerifyConsistency(size, last_ ? last_->root : EmptyRoot(), checkpoint->size, checkpoint->root, consistency.proof);
  if (!status.ok()) return status;
  const VerifierKey own{name_, NoteKeyType::kCosignature, key_.public_key()};
  Note note = WithoutSignatureOf(*parsed, own);
  if (status = CheckRoom(note, own); !status.ok()) return status;
  if (status = Store(*checkpoint, consistency.checkpoint); !status.ok()) return status;
  note.signatures.push_back(giot::ledger::Cosign(note.text, name_, unix_seconds_(), key_));
  return FormatNote(note);
}

absl::Status Witness::Store(const Checkpoint& checkpoint, std::string_view note) {
  if (last_ == checkpoint) return absl::OkStatus();
  if (absl::Status status = ReplaceFile(file_, note); !status.ok()) return status;
  last_ = checkpoint;
  last_note_ = note;
  return absl::OkStatus();
}

absl::Status Witness::KeepEvidence(const Checkpoint& next, std::string_view note) const {
  // Named by what the texts say, so that one contradiction is kept once.
  const std::string texts = absl::StrCat(CheckpointText(*last_), CheckpointText(next));
  const std::string name =
      absl::StrCat(file_.string(), ".contradiction-", HexOf(BytesOf(Sha256({texts}))).substr(0, kNameDigits));
  absl::Status kept = CreateFile(name + ".first", last_note_);
  if (kept.ok() || absl::IsAlreadyExists(kept)) kept = CreateFile(name + ".second", note);
  const bool is_kept = kept.ok() || absl::IsAlreadyExists(kept);
  return absl::DataLossError(absl::StrCat("witness: ", log_.name, " contradicts the checkpoint of size ", last_->size,
                                          " that was cosigned; both are ", is_kept ? "kept: " : "NOT kept: ", name,
                                          is_kept ? "" : absl::StrCat(": ", std::string(kept.message()))));
}

}  // namespace giot::ledger
