#pragma once

#include <filesystem>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/ledger/proof/digest.h"

namespace giot::settlement {

// The secret by which a server knows its operator's calls. Only its digest is kept.
class OperatorToken {
 public:
  // Of a file that holds it and, maybe, a line break, with owner and mode as those of a secret key: 16 to 256
  // characters from '!' to '~'. NotFound, FailedPrecondition, InvalidArgument, Unavailable as ledger::ReadSecretKey; no
  // message holds a part of it.
  static absl::StatusOr<OperatorToken> FromFile(const std::filesystem::path& path);

  // In a time that does not depend on what differs.
  bool Matches(std::string_view token) const;

 private:
  explicit OperatorToken(const ledger::Digest& digest) : digest_(digest) {}

  ledger::Digest digest_;
};

}  // namespace giot::settlement
