// giot-vehicle: a fleet of mock vehicles that puts a giot-server to the test.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "client/contract_client.h"
#include "client/conversion.h"
#include "client/deals/deal_report.h"
#include "client/deals/deal_run.h"
#include "client/fleet.h"
#include "client/fleet_report.h"
#include "client/program.h"
#include "client/sensing_run.h"
#include "client/verify.h"
#include "models/quality/decoder_limits.h"
#include "nlohmann/json.hpp"

ABSL_FLAG(std::string, server, "127.0.0.1:50051", "host:port of a giot-server");
ABSL_FLAG(int, markets, 20, "markets, drawn from the training distribution");
ABSL_FLAG(int, vehicles, 1000, "vehicles in all; 1000 over 20 markets are 50 in each");
ABSL_FLAG(std::uint64_t, seed, 1, "of markets, private costs and menus");
ABSL_FLAG(int, connections, 4, "connections, one vehicle at a time on each");
ABSL_FLAG(int, samples, 1, "chains that the server samples for a menu");
ABSL_FLAG(absl::Duration, deadline, absl::Seconds(5), "of a call, retries included");
ABSL_FLAG(int, sense, 0,
          "vehicles that also deliver what they agreed on, to be scored by the server; needs --quality_model");
ABSL_FLAG(std::string, quality_model, "",
          "sense: the bundle that the server scores with; vehicles measure themselves by it");
ABSL_FLAG(std::string, images, "", "sense: folder whose images cameras see; rendered scenes if empty");
ABSL_FLAG(std::string, video, "", "sense: file whose frames cameras see");
ABSL_FLAG(std::string, detector, "",
          "sense: ONNX file of a vehicle detector; how many vehicles a unit of money finds is told as well");
ABSL_FLAG(double, cheat_share, 0.25, "sense: share of the vehicles that cheat, 0 to 1");
ABSL_FLAG(
    std::string, delta, "",
    "sense: a delivery is paid if its lower bound plus this reaches what was agreed, 0 to 1; the model's margin + 0.03 "
    "if empty");
ABSL_FLAG(
    std::string, settle, "",
    "sense: folder that 'giotctl ledger init' wrote; deliveries under the GDM menus are then deals on the server's "
    "ledger");
ABSL_FLAG(absl::Duration, task_window, absl::Seconds(10),
          "settle: how long a task can be accepted, and then delivered to, besides what is added for each vehicle");
ABSL_FLAG(std::string, receipts, "",
          "settle: folder for the ledger's receipts of what vehicles submitted, a file each");
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
    "optimum and the best single item (pooling), which need no server. With --sense, some of them then deliver\n"
    "images worth what they agreed on, or cheat, and the server's score decides who is paid. With --settle as well,\n"
    "those under the learned menus are deals on the server's ledger, and every step of them is verified by proof.\n\n"
    "exit status: 0 every vehicle was truthful; 1 a call failed, or bad flags; 2 a false certificate, an untruthful "
    "vehicle,\n"
    "money for a delivery that was corrupt or a replay, or a ledger that does not prove what it has to";
constexpr int kMostConnections = 256;

absl::Status CheckShare(const std::string& flag, double got) {
  if (got >= 0.0 && got <= 1.0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--", flag, ": got ", got, ", want a share in [0, 1]"));
}

// nullopt if it is not set, or no number.
std::optional<double> Delta() {
  double value = 0.0;
  if (!absl::SimpleAtod(absl::GetFlag(FLAGS_delta), &value)) return std::nullopt;
  return value;
}

absl::Status CheckSettlingFlags() {
  const bool settles = !absl::GetFlag(FLAGS_settle).empty();
  if (settles && absl::GetFlag(FLAGS_sense) == 0) {
    return absl::InvalidArgumentError("--settle: got a folder, want --sense as well");
  }
  if (!settles && !absl::GetFlag(FLAGS_receipts).empty()) {
    return absl::InvalidArgumentError("--receipts: got a folder, want --settle as well");
  }
  const absl::Duration window = absl::GetFlag(FLAGS_task_window);
  if (window >= absl::Seconds(1) && window <= kMostWindow) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("--task_window: got ", absl::FormatDuration(window), ", want 1s to ",
                                                 absl::FormatDuration(kMostWindow)));
}

absl::Status CheckSensingFlags() {
  const int sense = absl::GetFlag(FLAGS_sense);
  if (sense < 0 || sense > absl::GetFlag(FLAGS_vehicles)) {
    return absl::InvalidArgumentError(absl::StrCat("--sense: got ", sense, ", want 0 to --vehicles"));
  }
  if (sense > 0 && absl::GetFlag(FLAGS_quality_model).empty()) {
    return absl::InvalidArgumentError("--quality_model: got none, want the bundle that the server scores with");
  }
  if (!absl::GetFlag(FLAGS_images).empty() && !absl::GetFlag(FLAGS_video).empty()) {
    return absl::InvalidArgumentError("--video: got a file and --images, want one of them");
  }
  if (absl::Status status = CheckSettlingFlags(); !status.ok()) return status;
  absl::Status status = CheckShare("cheat_share", absl::GetFlag(FLAGS_cheat_share));
  if (const std::string delta = absl::GetFlag(FLAGS_delta); !delta.empty()) {
    const std::optional<double> value = Delta();
    if (!value) return absl::InvalidArgumentError(absl::StrCat("--delta: got '", delta, "', want a number"));
    status.Update(CheckShare("delta", *value));
  }
  return status;
}

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
  return CheckSensingFlags();
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

// A way to make menus, and how many may be asked for at once.
struct Method {
  std::string name;
  MenuSource menus;
  int workers = 1;
};

std::vector<Method> AllMethods(ServerMenus& server, int connections) {
  return {{"GDM", [&server](const FleetMarket& market, int worker) { return server.Get(market, worker); }, connections},
          {"exact", [](const FleetMarket& market, int) { return PostedOptimum(market.market); }},
          {"pooling", [](const FleetMarket& market, int) { return PostedPooling(market.market); }}};
}

absl::StatusOr<std::vector<FleetRow>> RunAll(const std::vector<FleetMarket>& fleet,
                                             const std::vector<Method>& methods) {
  std::vector<FleetRow> rows;
  for (const Method& method : methods) {
    const auto tally = RunFleet(fleet, method.workers, method.menus);
    if (!tally.ok()) return tally.status();
    rows.push_back({method.name, *tally, std::nullopt});
  }
  return rows;
}

CallOptions CallOptionsFromFlags() {
  CallOptions options;
  options.timeout = absl::GetFlag(FLAGS_deadline);
  return options;
}

SensingRunOptions SensingOptionsFromFlags() {
  SensingRunOptions options;
  options.plan.deliveries = absl::GetFlag(FLAGS_sense);
  options.plan.cheat_share = absl::GetFlag(FLAGS_cheat_share);
  options.plan.delta = Delta();
  options.plan.seed = absl::GetFlag(FLAGS_seed);
  options.server = absl::GetFlag(FLAGS_server);
  options.call = CallOptionsFromFlags();
  options.quality_model = absl::GetFlag(FLAGS_quality_model);
  options.images = absl::GetFlag(FLAGS_images);
  options.video = absl::GetFlag(FLAGS_video);
  options.detector = absl::GetFlag(FLAGS_detector);
  options.leave_first_open = !absl::GetFlag(FLAGS_settle).empty();
  return options;
}

// Has the deals that were left open done on the ledger, and adds what came of them to the tally of their menus.
absl::StatusOr<DealReport> SettleOnLedger(SensingRun& run) {
  const DealRunOptions options = {.server = absl::GetFlag(FLAGS_server),
                                  .call = CallOptionsFromFlags(),
                                  .folder = absl::GetFlag(FLAGS_settle),
                                  .receipts = absl::GetFlag(FLAGS_receipts),
                                  .threads = absl::GetFlag(FLAGS_connections),
                                  .window = absl::GetFlag(FLAGS_task_window),
                                  .samples = absl::GetFlag(FLAGS_samples),
                                  .terms = run.terms};
  absl::StatusOr<DealRun> done = RunDeals(run.open_deals, *run.model, run.find, options);
  if (!done.ok()) return done.status();
  for (const Outcome& outcome : done->outcomes) run.tallies.front().Add(outcome);
  return std::move(done->report);
}

// What is said of a fleet.
struct Report {
  std::vector<FleetRow> rows;
  std::int64_t from_policy = 0;     // Menus.
  PaymentTerms terms;               // As announced, where vehicles deliver.
  std::optional<DealReport> deals;  // Where they do so on a ledger.
};

// Lets vehicles deliver, if any are to, and adds what came of it.
absl::Status Sense(const std::vector<FleetMarket>& fleet, const std::vector<Method>& methods, Report& report) {
  if (absl::GetFlag(FLAGS_sense) == 0) return absl::OkStatus();
  std::vector<MenuSource> menus;
  for (const Method& method : methods) menus.push_back(method.menus);
  absl::StatusOr<SensingRun> run = RunSensingOnServer(fleet, menus, SensingOptionsFromFlags());
  if (!run.ok()) return run.status();
  if (!absl::GetFlag(FLAGS_settle).empty()) {
    absl::StatusOr<DealReport> deals = SettleOnLedger(*run);
    if (!deals.ok()) return deals.status();
    report.deals = *std::move(deals);
  }
  for (std::size_t m = 0; m < report.rows.size(); ++m) report.rows[m].sensing = run->tallies[m];
  report.terms = run->terms;
  return absl::OkStatus();
}

void PrintSensing(const std::vector<FleetRow>& rows, const PaymentTerms& terms) {
  std::cout << absl::StrFormat(
      "\n%d vehicles deliver, %.0f %% of them cheat; paid if the lower bound of the score + %.3f reaches what was "
      "agreed\n\n",
      absl::GetFlag(FLAGS_sense), 100.0 * absl::GetFlag(FLAGS_cheat_share), terms.delta);
  PrintSensingTables(rows, std::cout);
  std::cout << "\nAgreed and scored: mean quality of honest deliveries. Settled: honest vehicles that took a lesser "
               "item than "
               "suits them\nbest, since their camera sees no better. For nothing: money paid for quality that was not "
               "delivered. Shortfall: of\nthe quality agreed on, among deliveries that were paid.\n";
}

void PrintJson(const Report& report) {
  nlohmann::ordered_json json = FleetJson(report.rows);
  if (report.deals) json["ledger"] = DealJson(*report.deals);
  std::cout << json.dump(2) << '\n';
}

void Print(const Report& report, int markets, int connections) {
  if (absl::GetFlag(FLAGS_json)) return PrintJson(report);
  const std::int64_t vehicles = report.rows.front().tally.vehicles();
  std::cout << absl::StrFormat("%d vehicles in %d markets, %d connections; utilities are money per vehicle\n\n",
                               vehicles, markets, connections);
  PrintFleetTable(report.rows, std::cout);
  std::cout << absl::StrFormat(
      "\nGDM: menus from the server, every certificate recomputed here; %d of %d designed by the policy, the others "
      "exact.\nServer utility is what these vehicles' choices were worth, expected what the certificates promise. "
      "Latency: of the\ncall for GDM, of the computation alone for exact and pooling.\n",
      report.from_policy, vehicles);
  if (report.rows.front().sensing) PrintSensing(report.rows, report.terms);
  if (!report.deals) return;
  std::cout << '\n';
  PrintDeals(*report.deals, std::cout);
}

// What must never happen, whatever the market.
ExitCode Judge(const Report& report) {
  for (const auto& [method, tally, sensing] : report.rows) {
    if (!tally.AllTruthful()) {
      std::cerr << kProgram << ": " << method << ": a vehicle gained by not picking its own item\n";
      return kExitNotHonest;
    }
    if (sensing && sensing->paid(Conduct::kCorrupt) + sensing->paid(Conduct::kReplay) > 0) {
      std::cerr << kProgram << ": " << method << ": a delivery was paid that was corrupt or a replay\n";
      return kExitNotHonest;
    }
  }
  if (report.deals && !IsRight(*report.deals)) {
    std::cerr << kProgram << ": the ledger: " << absl::StrJoin(report.deals->tally.problems(), "; ")
              << (Conserves(report.deals->chain) ? "" : "; its money does not add up") << '\n';
    return kExitNotHonest;
  }
  return kExitOk;
}

ExitCode Main(char** argv) {
  if (auto status = CheckFlags(); !status.ok()) return Fail(kProgram, status);
  if (absl::GetFlag(FLAGS_sense) > 0) quality::LimitDecoders(argv);
  const int markets = absl::GetFlag(FLAGS_markets);
  const int connections = absl::GetFlag(FLAGS_connections);
  ServerMenus server(connections);
  if (auto status = server.CheckHealth(); !status.ok()) return Fail(kProgram, status);
  const auto fleet = DrawFleet(markets, absl::GetFlag(FLAGS_vehicles), absl::GetFlag(FLAGS_seed));
  const std::vector<Method> methods = AllMethods(server, connections);
  auto rows = RunAll(fleet, methods);
  if (!rows.ok()) return Fail(kProgram, rows.status());
  Report report = {.rows = *std::move(rows), .from_policy = server.from_policy(), .terms = {}, .deals = {}};
  if (auto status = Sense(fleet, methods, report); !status.ok()) return Fail(kProgram, status);
  Print(report, markets, connections);
  return Judge(report);
}

}  // namespace
}  // namespace giot::client

int main(int argc, char** argv) {
  const auto rest = giot::client::ParseCommandLine(argc, argv, giot::client::kUsage, "client/programs/");
  if (!rest.empty()) {
    return giot::client::Fail(giot::client::kProgram, absl::InvalidArgumentError("unexpected: " + rest.front()));
  }
  return giot::client::Main(argv);
}
