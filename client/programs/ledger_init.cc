#include "client/programs/ledger_init.h"

#include <sodium.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "client/programs/small_file.h"
#include "client/settlement/wallet.h"
#include "server/ledger/proof/key_file.h"
#include "server/ledger/proof/signed_note.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/text_encoding.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/state/entries.h"

namespace giot::client {
namespace {

// Where the keys stand in what makes a Genesis.
constexpr std::size_t kMint = 0;
constexpr std::size_t kTreasury = 1;
constexpr std::size_t kCheckpoint = 3;
constexpr std::size_t kFirstAuditor = 4;

absl::Status CheckAbsent(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (std::error_code ignored; std::filesystem::exists(folder / name, ignored)) {
      return absl::AlreadyExistsError(
          absl::StrCat((folder / name).string(), ": exists, want a folder without a ledger"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckChain(const std::string& chain_id, int auditors) {
  if (!ledger::IsChainId(chain_id)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--chain_id: got '", chain_id, "', want 1 to 48 of a-z 0-9 - . /, as example.com/giot/road-17"));
  }
  if (auditors < 1 || auditors > static_cast<int>(ledger::kMostAuditors)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--auditors: got ", auditors, ", want 1 to ", ledger::kMostAuditors));
  }
  return absl::OkStatus();
}

std::vector<std::string> KeyNames(int auditors) {
  std::vector<std::string> names = {"mint.key", "treasury.key", "operator.key", "checkpoint.key"};
  for (int i = 1; i <= auditors; ++i) names.push_back(absl::StrCat("auditor-", i, ".key"));
  return names;
}

std::string RandomToken() {
  std::array<std::uint8_t, 32> bytes{};
  if (sodium_init() < 0) std::abort();  // No randomness to be had.
  randombytes_buf(bytes.data(), bytes.size());
  return ledger::HexOf(ledger::BytesOf(bytes));
}

absl::StatusOr<std::string> SealGenesis(const std::string& chain_id, const std::vector<ledger::SecretKey>& keys,
                                        ledger::v1::Genesis genesis) {
  genesis.set_treasury(std::string(ledger::BytesOf(keys[kTreasury].public_key())));
  for (std::size_t i = kFirstAuditor; i < keys.size(); ++i) {
    genesis.add_auditors(std::string(ledger::BytesOf(keys[i].public_key())));
  }
  ledger::v1::Body body;
  body.set_expires_us(genesis.time_us() + Wallet::kExpiryUs);
  *body.mutable_genesis() = std::move(genesis);
  std::string envelope = ledger::Seal(std::move(body), chain_id, keys[kMint]);
  const ledger::v1::Code code = ledger::OpenTransaction(chain_id, envelope).field_code;
  if (code == ledger::v1::CODE_OK) return envelope;
  return absl::InvalidArgumentError(absl::StrCat(
      ledger::v1::Code_Name(code),
      ": want --threshold more than half of the auditors, amounts up to 2^53, windows of at most 400 days"));
}

// Whether the parameters make a Genesis, before there are any files.
absl::Status CheckParameters(const std::string& chain_id, std::size_t keys, const ledger::v1::Genesis& parameters) {
  std::vector<ledger::SecretKey> random;
  for (std::size_t i = 0; i < keys; ++i) random.push_back(ledger::SecretKey::Random());
  return SealGenesis(chain_id, random, parameters).status();
}

}  // namespace

absl::Status InitLedger(const std::filesystem::path& folder, const std::string& chain_id, int auditors,
                        ledger::v1::Genesis parameters, std::int64_t now_us) {
  if (absl::Status status = CheckChain(chain_id, auditors); !status.ok()) return status;
  parameters.set_time_us(now_us);
  const std::vector<std::string> key_names = KeyNames(auditors);
  if (absl::Status status = CheckParameters(chain_id, key_names.size(), parameters); !status.ok()) return status;
  std::vector<std::string> names = key_names;
  names.insert(names.end(), {"operator.token", "genesis.envelope", "genesis.app_state", "verifier.key"});
  if (absl::Status status = CheckAbsent(folder, names); !status.ok()) return status;
  std::error_code ignored;  // Creating the first file says why.
  std::filesystem::create_directories(folder, ignored);

  std::vector<ledger::SecretKey> keys;
  for (const std::string& name : key_names) {
    absl::StatusOr<ledger::SecretKey> key = ledger::CreateSecretKey(folder / name);
    if (!key.ok()) return key.status();
    keys.push_back(*std::move(key));
  }
  const absl::StatusOr<std::string> genesis = SealGenesis(chain_id, keys, std::move(parameters));
  if (!genesis.ok()) return genesis.status();
  const ledger::VerifierKey verifier = {chain_id, ledger::NoteKeyType::kEd25519, keys[kCheckpoint].public_key()};
  absl::Status status = WriteNewFile(folder / "operator.token", RandomToken() + "\n");
  if (status.ok()) status = WriteNewFile(folder / "genesis.envelope", *genesis);
  if (status.ok())
    status = WriteNewFile(folder / "genesis.app_state", absl::StrCat("\"", ledger::Base64Of(*genesis), "\"\n"));
  if (status.ok()) status = WriteNewFile(folder / "verifier.key", ledger::FormatVerifierKey(verifier) + "\n");
  using std::filesystem::perms;
  std::filesystem::permissions(folder / "verifier.key", perms::group_read | perms::others_read,
                               std::filesystem::perm_options::add, ignored);
  return status;
}

}  // namespace giot::client
