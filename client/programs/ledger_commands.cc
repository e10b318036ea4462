#include "client/programs/ledger_commands.h"

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/programs/command_flags.h"
#include "client/programs/connected_ledger.h"
#include "client/programs/message_json.h"
#include "client/programs/micros_text.h"
#include "client/programs/settlement_printer.h"
#include "client/programs/small_file.h"
#include "client/settlement/transactions.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/receipt.h"
#include "server/ledger/proof/state_proof.h"
#include "server/ledger/proof/transaction.h"

ABSL_FLAG(std::string, account, "", "ledger deposit: the key that is to own the money, hex; accuse: the operator's");
ABSL_FLAG(bool, from_bond, false, "ledger withdraw: from the operator's bond instead of its balance");
ABSL_FLAG(std::string, payment_reference, "", "ledger deposit, withdraw: of the payment outside, at most 64 bytes");
ABSL_FLAG(absl::Duration, watch_for, absl::Hours(24), "ledger watch: how long");

namespace giot::client {
namespace {

SettlementClient ClientFromFlags() { return SettlementClient(absl::GetFlag(FLAGS_server), CallOptionsFromFlags()); }

absl::Status Info(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const auto about = ClientFromFlags().GetLedger();
  if (!about.ok()) return about.status();
  absl::GetFlag(FLAGS_json) ? void(std::cout << JsonWithHexOf(*about)) : PrintLedger(*about, std::cout);
  return absl::OkStatus();
}

// The key of a state entry that arguments name.
absl::StatusOr<std::string> EntryKey(const std::vector<std::string>& arguments) {
  std::vector<ledger::Digest> ids;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const absl::StatusOr<ledger::Digest> id = ParseHexDigest("entry", arguments[i]);
    if (!id.ok()) return id.status();
    ids.push_back(*id);
  }
  const std::string kind = arguments.empty() ? "" : arguments[0];
  if (kind == "parameters" && ids.empty()) return ledger::ParametersKey();
  if (kind == "chain" && ids.empty()) return ledger::ChainKey();
  if (kind == "key" && ids.size() == 1) return ledger::KeyKey(ids[0]);
  if (kind == "account" && ids.size() == 1) return ledger::AccountKey(ids[0]);
  if (kind == "operator" && ids.size() == 1) return ledger::OperatorKey(ids[0]);
  if (kind == "task" && ids.size() == 1) return ledger::TermsKey(ids[0]);
  if (kind == "funds" && ids.size() == 1) return ledger::FundsKey(ids[0]);
  if (kind == "acceptance" && ids.size() == 2) return ledger::AcceptanceKey(ids[0], ids[1]);
  return absl::InvalidArgumentError(
      "entry: want parameters, chain, key KEY, account KEY, operator ACCOUNT, task TASK, funds TASK or acceptance TASK "
      "VEHICLE");
}

absl::Status Prove(const std::vector<std::string>& arguments) {
  const absl::StatusOr<std::string> key = EntryKey(arguments);
  if (!key.ok()) return key.status();
  const absl::StatusOr<std::string> proof = ClientFromFlags().Prove(*key);
  if (!proof.ok()) return proof.status();
  return PrintOrWrite(*proof);
}

absl::Status Watch(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<ledger::VerifierKey> key = VerifierKeyFromFlags();
  if (!key.ok()) return key.status();
  SettlementClient client = ClientFromFlags();
  CheckpointStream stream = client.WatchCheckpoints(absl::GetFlag(FLAGS_watch_for));
  std::optional<ledger::Checkpoint> last;
  for (;;) {
    const absl::StatusOr<std::string> note = stream.Next();
    if (absl::IsOutOfRange(note.status()) || absl::IsDeadlineExceeded(note.status())) return absl::OkStatus();
    if (!note.ok()) return note.status();
    const absl::StatusOr<ledger::Checkpoint> next = ledger::OpenCheckpoint(*note, *key);
    if (!next.ok()) return absl::DataLossError(absl::StrCat("checkpoint: ", next.status().message()));
    if (last && (ledger::Contradict(*last, *next) || next->size < last->size)) {
      return absl::DataLossError(
          absl::StrCat("checkpoint of ", next->size, " transactions contradicts that of ", last->size, " before it"));
    }
    last = *next;
    std::cout << next->size << " transactions, height " << next->height << ", root " << HexText(next->root)
              << std::endl;  // At once, also into a pipe.
  }
}

absl::Status Transfer(const std::vector<std::string>& arguments,
                      const std::function<absl::StatusOr<ledger::v1::Body>(std::int64_t amount)>& body) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<std::int64_t> amount = AmountFromFlags();
  if (!amount.ok()) return amount.status();
  absl::StatusOr<ledger::v1::Body> made = body(*amount);
  if (!made.ok()) return made.status();
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  return PlaceByFlags(**connected, *std::move(made));
}

absl::Status Deposit(const std::vector<std::string>& arguments) {
  return Transfer(arguments, [](std::int64_t amount) -> absl::StatusOr<ledger::v1::Body> {
    const absl::StatusOr<ledger::Digest> account = ParseHexDigest("--account", absl::GetFlag(FLAGS_account));
    if (!account.ok()) return account.status();
    return DepositBody(*account, amount, absl::GetFlag(FLAGS_payment_reference));
  });
}

absl::Status Withdraw(const std::vector<std::string>& arguments) {
  return Transfer(arguments, [](std::int64_t amount) -> absl::StatusOr<ledger::v1::Body> {
    return WithdrawBody(amount, absl::GetFlag(FLAGS_from_bond), absl::GetFlag(FLAGS_payment_reference));
  });
}

absl::Status PlaceFile(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "the file of an envelope"); !status.ok()) return status;
  const absl::StatusOr<std::string> envelope = ReadSmallFile(arguments[0]);
  if (!envelope.ok()) return envelope.status();
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  return PlaceEnvelope(**connected, *envelope);
}

absl::Status Accuse(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 2, "two checkpoints that contradict each other"); !status.ok()) {
    return status;
  }
  const absl::StatusOr<ledger::Digest> account = ParseHexDigest("--account", absl::GetFlag(FLAGS_account));
  if (!account.ok()) return account.status();
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  ledger::v1::Evidence evidence;
  evidence.set_kind(ledger::v1::EVIDENCE_KIND_CHECKPOINTS);
  evidence.set_operator_account(std::string(ledger::BytesOf(*account)));
  evidence.set_checkpoint_key(std::string(ledger::BytesOf((*connected)->ledger.key().key)));
  for (const auto& [path, field] :
       {std::pair{arguments[0], evidence.mutable_first()}, std::pair{arguments[1], evidence.mutable_second()}}) {
    absl::StatusOr<std::string> note = ReadSmallFile(path);
    if (!note.ok()) return note.status();
    *field = *std::move(note);
  }
  return PlaceByFlags(**connected, EvidenceBody(std::move(evidence)));
}

absl::StatusOr<ledger::Account> AccountFrom(const std::vector<std::string>& arguments) {
  if (arguments.size() == 1) return ParseHexDigest("account", arguments[0]);
  const absl::StatusOr<Wallet> wallet = WalletFromFlags("");
  if (!wallet.ok()) return wallet.status();
  return wallet->key();
}

void PrintBalance(const v1::GetAccountResponse& account, std::string_view word) {
  if (absl::GetFlag(FLAGS_json)) {
    std::cout << JsonWithHexOf(account);
    return;
  }
  std::cout << "balance " << MicrosText(account.balance_micros()) << ", reputation "
            << MicrosText(account.reputation_micros()) << ", fulfilled " << account.fulfilled() << ", failed "
            << account.failed();
  if (account.bond_micros() != 0 || account.slashed()) {
    std::cout << ", bond " << MicrosText(account.bond_micros()) << (account.slashed() ? ", slashed" : "");
  }
  std::cout << " (" << word << ")\n";
}

absl::Status ProveBalance(const ledger::Account& account) {
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  const absl::StatusOr<ledger::AccountEntry> entry = (*connected)->ledger.ReadAccount(account);
  if (!entry.ok()) return entry.status();
  const absl::StatusOr<ledger::OperatorEntry> bond = (*connected)->ledger.ReadOperator(account);
  if (!bond.ok() && !absl::IsNotFound(bond.status())) return bond.status();
  v1::GetAccountResponse known;
  known.set_balance_micros(entry->balance);
  known.set_reputation_micros(static_cast<std::int32_t>(entry->reputation));
  known.set_fulfilled(static_cast<std::int32_t>(entry->fulfilled));
  known.set_failed(static_cast<std::int32_t>(entry->failed));
  if (bond.ok()) {
    known.set_bond_micros(bond->bond);
    known.set_bond_locked_until_us(bond->bond_locked_until);
    known.set_slashed(bond->status == ledger::OperatorStatus::kSlashed);
  }
  PrintBalance(known, "proved");
  return absl::OkStatus();
}

absl::Status Balance(const std::vector<std::string>& arguments) {
  if (arguments.size() > 1) return WantArguments(arguments, 1, "one account, or --key");
  const absl::StatusOr<ledger::Account> account = AccountFrom(arguments);
  if (!account.ok()) return account.status();
  if (HasVerifierKeyFlag()) return ProveBalance(*account);
  const auto told = ClientFromFlags().GetAccount(*account);
  if (!told.ok()) return told.status();
  PrintBalance(*told, "as the server says; --verifier_key proves it");
  return absl::OkStatus();
}

absl::Status GetReceipt(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "the id of a transaction"); !status.ok()) return status;
  const absl::StatusOr<ledger::Digest> id = ParseHexDigest("transaction", arguments[0]);
  if (!id.ok()) return id.status();
  const absl::StatusOr<std::string> receipt = ClientFromFlags().GetReceipt(*id);
  if (!receipt.ok()) return receipt.status();
  return PrintOrWrite(*receipt);
}

}  // namespace

std::vector<Command> LedgerCommands() {
  return {{"ledger info", "", "what the server says of its ledger", Info},
          {"ledger prove", "KIND ID... [--out=FILE]", "proof of a state entry, to be verified offline", Prove},
          {"ledger watch", "--verifier_key=FILE", "each new checkpoint, verified", Watch},
          {"ledger deposit", "--key=MINT --account=KEY --amount=N", "money that came in outside", Deposit},
          {"ledger withdraw", "--key=FILE --amount=N", "money that goes out; the mint pays it", Withdraw},
          {"ledger place", "ENVELOPE", "repeats a transaction of which another command could not tell what became",
           PlaceFile},
          {"ledger accuse", "NOTE NOTE --account=OPERATOR --key=FILE",
           "shows the ledger two checkpoints that contradict each other; takes the operator's bond", Accuse},
          {"balance", "[ACCOUNT]", "money and reputation of an account, or of --key", Balance},
          {"receipt get", "TRANSACTION [--out=FILE]", "receipt of a transaction", GetReceipt}};
}

}  // namespace giot::client
