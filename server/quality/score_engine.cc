#include "server/quality/score_engine.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/quality/score_recording.h"
#include "server/quality/score_report.h"

namespace giot::scoring {
namespace {

using std::chrono::steady_clock;

std::int64_t SystemTimeUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

ScoreEngineOptions WithDefaults(ScoreEngineOptions options, const quality::QualityModel& model) {
  if (!options.now_us) options.now_us = SystemTimeUs;
  if (!options.scorer) {
    options.scorer = [&model](std::string_view image, const quality::Capture& capture,
                              const quality::Requirements& requirements, std::string_view nonce,
                              const quality::SourceHistory& history, const quality::ScoreOptions& score) {
      return quality::ScoreImage(model, image, capture, requirements, nonce, history, score);
    };
  }
  return options;
}

std::chrono::microseconds Since(steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start);
}

absl::Status CheckCaptureTime(const quality::Capture& capture, const quality::Requirements& requirements) {
  const std::int64_t ahead = capture.captured_at_us - requirements.received_at_us;
  if (ahead <= ScoreEngine::kMostAhead.count()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("capture.captured_at_us: got ", capture.captured_at_us, ", ", ahead,
                                                 " ahead of this server's clock, want at most ",
                                                 ScoreEngine::kMostAhead.count()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ScoreEngine>> ScoreEngine::Create(quality::QualityModel model,
                                                                 const ScoreEngineOptions& options) {
  absl::StatusOr<NonceSecret> secret =
      options.nonce_secret_file.empty() ? NonceSecret::Random() : NonceSecret::FromFile(options.nonce_secret_file);
  if (!secret.ok()) return secret.status();
  auto history = HistoryStore::Open(options.max_sources, options.history_file);
  if (!history.ok()) return history.status();
  return std::unique_ptr<ScoreEngine>(new ScoreEngine(std::move(model), options, *secret, *std::move(history)));
}

ScoreEngine::ScoreEngine(quality::QualityModel model, const ScoreEngineOptions& options, NonceSecret secret,
                         std::unique_ptr<HistoryStore> history)
    : model_(std::move(model)),
      options_(WithDefaults(options, model_)),
      secret_(secret),
      history_(std::move(history)),
      recent_(options.remembered_scores),
      queue_(options.threads, options.queue) {}

ScoreEngine::~ScoreEngine() { closing_ = true; }

void ScoreEngine::Score(const Submission& submission, Wanted wanted, Done done) {
  Submission arrived = submission;
  arrived.requirements.received_at_us = options_.now_us();
  const auto start = steady_clock::now();
  const std::int64_t bytes = BytesOf(arrived.data);
  const absl::Status taken =
      queue_.Add(submission.capture.source_id, bytes, [this, arrived, wanted = std::move(wanted), done, start] {
        const std::chrono::microseconds waited = Since(start);
        absl::StatusOr<Scored> scored = ScoreNow(arrived, wanted);
        if (scored.ok()) {
          scored->waited = waited;
          scored->took = Since(start) - waited;
        }
        return [done, scored = std::move(scored)] { done(scored); };
      });
  if (!taken.ok()) done(taken);
}

absl::StatusOr<Scored> ScoreEngine::ScoreNow(const Submission& submission, const Wanted& wanted) {
  if (closing_) return absl::UnavailableError("server is shutting down");
  if (absl::Status status = wanted(); !status.ok()) return status;
  if (absl::Status status = CheckCaptureTime(submission.capture, submission.requirements); !status.ok()) return status;
  const Digest digest = DigestOf(submission);
  if (submission.signature) {
    absl::Status status = quality::VerifySignature(submission.capture, digest, *submission.signature);
    if (!status.ok()) return status;
  }
  const RecentScores::Key key = {submission.capture.source_id, submission.submission_id, digest};
  const bool may_be_repeated = !submission.submission_id.empty();
  if (may_be_repeated) {
    if (std::optional<Scored> before = recent_.Find(key)) {
      before->repeated = true;
      return *std::move(before);
    }
  }
  absl::StatusOr<Scored> scored = ScoreAnew(submission, digest);
  if (scored.ok() && may_be_repeated) recent_.Add(key, *scored);
  return scored;
}

absl::StatusOr<Scored> ScoreEngine::ScoreAnew(const Submission& submission, const Digest& digest) {
  quality::Capture capture = submission.capture;
  capture.is_signed = submission.signature.has_value();
  const std::string history_name = HistoryName(submission);
  absl::StatusOr<Scored> scored = ScoreData(submission, capture, digest, history_->Find(history_name));
  if (!scored.ok()) return scored;
  scored->requirements = submission.requirements;
  scored->data_sha256 = digest;
  Remember(history_name, *scored);
  return scored;
}

absl::StatusOr<Scored> ScoreEngine::ScoreData(const Submission& submission, const quality::Capture& capture,
                                              const Digest& digest, const quality::SourceHistory& history) const {
  const quality::Requirements& requirements = submission.requirements;
  if (const auto* image = std::get_if<Image>(&submission.data)) {
    return ScoreImage(*image, capture, requirements, secret_.NonceFor(capture.source_id, digest), history);
  }
  if (const auto* recording = std::get_if<Recording>(&submission.data)) {
    return ScoreRecording(*recording, digest, capture, requirements, history);
  }
  return ScoreReport(std::get<Motion>(submission.data), digest, capture, requirements, history);
}

absl::StatusOr<Scored> ScoreEngine::ScoreImage(const Image& image, const quality::Capture& capture,
                                               const quality::Requirements& requirements, const Digest& nonce,
                                               const quality::SourceHistory& history) const {
  absl::StatusOr<quality::SensingScore> score =
      options_.scorer(image.bytes, capture, requirements, quality::BytesOf(nonce), history,
                      {.heat_map = image.heat_map, .reference = image.reference});
  if (!score.ok()) return score.status();
  Scored scored;
  scored.score = *std::move(score);
  scored.nonce = nonce;
  return scored;
}

void ScoreEngine::Remember(const std::string& history_name, const Scored& scored) {
  // An old report would hide the latest one, with which those to come are compared.
  if (scored.report && scored.report->order < 1.0) return;
  const absl::Status written = history_->Remember(history_name, scored.score.seen);
  const bool failed_before = history_file_failed_.exchange(!written.ok());
  if (failed_before == written.ok() && options_.on_history_file) options_.on_history_file(written);
}

}  // namespace giot::scoring
