// The best known utility of the held-out markets of a family, by long searches.
//
//   references --family=uncertain --file=bench/anytime/references/uncertain.csv
//   references --family=uncertain --file=bench/anytime/references/uncertain.csv --improve --seed=2
//   references --family=uncertain --file=bench/anytime/references/uncertain.csv --improve
//   --bundle=models/released/uncertain/1
//
// The first writes the file, the second searches again by other random numbers and keeps the
// better value of each market; the third polishes proposals of a policy instead.

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "bench/anytime/bundle_proposer.h"
#include "bench/anytime/find_best.h"
#include "bench/anytime/held_out.h"
#include "bench/anytime/reference_table.h"

ABSL_FLAG(std::string, family, "", "uncertain or freshness");
ABSL_FLAG(std::string, file, "", "the references, a CSV file");
ABSL_FLAG(bool, improve, false, "keep what is better in the file, instead of writing it anew");
ABSL_FLAG(std::uint64_t, seed, 1, "of the searches");
ABSL_FLAG(std::int64_t, evaluations, 50'000, "a market, at least 100");
ABSL_FLAG(std::string, bundle, "", "folder of a bundle whose proposals are polished; empty: searches of its own");
ABSL_FLAG(int, samples, 16, "proposals a market, with --bundle");

namespace giot::bench {
namespace {

using Markets = std::vector<std::unique_ptr<HeldOutMarket>>;

absl::StatusOr<std::vector<Reference>> ReferencesToStartFrom(const Markets& markets) {
  if (absl::GetFlag(FLAGS_improve)) {
    absl::StatusOr<std::vector<Reference>> stored = ReadReferences(absl::GetFlag(FLAGS_file));
    if (!stored.ok()) return stored;
    if (absl::Status same = CheckSameMarkets(markets, *stored); !same.ok()) return same;
    return stored;
  }
  std::vector<Reference> references;
  for (const auto& market : markets) references.push_back({market->checksum(), market->upper_bound(), 0.0, "", 0});
  return references;
}

// Returns whether the search found something better.
bool Improve(const BestFound& found, Reference& reference) {
  reference.evaluations += found.evaluations;
  if (!reference.method.empty() && found.utility <= reference.best_known) return false;
  reference.best_known = found.utility;
  reference.method = found.method;
  return true;
}

// Searches one market again, from a policy's proposals if there is one.
absl::StatusOr<BestFound> Search(HeldOutMarket& market, Proposer* proposer, std::uint64_t seed) {
  const std::int64_t evaluations = absl::GetFlag(FLAGS_evaluations);
  if (proposer == nullptr) return FindBest(market, evaluations, seed);
  const int samples = absl::GetFlag(FLAGS_samples);
  std::vector<double> proposals(static_cast<std::size_t>(samples * market.objective().dimension()));
  if (absl::Status status = proposer->Propose(market.Pack(), samples, seed, absl::MakeSpan(proposals)); !status.ok()) {
    return status;
  }
  return PolishProposals(market, proposals, evaluations, seed);
}

absl::StatusOr<std::unique_ptr<Proposer>> ProposerOfFlags() {
  if (absl::GetFlag(FLAGS_bundle).empty()) return nullptr;
  if (absl::GetFlag(FLAGS_samples) < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("--samples: got ", absl::GetFlag(FLAGS_samples), ", want at least 1"));
  }
  return LoadProposer(absl::GetFlag(FLAGS_bundle), absl::GetFlag(FLAGS_family));
}

absl::Status Run() {
  const auto markets = HeldOutMarkets(absl::GetFlag(FLAGS_family), kHeldOutMarkets);
  if (!markets.ok()) return markets.status();
  auto references = ReferencesToStartFrom(*markets);
  if (!references.ok()) return references.status();
  const auto proposer = ProposerOfFlags();
  if (!proposer.ok()) return proposer.status();
  int improved = 0;
  for (std::size_t i = 0; i < markets->size(); ++i) {
    const auto found = Search(*(*markets)[i], proposer->get(), absl::GetFlag(FLAGS_seed) * kHeldOutMarkets + i);
    if (!found.ok()) return found.status();
    improved += Improve(*found, (*references)[i]) ? 1 : 0;
  }
  std::cout << improved << " of " << markets->size() << " markets improved\n";
  return WriteReferences(*references, absl::GetFlag(FLAGS_file));
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("stores the best known utility of held-out markets");
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = giot::bench::Run();
  if (!status.ok()) std::cerr << status << '\n';
  return status.ok() ? 0 : 1;
}
