// giot-vehicle: a fleet of mock vehicles that puts a giot-server to the test.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "client/contract_client.h"
#include "client/conversion.h"
#include "client/fleet.h"
#include "client/fleet_report.h"
#include "client/program.h"
#include "client/verify.h"

ABSL_FLAG(std::string, server, "127.0.0.1:50051", "host:port of a giot-server");
ABSL_FLAG(int, markets, 20, "markets, drawn from the training distribution");
ABSL_FLAG(int, vehicles, 1000, "vehicles in all; 1000 over 20 markets are 50 in each");
ABSL_FLAG(std::uint64_t, seed, 1, "of markets, private costs and menus");
ABSL_FLAG(int, connections, 4, "connections, one vehicle at a time on each");
ABSL_FLAG(int, samples, 1, "chains that the server samples for a menu");
ABSL_FLAG(absl::Duration, deadline, absl::Seconds(5), "of a call, retries included");
ABSL_FLAG(bool, json, false, "print JSON instead of a table");

namespace giot::client {
namespace {

constexpr char kProgram[] = "giot-vehicle";
constexpr char kUsage[] =
    "sends a fleet of mock vehicles at a giot-server\n\n"
    "Every vehicle has a private cost, drawn from the types that its market announces, asks for the menu posted "
    "there,\n"
    "checks its certificate, and takes the item that is best for itself, or none. The same vehicles then meet the "
    "exact\n"
    "optimum and the best single item (pooling), which need no server.\n\n"
    "exit status: 0 every vehicle was truthful; 1 a call failed, or bad flags; 2 a false certificate or an untruthful "
    "vehicle";
constexpr int kMostConnections = 256;

absl::Status CheckFlags() {
  const int markets = absl::GetFlag(FLAGS_markets);
  const int vehicles = absl::GetFlag(FLAGS_vehicles);
  const int connections = absl::GetFlag(FLAGS_connections);
  if (markets < 1) return absl::InvalidArgumentError(absl::StrCat("--markets: got ", markets, ", want at least 1"));
  if (vehicles < markets) {
    return absl::InvalidArgumentError(absl::StrCat("--vehicles: got ", vehicles, ", want at least one a market"));
  }
  if (connections < 1 || connections > kMostConnections) {
    return absl::InvalidArgumentError(
        absl::StrCat("--connections: got ", connections, ", want 1 to ", kMostConnections));
  }
  return absl::OkStatus();
}

// Menus from the server, every certificate verified; one connection a worker.
class ServerMenus {
 public:
  explicit ServerMenus(int workers) {
    ContractClientOptions options;
    options.timeout = absl::GetFlag(FLAGS_deadline);
    for (int w = 0; w < workers; ++w) {
      clients_.push_back(std::make_unique<ContractClient>(absl::GetFlag(FLAGS_server), options));
    }
  }

  // Also opens the connections, so that no vehicle's latency includes that.
  absl::Status CheckHealth() {
    for (const auto& client : clients_) {
      if (auto status = client->CheckHealth(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<contract::PostedMenu> Get(const FleetMarket& market, int worker) {
    v1::GenerateContractRequest request;
    *request.mutable_screening() = ToProto(market.market);
    request.set_seed(market.seed);
    request.set_samples(absl::GetFlag(FLAGS_samples));
    const auto reply = clients_[static_cast<std::size_t>(worker)]->GenerateContract(request);
    if (!reply.ok()) return reply.status();
    if (auto status = VerifyCertificate(market.market, *reply); !status.ok()) return status;
    if (reply->certificate().source() == v1::MENU_SOURCE_GDM) ++from_policy_;
    return MenuFromProto(*reply);
  }

  std::int64_t from_policy() const { return from_policy_; }

 private:
  std::vector<std::unique_ptr<ContractClient>> clients_;
  std::atomic<std::int64_t> from_policy_{0};
};

absl::StatusOr<std::vector<FleetRow>> RunAll(const std::vector<FleetMarket>& fleet, int connections,
                                             ServerMenus& server) {
  const auto served =
      RunFleet(fleet, connections, [&](const FleetMarket& market, int worker) { return server.Get(market, worker); });
  if (!served.ok()) return served.status();
  const auto exact = RunFleet(fleet, 1, [](const FleetMarket& market, int) { return PostedOptimum(market.market); });
  if (!exact.ok()) return exact.status();
  const auto pooling = RunFleet(fleet, 1, [](const FleetMarket& market, int) { return PostedPooling(market.market); });
  if (!pooling.ok()) return pooling.status();
  return std::vector<FleetRow>{{"GDM", *served}, {"exact", *exact}, {"pooling", *pooling}};
}

void Print(const std::vector<FleetRow>& rows, const ServerMenus& server, int markets, int connections) {
  if (absl::GetFlag(FLAGS_json)) {
    PrintFleetJson(rows, std::cout);
    return;
  }
  const std::int64_t vehicles = rows.front().tally.vehicles();
  std::cout << absl::StrFormat("%d vehicles in %d markets, %d connections; utilities are money per vehicle\n\n",
                               vehicles, markets, connections);
  PrintFleetTable(rows, std::cout);
  std::cout << absl::StrFormat(
      "\nGDM: menus from the server, every certificate recomputed here; %d of %d designed by the policy, the others "
      "exact.\nServer utility is what these vehicles' choices were worth, expected what the certificates promise. "
      "Latency: of the\ncall for GDM, of the computation alone for exact and pooling.\n",
      server.from_policy(), vehicles);
}

ExitCode Main() {
  if (auto status = CheckFlags(); !status.ok()) return Fail(kProgram, status);
  const int markets = absl::GetFlag(FLAGS_markets);
  const int connections = absl::GetFlag(FLAGS_connections);
  ServerMenus server(connections);
  if (auto status = server.CheckHealth(); !status.ok()) return Fail(kProgram, status);
  const auto fleet = DrawFleet(markets, absl::GetFlag(FLAGS_vehicles), absl::GetFlag(FLAGS_seed));
  const auto rows = RunAll(fleet, connections, server);
  if (!rows.ok()) return Fail(kProgram, rows.status());
  Print(*rows, server, markets, connections);
  for (const auto& [method, tally] : *rows) {
    if (tally.AllTruthful()) continue;
    std::cerr << kProgram << ": " << method << ": a vehicle gained by not picking its own item\n";
    return kExitNotHonest;
  }
  return kExitOk;
}

}  // namespace
}  // namespace giot::client

int main(int argc, char** argv) {
  const auto rest = giot::client::ParseCommandLine(argc, argv, giot::client::kUsage, "client/giot_vehicle.cc");
  if (!rest.empty()) {
    return giot::client::Fail(giot::client::kProgram, absl::InvalidArgumentError("unexpected: " + rest.front()));
  }
  return giot::client::Main();
}
