#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "models/bundle/manifest.h"

namespace giot::bundle {

struct VerifiedManifest {
  Manifest manifest;
  std::string digest;  // SHA-256 of manifest.json, lower-case hex.
};

// Reads manifest.json and holds it against manifest.sha256 and, if there is one
// or a key is required, manifest.sig. Errors as Bundle::Load states them; an
// unsupported format is told before a digest that does not match, since a newer
// format may digest otherwise.
absl::StatusOr<VerifiedManifest> ReadManifest(const std::filesystem::path& directory,
                                              const std::optional<std::string>& required_public_key);

// The manifest's files by name: manifest.json, manifest.sha256 and, with a
// secret key, manifest.sig. InvalidArgument if the key is malformed.
absl::StatusOr<std::map<std::string, std::string>> ManifestFiles(const Manifest& manifest,
                                                                 const std::optional<std::string>& secret_key);

}  // namespace giot::bundle
