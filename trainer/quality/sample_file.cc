#include "trainer/quality/sample_file.h"

#include <cstddef>
#include <fstream>
#include <optional>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace giot::trainer {
namespace {

constexpr char kNothingExpected[] = "-";

// What a line must begin with to be of a sample.
std::string KeyOf(const Sample& sample) {
  const std::string attack = sample.recipe.attack ? std::string(camera::NameOf(*sample.recipe.attack)) : "none";
  double severity = 0.0;
  for (const Recipe::Step& step : sample.recipe.steps) severity += step.severity;
  return absl::StrFormat("%d\t%d\t%s\t%.4f\t%s\t%d", sample.scene, sample.frame, KindOf(sample.recipe), severity,
                         attack, sample.recipe.unattacked);
}

void AppendFeatures(const quality::Features& features, std::string& line) {
  for (const float value : features) absl::StrAppendFormat(&line, "\t%.7g", value);
}

std::string LineOf(const Sample& sample) {
  std::string line = KeyOf(sample);
  absl::StrAppend(&line, "\t", sample.found ? absl::StrFormat("%.6f", *sample.found) : kNothingExpected);
  for (const double part : sample.parts) absl::StrAppendFormat(&line, "\t%.6f", part);
  for (const quality::FeaturePair& look : sample.looks) {
    AppendFeatures(look.image, line);
    AppendFeatures(look.smoothed, line);
  }
  return line;
}

// Takes numbers off a split line, one after another.
class Fields {
 public:
  explicit Fields(std::string_view text) : fields_(absl::StrSplit(absl::string_view(text.data(), text.size()), '\t')) {}

  std::optional<double> OptionalNumber() {
    if (next_ < fields_.size() && fields_[next_] == kNothingExpected) {
      ++next_;
      return std::nullopt;
    }
    return Number();
  }
  double Number() {
    double value = 0.0;
    good_ = good_ && next_ < fields_.size() && absl::SimpleAtod(fields_[next_], &value);
    ++next_;
    return value;
  }
  quality::Features Features() {
    quality::Features features;
    for (float& value : features) value = static_cast<float>(Number());
    return features;
  }
  bool AtEnd() const { return next_ >= fields_.size(); }
  bool good() const { return good_; }

 private:
  std::vector<absl::string_view> fields_;
  std::size_t next_ = 0;
  bool good_ = true;
};

bool ParseLine(std::string_view line, Sample& sample) {
  const std::string key = KeyOf(sample) + "\t";
  if (!line.starts_with(key)) return false;
  Fields fields(line.substr(key.size()));
  sample.found = fields.OptionalNumber();
  for (double& part : sample.parts) part = fields.Number();
  sample.looks.clear();
  while (!fields.AtEnd()) {
    const quality::Features image = fields.Features();
    sample.looks.push_back({image, fields.Features()});
  }
  return fields.good();
}

}  // namespace

absl::Status WriteSamples(const std::filesystem::path& path, const std::string& origin,
                          const std::vector<Sample>& samples) {
  std::ofstream stream(path, std::ios::binary);
  stream << origin << '\n';
  for (const Sample& sample : samples) stream << LineOf(sample) << '\n';
  stream.close();
  return stream ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", path.string()));
}

absl::Status ReadSamples(const std::filesystem::path& path, const std::string& origin, std::vector<Sample>& samples) {
  std::ifstream stream(path, std::ios::binary);
  std::string line;
  if (!std::getline(stream, line)) return absl::NotFoundError(absl::StrCat("cannot read ", path.string()));
  if (line != origin) {
    return absl::FailedPreconditionError(
        absl::StrCat(path.string(), ": got samples of '", line, "', want those of '", origin, "'"));
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!std::getline(stream, line) || !ParseLine(line, samples[i])) {
      return absl::DataLossError(absl::StrCat(path.string(), ": line ", i + 2, ": want sample ", KeyOf(samples[i])));
    }
  }
  return absl::OkStatus();
}

}  // namespace giot::trainer
