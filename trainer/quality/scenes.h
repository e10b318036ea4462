#pragma once

#include <cstdint>
#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace giot::trainer {

// What one place looks like in good images: a photograph, frames of a video, or a rendered road.
struct Scene {
  std::string name;  // Path, from the root where it is below that, or "rendered <seed>".
  // Scenes that show the same place are never split between training and anything else.
  std::string place;
  bool is_road = false;
  bool is_rendered = false;
  bool calibrates = true;       // Counts where a trained model is calibrated.
  std::vector<cv::Mat> frames;  // CV_8UC3 BGR, clean.
};

struct SceneSources {
  std::string root{};  // What other paths are relative to; empty: the working directory.
  // Folders with PNG, JPEG or WebP images, searched through; copies of a file count once. Each image is a scene.
  std::vector<std::string> images{};
  // Files of videos, or folders of MP4 and AVI videos. Each video is a scene.
  std::vector<std::string> videos{};
  int frames_per_video = 8;  // Evenly spread.
  // Roads of models/camera from seeds first_rendered, ..., of 960x540, 1280x720 and 1920x1080 pixels in turn.
  int rendered = 0;
  int first_rendered = 1;
  // Parts of paths: all scenes whose path contains "a" or "b" of an entry "a|b" are one place, and roads.
  std::vector<std::string> places{};
  // Parts of paths of scenes that are unlike those that will be scored: they teach, but calibrate nothing.
  std::vector<std::string> uncalibrated{};
  // Larger images are shrunk into this, upright ones into the same turned.
  int width = 1920;
  int height = 1080;
};

// In the order of their paths, rendered ones last. NotFound naming the folder or file that is missing or holds nothing;
// InvalidArgument naming the file that is no image or video, or is smaller than 128 pixels a side.
absl::StatusOr<std::vector<Scene>> LoadScenes(const SceneSources& sources);

// Appends `crops` parts of each frame as further frames, of .55 to .8 of its sides, mirrored every other time: other
// content than the whole has. Deterministic given the seed.
void AddCrops(int crops, std::uint64_t seed, Scene& scene);

// `image` where it fits into width x height, else shrunk so that it does.
cv::Mat ShrinkInto(const cv::Mat& image, int width, int height);

}  // namespace giot::trainer
