#include "bench/ledger/bare_store.h"

#include <sqlite3.h>

#include <string_view>
#include <utility>
#include <vector>

#include "bench/ledger/transactions.h"
#include "server/ledger/proof/statement.h"

namespace giot::bench {

using ledger::SqliteQuery;

absl::StatusOr<std::unique_ptr<BareStore>> BareStore::Create(const std::filesystem::path& path, std::size_t group) {
  auto connection = ledger::SqliteConnection::Open(path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  if (!connection.ok()) return connection.status();
  const absl::Status made = (*connection)
                                ->Execute(
                                    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                    "CREATE TABLE log (position INTEGER PRIMARY KEY, envelope BLOB NOT NULL)");
  if (!made.ok()) return made;
  std::unique_ptr<BareStore> store(new BareStore(*std::move(connection), group));
  store->writer_ = std::thread([raw = store.get()] { raw->Write(); });
  return store;
}

BareStore::BareStore(std::unique_ptr<ledger::SqliteConnection> connection, std::size_t group)
    : connection_(std::move(connection)), group_(group), queue_(4096, 32u << 20) {}

BareStore::~BareStore() {
  queue_.Close(absl::UnavailableError("closed"));
  writer_.join();
}

void BareStore::Submit(std::string envelope, ledger::Driver::Done done) {
  const std::string_view bytes = envelope;
  ledger::Signature signature;
  ledger::FromBytes(bytes.substr(0, signature.size()), signature);
  static const ledger::PublicKey kMint = MintKey().public_key();
  if (!ledger::Verify(kMint, ledger::TransactionStatement(kChainId, bytes.substr(signature.size())), signature)) {
    return done(absl::InvalidArgumentError("signature"));
  }
  ledger::WriterQueue::Waiting waiting;
  waiting.transaction.envelope = std::move(envelope);
  waiting.done = std::move(done);
  if (absl::Status added = queue_.Add(waiting); !added.ok()) waiting.done(added);
}

void BareStore::Write() {
  for (;;) {
    ledger::WriterQueue::Work work = queue_.Take(group_);
    if (work.closed) break;
    const absl::Status inserted = Insert(work.group);
    for (ledger::WriterQueue::Waiting& waiting : work.group) {
      if (inserted.ok()) {
        waiting.done(ledger::Placed{});
      } else {
        waiting.done(inserted);
      }
    }
  }
  queue_.AnswerAll();
}

absl::Status BareStore::Insert(const std::vector<ledger::WriterQueue::Waiting>& group) {
  if (absl::Status begun = SqliteQuery(*connection_, "BEGIN IMMEDIATE").Run(); !begun.ok()) return begun;
  for (const ledger::WriterQueue::Waiting& waiting : group) {
    SqliteQuery insert(*connection_, "INSERT INTO log VALUES (?, ?)");
    const absl::Status inserted = insert.Bind(position_++).Bind(waiting.transaction.envelope).Run();
    if (!inserted.ok()) return inserted;
  }
  return SqliteQuery(*connection_, "COMMIT").Run();
}

}  // namespace giot::bench
