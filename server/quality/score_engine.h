#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/quality/quality_model.h"
#include "models/quality/sensing_score.h"
#include "server/quality/history_store.h"
#include "server/quality/nonce_secret.h"
#include "server/quality/recent_scores.h"
#include "server/quality/scored.h"
#include "server/quality/source_queue.h"
#include "server/quality/submission.h"

namespace giot::scoring {

// What scores an image: quality::ScoreImage with the model, or what a test puts in its place.
using Scorer = std::function<absl::StatusOr<quality::SensingScore>(
    std::string_view image, const quality::Capture& capture, const quality::Requirements& requirements,
    std::string_view nonce, const quality::SourceHistory& history, const quality::ScoreOptions& options)>;

struct ScoreEngineOptions {
  int threads = 1;
  QueueLimits queue;
  std::size_t max_sources = 10'000;
  std::size_t remembered_scores = 1024;     // Answers that can be given again; 0: none.
  std::filesystem::path history_file;       // Empty: histories end with the engine.
  std::filesystem::path nonce_secret_file;  // Empty: a random secret.
  // Unix time, microseconds; the machine's clock if null.
  std::function<std::int64_t()> now_us;
  Scorer scorer;  // Null: quality::ScoreImage.
  // Told once why the history file can no longer be written, and with OK once it can be again.
  std::function<void(const absl::Status&)> on_history_file;
};

// Scores deliveries on threads of its own, those of a source in order of their
// arrival, against the source's history. Knows nothing of RPC. Thread-safe. Whoever repeats a source_id, a
// submission_id and the data gets the first answer, with its requirements.
class ScoreEngine {
 public:
  // OK while the answer is still wanted.
  using Wanted = std::function<absl::Status()>;
  using Done = std::function<void(const absl::StatusOr<Scored>&)>;

  // Errors are those of HistoryStore::Open and NonceSecret::FromFile.
  static absl::StatusOr<std::unique_ptr<ScoreEngine>> Create(quality::QualityModel model,
                                                             const ScoreEngineOptions& options);

  // What waits is answered with UNAVAILABLE.
  ~ScoreEngine();

  // Calls `done` once, before it returns or later on another thread. Errors:
  //   InvalidArgument    captured more than kMostAhead after it arrived, a signature that does
  //                      not verify, or what quality::ScoreImage, ScoreRecording or ScoreReport refuses
  //   ResourceExhausted  see QueueLimits
  //   Unavailable        the engine is closing
  // and what `wanted` says when the delivery's turn has come. What was refused is not remembered,
  // and of reports only one that is later than the last.
  void Score(const Submission& submission, Wanted wanted, Done done);
  static constexpr std::chrono::microseconds kMostAhead = std::chrono::seconds(5);

  const quality::QualityModel& model() const { return model_; }
  Digest nonce_commitment() const { return secret_.Commitment(); }

 private:
  ScoreEngine(quality::QualityModel model, const ScoreEngineOptions& options, NonceSecret secret,
              std::unique_ptr<HistoryStore> history);

  absl::StatusOr<Scored> ScoreNow(const Submission& submission, const Wanted& wanted);
  // Of a signature that was verified.
  absl::StatusOr<Scored> ScoreAnew(const Submission& submission, const Digest& digest);
  absl::StatusOr<Scored> ScoreData(const Submission& submission, const quality::Capture& capture, const Digest& digest,
                                   const quality::SourceHistory& history) const;
  absl::StatusOr<Scored> ScoreImage(const Image& image, const quality::Capture& capture,
                                    const quality::Requirements& requirements, const Digest& nonce,
                                    const quality::SourceHistory& history) const;
  void Remember(const std::string& history_name, const Scored& scored);

  const quality::QualityModel model_;
  const ScoreEngineOptions options_;
  const NonceSecret secret_;
  const std::unique_ptr<HistoryStore> history_;
  RecentScores recent_;
  std::atomic<bool> history_file_failed_ = false;
  std::atomic<bool> closing_ = false;
  SourceQueue queue_;  // Last: its work uses what is above.
};

}  // namespace giot::scoring
