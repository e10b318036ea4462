#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "server/engine/mutex.h"
#include "server/quality/scored.h"

namespace giot::scoring {

// The last answers, so that a call whose answer was lost can be made again without
// its data counting as a replay. Thread-safe.
class RecentScores {
 public:
  // Which call an answer is to.
  struct Key {
    std::string_view source_id;
    std::string_view submission_id;
    const Digest& data;
  };

  // Keeps `capacity` answers; none if 0.
  explicit RecentScores(std::size_t capacity) : capacity_(capacity) {}

  std::optional<Scored> Find(const Key& key) const;
  // Forgets the oldest where there are too many.
  void Add(const Key& key, const Scored& scored);

 private:
  static Digest DigestOf(const Key& key);

  const std::size_t capacity_;
  mutable engine::Mutex mutex_;
  std::map<Digest, Scored> scores_ ABSL_GUARDED_BY(mutex_);
  std::list<Digest> order_ ABSL_GUARDED_BY(mutex_);  // Oldest first.
};

}  // namespace giot::scoring
