#include "models/bundle/bundle_writer.h"

#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "models/bundle/bundle.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/canary.h"
#include "models/bundle/digest.h"
#include "models/bundle/manifest_files.h"
#include "models/bundle/model_card.h"
#include "models/bundle/policy_module.h"
#include "models/bundle/torchscript_runner.h"
#include "models/policy/scripted_policy.h"

namespace giot::bundle {
namespace {

using Files = std::map<std::string, std::string>;

absl::Status DescribePolicy(policy::DiffusionPolicy& policy, Manifest& manifest) {
  const std::string name = policy->environment()->name();
  const std::optional<Family> family = ParseFamily(name);
  if (!family) return absl::InvalidArgumentError(absl::StrCat("family: got ", name, ", which no bundle is for"));
  manifest.family = *family;
  manifest.hidden = policy->config().hidden;
  manifest.steps = policy->config().steps;
  manifest.parameters = 0;
  for (const torch::Tensor& parameter : policy->parameters()) manifest.parameters += parameter.numel();
  return absl::OkStatus();
}

// Everything that Bundle::Load would refuse, told before anything is written.
// The digests, not known yet, are given as those of nothing.
absl::Status CheckManifest(Manifest manifest) {
  for (const char* file : kDigestedFiles) manifest.sha256[file] = Sha256Hex("");
  return ParseManifest(ToJson(manifest)).status();
}

absl::StatusOr<Files> MakeFiles(Manifest& manifest, const policy::DiffusionPolicy& policy,
                                const WriteOptions& options) {
  absl::StatusOr<torch::jit::Module> module = policy::ScriptPolicy(policy);
  if (!module.ok()) return module.status();
  absl::StatusOr<std::string> serialized = SerializePolicyModule(*module);
  if (!serialized.ok()) return serialized.status();
  const auto runner = MakeTorchScriptRunner(*module, manifest.family, manifest.steps);
  absl::StatusOr<Canary> canary = RecordCanary(*runner, manifest.family, manifest.steps);
  if (!canary.ok()) return canary.status();

  Files files = {
      {kPolicyFile, *std::move(serialized)}, {kCanaryFile, ToJson(*canary)}, {kModelCardFile, ModelCard(manifest)}};
  manifest.sha256.clear();
  for (const auto& [name, bytes] : files) manifest.sha256[name] = Sha256Hex(bytes);
  absl::StatusOr<Files> manifest_files = ManifestFiles(manifest, options.secret_key);
  if (!manifest_files.ok()) return manifest_files.status();
  files.merge(*manifest_files);
  return files;
}

absl::Status LoadBack(const std::filesystem::path& directory) {
  absl::StatusOr<std::shared_ptr<const Bundle>> bundle = Bundle::Load(directory);
  if (bundle.ok()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the bundle just written does not load: ", bundle.status().message()));
}

absl::Status Publish(const std::filesystem::path& parent, const std::string& version, const Files& files) {
  absl::StatusOr<TemporaryDirectory> temporary = TemporaryDirectory::Create(parent, version);
  if (!temporary.ok()) return temporary.status();
  for (const auto& [name, bytes] : files) {
    if (absl::Status status = WriteFileSynced(temporary->path(), name, bytes); !status.ok()) return status;
  }
  if (absl::Status status = SyncDirectory(temporary->path()); !status.ok()) return status;
  if (absl::Status status = LoadBack(temporary->path()); !status.ok()) return status;
  if (absl::Status status = RenameToNew(temporary->path(), parent / version); !status.ok()) return status;
  return SyncDirectory(parent);
}

}  // namespace

absl::Status WriteBundle(const std::filesystem::path& root, Manifest manifest, policy::DiffusionPolicy policy,
                         const WriteOptions& options) {
  if (absl::Status status = DescribePolicy(policy, manifest); !status.ok()) return status;
  if (absl::Status status = CheckManifest(manifest); !status.ok()) return status;
  const std::filesystem::path parent = root / manifest.name;
  const std::string version = absl::StrCat(manifest.version);
  std::error_code error;
  if (std::filesystem::exists(parent / version, error)) {
    return absl::AlreadyExistsError(absl::StrCat((parent / version).string(), ": exists already"));
  }
  absl::StatusOr<Files> files = MakeFiles(manifest, policy, options);
  if (!files.ok()) return files.status();

  const bool created = std::filesystem::create_directories(parent, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot create ", parent.string()));
  absl::Status status = Publish(parent, version, *files);
  // Refuses to remove a folder that holds something.
  if (!status.ok() && created) std::filesystem::remove(parent, error);
  if (status.ok() && created) status = SyncDirectory(root);
  return status;
}

}  // namespace giot::bundle
