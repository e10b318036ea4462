#include "bench/ledger/transactions.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/transaction.h"

namespace giot::bench {
namespace {

using ledger::BytesOf;
using ledger::ByteWriter;

ledger::SecretKey KeyOf(std::uint8_t number) {
  ledger::Seed seed;
  seed.fill(number);
  return ledger::SecretKey(seed);
}

std::string Deposit(std::size_t number, std::int64_t expires_us, const ledger::SecretKey& mint) {
  ledger::v1::Body body;
  body.set_nonce(ByteWriter().U64(0).U64(number).Take());
  body.set_expires_us(expires_us);
  body.mutable_deposit()->set_account(std::string(BytesOf(AccountOf(number))));
  body.mutable_deposit()->set_amount_micros(1'000'000);
  return ledger::Seal(std::move(body), kChainId, mint);
}

}  // namespace

ledger::SecretKey MintKey() { return KeyOf(1); }
ledger::SecretKey CheckpointKey() { return KeyOf(2); }

std::string GenesisEnvelope(std::int64_t now_us) {
  ledger::v1::Body body;
  body.set_nonce(std::string(ledger::kNonceBytes, '\1'));
  body.set_expires_us(now_us);
  ledger::v1::Genesis& genesis = *body.mutable_genesis();
  genesis.set_time_us(now_us);
  genesis.set_treasury(std::string(BytesOf(KeyOf(3).public_key())));
  genesis.add_auditors(std::string(BytesOf(KeyOf(4).public_key())));
  genesis.set_auditor_threshold(1);
  genesis.set_max_task_us(1'000'000);
  return ledger::Seal(std::move(body), kChainId, MintKey());
}

ledger::PublicKey AccountOf(std::size_t number) {
  return ledger::Sha256({"account", ByteWriter().U64(number).bytes()});
}

std::vector<std::string> Deposits(std::size_t from, std::size_t count, std::int64_t expires_us) {
  std::vector<std::string> deposits(count);
  const std::size_t workers = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::thread> threads;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    threads.emplace_back([&, worker] {
      const ledger::SecretKey mint = MintKey();
      for (std::size_t i = worker; i < count; i += workers) deposits[i] = Deposit(from + i, expires_us, mint);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return deposits;
}

}  // namespace giot::bench
