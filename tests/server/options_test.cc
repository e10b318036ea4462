#include "server/options.h"

#include <functional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace giot::server {
namespace {

ProgramOptions Good() {
  ProgramOptions options;
  options.server.model_root = "models/released";
  return options;
}

TEST(OptionsTest, DefaultsAreValid) { EXPECT_TRUE(Validate(Good()).ok()) << Validate(Good()); }

LedgerOptions& KeepLedger(ProgramOptions& options) {
  options.server.ledger.path = "ledger";
  options.server.ledger.chain_id = "test.example/road";
  options.server.ledger.checkpoint_key = "checkpoint";
  return options.server.ledger;
}

TEST(OptionsTest, ALedgerNeedsItsChainAndItsKey) {
  ProgramOptions options = Good();
  KeepLedger(options);
  EXPECT_TRUE(Validate(options).ok()) << Validate(options);
}

struct BadOption {
  std::string flag;
  std::function<void(ProgramOptions&)> damage;
};

class BadOptionTest : public testing::TestWithParam<BadOption> {};

TEST_P(BadOptionTest, IsRefusedWithTheFlagNamed) {
  ProgramOptions options = Good();
  GetParam().damage(options);
  const absl::Status status = Validate(options);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::StartsWith("--" + GetParam().flag + ": got"));
}

INSTANTIATE_TEST_SUITE_P(
    Options, BadOptionTest,
    testing::Values(
        BadOption{"listen", [](auto& o) { o.server.listen = "localhost"; }},
        BadOption{"model_root", [](auto& o) { o.server.model_root.clear(); }},
        BadOption{"contract_floor", [](auto& o) { o.server.contract.engine.floor = 1.5; }},
        BadOption{"max_samples", [](auto& o) { o.server.contract.max_samples = 0; }},
        BadOption{"max_concurrent", [](auto& o) { o.server.contract.max_concurrent = -1; }},
        BadOption{"max_polishing", [](auto& o) { o.server.contract.max_polishing = 0; }},
        BadOption{"max_polish", [](auto& o) { o.server.contract.max_polish = -absl::Seconds(1); }},
        BadOption{"max_streams", [](auto& o) { o.server.contract.max_streams = 0; }},
        BadOption{"max_message_bytes", [](auto& o) { o.server.contract.max_message_bytes = 0; }},
        BadOption{"scoring_threads", [](auto& o) { o.server.sensing.engine.threads = 0; }},
        BadOption{"max_queued_images", [](auto& o) { o.server.sensing.engine.queue.deliveries = 0; }},
        BadOption{"max_queued_bytes", [](auto& o) { o.server.sensing.engine.queue.bytes = 1 << 20; }},
        BadOption{"max_image_message_bytes", [](auto& o) { o.server.sensing.service.max_message_bytes = 0; }},
        BadOption{"max_sensing_streams", [](auto& o) { o.server.sensing.service.max_streams = 0; }},
        BadOption{"max_sources", [](auto& o) { o.server.sensing.engine.max_sources = 0; }},
        BadOption{"remembered_scores", [](auto& o) { o.server.sensing.engine.remembered_scores = std::size_t(-1); }},
        BadOption{"max_connection_age", [](auto& o) { o.server.max_connection_age = absl::ZeroDuration(); }},
        BadOption{"drain_grace", [](auto& o) { o.drain_grace = absl::Hours(2); }},
        BadOption{"drain_timeout", [](auto& o) { o.drain_timeout = -absl::Seconds(1); }},
        BadOption{"ledger_driver", [](auto& o) { KeepLedger(o).driver = "another"; }},
        BadOption{"abci_socket", [](auto& o) { KeepLedger(o).driver = "cometbft"; }},
        BadOption{"chain_id", [](auto& o) { KeepLedger(o).chain_id = "Not a chain"; }},
        BadOption{"checkpoint_key", [](auto& o) { KeepLedger(o).checkpoint_key.clear(); }},
        BadOption{"nonce_secret_file", [](auto& o) { KeepLedger(o).operator_key = "operator"; }},
        BadOption{"evidence_bytes", [](auto& o) { KeepLedger(o).evidence_bytes = 0; }},
        BadOption{"settle_every", [](auto& o) { KeepLedger(o).settle_every = absl::ZeroDuration(); }},
        BadOption{"snapshot_every", [](auto& o) { KeepLedger(o).snapshot_every = absl::Milliseconds(1); }},
        BadOption{"snapshots_kept", [](auto& o) { KeepLedger(o).snapshots_kept = 0; }},
        BadOption{"log_level", [](auto& o) { o.log_level = "loud"; }}));

}  // namespace
}  // namespace giot::server
