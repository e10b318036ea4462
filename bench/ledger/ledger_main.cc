// giot-bench-ledger: what the embedded ledger does a second, beside SQLite alone in the same run; what its proofs and
// its verification take; how the file grows. Prints JSON.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_format.h"
#include "bench/ledger/bare_store.h"
#include "bench/ledger/closed_loop.h"
#include "bench/ledger/sync_floor.h"
#include "bench/ledger/transactions.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/state/entries.h"
#include "server/ledger/verifier.h"

ABSL_FLAG(std::string, folder, "", "where the files are made and left; want an empty one");
ABSL_FLAG(int, singles, 2'000, "transactions one at a time, a round");
ABSL_FLAG(int, grouped, 20'000, "transactions in groups, a round");
ABSL_FLAG(int, waiting, 64, "transactions without an answer, when in groups");
ABSL_FLAG(int, rounds, 3, "rounds, alternating with SQLite alone");
ABSL_FLAG(int, threads, 2, "threads that submit, and that verify");
ABSL_FLAG(int, entries, 1'000'000, "transactions, and accounts, of the ledger that is proved and verified");
ABSL_FLAG(int, log_frames, giot::ledger::LedgerDatabase::kMostLogFrames,
          "pages that the ledger's write-ahead log may hold before they are copied");
ABSL_FLAG(int, proofs, 1'000, "proofs of each kind");
ABSL_FLAG(bool, brief, false, "a hundredth of everything, to see that it works");

namespace giot::bench {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::int64_t NowUs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::size_t Scaled(int count) {
  return static_cast<std::size_t>(absl::GetFlag(FLAGS_brief) ? std::max(1, count / 100) : count);
}

std::size_t SizeOf(const std::filesystem::path& path) {
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  return none ? 0 : size;
}

using DriverPointer = std::unique_ptr<ledger::EmbeddedDriver>;

absl::StatusOr<DriverPointer> OpenLedger(const std::filesystem::path& path, bool is_new, std::size_t group) {
  ledger::EmbeddedOptions options;
  options.path = path;
  options.chain_id = kChainId;
  if (is_new) options.genesis = GenesisEnvelope(NowUs());
  options.group = group;
  options.most_log_frames = absl::GetFlag(FLAGS_log_frames);
  return ledger::EmbeddedDriver::Open(std::move(options), CheckpointKey());
}

// Medians of rounds in which ledger and SQLite take turns.
struct Comparison {
  Throughput ledger;
  Throughput bare;
  double ratio = 0.0;
};

double Median(std::vector<double> values) { return Quantile(values, 0.5); }

Throughput MedianOf(const std::vector<Throughput>& rounds) {
  const auto median = [&](double Throughput::*member) {
    std::vector<double> values;
    for (const Throughput& round : rounds) values.push_back(round.*member);
    return Median(std::move(values));
  };
  return {median(&Throughput::per_second), median(&Throughput::p50_ms), median(&Throughput::p99_ms)};
}

class Bench {
 public:
  explicit Bench(std::filesystem::path folder) : folder_(std::move(folder)) {}

  absl::Status Run();

 private:
  absl::StatusOr<Comparison> Compare(const std::string& name, std::size_t count, int threads, int waiting);
  absl::Status Fill(ledger::EmbeddedDriver& driver, std::size_t entries);
  absl::Status MeasureLarge(std::size_t entries);
  absl::Status MeasureProofs(ledger::EmbeddedDriver& driver, std::size_t entries);
  absl::Status MeasureProof(const std::string& name, const std::function<absl::Status(std::size_t)>& prove);

  const std::filesystem::path folder_;
  std::size_t number_ = 0;           // Of transactions made for comparisons.
  std::vector<ledger::Digest> ids_;  // Some of the large ledger's.
};

absl::StatusOr<Comparison> Bench::Compare(const std::string& name, std::size_t count, int threads, int waiting) {
  const std::size_t group = waiting == 1 ? 1 : 64;
  absl::StatusOr<DriverPointer> driver = OpenLedger(folder_ / (name + ".ledger"), true, group);
  if (!driver.ok()) return driver.status();
  absl::StatusOr<std::unique_ptr<BareStore>> bare = BareStore::Create(folder_ / (name + ".bare"), group);
  if (!bare.ok()) return bare.status();
  std::vector<Throughput> ledger_rounds;
  std::vector<Throughput> bare_rounds;
  std::vector<double> ratios;
  for (int round = 0; round < absl::GetFlag(FLAGS_rounds); ++round) {
    const std::vector<std::string> envelopes = Deposits(number_, count, NowUs() + ledger::kMostExpiryUs - 1'000'000);
    number_ += count;
    const absl::StatusOr<Throughput> ours =
        SubmitAll(envelopes, threads, waiting, [&](std::string envelope, ledger::Driver::Done done) {
          (*driver)->Submit(std::move(envelope), std::move(done));
        });
    if (!ours.ok()) return ours.status();
    const absl::StatusOr<Throughput> theirs =
        SubmitAll(envelopes, threads, waiting, [&](std::string envelope, ledger::Driver::Done done) {
          (*bare)->Submit(std::move(envelope), std::move(done));
        });
    if (!theirs.ok()) return theirs.status();
    ledger_rounds.push_back(*ours);
    bare_rounds.push_back(*theirs);
    ratios.push_back(ours->per_second / theirs->per_second);
  }
  return Comparison{MedianOf(ledger_rounds), MedianOf(bare_rounds), Median(ratios)};
}

void Print(const std::string& name, const Comparison& comparison) {
  std::cout
      << absl::StrFormat(
             R"({"measured": "%s", "per_second": %.0f, "p50_ms": %.2f, "p99_ms": %.2f, "sqlite_per_second": %.0f, )"
             R"("sqlite_p99_ms": %.2f, "ratio": %.3f})",
             name, comparison.ledger.per_second, comparison.ledger.p50_ms, comparison.ledger.p99_ms,
             comparison.bare.per_second, comparison.bare.p99_ms, comparison.ratio)
      << std::endl;
}

absl::Status Bench::Fill(ledger::EmbeddedDriver& driver, std::size_t entries) {
  constexpr std::size_t kAtOnce = 50'000;
  for (std::size_t done = 0; done < entries; done += kAtOnce) {
    std::vector<std::string> envelopes =
        Deposits(done, std::min(kAtOnce, entries - done), NowUs() + ledger::kMostExpiryUs - 1'000'000);
    for (std::size_t i = 0; i < envelopes.size(); i += 97) ids_.push_back(ledger::TransactionId(envelopes[i]));
    const absl::StatusOr<Throughput> filled = SubmitAll(std::move(envelopes), absl::GetFlag(FLAGS_threads), 4'000,
                                                        [&](std::string envelope, ledger::Driver::Done answer) {
                                                          driver.Submit(std::move(envelope), std::move(answer));
                                                        });
    if (!filled.ok()) return filled.status();
  }
  return absl::OkStatus();
}

absl::Status Bench::MeasureProof(const std::string& name, const std::function<absl::Status(std::size_t)>& prove) {
  std::vector<double> ms;
  for (std::size_t i = 0; i < Scaled(absl::GetFlag(FLAGS_proofs)); ++i) {
    const Clock::time_point start = Clock::now();
    if (absl::Status proved = prove(i); !proved.ok()) return proved;
    ms.push_back(1000.0 * SecondsSince(start));
  }
  const double p50 = Quantile(ms, 0.5);
  std::cout << absl::StrFormat(R"({"measured": "%s", "p50_ms": %.3f, "p99_ms": %.3f})", name, p50, Quantile(ms, 0.99))
            << std::endl;
  return absl::OkStatus();
}

absl::Status Bench::MeasureProofs(ledger::EmbeddedDriver& driver, std::size_t entries) {
  std::mt19937_64 random(1);
  absl::Status measured = MeasureProof("state proof", [&](std::size_t) {
    return driver.Prove(ledger::AccountKey(AccountOf(random() % entries))).status();
  });
  measured.Update(MeasureProof("state proof of absence", [&](std::size_t) {
    return driver.Prove(ledger::AccountKey(AccountOf(entries + random() % entries))).status();
  }));
  measured.Update(
      MeasureProof("receipt", [&](std::size_t) { return driver.ReceiptOf(ids_[random() % ids_.size()]).status(); }));
  measured.Update(MeasureProof("consistency proof",
                               [&](std::size_t) { return driver.ProveConsistency(random() % entries).status(); }));
  return measured;
}

absl::Status Bench::MeasureLarge(std::size_t entries) {
  const std::filesystem::path path = folder_ / "large.ledger";
  {
    const absl::StatusOr<DriverPointer> driver = OpenLedger(path, true, 1'024);
    if (!driver.ok()) return driver.status();
    const Clock::time_point start = Clock::now();
    if (absl::Status filled = Fill(**driver, entries); !filled.ok()) return filled;
    std::cout << absl::StrFormat(R"({"measured": "filling", "transactions": %d, "seconds": %.1f})", entries,
                                 SecondsSince(start))
              << std::endl;
  }
  const std::size_t envelope_bytes = Deposits(0, 1, NowUs())[0].size();
  std::cout << absl::StrFormat(R"({"measured": "growth", "bytes_a_transaction": %.0f, "envelope_bytes": %d})",
                               static_cast<double>(SizeOf(path)) / static_cast<double>(entries), envelope_bytes)
            << std::endl;
  {
    const Clock::time_point start = Clock::now();
    const absl::StatusOr<DriverPointer> driver = OpenLedger(path, false, 64);
    if (!driver.ok()) return driver.status();
    std::cout << absl::StrFormat(R"({"measured": "opening", "seconds": %.2f})", SecondsSince(start)) << std::endl;
    if (absl::Status proved = MeasureProofs(**driver, entries); !proved.ok()) return proved;
  }
  const ledger::VerifierKey key = {.name = kChainId, .key = CheckpointKey().public_key()};
  const Clock::time_point start = Clock::now();
  const absl::StatusOr<ledger::Verified> verified =
      ledger::VerifyLedger(path, key, std::nullopt, absl::GetFlag(FLAGS_threads));
  if (!verified.ok()) return verified.status();
  std::cout << absl::StrFormat(R"({"measured": "verification", "transactions": %d, "per_second": %.0f})",
                               verified->transactions,
                               static_cast<double>(verified->transactions) / SecondsSince(start))
            << std::endl;
  return absl::OkStatus();
}

absl::Status Bench::Run() {
  const absl::StatusOr<double> floor = SyncsPerSecond(folder_, Scaled(absl::GetFlag(FLAGS_singles)));
  if (!floor.ok()) return floor.status();
  std::cout << absl::StrFormat(R"({"measured": "syncs of both files alone", "per_second": %.0f})", *floor) << std::endl;
  const absl::StatusOr<Comparison> single = Compare("single", Scaled(absl::GetFlag(FLAGS_singles)), 1, 1);
  if (!single.ok()) return single.status();
  Print("one at a time", *single);
  const absl::StatusOr<Comparison> grouped = Compare("grouped", Scaled(absl::GetFlag(FLAGS_grouped)),
                                                     absl::GetFlag(FLAGS_threads), absl::GetFlag(FLAGS_waiting));
  if (!grouped.ok()) return grouped.status();
  Print("in groups", *grouped);
  return MeasureLarge(Scaled(absl::GetFlag(FLAGS_entries)));
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("measures the embedded ledger beside SQLite alone; prints a line of JSON a measurement");
  absl::ParseCommandLine(argc, argv);
  const std::filesystem::path folder = absl::GetFlag(FLAGS_folder);
  if (!std::filesystem::is_directory(folder) || !std::filesystem::is_empty(folder)) {
    std::cerr << "--folder: want an empty folder, got '" << folder.string() << "'\n";
    return 2;
  }
  const absl::Status run = giot::bench::Bench(folder).Run();
  if (!run.ok()) {
    std::cerr << run << '\n';
    return 1;
  }
  return 0;
}
