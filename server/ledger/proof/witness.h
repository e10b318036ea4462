#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/files.h"
#include "server/ledger/proof/receipt.h"

namespace giot::ledger {

// Cosigns the checkpoints of one log, each consistent with the largest that it cosigned
// before: what sees a ledger and its heads file rolled back together. One thread at a time;
// `giotctl witness` is one. <file>.lock is locked while it lives, and stays.
class Witness {
 public:
  // `file` holds the largest checkpoint that was cosigned, as a signed note; it is made with the
  // first one. `unix_seconds` is the clock of cosignatures. FailedPrecondition if another witness has
  // the file; DataLoss if it holds anything but a checkpoint of `log`; InvalidArgument if `name` is not
  // one of a note's key; Unavailable.
  static absl::StatusOr<Witness> Open(const std::filesystem::path& file, VerifierKey log, std::string name,
                                      SecretKey key, std::function<std::uint64_t()> unix_seconds);

  // The largest checkpoint that was cosigned; nullopt before the first.
  const std::optional<Checkpoint>& last() const { return last_; }

  // The note with this witness's cosignature added, or renewed, its checkpoint stored durably before.
  // `consistency.checkpoint` is the note, the proof from last()'s size; for the first checkpoint
  // empty and from 0. Errors:
  //   InvalidArgument     the note or the proof does not verify, or the note has no room for a signature
  //   FailedPrecondition  old_size is not last()'s size: ask again with a proof from it
  //   DataLoss            the log contradicts last(): a smaller size, or another root, height or app hash at
  //                       the same size, or a height that falls or has two app hashes; both notes, which
  //                       it signed, are kept as evidence: <file>.contradiction-<hex>.first and .second
  //   Unavailable         the file cannot be written; nothing was signed
  absl::StatusOr<std::string> Cosign(const ConsistencyProof& consistency);

 private:
  Witness(std::filesystem::path file, FileDescriptor lock, VerifierKey log, std::string name, SecretKey key,
          std::function<std::uint64_t()> unix_seconds);

  absl::Status Load();
  absl::Status Store(const Checkpoint& checkpoint, std::string_view note);
  absl::Status KeepEvidence(const Checkpoint& next, std::string_view note) const;

  std::filesystem::path file_;
  FileDescriptor lock_;
  VerifierKey log_;
  std::string name_;
  SecretKey key_;
  std::function<std::uint64_t()> unix_seconds_;
  std::optional<Checkpoint> last_;
  std::string last_note_;
};

}  // namespace giot::ledger
