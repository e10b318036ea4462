#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "models/camera/scene.h"

namespace giot::camera {

// A camera: frames over time, without end. Holds one decoded frame at most. One thread at a time.
class ImageSource {
 public:
  virtual ~ImageSource() = default;

  // What it shows `seconds` after its start, >= 0 and never less than before; CV_8UC3. `vehicles` are known of
  // rendered scenes only. The image may share pixels with later frames: clone what is changed.
  // InvalidArgument for such a time; DataLoss, naming the file, where one cannot be decoded any more.
  virtual absl::StatusOr<Frame> Next(double seconds) = 0;
};

// RenderScene(options, seconds).
std::unique_ptr<ImageSource> SceneSource(const SceneOptions& options);

// The JPEG, PNG, WebP and BMP files of a folder in the order of their names, each shown for so long (> 0), then again
// from the first. NotFound if it is no folder or holds none.
absl::StatusOr<std::unique_ptr<ImageSource>> FolderSource(const std::filesystem::path& folder,
                                                          double seconds_per_image);

// A video file at its own frame rate, then again from its start. NotFound if there is no such file;
// InvalidArgument if it holds no frame that can be decoded.
absl::StatusOr<std::unique_ptr<ImageSource>> VideoSource(const std::filesystem::path& file);

}  // namespace giot::camera
