#include "models/bundle/bundle.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/canary.h"
#include "models/bundle/digest.h"
#include "models/bundle/fused_runner.h"
#include "models/bundle/manifest_files.h"
#include "models/bundle/policy_module.h"
#include "models/bundle/torchscript_runner.h"

namespace giot::bundle {
namespace {

struct Contents {
  std::string policy;
  std::string canary;
};

absl::StatusOr<std::string> ReadDigested(const std::filesystem::path& directory, const Manifest& manifest,
                                         const std::string& name) {
  absl::StatusOr<std::string> bytes = ReadBundleFile(directory, name);
  if (!bytes.ok()) return bytes;
  const std::string& wanted = manifest.sha256.at(name);
  if (const std::string got = Sha256Hex(*bytes); got != wanted) {
    return absl::DataLossError(absl::StrCat(name, ": got SHA-256 ", got, ", want ", wanted));
  }
  return bytes;
}

absl::StatusOr<Contents> ReadContents(const std::filesystem::path& directory, const Manifest& manifest) {
  absl::StatusOr<std::string> card = ReadDigested(directory, manifest, kModelCardFile);
  if (!card.ok()) return card.status();
  absl::StatusOr<std::string> canary = ReadDigested(directory, manifest, kCanaryFile);
  if (!canary.ok()) return canary.status();
  absl::StatusOr<std::string> policy = ReadDigested(directory, manifest, kPolicyFile);
  if (!policy.ok()) return policy.status();
  return Contents{*std::move(policy), *std::move(canary)};
}

// A runner that passed, or why it may not be used.
struct FastRunner {
  std::unique_ptr<PolicyRunner> runner;
  std::optional<std::string> refusal;
};

FastRunner MakeFastRunner(const torch::jit::Module& module, const Manifest& manifest, const Canary& canary,
                          const PolicyRunner& reference) {
  absl::StatusOr<std::unique_ptr<PolicyRunner>> fused =
      MakeFusedRunner(module, manifest.family, manifest.hidden, manifest.steps);
  if (!fused.ok()) return {nullptr, std::string(fused.status().message())};
  if (absl::Status status = CheckCanary(canary, **fused); !status.ok()) return {nullptr, std::string(status.message())};
  if (auto difference = Disagreement(canary, manifest.family, manifest.steps, reference, **fused)) {
    const std::string_view name = (*fused)->name();
    return {nullptr,
            absl::StrCat(absl::string_view(name.data(), name.size()), " disagrees with torchscript: ", *difference)};
  }
  return {*std::move(fused), std::nullopt};
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Bundle>> Bundle::Load(const std::filesystem::path& directory,
                                                           const LoadOptions& options) {
  if (absl::Status status = CheckNothingElse(directory); !status.ok()) return status;
  absl::StatusOr<VerifiedManifest> verified = ReadManifest(directory, options.required_public_key);
  if (!verified.ok()) return verified.status();
  const Manifest& manifest = verified->manifest;
  absl::StatusOr<Contents> contents = ReadContents(directory, manifest);
  if (!contents.ok()) return contents.status();
  absl::StatusOr<Canary> canary = ParseCanary(contents->canary, manifest.family, manifest.steps);
  if (!canary.ok()) return canary.status();
  absl::StatusOr<torch::jit::Module> module =
      LoadPolicyModule(contents->policy, {manifest.family, manifest.hidden, manifest.steps, manifest.parameters});
  if (!module.ok()) return module.status();

  const std::shared_ptr<Bundle> bundle(new Bundle());
  bundle->torchscript_ = MakeTorchScriptRunner(*module, manifest.family, manifest.steps);
  // The canary also warms a runner up: no later call is slower than the next.
  if (absl::Status status = CheckCanary(*canary, *bundle->torchscript_); !status.ok()) return status;
  if (!options.torchscript_only) {
    FastRunner fast = MakeFastRunner(*module, manifest, *canary, *bundle->torchscript_);
    bundle->fused_ = std::move(fast.runner);
    bundle->fast_runner_refusal_ = std::move(fast.refusal);
  }
  bundle->digest_ = std::move(verified->digest);
  bundle->manifest_ = std::move(verified->manifest);
  return bundle;
}

}  // namespace giot::bundle
