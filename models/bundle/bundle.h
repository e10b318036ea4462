#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "models/bundle/manifest.h"
#include "models/bundle/policy_runner.h"

namespace giot::bundle {

struct LoadOptions {
  // Never use the fused runner (to compare, or on a machine under suspicion).
  bool torchscript_only = false;
  // Ed25519 public key (64 hex digits) that must have signed the manifest.
  std::optional<std::string> required_public_key = std::nullopt;
};

// A verified, immutable model: what the server serves and the trainer evaluates.
class Bundle {
 public:
  // Verifies everything before it returns: manifest, format version, digest of
  // every file, signature, tensor shapes, finite outputs, the canary on every
  // runner, and that the runners agree within 1e-5. NotFound if a file is
  // missing, DataLoss if a digest, signature or the canary does not match,
  // FailedPrecondition for an unsupported format, InvalidArgument for a
  // malformed one; the message names the file or field.
  // A fused runner that disagrees is refused, not fatal: see fast_runner_refusal.
  static absl::StatusOr<std::shared_ptr<const Bundle>> Load(const std::filesystem::path& directory,
                                                            const LoadOptions& options = {});

  const Manifest& manifest() const { return manifest_; }
  // SHA-256 of manifest.json, lower-case hex: identifies the model, since the
  // manifest holds the digest of every other file.
  const std::string& digest() const { return digest_; }
  // The fastest runner that passed.
  const PolicyRunner& runner() const { return fused_ ? *fused_ : *torchscript_; }
  const PolicyRunner& torchscript_runner() const { return *torchscript_; }
  // Why the fused runner is not in use; nullopt if it is (or was not wanted).
  const std::optional<std::string>& fast_runner_refusal() const { return fast_runner_refusal_; }

 private:
  Bundle() = default;

  Manifest manifest_;
  std::string digest_;
  std::unique_ptr<PolicyRunner> torchscript_;
  std::unique_ptr<PolicyRunner> fused_;
  std::optional<std::string> fast_runner_refusal_;
};

}  // namespace giot::bundle
