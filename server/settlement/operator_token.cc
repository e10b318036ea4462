#include "server/settlement/operator_token.h"

#include <sodium.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/key_file.h"

namespace giot::settlement {
namespace {

constexpr std::size_t kLeast = 16;
constexpr std::size_t kMost = 256;

bool IsToken(std::string_view text) {
  return text.size() >= kLeast && text.size() <= kMost &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '!' && c <= '~'; });
}

}  // namespace

absl::StatusOr<OperatorToken> OperatorToken::FromFile(const std::filesystem::path& path) {
  std::string file;
  if (absl::Status status = ledger::ReadPrivateFile(path, kMost + 1, file); !status.ok()) return status;
  std::string_view token = file;
  if (token.ends_with('\n')) token.remove_suffix(1);
  const bool is_token = IsToken(token);
  const ledger::Digest digest = ledger::Sha256({token});
  sodium_memzero(file.data(), file.size());
  if (is_token) return OperatorToken(digest);
  return absl::InvalidArgumentError(absl::StrCat(path.string(), ": want ", kLeast, " to ", kMost,
                                                 " characters from '!' to '~' and, maybe, a line break"));
}

bool OperatorToken::Matches(std::string_view token) const {
  const ledger::Digest digest = ledger::Sha256({token});
  return sodium_memcmp(digest.data(), digest_.data(), digest.size()) == 0;
}

}  // namespace giot::settlement
