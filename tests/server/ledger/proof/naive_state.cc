#include "tests/server/ledger/proof/naive_state.h"

#include <string_view>

namespace giot::ledger {
namespace {

bool BitOf(const std::string& key, std::size_t d) {
  const Digest path = Sha256({key});
  return (path[d / 8] >> (7 - d % 8) & 1) == 1;
}

// The first bit in which paths differ. Requires two entries at least.
std::size_t FirstDifference(const Entries& entries) {
  for (std::size_t d = 0;; ++d) {
    for (const auto& [key, value] : entries) {
      if (BitOf(key, d) != BitOf(entries.begin()->first, d)) return d;
    }
  }
}

Entries Side(const Entries& entries, std::size_t d, bool one) {
  Entries side;
  for (const auto& entry : entries) {
    if (BitOf(entry.first, d) == one) side.insert(entry);
  }
  return side;
}

Digest Leaf(const std::string& key, const std::string& value) {
  const char head[] = {0, static_cast<char>(key.size() >> 8), static_cast<char>(key.size())};
  return Sha256({std::string_view(head, 3), key, value});
}

}  // namespace

Digest NaiveStateRoot(const Entries& entries) {
  if (entries.empty()) return Sha256({""});
  if (entries.size() == 1) return Leaf(entries.begin()->first, entries.begin()->second);
  const std::size_t d = FirstDifference(entries);
  const Digest zero = NaiveStateRoot(Side(entries, d, false));
  const Digest one = NaiveStateRoot(Side(entries, d, true));
  const char head[] = {1, static_cast<char>(d)};
  return Sha256({std::string_view(head, 2), BytesOf(zero), BytesOf(one)});
}

StateProof NaiveStateProof(const std::string& key, const Entries& entries) {
  StateProof proof;
  Entries rest = entries;
  while (rest.size() > 1) {
    const std::size_t d = FirstDifference(rest);
    const bool one = BitOf(key, d);
    proof.steps.push_back({static_cast<std::uint8_t>(d), NaiveStateRoot(Side(rest, d, !one))});
    rest = Side(rest, d, one);
  }
  if (rest.empty()) return proof;
  if (rest.begin()->first == key) {
    proof.value = rest.begin()->second;
  } else {
    proof.other = *rest.begin();
  }
  return proof;
}

}  // namespace giot::ledger
