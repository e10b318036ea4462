#include "server/quality/recent_scores.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace giot::scoring {

Digest RecentScores::DigestOf(const Key& key) {
  std::string bytes = absl::StrCat(key.source_id.size(), ":");  // So that nothing of one part reads as the other.
  bytes.append(key.source_id).append(key.submission_id);
  return quality::Sha256(bytes, quality::BytesOf(key.data));
}

std::optional<Scored> RecentScores::Find(const Key& key) const {
  const Digest digest = DigestOf(key);
  const engine::MutexLock lock(&mutex_);
  const auto found = scores_.find(digest);
  if (found == scores_.end()) return std::nullopt;
  return found->second;
}

void RecentScores::Add(const Key& key, const Scored& scored) {
  const Digest digest = DigestOf(key);
  const engine::MutexLock lock(&mutex_);
  if (!scores_.insert_or_assign(digest, scored).second) return;
  order_.push_back(digest);
  if (order_.size() <= capacity_) return;
  scores_.erase(order_.front());
  order_.pop_front();
}

}  // namespace giot::scoring
