// giot-bench-images: writes rendered roads as JPEG files, as vehicles' cameras send them.
//
//   giot-bench-images --out=DIR [--count=8] [--width=1920] [--height=1080] [--seed=1]
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "client/frame_encoding.h"
#include "models/camera/scene.h"

ABSL_FLAG(std::string, out, "", "folder to write to, made if missing");
ABSL_FLAG(int, count, 8, "images, each of another road");
ABSL_FLAG(int, width, 1920, "pixels");
ABSL_FLAG(int, height, 1080, "pixels");
ABSL_FLAG(std::uint64_t, seed, 1, "of the roads");

namespace giot::bench {
namespace {

absl::StatusOr<std::string> RenderImage(int number) {
  camera::SceneOptions scene;
  scene.seed = absl::GetFlag(FLAGS_seed) * 1000 + static_cast<std::uint64_t>(number);
  scene.width = absl::GetFlag(FLAGS_width);
  scene.height = absl::GetFlag(FLAGS_height);
  scene.weather = number % 2 == 0 ? camera::Weather::kClear : camera::Weather::kOvercast;
  scene.hour = 9.0 + number % 9;
  return client::EncodeFrame(camera::RenderScene(scene, 0.0).image);
}

int Main() {
  const std::filesystem::path folder = absl::GetFlag(FLAGS_out);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (int i = 0; i < absl::GetFlag(FLAGS_count); ++i) {
    const absl::StatusOr<std::string> image = RenderImage(i);
    if (!image.ok()) {
      std::cerr << image.status() << '\n';
      return 1;
    }
    const std::filesystem::path path = folder / absl::StrFormat("%03d.jpg", i);
    std::ofstream file(path, std::ios::binary);
    if (!(file << *image).flush()) {
      std::cerr << "cannot write " << path << '\n';
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace giot::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("writes rendered roads as JPEG files");
  absl::ParseCommandLine(argc, argv);
  return giot::bench::Main();
}
