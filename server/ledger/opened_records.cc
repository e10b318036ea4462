#include "server/ledger/opened_records.h"

#include <utility>

namespace giot::ledger {

void OpenedRecords::Add(std::string_view record, std::int64_t id_prefix) {
  Opened& opened = records_.emplace_back();
  opened.record = record;
  opened.id_prefix = id_prefix;
}

void OpenedRecords::Start(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { OpenSome(); });
}

std::vector<OpenedRecords::Opened>& OpenedRecords::Finish() {
  OpenSome();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  return records_;
}

void OpenedRecords::OpenSome() {
  for (std::size_t i = next_++; i < records_.size(); i = next_++) {
    Opened& opened = records_[i];
    opened.decoded = DecodeRecord(opened.record);
    if (opened.decoded.ok()) opened.transaction = OpenTransaction(chain_id_, std::move(opened.decoded->envelope));
  }
}

}  // namespace giot::ledger
