#include "tests/server/ledger/cometbft/chain_in_memory.h"

#include <sqlite3.h>

#include <cstdlib>
#include <utility>

namespace giot::ledger {

absl::Status ChainInMemory::Open() {
  application_ = nullptr;
  ApplicationOptions options;
  options.path = "/ledger";
  options.chain_id = kChainId;
  options.now_us = [this] { return now_us.load(); };
  options.most_wait = most_wait;
  options.observer = &told;
  options.vfs = vfs.name();
  absl::StatusOr<std::unique_ptr<Application>> opened = Application::Open(std::move(options));
  if (opened.ok()) application_ = *std::move(opened);
  return opened.status();
}

void ChainInMemory::CutPower(std::mt19937_64& random) {
  vfs.FailWhen([](MemoryVfs::Call) { return SQLITE_IOERR; });
  application_ = nullptr;
  vfs.FailWhen(nullptr);
  vfs.CutPower(random);
}

absl::StatusOr<Digest> ChainInMemory::InitChain() {
  return application_->InitChain(kChainId, AppStateOf(GenesisEnvelope()));
}

std::int64_t ChainInMemory::NextHeight() { return application_->GetInfo().value().height + 1; }

Digest ChainInMemory::Add(const std::vector<std::string>& envelopes) {
  const std::int64_t height = NextHeight();
  now_us = TimeOf(height);
  const Application::Finalized block = application_->FinalizeBlock(height, TimeOf(height), envelopes).value();
  if (!application_->Commit().ok()) std::abort();
  return block.app_hash;
}

std::string ChainInMemory::WithBadSignature(std::string envelope) {
  envelope[3] = static_cast<char>(envelope[3] ^ 1);
  return envelope;
}

}  // namespace giot::ledger
