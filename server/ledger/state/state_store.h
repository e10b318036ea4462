#pragma once

#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "server/ledger/proof/state_proof.h"
#include "server/ledger/state/entries.h"
#include "server/ledger/state/state_tree.h"

namespace giot::ledger {

// The entries in order of their keys, their tree, and which of them changed. Knows no rules.
// One thread at a time.
class StateStore {
 public:
  StateStore() = default;
  StateStore(StateStore&&) = default;  // Not copied: it points into itself.
  StateStore& operator=(StateStore&&) = default;

  // nullopt if there is none. Aborts if the entry does not decode: it was encoded here.
  template <typename Entry>
  std::optional<Entry> Get(const std::string& key) const;
  template <typename Entry>
  void Put(const std::string& key, const Entry& entry) {
    PutBytes(key, Encode(entry));
  }

  const std::string* Find(std::string_view key) const;
  void PutBytes(const std::string& key, std::string value);
  void Erase(const std::string& key);

  // In order of keys, from the first that is not below `from`, until `each` says false.
  void Scan(std::string_view from,
            const std::function<bool(const std::string& key, const std::string& value)>& each) const;

  Digest Root();
  StateProof Prove(std::string_view key);
  std::size_t size() const { return entries_.size(); }

  // Calls `each` for every key that was put or erased since the last call, in order, with its
  // value now (null: erased, or never there): what a driver has to persist.
  void TakeChanges(const std::function<void(const std::string& key, const std::string* value)>& each);
  // The same for who persists nothing.
  void ForgetChanges() { changed_.clear(); }

  // Fills an empty store with a persisted entry, which is no change. InvalidArgument if the key or
  // the value is not of version 1, or the key is there.
  absl::Status Load(std::string_view key, std::string value);

 private:
  // An entry that changes many times in a block is hashed once.
  void UpdateTree();

  std::map<std::string, std::string, std::less<>> entries_;
  std::map<Digest, const std::string*> keys_;  // By path, to the key in entries_.
  StateTree tree_;
  std::set<std::string> changed_;   // Since TakeChanges.
  std::set<std::string> unhashed_;  // Since the tree was last brought up to date.
};

template <typename Entry>
std::optional<Entry> StateStore::Get(const std::string& key) const {
  const std::string* value = Find(key);
  if (value == nullptr) return std::nullopt;
  Entry entry;
  if (!Decode(*value, entry)) std::abort();
  return entry;
}

}  // namespace giot::ledger
