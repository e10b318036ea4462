#include "client/programs/key_commands.h"

#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "client/programs/command_flags.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/key_file.h"
#include "server/ledger/proof/signed_note.h"

ABSL_FLAG(std::string, name, "", "key show, witness: name of a checkpoint's or a witness's key, for its verifier key");
ABSL_FLAG(bool, cosigns, false, "key show: the key is a witness's");

namespace giot::client {
namespace {

absl::Status Show(const absl::StatusOr<ledger::SecretKey>& key) {
  if (!key.ok()) return key.status();
  const std::string name = absl::GetFlag(FLAGS_name);
  if (name.empty()) {
    std::cout << ledger::HexOf(ledger::BytesOf(key->public_key())) << '\n';
    return absl::OkStatus();
  }
  if (!ledger::IsNoteKeyName(name)) {
    return absl::InvalidArgumentError(absl::StrCat("--name: got '", name, "', want one without spaces and '+'"));
  }
  const auto type = absl::GetFlag(FLAGS_cosigns) ? ledger::NoteKeyType::kCosignature : ledger::NoteKeyType::kEd25519;
  std::cout << ledger::FormatVerifierKey({name, type, key->public_key()}) << '\n';
  return absl::OkStatus();
}

absl::Status NewKey(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "a new file"); !status.ok()) return status;
  return Show(ledger::CreateSecretKey(arguments[0]));
}

absl::Status ShowKey(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "the file of a secret key"); !status.ok()) return status;
  return Show(ledger::ReadSecretKey(arguments[0]));
}

}  // namespace

std::vector<Command> KeyCommands() {
  return {
      {"key new", "FILE", "makes a secret key; prints its public key", NewKey},
      {"key show", "FILE [--name=NAME [--cosigns]]", "prints a public key, or a verifier key of that name", ShowKey}};
}

}  // namespace giot::client
