#include "server/quality/history_store.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>
#include <vector>

namespace giot::scoring {
namespace {

// A file of fewer records is not worth rewriting.
constexpr std::size_t kLeastForgotten = 1024;

}  // namespace

std::size_t HistoryStore::HashOf::operator()(const Digest& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof(hash));
  return hash;
}

absl::StatusOr<std::unique_ptr<HistoryStore>> HistoryStore::Open(std::size_t max_sources,
                                                                 const std::filesystem::path& path) {
  std::unique_ptr<HistoryStore> store(new HistoryStore(max_sources));
  if (path.empty()) return store;
  const engine::MutexLock lock(&store->mutex_);
  absl::StatusOr<HistoryFile> file = HistoryFile::Open(
      path, [&store](const HistoryRecord& record) ABSL_NO_THREAD_SAFETY_ANALYSIS { store->Append(record); });
  if (!file.ok()) return file.status();
  store->file_.emplace(*std::move(file));
  if (absl::Status status = store->Compact(); !status.ok()) return status;
  return store;
}

quality::SourceHistory HistoryStore::Find(std::string_view source_id) const {
  const Digest id = quality::Sha256(source_id);
  const engine::MutexLock lock(&mutex_);
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? quality::SourceHistory() : found->second->history;
}

absl::Status HistoryStore::Remember(std::string_view source_id, const quality::SeenImage& image) {
  const HistoryRecord record = {quality::Sha256(source_id), image};
  const engine::MutexLock lock(&mutex_);
  Append(record);
  return Write(record);
}

void HistoryStore::Append(const HistoryRecord& record) {
  const auto found = by_id_.find(record.source);
  if (found == by_id_.end()) {
    sources_.push_back({record.source, {}});
    by_id_[record.source] = std::prev(sources_.end());
  } else {
    sources_.splice(sources_.end(), sources_, found->second);
  }
  quality::SourceHistory& history = sources_.back().history;
  const std::size_t before = history.seen.size();
  quality::Remember(history, record.image);
  images_ += history.seen.size() - before;
  if (sources_.size() <= max_sources_) return;
  images_ -= sources_.front().history.seen.size();
  by_id_.erase(sources_.front().id);
  sources_.pop_front();
}

absl::Status HistoryStore::Write(const HistoryRecord& record) {
  if (!file_) return absl::OkStatus();
  if (absl::Status status = file_->Append(record); !status.ok()) return status;
  return Compact();
}

absl::Status HistoryStore::Compact() {
  const auto in_file = static_cast<std::size_t>(file_->records());
  if (in_file < std::max(compact_from_, 2 * images_ + kLeastForgotten)) return absl::OkStatus();
  compact_from_ = in_file + kLeastForgotten;
  std::vector<HistoryRecord> records;
  records.reserve(images_);
  for (const Source& source : sources_) {
    for (const quality::SeenImage& image : source.history.seen) records.push_back({source.id, image});
  }
  if (absl::Status status = file_->Replace(records); !status.ok()) return status;
  compact_from_ = 0;
  return absl::OkStatus();
}

std::size_t HistoryStore::sources() const {
  const engine::MutexLock lock(&mutex_);
  return sources_.size();
}

}  // namespace giot::scoring
