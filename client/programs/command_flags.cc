#include "client/programs/command_flags.h"

#include <iostream>
#include <optional>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "client/programs/micros_text.h"
#include "client/programs/small_file.h"
#include "server/ledger/proof/key_file.h"
#include "server/ledger/proof/text_encoding.h"

ABSL_FLAG(std::string, server, "127.0.0.1:50051", "host:port of a giot-server");
ABSL_FLAG(absl::Duration, deadline, absl::Seconds(5), "of the call, retries included");
ABSL_FLAG(bool, json, false, "print JSON (the reply as it is) instead of a table");
ABSL_FLAG(std::string, local_model, "", "score, audit: a quality model's folder to score with, instead of by a server");

ABSL_FLAG(std::string, key, "", "file of the secret key that signs: a vehicle's, the operator's, an auditor's, ...");
ABSL_FLAG(std::string, verifier_key, "",
          "file with the verifier key of the ledger's checkpoints, which its operator published; what the server says "
          "is verified by it");
ABSL_FLAG(std::string, task, "", "id of a task, hex");
ABSL_FLAG(std::string, vehicle, "", "public key of a vehicle, hex");
ABSL_FLAG(std::string, amount, "", "money, a decimal");
ABSL_FLAG(std::string, out, "", "new file that the result is written to, instead of standard output");

namespace giot::client {

CallOptions CallOptionsFromFlags() {
  CallOptions options;
  options.timeout = absl::GetFlag(FLAGS_deadline);
  return options;
}

absl::Status WantArguments(const std::vector<std::string>& arguments, std::size_t count, std::string_view what) {
  if (arguments.size() == count) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("got ", arguments.size(), " arguments, want ", std::string(what)));
}

absl::StatusOr<ledger::Digest> ParseHexDigest(std::string_view what, std::string_view text) {
  ledger::Digest digest{};
  const std::optional<std::string> bytes = ledger::FromHex(text);
  if (bytes && ledger::FromBytes(*bytes, digest)) return digest;
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(what), ": got '", std::string(text), "', want 64 lower-case hex digits"));
}

absl::StatusOr<ledger::Digest> TaskFromFlags() { return ParseHexDigest("--task", absl::GetFlag(FLAGS_task)); }

absl::StatusOr<ledger::Digest> VehicleFromFlags() { return ParseHexDigest("--vehicle", absl::GetFlag(FLAGS_vehicle)); }

bool HasVehicleFlag() { return !absl::GetFlag(FLAGS_vehicle).empty(); }

absl::StatusOr<std::int64_t> AmountFromFlags() {
  const absl::StatusOr<std::int64_t> amount = ParseMicros("--amount", absl::GetFlag(FLAGS_amount));
  if (amount.ok() && *amount == 0) return absl::InvalidArgumentError("--amount: got 0, want more");
  return amount;
}

bool HasVerifierKeyFlag() { return !absl::GetFlag(FLAGS_verifier_key).empty(); }

absl::StatusOr<ledger::VerifierKey> VerifierKeyFromFlags() {
  if (!HasVerifierKeyFlag()) {
    return absl::InvalidArgumentError("--verifier_key: want the file with the key that the operator published");
  }
  return ledger::ReadVerifierKey(absl::GetFlag(FLAGS_verifier_key));
}

absl::StatusOr<Wallet> WalletFromFlags(const std::string& chain_id) {
  if (absl::GetFlag(FLAGS_key).empty()) return absl::InvalidArgumentError("--key: want the file of a secret key");
  return WalletFromFile(absl::GetFlag(FLAGS_key), chain_id);
}

absl::StatusOr<Wallet> WalletFromFile(const std::string& path, const std::string& chain_id) {
  absl::StatusOr<ledger::SecretKey> key = ledger::ReadSecretKey(path);
  if (!key.ok()) return key.status();
  return Wallet(*std::move(key), chain_id);
}

absl::Status PrintOrWrite(std::string_view bytes) {
  const std::string path = absl::GetFlag(FLAGS_out);
  if (!path.empty()) return WriteNewFile(path, bytes);
  std::cout << bytes;
  return absl::OkStatus();
}

}  // namespace giot::client
