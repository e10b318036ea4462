#include "models/camera/image_source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace giot::camera {
namespace {

// So that frames can be counted in 64 bits at any frame rate.
constexpr double kLatest = 1e9;

absl::Status CheckTime(double seconds, double before) {
  if (seconds >= before && seconds <= kLatest) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("seconds: got ", seconds, ", want ", before, " to ", kLatest));
}

class Scenes final : public ImageSource {
 public:
  explicit Scenes(const SceneOptions& options) : options_(options) {}

  absl::StatusOr<Frame> Next(double seconds) override {
    if (absl::Status status = CheckTime(seconds, before_); !status.ok()) return status;
    before_ = seconds;
    return RenderScene(options_, seconds);
  }

 private:
  SceneOptions options_;
  double before_ = 0.0;
};

bool IsImage(const std::filesystem::path& file) {
  constexpr std::array<std::string_view, 5> kExtensions = {".jpg", ".jpeg", ".png", ".webp", ".bmp"};
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

absl::StatusOr<cv::Mat> Decode(const std::filesystem::path& file) {
  cv::Mat image;
  try {
    image = cv::imread(file.string(), cv::IMREAD_COLOR);
  } catch (const cv::Exception& exception) {
    return absl::DataLossError(absl::StrCat(file.string(), ": ", exception.err));
  }
  if (image.empty()) return absl::DataLossError(absl::StrCat(file.string(), ": got no image that can be decoded"));
  return image;
}

class Folder final : public ImageSource {
 public:
  Folder(std::vector<std::filesystem::path> files, double seconds_per_image)
      : files_(std::move(files)), seconds_per_image_(seconds_per_image) {}

  absl::StatusOr<Frame> Next(double seconds) override {
    if (absl::Status status = CheckTime(seconds, before_); !status.ok()) return status;
    before_ = seconds;
    const double shown = std::floor(seconds / seconds_per_image_);
    const auto index = static_cast<std::size_t>(std::fmod(shown, static_cast<double>(files_.size())));
    if (image_.empty() || index != index_) {
      absl::StatusOr<cv::Mat> image = Decode(files_[index]);
      if (!image.ok()) return image.status();
      image_ = *std::move(image);
      index_ = index;
    }
    return Frame{image_, {}};
  }

 private:
  std::vector<std::filesystem::path> files_;
  double seconds_per_image_;
  double before_ = 0.0;
  std::size_t index_ = 0;
  cv::Mat image_;
};

class Video final : public ImageSource {
 public:
  explicit Video(std::filesystem::path file) : file_(std::move(file)) {}

  // Reads the first frame.
  absl::Status Open() {
    try {
      if (!OpenFile()) return Unreadable();
      const double rate = capture_.get(cv::CAP_PROP_FPS);
      if (rate > 0.0 && rate <= kFastest) rate_ = rate;
      if (!capture_.read(image_) || image_.empty()) return Unreadable();
    } catch (const cv::Exception& exception) {
      return absl::InvalidArgumentError(absl::StrCat(file_.string(), ": ", exception.err));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Frame> Next(double seconds) override {
    if (absl::Status status = CheckTime(seconds, before_); !status.ok()) return status;
    before_ = seconds;
    try {
      if (absl::Status status = AdvanceTo(static_cast<std::int64_t>(seconds * rate_)); !status.ok()) return status;
      return Frame{Coloured(), {}};
    } catch (const cv::Exception& exception) {
      return absl::DataLossError(absl::StrCat(file_.string(), ": ", exception.err));
    }
  }

 private:
  static constexpr double kUsualRate = 25.0;  // Where a file does not say.
  static constexpr double kFastest = 1000.0;

  // Not with whatever reader there is: some take a name for a pattern of names or a pipeline.
  bool OpenFile() {
    return capture_.open(file_.string(), cv::CAP_FFMPEG) || capture_.open(file_.string(), cv::CAP_OPENCV_MJPEG);
  }

  absl::Status Unreadable() const {
    return absl::InvalidArgumentError(absl::StrCat(file_.string(), ": got no video with a frame that can be decoded"));
  }

  // Frames are counted on over repetitions.
  absl::Status AdvanceTo(std::int64_t target) {
    while (current_ < target) {
      // Whole repetitions can be left out once their length is known.
      if (length_ > 0) current_ += (target - current_) / length_ * length_;
      if (current_ == target) break;
      if (absl::Status status = Step(current_ + 1 == target); !status.ok()) return status;
      ++current_;
    }
    return absl::OkStatus();
  }

  // Goes one frame on; only one that is shown need be decoded.
  absl::Status Step(bool shown) {
    ++in_this_run_;
    if (capture_.grab() && (!shown || capture_.retrieve(image_))) return absl::OkStatus();
    length_ = in_this_run_;
    in_this_run_ = 0;
    const bool again = OpenFile() && capture_.grab() && (!shown || capture_.retrieve(image_));
    return again ? absl::OkStatus() : absl::DataLossError(absl::StrCat(file_.string(), ": cannot be read again"));
  }

  cv::Mat Coloured() const {
    if (image_.channels() == 3) return image_.clone();
    cv::Mat coloured;
    cv::cvtColor(image_, coloured, image_.channels() == 1 ? cv::COLOR_GRAY2BGR : cv::COLOR_BGRA2BGR);
    return coloured;
  }

  std::filesystem::path file_;
  cv::VideoCapture capture_;
  double rate_ = kUsualRate;
  double before_ = 0.0;
  cv::Mat image_;
  std::int64_t current_ = 0;      // Frame that the capture stands at, over all repetitions.
  std::int64_t in_this_run_ = 0;  // The same, in this one.
  std::int64_t length_ = 0;       // Frames of the file; 0 before its end was seen.
};

}  // namespace

std::unique_ptr<ImageSource> SceneSource(const SceneOptions& options) { return std::make_unique<Scenes>(options); }

absl::StatusOr<std::unique_ptr<ImageSource>> FolderSource(const std::filesystem::path& folder,
                                                          double seconds_per_image) {
  if (!(seconds_per_image > 0.0)) {
    return absl::InvalidArgumentError(absl::StrCat("seconds_per_image: got ", seconds_per_image, ", want more than 0"));
  }
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (IsImage(entry->path())) files.push_back(entry->path());
  }
  if (error) return absl::NotFoundError(absl::StrCat("folder: got ", folder.string(), ": ", error.message()));
  if (files.empty()) {
    return absl::NotFoundError(absl::StrCat("folder: got ", folder.string(), ", want one that holds images"));
  }
  std::sort(files.begin(), files.end());
  return std::make_unique<Folder>(std::move(files), seconds_per_image);
}

absl::StatusOr<std::unique_ptr<ImageSource>> VideoSource(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    return absl::NotFoundError(absl::StrCat("file: got ", file.string(), ", want a video file"));
  }
  auto video = std::make_unique<Video>(file);
  if (absl::Status status = video->Open(); !status.ok()) return status;
  return video;
}

}  // namespace giot::camera
