#include "server/ledger/proof/line_reader.h"

#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/proof/text_encoding.h"

namespace giot::ledger {
namespace {

// Of what is shown in a message.
constexpr std::size_t kMostShown = 80;

std::string Shown(std::string_view text) { return absl::CEscape(std::string(text.substr(0, kMostShown))); }

}  // namespace

LineReader::LineReader(std::string_view what, std::string_view text) : what_(what), rest_(text) {
  if (text.size() <= kMostFileBytes) return;
  status_ =
      absl::InvalidArgumentError(absl::StrCat(what_, ": got ", text.size(), " bytes, want at most ", kMostFileBytes));
}

void LineReader::Refuse(std::string_view got, std::string_view want) {
  if (!ok()) return;
  status_ = absl::InvalidArgumentError(
      absl::StrCat(what_, ": line ", line_, ": got \"", Shown(got), "\", want ", std::string(want)));
}

std::string_view LineReader::Line(std::string_view want) {
  if (!ok()) return {};
  ++line_;
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) {
    Refuse(rest_, absl::StrCat(std::string(want), " and a line break"));
    return {};
  }
  const std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return line;
}

void LineReader::Literal(std::string_view want) {
  const std::string_view line = Line(want);
  if (line != want) Refuse(line, absl::StrCat("\"", std::string(want), "\""));
}

std::string_view LineReader::Field(std::string_view name) {
  const std::string want = absl::StrCat("\"", std::string(name), " <value>\"");
  const std::string_view line = Line(want);
  if (!line.starts_with(name) || !line.substr(name.size()).starts_with(' ')) {
    Refuse(line, want);
    return {};
  }
  return line.substr(name.size() + 1);
}

std::uint64_t LineReader::Number(std::string_view name) { return ToNumber(Field(name)); }
std::string LineReader::Bytes(std::string_view name) { return ToBytes(Field(name)); }
Digest LineReader::Hash(std::string_view name) { return ToHash(Field(name)); }
std::uint64_t LineReader::NumberLine() { return ToNumber(Line("a number")); }
Digest LineReader::HashLine() { return ToHash(Line("a hash in base64")); }

std::vector<Digest> LineReader::HashesAndEmptyLine(std::size_t most) {
  std::vector<Digest> hashes;
  while (ok() && !NextStarts("\n") && hashes.size() <= most) hashes.push_back(HashLine());
  if (hashes.size() > most) Refuse("more", absl::StrCat("at most ", most, " hashes"));
  Literal("");
  return hashes;
}

std::string_view LineReader::Rest() {
  if (!ok()) return {};
  const std::string_view rest = rest_;
  rest_ = {};
  return rest;
}

absl::Status LineReader::Finish() {
  if (ok() && !rest_.empty()) {
    ++line_;
    Refuse(rest_, "the end");
  }
  return status_;
}

std::uint64_t LineReader::ToNumber(std::string_view text) {
  const std::optional<std::uint64_t> number = FromDecimal(text);
  if (!number) Refuse(text, "a decimal number below 2^64 without leading zeros");
  return number.value_or(0);
}

std::string LineReader::ToBytes(std::string_view text) {
  std::optional<std::string> bytes = FromBase64(text);
  if (!bytes) Refuse(text, "base64 with padding");
  return std::move(bytes).value_or("");
}

Digest LineReader::ToHash(std::string_view text) {
  Digest hash{};
  if (!FromBytes(ToBytes(text), hash)) Refuse(text, "32 bytes in base64");
  return hash;
}

}  // namespace giot::ledger
