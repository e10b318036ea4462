#include "server/options.h"

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
ABSL_FLAG(int, max_message_bytes, 64 * 1024, "largest request accepted");
ABSL_FLAG(bool, reflection, true, "serve gRPC reflection");
ABSL_FLAG(absl::Duration, max_connection_age, absl::Hours(1), "connections are asked to reconnect after this time");
ABSL_FLAG(absl::Duration, drain_grace, absl::ZeroDuration(),
          "on SIGTERM, report NOT_SERVING for so long before refusing calls");
ABSL_FLAG(absl::Duration, drain_timeout, absl::Seconds(10), "then wait so long for calls in flight");
ABSL_FLAG(std::string, log_level, "info", "trace, debug, info, warning, error or off");

namespace giot::server {
namespace {

absl::Status Bad(absl::string_view flag, const absl::AlphaNum& got, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat("--", flag, ": got '", got.Piece(), "', want ", wanted));
}

absl::Status CheckCount(absl::string_view flag, int got) {
  return got >= 1 ? absl::OkStatus() : Bad(flag, got, "at least 1");
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
                                    std::pair{"max_message_bytes", server.max_message_bytes}}) {
    if (absl::Status status = CheckCount(flag, count); !status.ok()) return status;
  }
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
  server.max_message_bytes = absl::GetFlag(FLAGS_max_message_bytes);
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
