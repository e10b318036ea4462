#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/engine/mutex.h"
#include "server/ledger/proof/files.h"
#include "server/settlement/acceptance_id.h"
#include "server/settlement/evidence_key.h"

namespace giot::settlement {

// What was delivered for acceptances, encrypted, one file each: <hex of task>-<hex of vehicle>, which holds
//
//   "giot evidence 1\n" (16 bytes) || nonce (24) || XChaCha20-Poly1305 of the bytes, with
//   the first line, task and vehicle as additional data
//
// A file is there whole or not at all, and durable before Keep returns. An acceptance has one at most, and it
// never changes: it is what keeps an operator from signing two receipts of different data. The folder also holds
// `key-id`, the id of the key; the file is locked while the store lives. Thread-safe.
class EvidenceStore {
 public:
  // The folder is made if it is not there; what an earlier process had not finished writing is removed.
  // FailedPrecondition if another process has the folder, or it was written with another key; DataLoss if key-id is
  // damaged; Unavailable.
  static absl::StatusOr<std::unique_ptr<EvidenceStore>> Open(const std::filesystem::path& folder, EvidenceKey key,
                                                             std::int64_t most_bytes);

  // Room for at most `bytes` that Keep is to be given for `id`; until then, or Release. AlreadyExists;
  // ResourceExhausted if the files and what is reserved would have more than `most_bytes`.
  absl::Status Reserve(const AcceptanceId& id, std::int64_t bytes);
  // Nothing if none is reserved.
  void Release(const AcceptanceId& id);
  // Takes the place of what was reserved, if anything was. AlreadyExists; ResourceExhausted as Reserve; Unavailable.
  absl::Status Keep(const AcceptanceId& id, std::string_view bytes);
  // NotFound; DataLoss naming the file if it is not as it was written; Unavailable.
  absl::StatusOr<std::string> Find(const AcceptanceId& id) const;
  bool Has(const AcceptanceId& id) const;
  // Nothing if there is none. Unavailable.
  absl::Status Erase(const AcceptanceId& id);

  // In order, at most `most`, from the first that is after `after`.
  std::vector<AcceptanceId> After(const std::optional<AcceptanceId>& after, int most) const;

  // Of all files, and reserved.
  std::int64_t bytes() const;

 private:
  EvidenceStore(std::filesystem::path folder, EvidenceKey key, std::int64_t most_bytes, ledger::FileDescriptor lock);

  absl::Status Load();
  std::filesystem::path PathOf(const AcceptanceId& id) const;
  absl::Status CheckRoom(const AcceptanceId& id, std::int64_t bytes) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ReleaseLocked(const AcceptanceId& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Of a file that is going to be written.
  absl::Status Enter(const AcceptanceId& id, std::int64_t bytes);
  void Forget(const AcceptanceId& id);
  std::string Encrypt(const AcceptanceId& id, std::string_view bytes) const;
  absl::StatusOr<std::string> Decrypt(const AcceptanceId& id, std::string_view file) const;

  const std::filesystem::path folder_;
  const EvidenceKey key_;
  const std::int64_t most_bytes_;
  const ledger::FileDescriptor lock_;
  mutable engine::Mutex mutex_;
  std::map<AcceptanceId, std::int64_t> files_ ABSL_GUARDED_BY(mutex_);  // Bytes of each, also while it is written.
  std::map<AcceptanceId, std::int64_t> reserved_ ABSL_GUARDED_BY(mutex_);
  std::int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // Of both.
};

}  // namespace giot::settlement
