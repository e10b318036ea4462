#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "client/settlement/proven_ledger.h"
#include "giot/v1/settlement.pb.h"
#include "server/ledger/proof/log_record.h"
#include "server/ledger/state/entries.h"

namespace giot::client {

// What the ledger has, for people: ids and keys in hex, money and qualities as decimals, times in UTC.

std::string TimeText(std::int64_t us);
std::string HexText(const ledger::Digest& digest);
std::string NameOf(ledger::AcceptanceStatus status);  // "PAID"

void PrintPlaced(const PlacedTransaction& placed, bool json, std::ostream& out);
void PrintLedger(const v1::GetLedgerResponse& about, std::ostream& out);
void PrintTasks(const v1::ListTasksResponse& reply, std::ostream& out);
void PrintTask(const v1::Task& task, std::ostream& out);
void PrintAcceptances(const v1::ListAcceptancesResponse& reply, std::ostream& out);
void PrintAcceptance(const ledger::Acceptance& acceptance, std::ostream& out);
void PrintAccount(const ledger::AccountEntry& account, std::ostream& out);
void PrintOperator(const ledger::OperatorEntry& entry, std::ostream& out);

// What a logged transaction says and what became of it. `record` holds an envelope that parses.
void PrintRecord(const ledger::LogRecord& record, const std::string& chain_id, std::ostream& out);

// A state entry (FORMAT.md section 3), its fields by name; hex if it is of an unknown kind.
void PrintEntry(const std::string& key, const std::string& value, std::ostream& out);

}  // namespace giot::client
