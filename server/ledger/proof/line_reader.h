#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "server/ledger/proof/digest.h"

namespace giot::ledger {

// Reads the texts of FORMAT.md sections 6 and 7, each line ending in U+000A. Each function takes one
// line; from the first that is not what was wanted on, status() is InvalidArgument naming the line,
// what it got and what it wanted, and everything reads as empty, so that a parser checks once, at its end. The
// text must outlive it.
class LineReader {
 public:
  // `what` the text is, for messages; at most kMostFileBytes of it.
  LineReader(std::string_view what, std::string_view text);

  static constexpr std::size_t kMostFileBytes = 1 << 20;

  std::string_view Line(std::string_view want);
  void Literal(std::string_view want);
  // What follows `name` and a space.
  std::string_view Field(std::string_view name);
  std::uint64_t Number(std::string_view name);
  std::string Bytes(std::string_view name);
  Digest Hash(std::string_view name);
  // A whole line that is a number.
  std::uint64_t NumberLine();
  // A whole line that is a hash.
  Digest HashLine();
  // Hashes, one a line, up to an empty line, which is taken too.
  std::vector<Digest> HashesAndEmptyLine(std::size_t most);

  // Whether the next line begins so.
  bool NextStarts(std::string_view with) const { return rest_.starts_with(with); }
  bool AtEnd() const { return rest_.empty(); }
  // All further lines.
  std::string_view Rest();
  // Refuses the line that was read last.
  void Refuse(std::string_view got, std::string_view want);

  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }
  // Refuses what is left over.
  absl::Status Finish();

 private:
  std::uint64_t ToNumber(std::string_view text);
  std::string ToBytes(std::string_view text);
  Digest ToHash(std::string_view text);

  std::string what_;
  std::string_view rest_;
  int line_ = 0;
  absl::Status status_;
};

}  // namespace giot::ledger
