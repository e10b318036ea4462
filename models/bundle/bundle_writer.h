#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "models/bundle/manifest.h"
#include "models/policy/diffusion_policy.h"

namespace giot::bundle {

struct WriteOptions {
  // Ed25519 secret key (128 hex digits, libsodium's seed || public key) to sign
  // the manifest with.
  std::optional<std::string> secret_key;
};

// Writes <root>/<manifest.name>/<manifest.version>/ with policy.pt (the policy
// scripted), canary.json, MODEL_CARD.md, manifest.json (family, digests, hidden,
// steps and parameters filled in here), manifest.sha256 and, if asked, manifest.sig.
// Everything goes to a temporary folder beside the target, is fsynced, loaded
// back through Bundle::Load and only then renamed. InvalidArgument if `manifest`
// or the key is malformed, or no family bears the name of the policy's environment. AlreadyExists if the version is
// there: a published version never changes. DataLoss if the loaded-back bundle does not pass. Leaves nothing behind on
// failure.
absl::Status WriteBundle(const std::filesystem::path& root, Manifest manifest, policy::DiffusionPolicy policy,
                         const WriteOptions& options = {});

}  // namespace giot::bundle
