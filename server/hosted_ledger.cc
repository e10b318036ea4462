#include "server/hosted_ledger.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/ledger/cometbft/cometbft_driver.h"
#include "server/ledger/embedded_driver.h"
#include "server/ledger/proof/files.h"
#include "server/ledger/proof/key_file.h"
#include "server/ledger/proof/transaction.h"

namespace giot::server {
namespace {

std::filesystem::path Beside(const std::filesystem::path& path, const char* suffix) {
  std::filesystem::path beside = path;
  beside += suffix;
  return beside;
}

absl::StatusOr<std::string> GenesisOf(const LedgerOptions& options) {
  std::error_code error;
  if (std::filesystem::exists(options.path, error)) return "";
  if (options.genesis.empty()) {
    return absl::NotFoundError(
        absl::StrCat("--ledger: ", options.path.string(), " is not there, and no --ledger_genesis to make it from"));
  }
  const absl::StatusOr<ledger::FileDescriptor> file = ledger::OpenRegularFile(options.genesis);
  if (!file.ok()) return file.status();
  std::string envelope;
  const absl::Status read = ledger::ReadWhole(*file, options.genesis, ledger::kMostEnvelopeBytes, envelope);
  if (!read.ok()) return read;
  return envelope;
}

absl::StatusOr<std::vector<ledger::PublicKey>> FormerKeys(const LedgerOptions& options) {
  std::vector<ledger::PublicKey> keys;
  for (const std::filesystem::path& path : options.former_checkpoint_keys) {
    absl::StatusOr<ledger::PublicKey> key = ledger::ReadPublicKey(path);
    if (absl::IsInvalidArgument(key.status())) {
      const absl::StatusOr<ledger::VerifierKey> verifier = ledger::ReadVerifierKey(path);
      if (!verifier.ok()) return verifier.status();
      key = verifier->key;
    }
    if (!key.ok()) return key.status();
    keys.push_back(*key);
  }
  return keys;
}

absl::StatusOr<std::unique_ptr<ledger::Driver>> OpenEmbedded(const LedgerOptions& options, ledger::SecretKey key) {
  ledger::EmbeddedOptions embedded;
  embedded.path = options.path;
  embedded.chain_id = options.chain_id;
  embedded.trust_missing_heads = options.restored;
  embedded.upgrade = options.upgrade;
  embedded.now_us = options.now_us;
  absl::StatusOr<std::string> genesis = GenesisOf(options);
  if (!genesis.ok()) return genesis.status();
  embedded.genesis = *std::move(genesis);
  absl::StatusOr<std::vector<ledger::PublicKey>> former = FormerKeys(options);
  if (!former.ok()) return former.status();
  embedded.former_checkpoint_keys = *std::move(former);
  absl::StatusOr<std::unique_ptr<ledger::EmbeddedDriver>> driver =
      ledger::EmbeddedDriver::Open(std::move(embedded), std::move(key));
  if (!driver.ok()) return driver.status();
  if ((*driver)->found_damaged_heads()) spdlog::warn("event=heads_file_damaged path={}", options.path.string());
  return *std::move(driver);
}

absl::StatusOr<std::unique_ptr<ledger::Driver>> StartCometbft(const LedgerOptions& options, ledger::SecretKey key) {
  ledger::CometbftOptions cometbft;
  cometbft.path = options.path;
  cometbft.chain_id = options.chain_id;
  cometbft.abci_socket = options.abci_socket;
  cometbft.rpc_address = options.cometbft_rpc;
  cometbft.on_stopped = options.on_must_end;
  absl::StatusOr<std::unique_ptr<ledger::CometbftDriver>> driver =
      ledger::CometbftDriver::Start(std::move(cometbft), std::move(key));
  if (!driver.ok()) return driver.status();
  return *std::move(driver);
}

absl::StatusOr<std::optional<ledger::SecretKey>> OperatorKey(const LedgerOptions& options) {
  if (options.operator_key.empty()) return std::nullopt;
  absl::StatusOr<ledger::SecretKey> key = ledger::ReadSecretKey(options.operator_key);
  if (!key.ok()) return key.status();
  return *std::move(key);
}

settlement::SettlementOptions SettlementFrom(const LedgerOptions& options, const ledger::PublicKey& checkpoint_key,
                                             std::function<void(const absl::Status&)> on_ledger) {
  settlement::SettlementOptions settlement;
  settlement.driver_name = options.driver;
  settlement.checkpoint_key = checkpoint_key;
  settlement.task_folder = Beside(options.path, ".tasks");
  settlement.evidence_folder =
      options.evidence_folder.empty() ? Beside(options.path, ".evidence") : options.evidence_folder;
  settlement.evidence_bytes = options.evidence_bytes;
  settlement.settle_every = absl::ToChronoMicroseconds(options.settle_every);
  settlement.now_us = options.now_us;
  settlement.on_ledger = std::move(on_ledger);
  return settlement;
}

void LogOpened(const LedgerOptions& options, settlement::Settlement& settlement) {
  spdlog::info("event=ledger_ready path={} driver={} chain_id={}", options.path.string(), options.driver,
               options.chain_id);
  if (options.operator_key.empty()) return;
  if (const absl::Status acts = settlement.CheckOperator(); !acts.ok()) {
    spdlog::warn("event=operator_does_not_act reason=\"{}\"", absl::CEscape(acts.ToString()));
  }
}

}  // namespace

void HostedLedger::TakeSnapshots(const LedgerOptions& options) {
  if (options.snapshot_every == absl::ZeroDuration()) return;
  snapshots_.emplace(*driver_,
                     options.snapshot_folder.empty() ? Beside(options.path, ".snapshots") : options.snapshot_folder,
                     options.snapshots_kept);
  taking_snapshots_.emplace(absl::ToChronoMicroseconds(options.snapshot_every), [this] {
    const absl::StatusOr<std::filesystem::path> taken = snapshots_->Take(absl::ToUnixMicros(absl::Now()));
    if (taken.ok()) {
      spdlog::info("event=snapshot_taken path={}", taken->string());
    } else {
      spdlog::error("event=snapshot_failed error=\"{}\"", absl::CEscape(taken.status().ToString()));
    }
    return false;
  });
}

absl::StatusOr<std::unique_ptr<HostedLedger>> HostedLedger::Open(const LedgerOptions& options,
                                                                 absl::StatusOr<settlement::Scorer> scorer,
                                                                 std::function<void(const absl::Status&)> on_ledger) {
  std::unique_ptr<HostedLedger> hosted(new HostedLedger);
  if (!options.operator_token.empty()) {
    absl::StatusOr<settlement::OperatorToken> token = settlement::OperatorToken::FromFile(options.operator_token);
    if (!token.ok()) return token.status();
    hosted->token_ = *std::move(token);
  }
  absl::StatusOr<std::optional<ledger::SecretKey>> operator_key = OperatorKey(options);
  if (!operator_key.ok()) return operator_key.status();
  absl::StatusOr<settlement::EvidenceKey> evidence_key = settlement::EvidenceKey::FromFile(
      options.evidence_key.empty() ? Beside(options.path, ".evidence-key") : options.evidence_key);
  if (!evidence_key.ok()) return evidence_key.status();
  absl::StatusOr<ledger::SecretKey> checkpoint_key = ledger::ReadSecretKey(options.checkpoint_key);
  if (!checkpoint_key.ok()) return checkpoint_key.status();
  const ledger::PublicKey checkpoint_public = checkpoint_key->public_key();

  absl::StatusOr<std::unique_ptr<ledger::Driver>> driver = options.driver == "cometbft"
                                                               ? StartCometbft(options, *std::move(checkpoint_key))
                                                               : OpenEmbedded(options, *std::move(checkpoint_key));
  if (!driver.ok()) return driver.status();
  hosted->driver_ = *std::move(driver);
  absl::StatusOr<std::unique_ptr<settlement::Settlement>> settlement =
      settlement::Settlement::Open(*hosted->driver_, *std::move(operator_key), *std::move(evidence_key),
                                   std::move(scorer), SettlementFrom(options, checkpoint_public, std::move(on_ledger)));
  if (!settlement.ok()) return settlement.status();
  hosted->settlement_ = *std::move(settlement);
  LogOpened(options, *hosted->settlement_);
  hosted->TakeSnapshots(options);
  return hosted;
}

}  // namespace giot::server
