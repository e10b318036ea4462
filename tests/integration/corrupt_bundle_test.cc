// A damaged bundle never becomes ready, says why, and takes no other model down.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "client/contract_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/bundle/bundle_files.h"
#include "models/bundle/digest.h"
#include "nlohmann/json.hpp"
#include "tests/integration/running_server.h"
#include "tests/models/bundle/scratch.h"
#include "tests/server/market.h"

namespace giot::integration {
namespace {

using std::filesystem::path;
using testing::HasSubstr;

struct Damage {
  std::string name;
  std::string said;  // What the reason names.
  std::function<void(const path& folder)> inflict;
};

void Flip(const path& file) {
  std::string bytes = bundle::ReadBytes(file);
  char& middle = bytes[bytes.size() / 2];
  middle = static_cast<char>(middle ^ 0x01);
  bundle::WriteBytes(file, bytes);
}

void Truncate(const path& file) { std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2); }

// A manifest that says something else, with a digest of its own that matches.
void Rewrite(const path& folder, const std::function<void(nlohmann::json&)>& change) {
  nlohmann::json manifest = nlohmann::json::parse(bundle::ReadBytes(folder / bundle::kManifestFile));
  change(manifest);
  const std::string text = manifest.dump();
  bundle::WriteBytes(folder / bundle::kManifestFile, text);
  bundle::WriteBytes(folder / bundle::kManifestDigestFile, bundle::Sha256Hex(text) + "  manifest.json\n");
}

std::vector<Damage> AllDamage() {
  std::vector<Damage> all;
  for (const std::string file : {bundle::kPolicyFile, bundle::kCanaryFile, bundle::kModelCardFile,
                                 bundle::kManifestFile, bundle::kManifestDigestFile}) {
    const std::string name = file.substr(0, file.find('.')) + (file == bundle::kManifestDigestFile ? "_digest" : "");
    const std::string said = file == bundle::kManifestDigestFile ? "manifest" : file;
    all.push_back({name + "_flipped", said, [file](const path& folder) { Flip(folder / file); }});
    all.push_back({name + "_truncated", said, [file](const path& folder) { Truncate(folder / file); }});
    all.push_back({name + "_missing", said, [file](const path& folder) { std::filesystem::remove(folder / file); }});
  }
  all.push_back({"wrong_digest", "policy.pt", [](const path& folder) {
                   Rewrite(folder, [](auto& manifest) { manifest["sha256"]["policy.pt"] = std::string(64, '0'); });
                 }});
  all.push_back({"newer_format", "format_version", [](const path& folder) {
                   Rewrite(folder, [](auto& manifest) { manifest["format_version"] = 1000; });
                 }});
  return all;
}

class CorruptBundleTest : public testing::TestWithParam<Damage> {
 protected:
  void SetUp() override {
    root_ = path(testing::TempDir()) / ("corrupt_" + GetParam().name);
    std::filesystem::remove_all(root_);
    std::filesystem::copy(GoodModels(), root_, std::filesystem::copy_options::recursive);
    std::filesystem::copy(GoodModels() / "screening/1", root_ / "screening/2");
    Rewrite(root_ / "screening/2", [](auto& manifest) { manifest["version"] = 2; });
  }

  path root_;
};

TEST_P(CorruptBundleTest, NeverBecomesReadyAndSaysWhy) {
  GetParam().inflict(root_ / "screening/2");
  server::ServerOptions options = PolicyServing();
  options.model_root = root_;
  options.models = {{"screening", 1}, {"screening", 2}};
  const RunningServer server(options);
  client::ContractClient client(server.address());

  const auto models = client.ListModels();
  ASSERT_TRUE(models.ok()) << models.status();
  ASSERT_EQ(models->models_size(), 2);
  EXPECT_TRUE(models->models(0).ready()) << models->models(0).error();
  EXPECT_FALSE(models->models(1).ready());
  EXPECT_THAT(models->models(1).error(), HasSubstr(GetParam().said));
  EXPECT_FALSE(client.CheckHealth().ok());
  v1::GenerateContractRequest request = GoodRequest();
  EXPECT_EQ(client.GenerateContract(request)->model().version(), 1);
  request.set_model_version(2);
  EXPECT_EQ(client.GenerateContract(request).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(CorruptBundleTest, AloneKeepsTheServerFromStarting) {
  GetParam().inflict(root_ / "screening/2");
  server::ServerOptions options = PolicyServing();
  options.model_root = root_;
  options.models = {{"screening", 2}};
  const absl::Status status = server::Server::Start(options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(Bundle, CorruptBundleTest, testing::ValuesIn(AllDamage()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace giot::integration
