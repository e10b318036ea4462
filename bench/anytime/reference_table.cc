#include "bench/anytime/reference_table.h"

#include <cstddef>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace giot::bench {
namespace {

constexpr char kHeader[] = "index,checksum,upper_bound,best_known,method,evaluations";

std::optional<Reference> ParseLine(const std::string& line, std::size_t index) {
  const std::vector<std::string> fields = absl::StrSplit(line, ',');
  Reference reference;
  if (fields.size() != 6 || fields[0] != absl::StrCat(index) || fields[4].empty()) return std::nullopt;
  if (fields[1].size() != 16 || !absl::SimpleHexAtoi(fields[1], &reference.checksum)) return std::nullopt;
  if (!absl::SimpleAtod(fields[2], &reference.upper_bound)) return std::nullopt;
  if (!absl::SimpleAtod(fields[3], &reference.best_known)) return std::nullopt;
  if (!absl::SimpleAtoi(fields[5], &reference.evaluations)) return std::nullopt;
  reference.method = fields[4];
  return reference;
}

}  // namespace

absl::StatusOr<std::vector<Reference>> ReadReferences(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream) return absl::NotFoundError(absl::StrCat("cannot open ", path.string()));
  std::string line;
  if (!std::getline(stream, line) || line != kHeader) {
    return absl::DataLossError(absl::StrCat(path.string(), ": got first line '", line, "', want ", kHeader));
  }
  std::vector<Reference> references;
  while (std::getline(stream, line)) {
    std::optional<Reference> reference = ParseLine(line, references.size());
    if (!reference) {
      return absl::DataLossError(
          absl::StrCat(path.string(), ": got '", line, "', want the reference of market ", references.size()));
    }
    references.push_back(*std::move(reference));
  }
  return references;
}

absl::Status WriteReferences(const std::vector<Reference>& references, const std::filesystem::path& path) {
  const std::filesystem::path fresh = path.string() + ".new";
  std::ofstream stream(fresh);
  stream << kHeader << '\n';
  for (std::size_t i = 0; i < references.size(); ++i) {
    const Reference& r = references[i];
    stream << absl::StrFormat("%d,%016x,%.17g,%.17g,%s,%d\n", i, r.checksum, r.upper_bound, r.best_known, r.method,
                              r.evaluations);
  }
  stream.close();
  std::error_code error;
  if (stream) std::filesystem::rename(fresh, path, error);
  if (!stream || error) return absl::UnknownError(absl::StrCat("cannot write ", path.string()));
  return absl::OkStatus();
}

absl::Status CheckSameMarkets(absl::Span<const std::unique_ptr<HeldOutMarket>> markets,
                              absl::Span<const Reference> references) {
  if (references.size() < markets.size()) {
    return absl::FailedPreconditionError(
        absl::StrCat("references: got ", references.size(), ", want at least ", markets.size()));
  }
  for (std::size_t i = 0; i < markets.size(); ++i) {
    if (references[i].checksum == markets[i]->checksum()) continue;
    return absl::FailedPreconditionError(absl::StrCat("references: line ", i, " is about another market"));
  }
  return absl::OkStatus();
}

}  // namespace giot::bench
