#include <torch/script.h>

#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "gtest/gtest.h"
#include "models/bundle/bundle.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/canary.h"
#include "models/bundle/digest.h"
#include "models/bundle/manifest_files.h"
#include "models/bundle/policy_module.h"
#include "models/bundle/torchscript_runner.h"
#include "tests/models/bundle/scratch.h"
#include "tests/models/bundle/test_bundle.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace giot::bundle {
namespace {

using absl::StatusCode;
using nlohmann::json;

// libsodium's form: the seed 0x11.. and the public key that follows from it.
constexpr char kPublicKey[] = "d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737";
constexpr char kSecretKey[] =
    "1111111111111111111111111111111111111111111111111111111111111111"
    "d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737";

// A good bundle, and verbs that damage it.
class BundleDamageTest : public testing::Test {
 protected:
  BundleDamageTest() : folder_(WriteTestBundle(ScratchDirectory())) {}

  StatusCode Load(const LoadOptions& options = {}) {
    const absl::Status status = Bundle::Load(folder_, options).status();
    message_ = std::string(status.message());
    return status.code();
  }
  bool MessageNames(const std::string& what) const { return message_.find(what) != std::string::npos; }

  std::string Read(const std::string& file) const { return ReadBytes(folder_ / file); }
  void Write(const std::string& file, const std::string& bytes) { WriteBytes(folder_ / file, bytes); }
  void Flip(const std::string& file, std::size_t byte) {
    std::string bytes = Read(file);
    bytes[byte] = static_cast<char>(bytes[byte] ^ 0x01);
    Write(file, bytes);
  }

  // Makes the manifest vouch for the files as they are now, as somebody who
  // tampers, or a faulty exporter, would.
  void Vouch(
      const std::function<void(Manifest&)>& change = [](Manifest&) {},
      const std::optional<std::string>& secret_key = std::nullopt) {
    Manifest manifest = *ParseManifest(Read(kManifestFile));
    for (const char* file : kDigestedFiles) manifest.sha256[file] = Sha256Hex(Read(file));
    change(manifest);
    const auto files = ManifestFiles(manifest, secret_key);
    for (const auto& [name, bytes] : *files) Write(name, bytes);
  }
  void RewriteManifest(const std::function<void(json&)>& change) {
    json manifest = json::parse(Read(kManifestFile));
    change(manifest);
    const std::string text = manifest.dump();
    Write(kManifestFile, text);
    Write(kManifestDigestFile, Sha256Hex(text) + "  manifest.json\n");
  }

  torch::jit::Module Module() const {
    const Manifest manifest = *ParseManifest(Read(kManifestFile));
    return *LoadPolicyModule(Read(kPolicyFile),
                             {manifest.family, manifest.hidden, manifest.steps, manifest.parameters});
  }
  // The same weights under another forward method, with a canary of its own.
  void ReplaceForward(const std::string& body) {
    const torch::jit::Module old = Module();
    torch::jit::Module module("Replaced");
    for (const auto& parameter : old.named_parameters()) {
      module.register_parameter(parameter.name, parameter.value, false);
    }
    module.register_buffer("chain", old.attr("chain").toTensor());
    module.define(
        "def forward(self, theta: Tensor, p: Tensor, mask: Tensor, globals: Tensor, noise: Tensor) -> Tensor:\n" +
        body);
    Write(kPolicyFile, *SerializePolicyModule(module));
    if (const auto canary = RecordCanary(*MakeTorchScriptRunner(module, Family::kScreening, 3), Family::kScreening, 3);
        canary.ok()) {
      Write(kCanaryFile, ToJson(*canary));
    }
    Vouch();
  }
  // The same forward method over changed tensors.
  void ChangeTensor(const std::string& name, const std::function<torch::Tensor(torch::Tensor)>& change) {
    torch::jit::Module module = Module();
    module.setattr(name, change(module.attr(name).toTensor()));
    Write(kPolicyFile, *SerializePolicyModule(module));
    Vouch();
  }

  const std::filesystem::path folder_;
  std::string message_;
};

TEST_F(BundleDamageTest, UndamagedBundleLoads) {
  EXPECT_EQ(Load(), StatusCode::kOk);
  Vouch();
  EXPECT_EQ(Load(), StatusCode::kOk) << message_;
}

TEST_F(BundleDamageTest, FlippedByteOfAnyDigestedFile) {
  for (const char* file : kDigestedFiles) {
    const std::string good = Read(file);
    for (const std::size_t byte : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
      Flip(file, byte);
      EXPECT_EQ(Load(), StatusCode::kDataLoss) << file << " byte " << byte;
      EXPECT_TRUE(MessageNames(file)) << message_;
      Write(file, good);
    }
  }
  EXPECT_EQ(Load(), StatusCode::kOk);
}

TEST_F(BundleDamageTest, FlippedByteAnywhereInTheManifest) {
  const std::string good = Read(kManifestFile);
  for (std::size_t byte = 0; byte < good.size(); ++byte) {
    Flip(kManifestFile, byte);
    const StatusCode code = Load();
    // A flip in the format's version reads as another format.
    EXPECT_TRUE(code == StatusCode::kDataLoss || code == StatusCode::kFailedPrecondition) << "byte " << byte;
    Write(kManifestFile, good);
  }
}

TEST_F(BundleDamageTest, FlippedByteOfTheManifestsDigest) {
  Flip(kManifestDigestFile, 10);
  EXPECT_EQ(Load(), StatusCode::kDataLoss);
}

TEST_F(BundleDamageTest, TruncatedFile) {
  for (const char* file : {kPolicyFile, kCanaryFile, kModelCardFile, kManifestFile, kManifestDigestFile}) {
    const std::string good = Read(file);
    for (const std::size_t size : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
      Write(file, good.substr(0, size));
      EXPECT_EQ(Load(), StatusCode::kDataLoss) << file << " cut to " << size;
      Write(file, good);
    }
  }
}

TEST_F(BundleDamageTest, ExtendedFile) {
  for (const char* file : {kPolicyFile, kCanaryFile, kModelCardFile, kManifestFile, kManifestDigestFile}) {
    const std::string good = Read(file);
    Write(file, good + "\n");
    EXPECT_EQ(Load(), StatusCode::kDataLoss) << file;
    Write(file, good);
  }
}

TEST_F(BundleDamageTest, MissingFile) {
  for (const char* file : {kPolicyFile, kCanaryFile, kModelCardFile, kManifestFile, kManifestDigestFile}) {
    const std::string good = Read(file);
    std::filesystem::remove(folder_ / file);
    EXPECT_EQ(Load(), StatusCode::kNotFound) << file;
    EXPECT_TRUE(MessageNames(file)) << message_;
    Write(file, good);
  }
}

TEST_F(BundleDamageTest, UnexpectedFile) {
  Write("notes.txt", "hello");
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(MessageNames("notes.txt")) << message_;
}

TEST_F(BundleDamageTest, SymbolicLinkInPlaceOfAFile) {
  const std::filesystem::path elsewhere = folder_.parent_path() / "elsewhere";
  std::filesystem::rename(folder_ / kPolicyFile, elsewhere);
  std::filesystem::create_symlink(elsewhere, folder_ / kPolicyFile);
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
}

TEST_F(BundleDamageTest, AbsurdlyLargeFile) {
  std::filesystem::resize_file(folder_ / kPolicyFile, std::uintmax_t{1} << 40);
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
}

TEST_F(BundleDamageTest, WrongDigestInTheManifest) {
  RewriteManifest([](json& manifest) { manifest["sha256"][kPolicyFile] = std::string(64, '0'); });
  EXPECT_EQ(Load(), StatusCode::kDataLoss);
}

TEST_F(BundleDamageTest, NewerFormat) {
  RewriteManifest([](json& manifest) { manifest["format_version"] = 3; });
  EXPECT_EQ(Load(), StatusCode::kFailedPrecondition);
}

TEST_F(BundleDamageTest, NewerFormatIsToldEvenIfItDigestsOtherwise) {
  Write(kManifestFile, R"({"format_version": 7, "digests": "elsewhere"})");
  EXPECT_EQ(Load(), StatusCode::kFailedPrecondition);
}

TEST_F(BundleDamageTest, UnknownFieldInTheManifest) {
  RewriteManifest([](json& manifest) { manifest["surprise"] = 1; });
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
}

TEST_F(BundleDamageTest, PathTraversalInTheManifest) {
  RewriteManifest([](json& manifest) { manifest["sha256"]["../../../etc/hostname"] = std::string(64, '0'); });
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
  RewriteManifest([](json& manifest) {
    manifest["sha256"].erase("../../../etc/hostname");
    manifest["name"] = "../outside";
  });
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
}

TEST_F(BundleDamageTest, BadSignature) {
  Vouch([](Manifest&) {}, kSecretKey);
  EXPECT_EQ(Load({.required_public_key = kPublicKey}), StatusCode::kOk) << message_;
  Flip(kSignatureFile, 100);
  EXPECT_NE(Load({.required_public_key = kPublicKey}), StatusCode::kOk);
  EXPECT_NE(Load(), StatusCode::kOk) << "a signature that is there must verify, required or not";
}

TEST_F(BundleDamageTest, SignatureOverAnotherManifest) {
  Vouch([](Manifest&) {}, kSecretKey);
  Vouch([](Manifest& manifest) { manifest.metrics["ratio_mean"] = 0.99999; });
  EXPECT_EQ(Load({.required_public_key = kPublicKey}), StatusCode::kDataLoss);
  EXPECT_EQ(Load(), StatusCode::kDataLoss);
}

TEST_F(BundleDamageTest, MissingSignatureWhereOneIsRequired) {
  EXPECT_EQ(Load({.required_public_key = kPublicKey}), StatusCode::kNotFound);
}

TEST_F(BundleDamageTest, SignatureByAnotherKey) {
  Vouch([](Manifest&) {}, kSecretKey);
  EXPECT_EQ(Load({.required_public_key = std::string(64, 'e')}), StatusCode::kDataLoss);
  EXPECT_EQ(Load({.required_public_key = "not a key"}), StatusCode::kInvalidArgument);
}

TEST_F(BundleDamageTest, MalformedSignatureFile) {
  for (const std::string& text : {std::string(), std::string("rsa 00 00\n"), std::string(202, 'a')}) {
    Write(kSignatureFile, text);
    EXPECT_EQ(Load(), StatusCode::kInvalidArgument) << text;
  }
}

// LibTorch 1.13 does not free the reader of an archive that it refuses (152 bytes),
// and is built without the frame pointers by which a leak suppression would know it.
class LibTorchMayLeak {
 public:
#ifdef __SANITIZE_ADDRESS__
  LibTorchMayLeak() { __lsan_disable(); }
  ~LibTorchMayLeak() { __lsan_enable(); }
#else
  LibTorchMayLeak() {}
  ~LibTorchMayLeak() {}
#endif
  LibTorchMayLeak(const LibTorchMayLeak&) = delete;
  LibTorchMayLeak& operator=(const LibTorchMayLeak&) = delete;
};

TEST_F(BundleDamageTest, PolicyThatIsNoTorchScript) {
  const LibTorchMayLeak refused_archives;
  const std::string good = Read(kPolicyFile);
  for (const std::string& bytes : {std::string(), std::string("PK\3\4 not really"), good.substr(0, good.size() / 2)}) {
    Write(kPolicyFile, bytes);
    Vouch();
    EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
    EXPECT_TRUE(MessageNames(kPolicyFile)) << message_;
  }
}

TEST_F(BundleDamageTest, WrongShapes) {
  ChangeTensor("mix_bias", [](torch::Tensor bias) { return torch::cat({bias, bias}); });
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(MessageNames("mix_bias")) << message_;
}

TEST_F(BundleDamageTest, ShapesOfAnotherNetworkThanTheManifestStates) {
  Vouch([](Manifest& manifest) { manifest.hidden = 64; });
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
  Vouch([](Manifest& manifest) { manifest.hidden = 32, manifest.parameters += 1; });
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(MessageNames("parameters")) << message_;
}

TEST_F(BundleDamageTest, PolicyOfAnotherFamilyThanTheManifestStates) {
  const std::filesystem::path other =
      WriteTestBundle(folder_.parent_path().parent_path(), "uncertain", 1, Family::kUncertain);
  Write(kPolicyFile, ReadBytes(other / kPolicyFile));
  Vouch();
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(MessageNames(kPolicyFile)) << message_;
}

TEST_F(BundleDamageTest, FamilyThatTheCanaryIsNotOf) {
  Vouch([](Manifest& manifest) {
    manifest.family = Family::kFreshness;
    manifest.ranges = TestRanges(Family::kFreshness);
  });
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(MessageNames(kCanaryFile)) << message_;
}

TEST_F(BundleDamageTest, WeightsOfAnotherType) {
  ChangeTensor("head_weight", [](torch::Tensor weight) { return weight.to(torch::kDouble); });
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(MessageNames("head_weight")) << message_;
}

TEST_F(BundleDamageTest, WeightsThatAreNotFinite) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const std::string good = Read(kPolicyFile);
    ChangeTensor("encode_weight", [&](torch::Tensor weight) {
      torch::Tensor changed = weight.detach().clone();
      changed[1][2] = bad;
      return changed;
    });
    EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
    EXPECT_TRUE(MessageNames("encode_weight")) << message_;
    Write(kPolicyFile, good);
    Vouch();
  }
}

TEST_F(BundleDamageTest, UnknownTensor) {
  torch::jit::Module module = Module();
  module.register_buffer("stowaway", torch::zeros({1}));
  Write(kPolicyFile, *SerializePolicyModule(module));
  Vouch();
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(MessageNames("stowaway")) << message_;
}

TEST_F(BundleDamageTest, ChangedWeightThatTheManifestVouchesFor) {
  ChangeTensor("out_bias", [](torch::Tensor bias) { return bias + 0.01; });
  EXPECT_EQ(Load(), StatusCode::kDataLoss);
  EXPECT_TRUE(MessageNames(kCanaryFile)) << message_;
}

TEST_F(BundleDamageTest, CanaryMismatch) {
  json canary = json::parse(Read(kCanaryFile));
  const double level = canary["cases"][4]["levels"][1];
  canary["cases"][4]["levels"][1] = level + 0.001;
  Write(kCanaryFile, canary.dump());
  Vouch();
  EXPECT_EQ(Load(), StatusCode::kDataLoss);
  EXPECT_TRUE(MessageNames("case 4")) << message_;
}

TEST_F(BundleDamageTest, MalformedCanary) {
  Write(kCanaryFile, "{}");
  Vouch();
  EXPECT_EQ(Load(), StatusCode::kInvalidArgument);
}

TEST_F(BundleDamageTest, OutputsThatAreNotFinite) {
  ReplaceForward("    return theta * 0 / 0\n");
  EXPECT_EQ(Load(), StatusCode::kDataLoss);
}

TEST_F(BundleDamageTest, OutputsOutOfRange) {
  ReplaceForward("    return theta + 1\n");
  EXPECT_EQ(Load(), StatusCode::kDataLoss);
}

TEST_F(BundleDamageTest, OutputsOfAnotherSize) {
  ReplaceForward("    return theta[:, 1:]\n");
  EXPECT_EQ(Load(), StatusCode::kDataLoss);
}

TEST_F(BundleDamageTest, ForwardThatThrows) {
  ReplaceForward("    return torch.mm(theta, theta.unsqueeze(0))\n");
  EXPECT_EQ(Load(), StatusCode::kDataLoss);
}

TEST_F(BundleDamageTest, FusedRunnerThatDisagreesIsRefusedVisibly) {
  ReplaceForward("    return torch.clamp(noise[:, 0], -1, 1) * mask\n");
  const auto bundle = Bundle::Load(folder_);
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle)->runner().name(), "torchscript");
  ASSERT_TRUE((*bundle)->fast_runner_refusal().has_value());
  EXPECT_NE((*bundle)->fast_runner_refusal()->find("fused-"), std::string::npos) << *(*bundle)->fast_runner_refusal();
}

}  // namespace
}  // namespace giot::bundle
