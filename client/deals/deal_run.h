#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/connection.h"
#include "client/deal.h"
#include "client/deals/deal_report.h"
#include "client/payment.h"
#include "client/sensing_tally.h"
#include "models/quality/quality_model.h"

namespace giot::client {

struct DealRunOptions {
  std::string server;  // host:port.
  CallOptions call;
  std::filesystem::path folder;    // See LedgerFolder.
  std::filesystem::path receipts;  // Where what vehicles submitted is vouched for, a file each; if empty, nowhere.
  int threads = 1;                 // So many vehicles at a time.
  // How long tasks can be accepted, and then delivered to, besides 20 ms and 250 ms for each vehicle.
  absl::Duration window = absl::Seconds(10);
  int samples = 1;  // Chains that the server samples for a menu.
  PaymentTerms terms;
};

struct DealRun {
  DealReport report;
  std::vector<Outcome> outcomes;  // Of the deals, in their order.
};

// How long vehicles wait for one another: each window of the ledger's parameters that an outcome may take.
inline constexpr absl::Duration kMostWindow = absl::Minutes(2);

// Has the deals done on the ledger of a server, whose operator has the money for all rewards: publishes a task a
// market, gives every vehicle a key and a deposit; vehicles accept, deliver and await what becomes of it. Every twelfth
// vehicle, at least one, comes on top and never delivers. Of those who fall short by their own doing, in turn one
// disputes and one does not; a replay is never disputed, which only its receiver can tell from an image that is new.
// Takes as long as the tasks' deadlines: half a minute for a few vehicles. Fails with the first error: those of
// ReadLedgerFolder, Publish and Participant; FailedPrecondition if the ledger's windows are longer than kMostWindow.
absl::StatusOr<DealRun> RunDeals(std::vector<Deal>& deals, const quality::QualityModel& model,
                                 const VehicleFinder& find, const DealRunOptions& options);

}  // namespace giot::client
