#include "tests/server/ledger/test_chain.h"

#include <gtest/gtest.h>

#include <future>
#include <utility>

#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {
namespace {

v1::Body BodyFor(std::uint32_t number, std::int64_t expires_us) {
  v1::Body body;
  body.set_nonce(ByteWriter().U64(0).U64(number).Take());
  body.set_expires_us(expires_us);
  return body;
}

}  // namespace

SecretKey KeyOf(std::uint8_t number) {
  Seed seed;
  seed.fill(number);
  return SecretKey(seed);
}

VerifierKey CheckpointVerifier() {
  return {.name = std::string(kChainId), .type = NoteKeyType::kEd25519, .key = CheckpointKey().public_key()};
}

std::string GenesisEnvelope() {
  v1::Body body = BodyFor(0, kGenesisUs);
  v1::Genesis& genesis = *body.mutable_genesis();
  genesis.set_time_us(kGenesisUs);
  genesis.set_treasury(std::string(BytesOf(KeyOf(3).public_key())));
  genesis.add_auditors(std::string(BytesOf(KeyOf(4).public_key())));
  genesis.set_auditor_threshold(1);
  genesis.set_min_bond_micros(1'000'000);
  genesis.set_penalty_micros(1'000);
  genesis.set_availability_grace_us(60'000'000);
  genesis.set_dispute_window_us(60'000'000);
  genesis.set_vote_window_us(60'000'000);
  genesis.set_evidence_window_us(60'000'000);
  genesis.set_max_task_us(3'600'000'000);
  return Seal(std::move(body), kChainId, MintKey());
}

std::string DepositEnvelope(std::uint8_t to, std::int64_t amount, std::uint32_t number, std::int64_t expires_us) {
  v1::Body body = BodyFor(number, expires_us);
  body.mutable_deposit()->set_account(std::string(BytesOf(KeyOf(to).public_key())));
  body.mutable_deposit()->set_amount_micros(amount);
  return Seal(std::move(body), kChainId, MintKey());
}

std::string WithdrawEnvelope(std::uint8_t from, std::int64_t amount, std::uint32_t number, std::int64_t expires_us) {
  v1::Body body = BodyFor(number, expires_us);
  body.mutable_withdraw()->set_amount_micros(amount);
  return Seal(std::move(body), kChainId, KeyOf(from));
}

EmbeddedOptions OptionsFor(const std::filesystem::path& path, const char* vfs, const std::atomic<std::int64_t>& now_us,
                           bool is_new) {
  EmbeddedOptions options;
  options.path = path;
  options.chain_id = kChainId;
  if (is_new) options.genesis = GenesisEnvelope();
  options.now_us = [&now_us] { return now_us.load(); };
  options.vfs = vfs;
  return options;
}

absl::StatusOr<Placed> SubmitAndWait(Driver& driver, std::string envelope) {
  std::promise<absl::StatusOr<Placed>> promise;
  driver.Submit(std::move(envelope), [&](absl::StatusOr<Placed> placed) { promise.set_value(std::move(placed)); });
  return promise.get_future().get();
}

std::filesystem::path EmptyFolder(std::string_view name) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

}  // namespace giot::ledger
