#include "server/ledger/state/state_store.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::ledger {

const std::string* StateStore::Find(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

void StateStore::PutBytes(const std::string& key, std::string value) {
  entries_.insert_or_assign(key, std::move(value));
  changed_.insert(key);
  unhashed_.insert(key);
}

void StateStore::Erase(const std::string& key) {
  if (entries_.erase(key) == 0) return;
  changed_.insert(key);
  unhashed_.insert(key);
}

void StateStore::Scan(std::string_view from,
                      const std::function<bool(const std::string& key, const std::string& value)>& each) const {
  for (auto entry = entries_.lower_bound(from); entry != entries_.end(); ++entry) {
    if (!each(entry->first, entry->second)) return;
  }
}

void StateStore::UpdateTree() {
  for (const std::string& key : unhashed_) {
    const Digest path = StatePath(key);
    const auto entry = entries_.find(key);
    if (entry == entries_.end()) {
      tree_.Erase(path);
      keys_.erase(path);
    } else {
      tree_.Set(path, StateLeafHash(key, entry->second));
      keys_.insert_or_assign(path, &entry->first);
    }
  }
  unhashed_.clear();
}

Digest StateStore::Root() {
  UpdateTree();
  return tree_.Root();
}

StateProof StateStore::Prove(std::string_view key) {
  UpdateTree();
  StateTree::Way way = tree_.WayOf(StatePath(key));
  StateProof proof;
  proof.steps = std::move(way.steps);
  if (const std::string* value = Find(key); value != nullptr) {
    proof.value = *value;
  } else if (!entries_.empty()) {
    const std::string& other = *keys_.at(way.end);
    proof.other.emplace(other, entries_.at(other));
  }
  return proof;
}

void StateStore::TakeChanges(const std::function<void(const std::string& key, const std::string* value)>& each) {
  for (const std::string& key : std::exchange(changed_, {})) each(key, Find(key));
}

absl::Status StateStore::Load(std::string_view key, std::string value) {
  if (!IsEntry(key, value)) {
    return absl::InvalidArgumentError(
        absl::StrCat("entry ", HexOf(key), " = ", HexOf(value), " is none of version 1, whole and in range"));
  }
  const auto [entry, is_new] = entries_.emplace(key, std::move(value));
  if (!is_new) return absl::InvalidArgumentError(absl::StrCat("entry ", HexOf(key), " is there twice"));
  unhashed_.insert(entry->first);
  return absl::OkStatus();
}

}  // namespace giot::ledger
