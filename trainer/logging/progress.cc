#include "trainer/logging/progress.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace giot::trainer {

std::string FormatDuration(double seconds) {
  if (!std::isfinite(seconds)) return "--:--";
  const auto total = static_cast<std::int64_t>(std::llround(std::max(seconds, 0.0)));
  if (total < 3600) return absl::StrFormat("%02d:%02d", total / 60, total % 60);
  return absl::StrFormat("%d:%02d:%02d", total / 3600, total / 60 % 60, total % 60);
}

Progress::Progress(std::ostream& out, std::int64_t done, std::int64_t total, Options options)
    : out_(out),
      first_(done),
      total_(total),
      options_(std::move(options)),
      start_(options_.clock()),
      last_drawn_(-std::numeric_limits<double>::infinity()) {}

void Progress::Report(std::int64_t done, const Scalars& scalars) {
  if (!scalars.empty()) {
    newest_.clear();
    for (const Scalar& scalar : scalars) absl::StrAppendFormat(&newest_, "  %s %.6g", scalar.name, scalar.value);
  }
  if (options_.terminal) {
    if (done >= total_ || options_.clock() - last_drawn_ >= options_.redraw_interval) Draw(done);
  } else if (!scalars.empty()) {
    out_ << done << '/' << total_ << "  " << Pace(done) << newest_ << std::endl;
  }
}

std::string Progress::Pace(std::int64_t done) const {
  const double seconds = options_.clock() - start_;
  const double rate = seconds > 0.0 ? static_cast<double>(done - first_) / seconds : 0.0;
  const double left = rate > 0.0 ? static_cast<double>(total_ - done) / rate : std::numeric_limits<double>::infinity();
  return absl::StrFormat("%.1f it/s  ETA %s", rate, FormatDuration(left));
}

void Progress::Draw(std::int64_t done) {
  last_drawn_ = options_.clock();
  const double share = total_ > 0 ? static_cast<double>(done) / static_cast<double>(total_) : 1.0;
  const auto filled = static_cast<std::size_t>(share * options_.bar_width);
  const std::string bar =
      std::string(filled, '#') + std::string(static_cast<std::size_t>(options_.bar_width) - filled, '.');
  std::string line =
      absl::StrFormat("[%s] %3.0f%%  %d/%d  %s%s", bar, std::floor(100.0 * share), done, total_, Pace(done), newest_);
  const std::size_t size = line.size();
  if (size < drawn_size_) line.append(drawn_size_ - size, ' ');
  drawn_size_ = size;
  out_ << '\r' << line << std::flush;
}

void Progress::Note(const std::string& message) {
  Finish();
  out_ << message << std::endl;
}

void Progress::Finish() {
  if (drawn_size_ > 0) out_ << std::endl;
  drawn_size_ = 0;
}

}  // namespace giot::trainer
