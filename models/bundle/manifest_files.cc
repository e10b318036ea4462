#include "models/bundle/manifest_files.h"

#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/digest.h"

namespace giot::bundle {
namespace {

constexpr std::string_view kSignaturePrefix = "ed25519 ";

// What `sha256sum manifest.json` prints, so that `sha256sum -c` checks it.
std::string DigestLine(const std::string& digest) { return absl::StrCat(digest, "  ", kManifestFile, "\n"); }

std::string SignatureLine(const Signature& signature) {
  return absl::StrCat("ed25519 ", signature.public_key, " ", signature.signature, "\n");
}

absl::StatusOr<Signature> ParseSignatureLine(std::string_view line) {
  constexpr std::size_t kKeyAt = kSignaturePrefix.size();
  constexpr std::size_t kSignatureAt = kKeyAt + kPublicKeyHexSize + 1;
  constexpr std::size_t kSize = kSignatureAt + kSignatureHexSize + 1;
  if (line.size() == kSize) {
    Signature signature{std::string(line.substr(kKeyAt, kPublicKeyHexSize)),
                        std::string(line.substr(kSignatureAt, kSignatureHexSize))};
    const bool hex =
        IsLowerHex(signature.public_key, kPublicKeyHexSize) && IsLowerHex(signature.signature, kSignatureHexSize);
    // Written again, a well-formed line is the same.
    if (hex && SignatureLine(signature) == line) return signature;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(kSignatureFile, ": want one line: ed25519, 64 hex digits of key, 128 of signature"));
}

absl::Status CheckDigest(const std::filesystem::path& directory, const std::string& digest) {
  absl::StatusOr<std::string> line = ReadBundleFile(directory, kManifestDigestFile);
  if (!line.ok()) return line.status();
  if (*line == DigestLine(digest)) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(kManifestFile, ": got SHA-256 ", digest, ", which is not what ", kManifestDigestFile, " says"));
}

absl::Status CheckSignature(const std::filesystem::path& directory, std::string_view manifest,
                            const std::optional<std::string>& required_public_key) {
  if (required_public_key && !IsLowerHex(absl::AsciiStrToLower(*required_public_key), kPublicKeyHexSize)) {
    return absl::InvalidArgumentError("required_public_key: want 64 hex digits");
  }
  absl::StatusOr<std::string> line = ReadBundleFile(directory, kSignatureFile);
  if (absl::IsNotFound(line.status()) && !required_public_key) return absl::OkStatus();
  if (!line.ok()) return line.status();
  absl::StatusOr<Signature> signature = ParseSignatureLine(*line);
  if (!signature.ok()) return signature.status();
  if (required_public_key && signature->public_key != absl::AsciiStrToLower(*required_public_key)) {
    return absl::DataLossError(
        absl::StrCat(kSignatureFile, ": got key ", signature->public_key, ", want key ", *required_public_key));
  }
  return Verify(manifest, *signature);
}

}  // namespace

absl::StatusOr<VerifiedManifest> ReadManifest(const std::filesystem::path& directory,
                                              const std::optional<std::string>& required_public_key) {
  absl::StatusOr<std::string> bytes = ReadBundleFile(directory, kManifestFile);
  if (!bytes.ok()) return bytes.status();
  absl::StatusOr<Manifest> manifest = ParseManifest(*bytes);
  if (absl::IsFailedPrecondition(manifest.status())) return manifest.status();
  std::string digest = Sha256Hex(*bytes);
  if (absl::Status status = CheckDigest(directory, digest); !status.ok()) return status;
  if (absl::Status status = CheckSignature(directory, *bytes, required_public_key); !status.ok()) return status;
  if (!manifest.ok()) return manifest.status();
  return VerifiedManifest{*std::move(manifest), std::move(digest)};
}

absl::StatusOr<std::map<std::string, std::string>> ManifestFiles(const Manifest& manifest,
                                                                 const std::optional<std::string>& secret_key) {
  const std::string text = ToJson(manifest);
  std::map<std::string, std::string> files = {{kManifestFile, text},
                                              {kManifestDigestFile, DigestLine(Sha256Hex(text))}};
  if (!secret_key) return files;
  absl::StatusOr<Signature> signature = Sign(text, *secret_key);
  if (!signature.ok()) return signature.status();
  files[kSignatureFile] = SignatureLine(*signature);
  return files;
}

}  // namespace giot::bundle
