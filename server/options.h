#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "models/bundle/bundle.h"
#include "server/engine/model_registry.h"
#include "server/ledger_options.h"
#include "server/quality/score_engine.h"
#include "server/rpc/contract_service.h"
#include "server/rpc/sensing_quality_service.h"

namespace giot::server {

struct SensingOptions {
  // A bundle of a quality model; the newest version of <model_root>/quality if empty. Without either the
  // server runs and scores nothing.
  std::filesystem::path model;
  scoring::ScoreEngineOptions engine;
  rpc::SensingServiceOptions service;
};

struct ServerOptions {
  std::string listen = "127.0.0.1:50051";  // host:port; port 0 takes a free one.
  std::filesystem::path model_root;
  std::vector<engine::ModelId> models;  // Empty: every one below model_root.
  bundle::LoadOptions load;
  rpc::ContractServiceOptions contract;
  SensingOptions sensing;
  LedgerOptions ledger;
  bool reflection = true;
  absl::Duration max_connection_age = absl::Hours(1);
};

struct ProgramOptions {
  ServerOptions server;
  std::filesystem::path port_file;                    // The bound port is written here, if not empty.
  absl::Duration drain_grace = absl::ZeroDuration();  // NOT_SERVING for so long before calls are refused.
  absl::Duration drain_timeout = absl::Seconds(10);   // Then calls in flight have so long to end.
  std::string log_level = "info";
};

// InvalidArgument naming the flag, what it got and what it wanted.
absl::Status Validate(const ProgramOptions& options);

// What the command-line flags say, validated; see docs/operations.md.
absl::StatusOr<ProgramOptions> OptionsFromFlags();

}  // namespace giot::server
