#include "server/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "models/quality/quality_model.h"
#include "server/delivery_scorer.h"
#include "server/quality/newest_model.h"
#include "server/rpc/warm_up.h"

namespace giot::server {
namespace {

constexpr const char* kContractService = "giot.v1.ContractService";
constexpr const char* kSensingQualityService = "giot.v1.SensingQualityService";
constexpr const char* kSettlementService = "giot.v1.SettlementService";
// A client may ping this often (gRPC's default forbids less than 5 minutes).
constexpr int kMinPingIntervalMs = 10'000;
constexpr int kMaxStreamsPerConnection = 1024;

void Log(const engine::ModelRegistry& models) {
  for (const engine::ModelRegistry::Entry& entry : models.entries()) {
    if (!entry.bundle) {
      spdlog::error("event=model_refused model={}/{} error=\"{}\"", entry.id.name, entry.id.version,
                    absl::CEscape(entry.status.ToString()));
      continue;
    }
    spdlog::info("event=model_ready model={}/{} family={} digest={} runner={}", entry.id.name, entry.id.version,
                 std::string(bundle::NameOf(entry.bundle->manifest().family)), entry.bundle->digest(),
                 entry.bundle->runner().name());
    if (const auto& refusal = entry.bundle->fast_runner_refusal()) {
      spdlog::warn("event=fast_runner_refused model={}/{} reason=\"{}\"", entry.id.name, entry.id.version,
                   absl::CEscape(*refusal));
    }
  }
}

absl::StatusOr<std::unique_ptr<engine::ModelRegistry>> LoadModels(const ServerOptions& options) {
  std::vector<engine::ModelId> wanted = options.models;
  if (wanted.empty()) {
    absl::StatusOr<std::vector<engine::ModelId>> found = engine::FindModels(options.model_root);
    if (!found.ok()) return found.status();
    wanted = *std::move(found);
  }
  if (wanted.empty()) {
    return absl::NotFoundError(
        absl::StrCat("model_root: ", options.model_root.string(), " holds no <name>/<version>/ folder"));
  }
  auto models =
      std::make_unique<engine::ModelRegistry>(engine::ModelRegistry::Load(options.model_root, wanted, options.load));
  Log(*models);
  for (const engine::ModelRegistry::Entry& entry : models->entries()) {
    if (entry.bundle) return models;
  }
  const engine::ModelRegistry::Entry& first = models->entries().front();
  return absl::FailedPreconditionError(
      absl::StrCat("no model is usable: ", first.id.name, "/", first.id.version, ": ", first.status.ToString()));
}

// The model that scores sensing data. NotFound if there is none to load; anything else: it is not usable.
absl::StatusOr<quality::QualityModel> LoadScoringModel(const ServerOptions& options) {
  std::filesystem::path folder = options.sensing.model;
  if (folder.empty()) {
    const auto newest = scoring::NewestModel(options.model_root / engine::kQualityModels);
    if (!newest) {
      return absl::NotFoundError(absl::StrCat("no quality model: --quality_model is not set and ",
                                              options.model_root.string(), "/", engine::kQualityModels,
                                              " holds no version"));
    }
    folder = *newest;
  }
  absl::StatusOr<quality::QualityModel> model = quality::LoadQualityModel(folder);
  if (model.ok()) {
    spdlog::info("event=quality_model_ready model={}/{} digest={}", model->name, model->version, model->digest);
    return model;
  }
  spdlog::error("event=quality_model_refused path={} error=\"{}\"", folder.string(),
                absl::CEscape(model.status().ToString()));
  return absl::FailedPreconditionError(
      absl::StrCat("quality model ", folder.string(), " is not usable: ", model.status().message()));
}

void LogHistoryFile(const absl::Status& status) {
  if (status.ok()) return spdlog::info("event=history_file_written_again");
  spdlog::error("event=history_file_failed error=\"{}\"", absl::CEscape(status.ToString()));
}

absl::StatusOr<std::unique_ptr<scoring::ScoreEngine>> CreateScoring(quality::QualityModel model,
                                                                    const ServerOptions& options) {
  scoring::ScoreEngineOptions engine = options.sensing.engine;
  if (!engine.on_history_file) engine.on_history_file = LogHistoryFile;
  return scoring::ScoreEngine::Create(std::move(model), engine);
}

// The reflection library registers itself with every builder as soon as it is linked.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins, [](const auto& plugin) { return plugin->name() == "proto_server_reflection"; });
  }
};

void Configure(grpc::ServerBuilder& builder, const ServerOptions& options) {
  // Each service refuses what is too large for it.
  builder.SetMaxReceiveMessageSize(
      std::max({options.contract.max_message_bytes, options.sensing.service.max_message_bytes,
                options.ledger.service.max_message_bytes, options.ledger.service.max_delivery_bytes}));
  // Two servers would otherwise silently share a port.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingIntervalMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(options.max_connection_age)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options) {
  auto models = LoadModels(options);
  if (!models.ok()) return models.status();
  std::unique_ptr<Server> server(new Server);
  server->models_ = *std::move(models);
  server->contracts_ = std::make_unique<rpc::ContractService>(server->models_.get(), options.contract);
  if (absl::Status status = server->AddScoring(options); !status.ok()) return status;
  if (absl::Status status = server->AddLedger(options); !status.ok()) return status;

  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  if (!options.reflection) builder.SetOption(std::make_unique<WithoutReflection>());
  Configure(builder, options);
  builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &server->port_);
  builder.RegisterService(server->contracts_.get());
  builder.RegisterService(server->sensing_.get());
  builder.RegisterService(server->settlement_.get());
  server->server_ = builder.BuildAndStart();
  if (!server->server_ || server->port_ == 0) {
    return absl::UnavailableError(absl::StrCat("listen: cannot bind ", options.listen));
  }
  server->server_->GetHealthCheckService()->SetServingStatus(false);  // gRPC says SERVING from the start.
  rpc::WarmUp(*server->server_, *server->models_);
  const bool serving = server->models_->all_ready() && server->scoring_ready_;
  server->Advertise(serving);
  spdlog::info("event=listening address={} port={} serving={}", options.listen, server->port_, serving);
  return server;
}

absl::Status Server::AddScoring(const ServerOptions& options) {
  absl::StatusOr<quality::QualityModel> model = LoadScoringModel(options);
  scoring_ready_ = model.ok() || absl::IsNotFound(model.status());
  absl::StatusOr<scoring::ScoreEngine*> engine = nullptr;
  if (model.ok()) {
    auto created = CreateScoring(*std::move(model), options);
    if (!created.ok()) return created.status();
    scoring_ = *std::move(created);
    engine = scoring_.get();
  } else {
    engine = model.status();
  }
  sensing_ = std::make_unique<rpc::SensingQualityService>(engine, options.sensing.service);
  return absl::OkStatus();
}

absl::Status Server::AddLedger(const ServerOptions& options) {
  absl::StatusOr<settlement::Settlement*> settlement =
      absl::FailedPreconditionError("this server keeps no ledger: --ledger is not set");
  std::optional<settlement::OperatorToken> token;
  if (!options.ledger.path.empty()) {
    absl::StatusOr<settlement::Scorer> scorer = absl::FailedPreconditionError("this server has no quality model");
    if (scoring_) scorer = DeliveryScorer(*scoring_);
    TellOfLedger(absl::OkStatus());
    auto opened = HostedLedger::Open(options.ledger, std::move(scorer),
                                     [this](const absl::Status& status) { TellOfLedger(status); });
    if (!opened.ok()) return opened.status();
    ledger_ = *std::move(opened);
    settlement = &ledger_->settlement();
    token = ledger_->token();
  }
  settlement_ =
      std::make_unique<rpc::SettlementService>(settlement, std::move(token), contracts_.get(), options.ledger.service);
  return absl::OkStatus();
}

void Server::TellOfLedger(const absl::Status& status) {
  const engine::MutexLock lock(&health_mutex_);
  ledger_serving_ = status.ok();
  if (advertising_) server_->GetHealthCheckService()->SetServingStatus(kSettlementService, ledger_serving_);
}

void Server::Advertise(bool serving) {
  grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
  const engine::MutexLock lock(&health_mutex_);
  advertising_ = true;
  health->SetServingStatus(serving);
  health->SetServingStatus(kContractService, models_->all_ready());
  health->SetServingStatus(kSensingQualityService, scoring_ != nullptr);
  health->SetServingStatus(kSettlementService, ledger_serving_);
}

Server::~Server() {
  if (server_) Shutdown(absl::ZeroDuration());
}

void Server::StopAdvertising() {
  const engine::MutexLock lock(&health_mutex_);
  advertising_ = false;
  server_->GetHealthCheckService()->SetServingStatus(false);
}

void Server::RefuseCalls() {
  contracts_->Drain();
  sensing_->Drain();
  settlement_->Drain();
}

void Server::Shutdown(absl::Duration timeout) {
  StopAdvertising();
  RefuseCalls();
  // Ends the health service's Watch streams, which would otherwise stay open.
  server_->GetHealthCheckService()->Shutdown();
  server_->Shutdown(absl::ToChronoTime(absl::Now() + timeout));
  server_->Wait();
  server_.reset();
}

}  // namespace giot::server
