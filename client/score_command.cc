#include "client/score_command.h"

#include <deque>
#include <fstream>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "client/data_file.h"
#include "client/heat_map_image.h"
#include "client/reply_printer.h"
#include "client/sensing_client.h"
#include "client/text_table.h"
#include "nlohmann/json.hpp"

namespace giot::client {
namespace {

struct FileScore {
  std::string file;
  absl::StatusOr<v1::SensingQualityScore> score;
};

// A file on its way.
struct PendingFile {
  std::string file;
  std::filesystem::path explanation;  // Where it is to be explained; nowhere if empty.
  absl::StatusOr<v1::ScoreSensingQualityRequest> request;
};

absl::Status WriteExplanation(const std::filesystem::path& path, std::string_view image,
                              const v1::SensingQualityScore& score) {
  const absl::StatusOr<std::string> png = DrawHeatMap(image, score.heat_map());
  if (!png.ok()) return png.status();
  std::error_code ignored;  // Opening says why.
  std::filesystem::create_directories(path.parent_path(), ignored);
  std::ofstream file(path, std::ios::binary);
  file.write(png->data(), static_cast<std::streamsize>(png->size()));
  file.close();
  return file ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("--explain: cannot write ", path.string()));
}

// <explain>/<file name>.png, numbered where an earlier file has the same name.
std::filesystem::path ExplanationPath(const std::filesystem::path& explain, const std::string& file,
                                      std::set<std::filesystem::path>& taken) {
  const std::string name = std::filesystem::path(file).filename().string();
  std::filesystem::path path = explain / (name + ".png");
  for (int number = 2; !taken.insert(path).second; ++number) path = explain / absl::StrCat(name, ".", number, ".png");
  return path;
}

absl::StatusOr<v1::ScoreSensingQualityRequest> RequestFor(const PendingFile& pending, const std::string& reference,
                                                          const ScoreCommandOptions& options) {
  absl::StatusOr<v1::ScoreSensingQualityRequest> read = ReadDataFile(pending.file);
  if (!read.ok()) return read;
  v1::ScoreSensingQualityRequest& request = *read;
  if (request.has_image()) {
    request.set_reference_image(reference);
    request.set_heat_map(!pending.explanation.empty());
  }
  *request.mutable_capture() = options.capture;
  *request.mutable_requirements() = options.requirements;
  request.set_submission_id(NewSubmissionId());
  if (options.capture.captured_at_us() == 0) {
    request.mutable_capture()->set_captured_at_us(absl::ToUnixMicros(absl::Now()));
  }
  return read;
}

absl::StatusOr<v1::SensingQualityScore> Finish(Scoring& scoring, const PendingFile& pending) {
  if (!pending.request.ok()) return pending.request.status();
  absl::StatusOr<v1::SensingQualityScore> score = scoring.Finish(*pending.request);
  if (!score.ok() || !pending.request->heat_map()) return score;
  const absl::Status written = WriteExplanation(pending.explanation, pending.request->image(), *score);
  if (!written.ok()) return written;
  return score;
}

std::string FlagName(int flag) {
  const std::string name = v1::SensingFlag_Name(static_cast<v1::SensingFlag>(flag));
  return std::string(absl::StripPrefix(name, "SENSING_FLAG_"));
}

void PrintTable(const std::vector<FileScore>& scores, std::ostream& out) {
  TextTable table({"file", "quality", "at least", "flags", "reason"});
  for (const auto& [file, score] : scores) {
    if (!score.ok()) {
      table.AddRow({file, "-", "-", "REFUSED", std::string(score.status().message())});
      continue;
    }
    std::vector<std::string> flags;
    for (const int flag : score->flags()) flags.push_back(FlagName(flag));
    table.AddRow({file, absl::StrFormat("%.3f", score->quality()), absl::StrFormat("%.3f", score->quality_lower()),
                  absl::StrJoin(flags, ","), score->reasons().empty() ? "" : score->reasons(0)});
  }
  table.Print(out);
}

void PrintJsonOf(const std::vector<FileScore>& scores, std::ostream& out) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& [file, score] : scores) {
    nlohmann::ordered_json entry = {{"file", file}};
    if (score.ok()) {
      entry["score"] = nlohmann::ordered_json::parse(JsonOf(*score));
    } else {
      entry["error"] = score.status().ToString();
    }
    all.push_back(std::move(entry));
  }
  out << all.dump(2) << '\n';
}

}  // namespace

absl::Status ScoreFiles(Scoring& scoring, const std::vector<std::string>& files, const ScoreCommandOptions& options,
                        std::ostream& out) {
  std::string reference;
  if (!options.reference.empty()) {
    absl::StatusOr<std::string> bytes = ReadDataBytes(options.reference);
    if (!bytes.ok()) return bytes.status();
    reference = *std::move(bytes);
  }
  std::vector<FileScore> scores;
  absl::Status first_failure;
  std::deque<PendingFile> begun;
  const auto finish_one = [&] {
    scores.push_back({begun.front().file, Finish(scoring, begun.front())});
    first_failure.Update(scores.back().score.status());
    begun.pop_front();
  };
  std::set<std::filesystem::path> taken;
  for (const std::string& file : files) {
    PendingFile& pending = begun.emplace_back();
    pending.file = file;
    if (!options.explain.empty()) pending.explanation = ExplanationPath(options.explain, file, taken);
    pending.request = RequestFor(pending, reference, options);
    if (pending.request.ok()) scoring.Begin(*pending.request);
    if (begun.size() >= Scoring::kMostBegun) finish_one();
  }
  while (!begun.empty()) finish_one();
  options.json ? PrintJsonOf(scores, out) : PrintTable(scores, out);
  return first_failure;
}

}  // namespace giot::client
