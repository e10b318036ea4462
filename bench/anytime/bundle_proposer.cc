#include "bench/anytime/bundle_proposer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "models/bundle/bundle.h"
#include "models/bundle/propose.h"

namespace giot::bench {
namespace {

class BundleProposer : public Proposer {
 public:
  explicit BundleProposer(std::shared_ptr<const bundle::Bundle> bundle) : bundle_(std::move(bundle)) {}

  absl::Status Propose(const contract::PackedMarket& market, int samples, std::uint64_t seed,
                       absl::Span<double> levels) override {
    return bundle::Propose(*bundle_, market, seed, /*first=*/0, samples, levels);
  }

 private:
  const std::shared_ptr<const bundle::Bundle> bundle_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Proposer>> LoadProposer(const std::string& directory, const std::string& family) {
  absl::StatusOr<std::shared_ptr<const bundle::Bundle>> bundle = bundle::Bundle::Load(directory);
  if (!bundle.ok()) return bundle.status();
  if (const absl::string_view got = bundle::NameOf((*bundle)->manifest().family); got != family) {
    return absl::InvalidArgumentError(absl::StrCat(directory, ": got family ", got, ", want ", family));
  }
  return std::make_unique<BundleProposer>(*std::move(bundle));
}

}  // namespace giot::bench
