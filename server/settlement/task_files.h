#pragma once

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
#include "giot/v1/settlement.pb.h"
#include "server/engine/mutex.h"
#include "server/ledger/state/entries.h"

namespace giot::settlement {

// A task as this server publishes it.
struct Publication {
  std::string request_id;  // Of the call.
  std::string envelope;    // Of PublishTask; its id is the task's.
  v1::TaskDescription description{};
};

// The publications of this server, one file each, <hex of SHA-256 of request_id>:
//
//   "giot task 1\n" || u32 length of request_id || request_id || u32 length of envelope || envelope ||
//   u32 length of description || description (deterministic serialisation) || H(what precedes)[0..8]
//
// A file is there whole or not at all, and durable before Put returns: a transaction that is submitted afterwards is
// found by whoever repeats the call. All are held in memory. Thread-safe.
class TaskFiles {
 public:
  // The folder is made if it is not there; what an earlier process had not finished writing is removed. DataLoss naming
  // a file that is not as it was written; Unavailable.
  static absl::StatusOr<std::unique_ptr<TaskFiles>> Open(const std::filesystem::path& folder);

  // Replaces the one of the same request_id. Unavailable.
  absl::Status Put(const Publication& publication);
  // nullopt if there is none.
  std::optional<Publication> Find(std::string_view request_id) const;
  std::optional<v1::TaskDescription> Description(const ledger::TaskId& task) const;
  // Nothing if there is none. Unavailable.
  absl::Status Erase(const ledger::TaskId& task);

  // Tasks in order, at most `most`, from the first that is after `after`.
  std::vector<ledger::TaskId> After(const std::optional<ledger::TaskId>& after, int most) const;
  // nullopt if there is none.
  std::optional<std::string> Envelope(const ledger::TaskId& task) const;

 private:
  explicit TaskFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  absl::Status Load();
  std::filesystem::path PathOf(std::string_view request_id) const;
  void Index(Publication publication) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::filesystem::path folder_;
  mutable engine::Mutex mutex_;
  std::map<std::string, ledger::TaskId, std::less<>> tasks_ ABSL_GUARDED_BY(mutex_);  // By request_id.
  std::map<ledger::TaskId, Publication> publications_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace giot::settlement
