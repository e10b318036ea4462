#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/deal.h"
#include "client/payment.h"
#include "client/settlement/proven_ledger.h"
#include "models/contract/menu.h"
#include "server/ledger/state/entries.h"

namespace giot::client {

// A market's menu as a task, and who is going to accept it.
struct PlannedTask {
  const Deal* sample = nullptr;    // One of its deals: they share market, menu and size of image.
  std::vector<std::size_t> deals;  // Indices.
  int absentees = 0;               // Vehicles that accept and are not heard of again.
};

// One task for each market and size of image, in order of their first deals; `absentees` are spread over them in turn.
std::vector<PlannedTask> PlanTasks(const std::vector<Deal>& deals, int absentees);

// The menu as a task has it: without items that ask or pay nothing, equal ones once.
std::vector<ledger::TaskItem> TaskMenuOf(const contract::PostedMenu& menu);

// Where an item of the certified menu stands in the task's. NotFound.
absl::StatusOr<int> PlaceOf(const contract::PostedItem& item, const std::vector<ledger::TaskItem>& menu);

// How tasks are published.
struct TaskOptions {
  std::string operator_token;
  PaymentTerms terms;
  std::string scorer_digest;  // Of the model that vehicles measure themselves by, hex.
  int samples = 1;            // Chains that the server samples for a menu.
  absl::Duration accept_for;
  absl::Duration submit_for;
  absl::Duration score_for;
  std::int64_t deposit_micros = 0;
};

// Publishes a task and verifies by proof that it is what vehicles were offered: the menu that was certified, terms of
// payment, deposit and scorer. DataLoss naming what is not; errors of SettlementClient::PublishTask and ProvenLedger.
absl::StatusOr<ledger::TaskId> Publish(ProvenLedger& ledger, const PlannedTask& planned, const TaskOptions& options);

}  // namespace giot::client
