#include "client/programs/operator_commands.h"

#include <iostream>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/programs/command_flags.h"
#include "client/programs/connected_ledger.h"
#include "client/programs/message_json.h"
#include "client/programs/micros_text.h"
#include "client/programs/proposal.h"
#include "client/programs/small_file.h"
#include "client/settlement/transactions.h"

ABSL_FLAG(std::string, checkpoint_key, "", "operator register: file of the secret key that signs checkpoints");
ABSL_FLAG(std::string, bond, "100", "operator register: money that is locked from the balance");
ABSL_FLAG(absl::Duration, approve_for, absl::Hours(24), "operator register, rotate: when approvals lapse");
ABSL_FLAG(std::vector<std::string>, auditor_keys, {},
          "operator register, rotate: files of auditors' secret keys, where they are on this machine");
ABSL_FLAG(std::vector<std::string>, approvals, {},
          "operator register, rotate: what auditors' 'operator approve' printed, separated by commas");
ABSL_FLAG(std::string, proposal, "", "operator register, rotate: the file that the approvals are of");
ABSL_FLAG(std::string, role, "operator", "operator rotate: operator, checkpoint, auditor or mint");
ABSL_FLAG(std::string, new_key, "", "operator rotate: file of the new secret key");
ABSL_FLAG(std::string, lost_key, "", "operator propose rotation: the public key to be replaced, hex");

namespace giot::client {
namespace {

using ledger::v1::Body;
using ledger::v1::KeySignature;

std::int64_t ApproveByUs() { return absl::ToUnixMicros(absl::Now() + absl::GetFlag(FLAGS_approve_for)); }

absl::StatusOr<ledger::v1::KeyRole> RoleFromFlags() {
  const std::string role = absl::GetFlag(FLAGS_role);
  if (role == "operator") return ledger::v1::KEY_ROLE_OPERATOR;
  if (role == "checkpoint") return ledger::v1::KEY_ROLE_CHECKPOINT;
  if (role == "auditor") return ledger::v1::KEY_ROLE_AUDITOR;
  if (role == "mint") return ledger::v1::KEY_ROLE_MINT;
  return absl::InvalidArgumentError(
      absl::StrCat("--role: got '", role, "', want operator, checkpoint, auditor or mint"));
}

// Without approvals, by the operator's key.
absl::StatusOr<Body> Registration(const Wallet& wallet) {
  const absl::StatusOr<std::int64_t> bond = ParseMicros("--bond", absl::GetFlag(FLAGS_bond));
  if (!bond.ok()) return bond.status();
  const absl::StatusOr<Wallet> checkpoint = WalletFromFile(absl::GetFlag(FLAGS_checkpoint_key), wallet.chain_id());
  if (!checkpoint.ok()) return checkpoint.status();
  ledger::v1::RegisterOperator message;
  message.set_checkpoint_key(std::string(ledger::BytesOf(checkpoint->key())));
  message.set_checkpoint_possession(
      std::string(ledger::BytesOf(checkpoint->ProvePossession(ledger::v1::KEY_ROLE_CHECKPOINT, wallet.key()))));
  message.set_bond_micros(*bond);
  message.set_approve_by_us(ApproveByUs());
  Body body = RegisterOperatorBody(std::move(message));
  body.set_signer(std::string(ledger::BytesOf(wallet.key())));
  return body;
}

// Of `old_key` to --new_key, without approvals; `approve_by_us` 0 where the old key signs.
absl::StatusOr<Body> Rotation(ProvenLedger& ledger, const ledger::PublicKey& old_key, std::int64_t approve_by_us) {
  const absl::StatusOr<ledger::v1::KeyRole> role = RoleFromFlags();
  if (!role.ok()) return role.status();
  const absl::StatusOr<Wallet> next = WalletFromFile(absl::GetFlag(FLAGS_new_key), ledger.chain_id());
  if (!next.ok()) return next.status();
  const absl::StatusOr<ledger::KeyEntry> old_entry = ledger.ReadKey(old_key);
  if (!old_entry.ok()) return old_entry.status();
  ledger::v1::RotateKey message;
  message.set_role(*role);
  message.set_old_key(std::string(ledger::BytesOf(old_key)));
  message.set_new_key(std::string(ledger::BytesOf(next->key())));
  message.set_new_key_possession(std::string(ledger::BytesOf(next->ProvePossession(*role, old_entry->account))));
  message.set_approve_by_us(approve_by_us);
  return RotateKeyBody(std::move(message));
}

absl::StatusOr<Body> ProposalFromFile(const std::string& path, const std::string& chain_id) {
  const absl::StatusOr<std::string> bytes = ReadSmallFile(path);
  if (!bytes.ok()) return bytes.status();
  return ParseProposal(*bytes, chain_id);
}

// Of --auditor_keys and --approvals.
absl::StatusOr<std::vector<KeySignature>> ApprovalsFromFlags(const Body& proposal, const std::string& chain_id) {
  std::vector<KeySignature> approvals;
  for (const std::string& path : absl::GetFlag(FLAGS_auditor_keys)) {
    const absl::StatusOr<Wallet> auditor = WalletFromFile(path, chain_id);
    if (!auditor.ok()) return auditor.status();
    approvals.push_back(Approve(*auditor, proposal));
  }
  for (const std::string& text : absl::GetFlag(FLAGS_approvals)) {
    absl::StatusOr<KeySignature> approval = ParseKeySignature(text);
    if (!approval.ok()) return approval.status();
    approvals.push_back(*std::move(approval));
  }
  return approvals;
}

absl::Status PlaceApproved(ConnectedLedger& connected, Body proposal) {
  absl::StatusOr<std::vector<KeySignature>> approvals = ApprovalsFromFlags(proposal, connected.ledger.chain_id());
  if (!approvals.ok()) return approvals.status();
  return PlaceByFlags(connected, WithApprovals(std::move(proposal), *std::move(approvals)));
}

absl::Status ProposeRegistration(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<ledger::VerifierKey> key = VerifierKeyFromFlags();
  if (!key.ok()) return key.status();
  const absl::StatusOr<Wallet> wallet = WalletFromFlags(key->name);
  if (!wallet.ok()) return wallet.status();
  absl::StatusOr<Body> body = Registration(*wallet);
  if (!body.ok()) return body.status();
  return PrintOrWrite(ProposalBytes(*std::move(body), key->name));
}

absl::Status ProposeRotation(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<ledger::Digest> lost = ParseHexDigest("--lost_key", absl::GetFlag(FLAGS_lost_key));
  if (!lost.ok()) return lost.status();
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  absl::StatusOr<Body> body = Rotation((*connected)->ledger, *lost, ApproveByUs());
  if (!body.ok()) return body.status();
  return PrintOrWrite(ProposalBytes(*std::move(body), (*connected)->ledger.chain_id()));
}

absl::Status ApproveFile(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 1, "the file of a proposal"); !status.ok()) return status;
  const absl::StatusOr<ledger::VerifierKey> key = VerifierKeyFromFlags();
  if (!key.ok()) return key.status();
  const absl::StatusOr<Body> proposal = ProposalFromFile(arguments[0], key->name);
  if (!proposal.ok()) return proposal.status();
  const absl::StatusOr<Wallet> auditor = WalletFromFlags(key->name);
  if (!auditor.ok()) return auditor.status();
  // What is approved goes where people look; the approval alone is what scripts take.
  std::cerr << JsonWithHexOf(*proposal);
  std::cout << KeySignatureText(Approve(*auditor, *proposal)) << '\n';
  return absl::OkStatus();
}

absl::Status Register(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  const std::string& chain_id = (*connected)->ledger.chain_id();
  const absl::StatusOr<Wallet> wallet = WalletFromFlags(chain_id);
  if (!wallet.ok()) return wallet.status();
  const std::string path = absl::GetFlag(FLAGS_proposal);
  absl::StatusOr<Body> body = path.empty() ? Registration(*wallet) : ProposalFromFile(path, chain_id);
  if (!body.ok()) return body.status();
  return PlaceApproved(**connected, *std::move(body));
}

absl::Status Rotate(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  if (const std::string path = absl::GetFlag(FLAGS_proposal); !path.empty()) {
    absl::StatusOr<Body> proposal = ProposalFromFile(path, (*connected)->ledger.chain_id());
    if (!proposal.ok()) return proposal.status();
    return PlaceApproved(**connected, *std::move(proposal));
  }
  const absl::StatusOr<Wallet> old_wallet = WalletFromFlags((*connected)->ledger.chain_id());
  if (!old_wallet.ok()) return old_wallet.status();
  absl::StatusOr<Body> body = Rotation((*connected)->ledger, old_wallet->key(), 0);
  if (!body.ok()) return body.status();
  return Place(**connected, *old_wallet, *std::move(body));
}

absl::Status TopUp(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<std::int64_t> amount = AmountFromFlags();
  if (!amount.ok()) return amount.status();
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  return PlaceByFlags(**connected, TopUpBondBody(*amount));
}

}  // namespace

std::vector<Command> OperatorCommands() {
  return {{"operator register", "--key=FILE --checkpoint_key=FILE --bond=N --auditor_keys=FILE,...",
           "makes a key an operator's; or with --proposal and --approvals", Register},
          {"operator propose registration", "--key=FILE --checkpoint_key=FILE --bond=N --out=FILE",
           "the same, for auditors elsewhere to approve", ProposeRegistration},
          {"operator propose rotation", "--role=ROLE --lost_key=KEY --new_key=FILE --out=FILE",
           "replaces a lost key, if auditors approve", ProposeRotation},
          {"operator approve", "PROPOSAL --key=AUDITOR", "prints an auditor's approval", ApproveFile},
          {"operator rotate", "--role=ROLE --key=OLD --new_key=FILE",
           "replaces a key; or with --proposal, --approvals and any --key", Rotate},
          {"operator top-up", "--key=FILE --amount=N", "adds to the bond", TopUp}};
}

}  // namespace giot::client
