#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "gtest/gtest.h"
#include "models/quality/model_json.h"
#include "models/quality/quality_model.h"
#include "models/quality/sha256.h"
#include "tests/models/quality/scratch_directory.h"
#include "tests/models/quality/test_model.h"

namespace giot::quality {
namespace {

using absl::StatusCode;
using nlohmann::json;

std::filesystem::path WriteSome(const std::filesystem::path& root) {
  const auto written = WriteQualityModel(root, RandomModel(1), R"({"srocc": 0.5})", "# Card\n");
  EXPECT_TRUE(written.ok()) << written.status();
  return *written;
}

bool Mentions(const absl::Status& status, const std::string& text) {
  return std::string(status.message()).find(text) != std::string::npos;
}

// Changes model.json as whoever also adapts the manifest could.
void RewriteModel(const std::filesystem::path& bundle, const std::function<void(json&)>& change) {
  json model = json::parse(ReadBytes(bundle / "model.json"));
  change(model);
  WriteBytes(bundle / "model.json", model.dump());
  json manifest = json::parse(ReadBytes(bundle / "manifest.json"));
  manifest["sha256"]["model.json"] = HexOf(Sha256(model.dump()));
  WriteBytes(bundle / "manifest.json", manifest.dump());
}

void ExpectRefusal(const std::string& field, const std::function<void(json&)>& change) {
  const std::filesystem::path bundle = WriteSome(ScratchDirectory());
  RewriteModel(bundle, change);
  const absl::Status status = LoadQualityModel(bundle).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << field;
  EXPECT_TRUE(Mentions(status, field)) << status;
}

TEST(QualityBundleTest, LoadsWhatWasWritten) {
  const std::filesystem::path root = ScratchDirectory();
  const QualityModel model = RandomModel(1);
  const std::filesystem::path bundle = WriteSome(root);
  EXPECT_EQ(bundle, root / "quality" / "1");
  const auto loaded = LoadQualityModel(bundle);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->name, "quality");
  EXPECT_EQ(loaded->version, 1);
  EXPECT_EQ(loaded->digest, HexOf(Sha256(ReadBytes(bundle / "manifest.json"))));
  // Every number, in the one form that is compared byte by byte.
  EXPECT_EQ(ModelJson(*loaded), ModelJson(model));
  Features features{};
  EXPECT_EQ(Evaluate(*loaded, features).usefulness, Evaluate(model, features).usefulness);
}

TEST(QualityBundleTest, VersionsStandSideBySideAndNeverChange) {
  const std::filesystem::path root = ScratchDirectory();
  WriteSome(root);
  QualityModel second = RandomModel(2);
  second.version = 2;
  EXPECT_TRUE(WriteQualityModel(root, second, "{}", "").ok());
  EXPECT_EQ(WriteQualityModel(root, second, "{}", "").status().code(), StatusCode::kAlreadyExists);
  EXPECT_TRUE(LoadQualityModel(root / "quality" / "2").ok());
  // Nothing of a failed attempt is left.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(root / "quality"), {}), 2);
}

TEST(QualityBundleTest, DoesNotWriteWhatItWouldNotRead) {
  const std::filesystem::path root = ScratchDirectory();
  QualityModel model = RandomModel(1);
  EXPECT_EQ(WriteQualityModel(root, model, "not JSON", "").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(WriteQualityModel(root, model, R"({"a": "b"})", "").status().code(), StatusCode::kInvalidArgument);
  model.name = "../escape";
  EXPECT_EQ(WriteQualityModel(root, model, "{}", "").status().code(), StatusCode::kInvalidArgument);
  model = RandomModel(1);
  model.ensemble[1][0].weights[3] = std::numeric_limits<float>::quiet_NaN();
  const absl::Status status = WriteQualityModel(root, model, "{}", "").status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(Mentions(status, "ensemble[1][0].weights")) << status;
  EXPECT_TRUE(std::filesystem::is_empty(root));
}

TEST(QualityBundleTest, SaysWhenItCannotWrite) {
  const std::filesystem::path root = ScratchDirectory();
  WriteBytes(root / "quality", "a file where a directory must be");
  EXPECT_EQ(WriteQualityModel(root, RandomModel(1), "{}", "").status().code(), StatusCode::kUnavailable);
}

TEST(QualityBundleTest, MissingFilesAreNotFound) {
  EXPECT_EQ(LoadQualityModel(ScratchDirectory() / "none").status().code(), StatusCode::kNotFound);
  for (const char* name : {"manifest.json", "model.json", "MODEL_CARD.md"}) {
    const std::filesystem::path bundle = WriteSome(ScratchDirectory());
    std::filesystem::remove(bundle / name);
    EXPECT_EQ(LoadQualityModel(bundle).status().code(), StatusCode::kNotFound) << name;
  }
}

TEST(QualityBundleTest, FlippedBytesAreLost) {
  for (const char* name : {"model.json", "MODEL_CARD.md"}) {
    const std::filesystem::path bundle = WriteSome(ScratchDirectory());
    std::string bytes = ReadBytes(bundle / name);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    WriteBytes(bundle / name, bytes);
    EXPECT_EQ(LoadQualityModel(bundle).status().code(), StatusCode::kDataLoss) << name;
  }
}

TEST(QualityBundleTest, EveryTruncationIsSeen) {
  const std::filesystem::path bundle = WriteSome(ScratchDirectory());
  const std::string manifest = ReadBytes(bundle / "manifest.json");
  // Without its last byte, a line break, it is still the same JSON.
  for (std::size_t size = 0; size + 1 < manifest.size(); ++size) {
    WriteBytes(bundle / "manifest.json", manifest.substr(0, size));
    EXPECT_EQ(LoadQualityModel(bundle).status().code(), StatusCode::kInvalidArgument) << size;
  }
}

TEST(QualityBundleTest, RefusesLinksAndWhatIsTooLarge) {
  const std::filesystem::path bundle = WriteSome(ScratchDirectory());
  std::filesystem::rename(bundle / "model.json", bundle / "elsewhere");
  std::filesystem::create_symlink("elsewhere", bundle / "model.json");
  EXPECT_EQ(LoadQualityModel(bundle).status().code(), StatusCode::kInvalidArgument);
  std::filesystem::remove(bundle / "model.json");
  ASSERT_EQ(::mkfifo((bundle / "model.json").c_str(), 0600), 0);
  EXPECT_EQ(LoadQualityModel(bundle).status().code(), StatusCode::kInvalidArgument);
  std::filesystem::remove(bundle / "model.json");
  WriteBytes(bundle / "model.json", "");
  std::filesystem::resize_file(bundle / "model.json", 9 << 20);
  EXPECT_EQ(LoadQualityModel(bundle).status().code(), StatusCode::kInvalidArgument);
}

TEST(QualityBundleTest, RefusesUnknownMissingAndRepeatedFields) {
  ExpectRefusal("model.json: surprise", [](json& model) { model["surprise"] = 1; });
  ExpectRefusal("model.json: ensemble[0][1]: bias", [](json& model) { model["ensemble"][0][1].erase("bias"); });
  for (const char* field : {"features", "mean", "deviation", "clamp", "ensemble", "smoothing_allowance", "calibration",
                            "coverage", "margin", "novelty_limit"}) {
    ExpectRefusal(field, [field](json& model) { model.erase(field); });
  }
  const std::filesystem::path bundle = WriteSome(ScratchDirectory());
  std::string manifest = ReadBytes(bundle / "manifest.json");
  WriteBytes(bundle / "manifest.json", manifest.insert(1, R"("version": 1,)"));
  const absl::Status status = LoadQualityModel(bundle).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(Mentions(status, "version")) << status;
}

TEST(QualityBundleTest, RefusesSizesThatAreNotTheNetworks) {
  ExpectRefusal("mean", [](json& model) { model["mean"].push_back(0.0); });
  ExpectRefusal("ensemble", [](json& model) { model["ensemble"] = json::array(); });
  ExpectRefusal("ensemble[2]", [](json& model) { model["ensemble"][2].erase(0); });
  ExpectRefusal("inputs", [](json& model) { model["ensemble"][0][0]["inputs"] = 74; });
  ExpectRefusal("weights", [](json& model) { model["ensemble"][0][2]["weights"].erase(0); });
}

TEST(QualityBundleTest, RefusesNumbersOutOfRange) {
  ExpectRefusal("deviation", [](json& model) { model["deviation"][7] = 0.0; });
  ExpectRefusal("mean", [](json& model) { model["mean"][7] = 1e300; });
  ExpectRefusal("mean", [](json& model) { model["mean"][7] = "0"; });
  ExpectRefusal("clamp", [](json& model) { model["clamp"] = 0.0; });
  ExpectRefusal("coverage", [](json& model) { model["coverage"] = 1.5; });
  ExpectRefusal("margin", [](json& model) { model["margin"] = -0.1; });
  ExpectRefusal("smoothing_allowance", [](json& model) { model["smoothing_allowance"] = nullptr; });
}

TEST(QualityBundleTest, RefusesCalibrationThatDoesNotRise) {
  ExpectRefusal("calibration", [](json& model) { model["calibration"] = {{0.0, 0.0}, {0.5, 0.4}, {0.5, 1.0}}; });
  ExpectRefusal("calibration", [](json& model) { model["calibration"] = {{0.0, 0.0}, {0.5, 0.0}, {0.8, 1.0}}; });
  ExpectRefusal("calibration", [](json& model) { model["calibration"] = {{0.0, 0.0}, {0.5, 0.9}}; });
  ExpectRefusal("calibration", [](json& model) { model["calibration"] = {{0.0, 0.0}, {1.5, 1.0}}; });
  ExpectRefusal("calibration", [](json& model) { model["calibration"] = {{0.0, 0.0}, {0.5}}; });
}

TEST(QualityBundleTest, RefusesModelsForOtherFeatures) {
  ExpectRefusal("features", [](json& model) { model["features"][0] = "another"; });
}

TEST(QualityBundleTest, RefusesAnotherFormatVersion) {
  const std::filesystem::path bundle = WriteSome(ScratchDirectory());
  json manifest = json::parse(ReadBytes(bundle / "manifest.json"));
  manifest["format_version"] = 2;
  WriteBytes(bundle / "manifest.json", manifest.dump());
  const absl::Status status = LoadQualityModel(bundle).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(Mentions(status, "format_version")) << status;
}

TEST(QualityBundleTest, SurvivesDeepNesting) {
  const std::filesystem::path bundle = WriteSome(ScratchDirectory());
  WriteBytes(bundle / "manifest.json", std::string(100'000, '['));
  EXPECT_EQ(LoadQualityModel(bundle).status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace giot::quality
