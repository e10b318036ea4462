#include "client/sensing_run.h"

#include <array>
#include <functional>
#include <memory>
#include <random>
#include <utility>

#include "absl/random/distributions.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/sensing_client.h"
#include "models/camera/image_source.h"
#include "models/camera/scene.h"
#include "models/detection/vehicle_detector.h"
#include "models/quality/quality_model.h"

namespace giot::client {
namespace {

using FrameSource = std::function<absl::StatusOr<cv::Mat>(std::uint64_t vehicle)>;

// Far enough apart that no two frames of a video look the same.
constexpr double kSecondsApart = 2.0;
constexpr double kEarliestHour = 9.0;
constexpr double kLatestHour = 17.0;

// A road of its own for each vehicle, by day and without rain or fog, so that all a camera can do is in its owner's
// hands.
cv::Mat SceneOf(std::uint64_t vehicle, std::uint64_t seed) {
  std::mt19937_64 random(seed + 7919 * vehicle);
  constexpr std::array kWeather = {camera::Weather::kClear, camera::Weather::kOvercast};
  camera::SceneOptions scene;
  scene.seed = absl::Uniform<std::uint64_t>(random);
  scene.weather = kWeather[absl::Uniform<std::size_t>(random, 0, kWeather.size())];
  scene.hour = absl::Uniform(random, kEarliestHour, kLatestHour);
  return camera::RenderScene(scene, 0.0).image;
}

FrameSource FramesOf(std::shared_ptr<camera::ImageSource> source) {
  return [source = std::move(source)](std::uint64_t vehicle) -> absl::StatusOr<cv::Mat> {
    absl::StatusOr<camera::Frame> frame = source->Next(kSecondsApart * static_cast<double>(vehicle));
    if (!frame.ok()) return frame.status();
    return frame->image.clone();
  };
}

absl::StatusOr<FrameSource> MakeFrames(const SensingRunOptions& options) {
  absl::StatusOr<std::unique_ptr<camera::ImageSource>> source;
  if (!options.images.empty()) {
    source = camera::FolderSource(options.images, kSecondsApart);
  } else if (!options.video.empty()) {
    source = camera::VideoSource(options.video);
  } else {
    return
        [seed = options.plan.seed](std::uint64_t vehicle) -> absl::StatusOr<cv::Mat> { return SceneOf(vehicle, seed); };
  }
  if (!source.ok()) return source.status();
  return FramesOf(*std::move(source));
}

// Empty where no detector is asked for.
absl::StatusOr<VehicleFinder> MakeFind(const std::filesystem::path& detector) {
  if (detector.empty()) return VehicleFinder();
  absl::StatusOr<detection::VehicleDetector> loaded = detection::VehicleDetector::Load(detector);
  if (!loaded.ok()) return loaded.status();
  return [shared = std::make_shared<detection::VehicleDetector>(*std::move(loaded))](const cv::Mat& image) {
    return shared->Find(image);
  };
}

absl::Status CheckModel(const v1::SensingModel& servers, const quality::QualityModel& own) {
  if (servers.digest() == own.digest) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("quality_model: got ", own.name, "/", own.version, " (", own.digest,
                                                    "), the server scores with ", servers.name(), "/",
                                                    servers.version(), " (", servers.digest(), ")"));
}

}  // namespace

absl::StatusOr<SensingRun> RunSensingOnServer(const std::vector<FleetMarket>& fleet,
                                              const std::vector<MenuSource>& methods,
                                              const SensingRunOptions& options) {
  absl::StatusOr<quality::QualityModel> model = quality::LoadQualityModel(options.quality_model);
  if (!model.ok()) return model.status();
  absl::StatusOr<FrameSource> frames = MakeFrames(options);
  if (!frames.ok()) return frames.status();
  auto find = MakeFind(options.detector);
  if (!find.ok()) return find.status();
  SensingClient client(options.server, options.call);
  SensingWorld world;
  world.frame = *std::move(frames);
  world.find = *std::move(find);
  world.now_us = [] { return absl::ToUnixMicros(absl::Now()); };
  world.submit = [&](const v1::ScoreSensingQualityRequest& request) -> absl::StatusOr<v1::SensingQualityScore> {
    absl::StatusOr<v1::SensingQualityScore> score = client.ScoreSensingQuality(request);
    if (!score.ok()) return score.status();
    if (absl::Status status = CheckModel(score->model(), *model); !status.ok()) return status;
    return score;
  };
  SensingPlan plan = options.plan;
  if (plan.run_id.empty()) plan.run_id = absl::StrCat("giot-vehicle-", absl::ToUnixNanos(absl::Now()));
  std::vector<Deal> open_deals;
  if (options.leave_first_open) world.hand_over = [&](Deal deal) { open_deals.push_back(std::move(deal)); };
  absl::StatusOr<std::vector<SensingTally>> tallies = RunSensing(fleet, methods, *model, plan, world);
  if (!tallies.ok()) return tallies.status();
  const PaymentTerms terms = TermsOf(plan, *model);
  return SensingRun{*std::move(tallies), terms, std::move(open_deals),
                    std::make_shared<const quality::QualityModel>(*std::move(model)), std::move(world.find)};
}

}  // namespace giot::client
