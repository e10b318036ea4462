#include "server/options.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:50051", "host:port to serve on; port 0 takes a free one");
ABSL_FLAG(std::string, port_file, "", "file that the bound port is written to once the server listens");
ABSL_FLAG(std::string, model_root, "", "folder of bundles, <name>/<version>/ (required)");
ABSL_FLAG(std::string, models, "",
          "name/version[,name/version...] to serve, the first name is the default; all if empty");
ABSL_FLAG(std::string, model_public_key, "", "Ed25519 public key, hex, that must have signed every bundle");
ABSL_FLAG(bool, torchscript_only, false, "do not use the fused runner");
ABSL_FLAG(double, contract_floor, 0.98, "least share of the optimum at which a policy's menu is served, 0 to 1");
ABSL_FLAG(int, max_samples, 4096, "most samples a request may ask for");
ABSL_FLAG(int, max_concurrent, 256, "most requests computed at once, but for those that polish or search");
ABSL_FLAG(int, max_polishing, giot::rpc::HardwareThreads(), "most requests that polish or search at once");
ABSL_FLAG(absl::Duration, max_polish, absl::Milliseconds(100), "longest time budget of a request; 0 polishes none");
ABSL_FLAG(int, max_streams, 1024, "most open StreamContracts calls");
ABSL_FLAG(int, max_message_bytes, 64 * 1024, "largest request for a contract accepted");
ABSL_FLAG(std::string, quality_model, "",
          "bundle that scores sensing data; the newest <model_root>/quality/<version>, if any, if empty");
ABSL_FLAG(int, scoring_threads, 1, "threads that decode and score deliveries");
ABSL_FLAG(int, max_queued_images, 64, "most deliveries that wait or are being scored");
ABSL_FLAG(std::int64_t, max_queued_bytes, std::int64_t{256} << 20, "most bytes of them");
ABSL_FLAG(int, max_image_message_bytes, 16 << 20, "largest request for a score accepted, image or recording and all");
ABSL_FLAG(int, max_sensing_streams, 256, "most open StreamSensingQuality calls");
ABSL_FLAG(int, max_sources, 10'000,
          "sources whose last deliveries are remembered, to see replays; one counts for each kind of data");
ABSL_FLAG(int, remembered_scores, 1024, "scores that a repeated call is given again");
ABSL_FLAG(std::string, history_file, "", "where sources' last deliveries are kept across restarts; nowhere if empty");
ABSL_FLAG(std::string, nonce_secret_file, "",
          "secret that nonces are made of, mode 0600, created if missing; a new one each start if empty");
ABSL_FLAG(bool, reflection, true, "serve gRPC reflection");
ABSL_FLAG(absl::Duration, max_connection_age, absl::Hours(1), "connections are asked to reconnect after this time");
ABSL_FLAG(absl::Duration, drain_grace, absl::ZeroDuration(),
          "on SIGTERM, report NOT_SERVING for so long before refusing calls");
ABSL_FLAG(absl::Duration, drain_timeout, absl::Seconds(10), "then wait so long for calls in flight");
ABSL_FLAG(std::string, log_level, "info", "trace, debug, info, warning, error or off");

namespace giot::server {
namespace {

constexpr std::size_t kMostSources = 10'000'000;

absl::Status Bad(absl::string_view flag, const absl::AlphaNum& got, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat("--", flag, ": got '", got.Piece(), "', want ", wanted));
}

absl::Status CheckCount(absl::string_view flag, int got) {
  return got >= 1 ? absl::OkStatus() : Bad(flag, got, "at least 1");
}

absl::Status Validate(const SensingOptions& sensing) {
  const scoring::ScoreEngineOptions& engine = sensing.engine;
  for (const auto& [flag, count] :
       {std::pair{"scoring_threads", engine.threads}, std::pair{"max_queued_images", engine.queue.deliveries},
        std::pair{"max_image_message_bytes", sensing.service.max_message_bytes},
        std::pair{"max_sensing_streams", sensing.service.max_streams}}) {
    if (absl::Status status = CheckCount(flag, count); !status.ok()) return status;
  }
  if (engine.max_sources < 1 || engine.max_sources > kMostSources) {
    return Bad("max_sources", engine.max_sources, absl::StrCat("1 to ", kMostSources));
  }
  if (engine.remembered_scores > kMostSources) {
    return Bad("remembered_scores", engine.remembered_scores, absl::StrCat("0 to ", kMostSources));
  }
  if (engine.queue.bytes < sensing.service.max_message_bytes) {
    return Bad("max_queued_bytes", engine.queue.bytes,
               absl::StrCat("at least --max_image_message_bytes, ", sensing.service.max_message_bytes));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Validate(const ProgramOptions& options) {
  const ServerOptions& server = options.server;
  const std::size_t colon = server.listen.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == server.listen.size()) {
    return Bad("listen", server.listen, "host:port");
  }
  if (server.model_root.empty()) return Bad("model_root", "", "a folder of bundles");
  const double floor = server.contract.engine.floor;
  if (!(floor >= 0.0 && floor <= 1.0)) return Bad("contract_floor", floor, "a share in [0, 1]");
  for (const auto& [flag, count] : {std::pair{"max_samples", server.contract.max_samples},
                                    std::pair{"max_concurrent", server.contract.max_concurrent},
                                    std::pair{"max_polishing", server.contract.max_polishing},
                                    std::pair{"max_streams", server.contract.max_streams},
                                    std::pair{"max_message_bytes", server.contract.max_message_bytes}}) {
    if (absl::Status status = CheckCount(flag, count); !status.ok()) return status;
  }
  if (absl::Status status = Validate(server.sensing); !status.ok()) return status;
  const bool has_nonce_secret_file = !server.sensing.engine.nonce_secret_file.empty();
  if (absl::Status status = Validate(server.ledger, has_nonce_secret_file); !status.ok()) return status;
  if (server.max_connection_age < absl::Seconds(1)) {
    return Bad("max_connection_age", absl::FormatDuration(server.max_connection_age), "at least 1s");
  }
  for (const auto& [flag, duration] :
       {std::pair{"drain_grace", options.drain_grace}, std::pair{"drain_timeout", options.drain_timeout},
        std::pair{"max_polish", server.contract.max_polish}}) {
    if (duration < absl::ZeroDuration() || duration > absl::Hours(1)) {
      return Bad(flag, absl::FormatDuration(duration), "0 to 1h");
    }
  }
  for (const absl::string_view level : {"trace", "debug", "info", "warning", "error", "off"}) {
    if (options.log_level == level) return absl::OkStatus();
  }
  return Bad("log_level", options.log_level, "trace, debug, info, warning, error or off");
}

namespace {

SensingOptions SensingFromFlags() {
  SensingOptions sensing;
  sensing.model = absl::GetFlag(FLAGS_quality_model);
  sensing.engine.threads = absl::GetFlag(FLAGS_scoring_threads);
  sensing.engine.queue.deliveries = absl::GetFlag(FLAGS_max_queued_images);
  sensing.engine.queue.bytes = absl::GetFlag(FLAGS_max_queued_bytes);
  // A negative count becomes one that Validate refuses.
  sensing.engine.max_sources = static_cast<std::size_t>(absl::GetFlag(FLAGS_max_sources));
  sensing.engine.remembered_scores = static_cast<std::size_t>(absl::GetFlag(FLAGS_remembered_scores));
  sensing.engine.history_file = absl::GetFlag(FLAGS_history_file);
  sensing.engine.nonce_secret_file = absl::GetFlag(FLAGS_nonce_secret_file);
  sensing.service.max_message_bytes = absl::GetFlag(FLAGS_max_image_message_bytes);
  sensing.service.max_streams = absl::GetFlag(FLAGS_max_sensing_streams);
  return sensing;
}

}  // namespace

absl::StatusOr<ProgramOptions> OptionsFromFlags() {
  ProgramOptions options;
  options.port_file = absl::GetFlag(FLAGS_port_file);
  options.drain_grace = absl::GetFlag(FLAGS_drain_grace);
  options.drain_timeout = absl::GetFlag(FLAGS_drain_timeout);
  options.log_level = absl::GetFlag(FLAGS_log_level);
  ServerOptions& server = options.server;
  server.listen = absl::GetFlag(FLAGS_listen);
  server.model_root = absl::GetFlag(FLAGS_model_root);
  server.load.torchscript_only = absl::GetFlag(FLAGS_torchscript_only);
  if (const std::string key = absl::GetFlag(FLAGS_model_public_key); !key.empty())
    server.load.required_public_key = key;
  server.contract.engine.floor = absl::GetFlag(FLAGS_contract_floor);
  server.contract.max_samples = absl::GetFlag(FLAGS_max_samples);
  server.contract.max_concurrent = absl::GetFlag(FLAGS_max_concurrent);
  server.contract.max_polishing = absl::GetFlag(FLAGS_max_polishing);
  server.contract.max_polish = absl::GetFlag(FLAGS_max_polish);
  server.contract.max_streams = absl::GetFlag(FLAGS_max_streams);
  server.contract.max_message_bytes = absl::GetFlag(FLAGS_max_message_bytes);
  server.sensing = SensingFromFlags();
  server.ledger = LedgerOptionsFromFlags();
  server.ledger.service.max_delivery_bytes = server.sensing.service.max_message_bytes;
  server.reflection = absl::GetFlag(FLAGS_reflection);
  server.max_connection_age = absl::GetFlag(FLAGS_max_connection_age);
  for (const absl::string_view text : absl::StrSplit(absl::GetFlag(FLAGS_models), ',', absl::SkipEmpty())) {
    absl::StatusOr<engine::ModelId> id = engine::ParseModelId(text);
    if (!id.ok()) return absl::InvalidArgumentError(absl::StrCat("--", id.status().message()));
    server.models.push_back(*std::move(id));
  }
  if (absl::Status status = Validate(options); !status.ok()) return status;
  return options;
}

}  // namespace giot::server
