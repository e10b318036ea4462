#include "client/programs/score_commands.h"

#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/local_scoring.h"
#include "client/programs/command_flags.h"
#include "client/score_command.h"
#include "client/sensing_client.h"
#include "client/server_scoring.h"
#include "models/quality/quality_model.h"

ABSL_FLAG(std::string, source, "", "score: id of the vehicle and camera that took the files; one of its own if empty");
ABSL_FLAG(std::string, captured_at, "", "score, submit: when, as 2025-01-31T12:00:00Z; the moment of sending if empty");
ABSL_FLAG(double, latitude, 0.0, "score, submit, task publish: where, degrees");
ABSL_FLAG(double, longitude, 0.0, "score, submit, task publish: where, degrees");
ABSL_FLAG(std::int32_t, width, 0, "score, task publish: pixels that the task asks for; the server's default if 0");
ABSL_FLAG(std::int32_t, height, 0, "score, task publish: pixels that the task asks for; the server's default if 0");
ABSL_FLAG(std::string, reference, "", "score: an image of the same scene to compare images with");
ABSL_FLAG(std::string, explain, "", "score: folder for PNGs that show what is unusable");

namespace giot::client {
namespace {

absl::StatusOr<ScoreCommandOptions> ScoreOptionsFromFlags() {
  ScoreCommandOptions options;
  // Deliveries of a source count against each other, so every run is a source of its own.
  const std::string source = absl::GetFlag(FLAGS_source);
  absl::StatusOr<v1::Capture> capture = CaptureFromFlags();
  if (!capture.ok()) return capture.status();
  options.capture = *std::move(capture);
  options.capture.set_source_id(source.empty() ? absl::StrCat("giotctl-", absl::ToUnixNanos(absl::Now())) : source);
  options.requirements = RequirementsFromFlags();
  options.reference = absl::GetFlag(FLAGS_reference);
  options.explain = absl::GetFlag(FLAGS_explain);
  options.json = absl::GetFlag(FLAGS_json);
  return options;
}

absl::Status ScoreByServer(const CallOptions& call, const std::vector<std::string>& files,
                           const ScoreCommandOptions& options) {
  SensingClient client(absl::GetFlag(FLAGS_server), call);
  std::optional<absl::Duration> stream_lifetime;
  if (files.size() > 1) stream_lifetime = call.timeout * static_cast<std::int64_t>(files.size());
  ServerScoring scoring(client, stream_lifetime);
  return ScoreFiles(scoring, files, options, std::cout);
}

absl::Status ScoreHere(const std::string& model_folder, const std::vector<std::string>& files,
                       const ScoreCommandOptions& options) {
  absl::StatusOr<quality::QualityModel> model = quality::LoadQualityModel(model_folder);
  if (!model.ok()) return model.status();
  LocalScoring scoring(*std::move(model), [] { return absl::ToUnixMicros(absl::Now()); });
  return ScoreFiles(scoring, files, options, std::cout);
}

absl::Status Score(const std::vector<std::string>& files) {
  if (files.empty()) return absl::InvalidArgumentError("score: want at least one file");
  const absl::StatusOr<ScoreCommandOptions> options = ScoreOptionsFromFlags();
  if (!options.ok()) return options.status();
  const std::string model_folder = absl::GetFlag(FLAGS_local_model);
  return model_folder.empty() ? ScoreByServer(CallOptionsFromFlags(), files, *options)
                              : ScoreHere(model_folder, files, *options);
}

}  // namespace

absl::StatusOr<v1::Capture> CaptureFromFlags() {
  v1::Capture capture;
  if (const std::string text = absl::GetFlag(FLAGS_captured_at); !text.empty()) {
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
      return absl::InvalidArgumentError(absl::StrCat("--captured_at: got '", text, "': ", error));
    }
    capture.set_captured_at_us(absl::ToUnixMicros(time));
  }
  capture.set_latitude(absl::GetFlag(FLAGS_latitude));
  capture.set_longitude(absl::GetFlag(FLAGS_longitude));
  return capture;
}

v1::SensingRequirements RequirementsFromFlags() {
  v1::SensingRequirements requirements;
  requirements.set_width(absl::GetFlag(FLAGS_width));
  requirements.set_height(absl::GetFlag(FLAGS_height));
  return requirements;
}

std::vector<Command> ScoreCommands() {
  return {{"score", "FILE...", "how useful images and WAV recordings are, and why not more", Score, true}};
}

}  // namespace giot::client
