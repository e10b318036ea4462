// Damages images in seeded ways and sends them the whole way from bytes to features: whatever
// happens, nothing is read or written outside, and the answer is an image in the limits or a
// refusal. GIOT_FUZZ_RUNS sets how many, GIOT_FUZZ_SECONDS for how long instead.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "models/quality/decode.h"
#include "models/quality/features.h"
#include "models/quality/wav.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

int RunCount() {
  const char* text = std::getenv("GIOT_FUZZ_RUNS");
  return text == nullptr ? 20'000 : std::max(1, std::atoi(text));
}

// How many images are damaged: RunCount(), or as many of the same ones as there is time for.
class Budget {
 public:
  bool IsLeft(int runs) const {
    if (seconds_ == nullptr) return runs < RunCount();
    return std::chrono::steady_clock::now() - start_ < std::chrono::seconds(std::atoi(seconds_));
  }

 private:
  const char* seconds_ = std::getenv("GIOT_FUZZ_SECONDS");
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::size_t Below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  std::string Damage(std::string bytes, const std::vector<std::string>& corpus) {
    for (std::size_t times = 1 + Below(4); times > 0 && !bytes.empty(); --times) DamageOnce(bytes, corpus);
    return bytes;
  }

 private:
  // Headers are where parsers go wrong: half of the places are in the first 64 bytes.
  std::size_t Place(const std::string& bytes) {
    return Below(Below(2) == 0 ? std::min<std::size_t>(64, bytes.size()) : bytes.size());
  }

  void DamageOnce(std::string& bytes, const std::vector<std::string>& corpus) {
    const std::size_t place = Place(bytes);
    switch (Below(7)) {
      case 0:
        bytes[place] = static_cast<char>(bytes[place] ^ (1 << Below(8)));
        break;
      case 1:
        bytes[place] = static_cast<char>(random_());
        break;
      case 2:
        bytes.resize(place);
        break;
      case 3:
        bytes.erase(place, 1 + Below(16));
        break;
      case 4:
        bytes.insert(place, bytes.substr(Place(bytes), 1 + Below(64)));
        break;
      case 5: {
        static constexpr std::string_view kNasty[] = {"\xff\xff\xff\xff", "\x7f\xff\xff\xff", "\xff\xd8", "\xff\xd9"};
        const std::string_view nasty = kNasty[Below(4)];
        bytes.replace(place, std::min(nasty.size(), bytes.size() - place), nasty);
        break;
      }
      default: {
        const std::string& other = corpus[Below(corpus.size())];
        bytes = bytes.substr(0, place) + other.substr(Below(other.size()));
      }
    }
  }

  std::mt19937_64 random_;
};

std::vector<std::string> ImageCorpus() {
  const cv::Mat road = Road(1, 96, 64);
  cv::Mat deep, alpha(road.size(), CV_8UC4, cv::Scalar(1, 2, 3, 4));
  road.convertTo(deep, CV_16U, 256.0);
  return {Encode(road, ".jpg"),
          Encode(road, ".jpg", {cv::IMWRITE_JPEG_PROGRESSIVE, 1, cv::IMWRITE_JPEG_RST_INTERVAL, 2}),
          WithExifOrientation(Encode(road, ".jpg"), 6),
          Encode(cv::Mat(64, 64, CV_8UC1, cv::Scalar(9)), ".jpg"),
          CmykJpeg(),
          Encode(road, ".png"),
          Encode(deep, ".png"),
          WithPngChunk(Encode(alpha, ".png"), "eXIf", std::string("II*\0", 4)),
          Encode(road, ".webp", {cv::IMWRITE_WEBP_QUALITY, 60}),
          Encode(road, ".webp", {cv::IMWRITE_WEBP_QUALITY, 101}),
          Encode(alpha, ".webp", {cv::IMWRITE_WEBP_QUALITY, 60})};
}

TEST(DecodeFuzzTest, DamagedImagesGiveAnImageOrARefusal) {
  const std::vector<std::string> corpus = ImageCorpus();
  // Small limits keep each run quick.
  DecodeLimits limits;
  limits.max_pixels = 1 << 18;
  Mutator mutator(20240601);
  int decoded = 0;
  int refused_by_header = 0;
  int runs = 0;
  for (const Budget budget; budget.IsLeft(runs); ++runs) {
    // On the heap and of its very size, so that a sanitizer sees a byte too many.
    const std::string damaged = mutator.Damage(corpus[mutator.Below(corpus.size())], corpus);
    const std::vector<char> bytes(damaged.begin(), damaged.end());
    const std::string_view view(bytes.data(), bytes.size());
    const auto header = CheckImage(view, limits);
    if (!header.ok()) {
      ASSERT_EQ(header.status().code(), absl::StatusCode::kInvalidArgument) << header.status();
      ++refused_by_header;
      continue;
    }
    ASSERT_LE(std::int64_t{header->width} * header->height, limits.max_pixels);
    const auto image = DecodeImage(view, *header);
    if (!image.ok()) {
      ASSERT_EQ(image.status().code(), absl::StatusCode::kInvalidArgument) << image.status();
      continue;
    }
    ASSERT_EQ(image->type(), CV_8UC3);
    ASSERT_EQ(image->size(), UprightSize(*header));
    for (const float feature : ComputeFeatures(*image, 1)) ASSERT_TRUE(std::isfinite(feature));
    ++decoded;
  }
  // The damage must neither always stop at the door nor never.
  EXPECT_GT(decoded, runs / 20);
  EXPECT_GT(refused_by_header, runs / 20);
  RecordProperty("runs", runs);
}

TEST(DecodeFuzzTest, DamagedSoundGivesSamplesOrARefusal) {
  std::string data;
  for (int i = 0; i < 4000; ++i) data += Little16(static_cast<std::uint32_t>(i * 37));
  const std::string fmt =
      "fmt " + Little32(16) + Little16(1) + Little16(1) + Little32(8000) + Little32(16000) + Little16(2) + Little16(16);
  const std::string chunks = "WAVE" + fmt + "data" + Little32(static_cast<std::uint32_t>(data.size())) + data;
  const std::vector<std::string> corpus = {"RIFF" + Little32(static_cast<std::uint32_t>(chunks.size())) + chunks};
  Mutator mutator(7);
  for (int run = 0; run < RunCount(); ++run) {
    const std::string damaged = mutator.Damage(corpus[0], corpus);
    const std::vector<char> bytes(damaged.begin(), damaged.end());
    const auto sound = ParseWav({bytes.data(), bytes.size()});
    if (!sound.ok()) continue;
    for (const float sample : sound->samples) ASSERT_LE(std::abs(sample), 1.0F);
  }
}

}  // namespace
}  // namespace giot::quality
