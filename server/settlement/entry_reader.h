#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/driver.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/state/entries.h"

namespace giot::settlement {

// DataLoss if the value is no Entry.
template <typename Entry>
absl::StatusOr<Entry> EntryFrom(const std::string& key, const std::string& value) {
  Entry entry;
  if (ledger::Decode(value, entry)) return entry;
  return absl::DataLossError("ledger: entry " + ledger::HexOf(key) + " does not decode");
}

// The state's entry; nullopt if there is none. Errors of the driver, DataLoss. Waits for the ledger's writer.
template <typename Entry>
absl::StatusOr<std::optional<Entry>> ReadEntry(ledger::Driver& driver, const std::string& key) {
  const absl::StatusOr<std::string> value = driver.Read(key);
  if (absl::IsNotFound(value.status())) return std::nullopt;
  if (!value.ok()) return value.status();
  absl::StatusOr<Entry> entry = EntryFrom<Entry>(key, *value);
  if (!entry.ok()) return entry.status();
  return *std::move(entry);
}

}  // namespace giot::settlement
