#include "trainer/quality/scenes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "models/camera/scene.h"
#include "trainer/quality/dice.h"

namespace giot::trainer {
namespace {

namespace fs = std::filesystem;

constexpr int kLeastSide = 128;
constexpr std::array<std::string_view, 4> kImageEndings = {".png", ".jpg", ".jpeg", ".webp"};
constexpr std::array<std::string_view, 2> kVideoEndings = {".mp4", ".avi"};

template <std::size_t n>
absl::StatusOr<std::vector<fs::path>> FilesOf(const fs::path& root, const std::array<std::string_view, n>& endings) {
  std::error_code error;
  if (fs::is_regular_file(root, error)) return std::vector<fs::path>{root};
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    const std::string ending = absl::AsciiStrToLower(it->path().extension().string());
    const bool wanted = std::find(endings.begin(), endings.end(), ending) != endings.end();
    if (wanted && it->is_regular_file(error)) files.push_back(it->path());
  }
  if (files.empty()) return absl::NotFoundError(absl::StrCat("nothing to use in ", root.string()));
  std::sort(files.begin(), files.end());
  return files;
}

absl::StatusOr<std::string> ReadFile(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream && !stream.eof()) return absl::NotFoundError(absl::StrCat("cannot read ", path.string()));
  return bytes;
}

absl::StatusOr<cv::Mat> Accepted(const cv::Mat& image, const fs::path& path, const SceneSources& sources) {
  if (image.empty() || std::min(image.cols, image.rows) < kLeastSide) {
    return absl::InvalidArgumentError(absl::StrCat(path.string(), ": ", image.cols, "x", image.rows,
                                                   " pixels can be read, want at least ", kLeastSide, " a side"));
  }
  return ShrinkInto(image, sources.width, sources.height);
}

// Place and whether it is a road, by the path alone.
Scene SceneAt(const fs::path& path, const SceneSources& sources) {
  Scene scene;
  const std::string relative = path.lexically_relative(sources.root).string();
  const bool is_below = !relative.empty() && !absl::StartsWith(relative, "..");
  scene.name = is_below ? relative : path.string();
  scene.place = scene.name;
  for (const std::string& place : sources.places) {
    const std::vector<std::string> parts = absl::StrSplit(place, '|');
    const bool matches = std::any_of(parts.begin(), parts.end(),
                                     [&](const std::string& part) { return absl::StrContains(scene.name, part); });
    if (!matches) continue;
    scene.place = place;
    scene.is_road = true;
    break;
  }
  scene.calibrates = std::none_of(sources.uncalibrated.begin(), sources.uncalibrated.end(),
                                  [&](const std::string& part) { return absl::StrContains(scene.name, part); });
  return scene;
}

absl::Status AddImages(const SceneSources& sources, std::vector<Scene>& scenes) {
  std::set<std::string> seen;
  for (const std::string& root : sources.images) {
    const absl::StatusOr<std::vector<fs::path>> files = FilesOf(fs::path(sources.root) / root, kImageEndings);
    if (!files.ok()) return files.status();
    for (const fs::path& path : *files) {
      absl::StatusOr<std::string> bytes = ReadFile(path);
      if (!bytes.ok()) return bytes.status();
      const cv::Mat encoded(1, static_cast<int>(bytes->size()), CV_8U, bytes->data());
      const cv::Mat decoded = bytes->empty() ? cv::Mat() : cv::imdecode(encoded, cv::IMREAD_COLOR);
      if (!seen.insert(*std::move(bytes)).second) continue;
      absl::StatusOr<cv::Mat> image = Accepted(decoded, path, sources);
      if (!image.ok()) return image.status();
      Scene scene = SceneAt(path, sources);
      scene.frames.push_back(*std::move(image));
      scenes.push_back(std::move(scene));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Scene> LoadVideo(const fs::path& path, const SceneSources& sources) {
  cv::VideoCapture video(path.string());
  // What a container says of its length is not always so: count.
  int frames = 0;
  while (video.grab()) ++frames;
  if (frames == 0) return absl::InvalidArgumentError(absl::StrCat(path.string(), ": no frame can be read"));
  video.open(path.string());
  Scene scene = SceneAt(path, sources);
  scene.is_road = true;
  const int count = std::min(frames, sources.frames_per_video);
  for (int frame = 0, next = 0; next < count && video.grab(); ++frame) {
    if (frame != static_cast<int>((next + 0.5) * frames / count)) continue;
    cv::Mat decoded;
    video.retrieve(decoded);
    absl::StatusOr<cv::Mat> image = Accepted(decoded, path, sources);
    if (!image.ok()) return image.status();
    scene.frames.push_back(image->clone());
    ++next;
  }
  return scene;
}

absl::Status AddVideos(const SceneSources& sources, std::vector<Scene>& scenes) {
  for (const std::string& root : sources.videos) {
    const absl::StatusOr<std::vector<fs::path>> files = FilesOf(fs::path(sources.root) / root, kVideoEndings);
    if (!files.ok()) return files.status();
    for (const fs::path& path : *files) {
      absl::StatusOr<Scene> scene = LoadVideo(path, sources);
      if (!scene.ok()) return scene.status();
      scenes.push_back(*std::move(scene));
    }
  }
  return absl::OkStatus();
}

// By day and in good weather: what is clean must be worth something.
Scene Render(int seed, const SceneSources& sources) {
  static const std::array<cv::Size, 3> kSizes = {cv::Size(960, 540), cv::Size(1280, 720), cv::Size(1920, 1080)};
  const cv::Size size = kSizes[static_cast<std::size_t>(seed) % kSizes.size()];
  camera::SceneOptions options;
  options.seed = static_cast<std::uint64_t>(seed);
  options.width = std::min(size.width, sources.width);
  options.height = std::min(size.height, sources.height);
  options.weather = seed % 2 == 0 ? camera::Weather::kClear : camera::Weather::kOvercast;
  options.hour = 8.0 + seed % 9;
  Scene scene;
  scene.name = absl::StrCat("rendered ", seed);
  scene.place = scene.name;
  scene.is_road = true;
  scene.is_rendered = true;
  scene.frames.push_back(camera::RenderScene(options, 2.0 * seed).image);
  return scene;
}

cv::Mat CropOf(const cv::Mat& image, Dice& dice) {
  const double share = dice.Between(0.55, 0.8);
  const cv::Size size(cvRound(share * image.cols), cvRound(share * image.rows));
  const cv::Point corner(static_cast<int>(dice.Uniform() * (image.cols - size.width)),
                         static_cast<int>(dice.Uniform() * (image.rows - size.height)));
  cv::Mat crop = image(cv::Rect(corner, size)).clone();
  if (dice.Uniform() < 0.5) cv::flip(crop, crop, 1);
  return crop;
}

}  // namespace

void AddCrops(int crops, std::uint64_t seed, Scene& scene) {
  Dice dice(seed);
  const std::vector<cv::Mat> frames = scene.frames;
  for (const cv::Mat& frame : frames) {
    for (int i = 0; i < crops; ++i) scene.frames.push_back(CropOf(frame, dice));
  }
}

cv::Mat ShrinkInto(const cv::Mat& image, int width, int height) {
  const bool upright = image.rows > image.cols;
  const double scale = std::min({1.0, static_cast<double>(upright ? height : width) / image.cols,
                                 static_cast<double>(upright ? width : height) / image.rows});
  if (scale == 1.0) return image;
  cv::Mat result;
  const cv::Size size(static_cast<int>(image.cols * scale + 0.5), static_cast<int>(image.rows * scale + 0.5));
  cv::resize(image, result, size, 0, 0, cv::INTER_AREA);
  return result;
}

absl::StatusOr<std::vector<Scene>> LoadScenes(const SceneSources& sources) {
  std::vector<Scene> scenes;
  try {
    if (absl::Status status = AddImages(sources, scenes); !status.ok()) return status;
    if (absl::Status status = AddVideos(sources, scenes); !status.ok()) return status;
    for (int i = 0; i < sources.rendered; ++i) scenes.push_back(Render(sources.first_rendered + i, sources));
  } catch (const cv::Exception& failure) {
    return absl::InvalidArgumentError(absl::StrCat("images: ", failure.what()));
  }
  return scenes;
}

}  // namespace giot::trainer
