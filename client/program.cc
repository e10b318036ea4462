#include "client/program.h"

#include <iostream>

#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "cmake/version.h"
#include "google/protobuf/stubs/common.h"
#include "grpcpp/version_info.h"

namespace giot::client {
namespace {

std::string VersionText(const std::string& program) {
  return absl::StrCat(program, " ", std::string(kVersion), " (commit ", std::string(kCommit), ", ",
                      std::string(kCompiler), ")\ngRPC ", GRPC_CPP_VERSION_STRING, ", Protobuf ",
                      google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION), "\n");
}

std::string BaseName(absl::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == absl::string_view::npos ? path : path.substr(slash + 1));
}

}  // namespace

std::vector<std::string> ParseCommandLine(int argc, char** argv, const std::string& usage, const std::string& sources) {
  const std::string program = BaseName(argv[0]);
  const auto is_ours = [sources](absl::string_view file) { return absl::StrContains(file, sources); };
  absl::FlagsUsageConfig config;
  config.contains_helpshort_flags = is_ours;
  config.contains_help_flags = is_ours;
  config.version_string = [program] { return VersionText(program); };
  absl::SetFlagsUsageConfig(config);
  absl::SetProgramUsageMessage(usage);
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  return {rest.begin() + 1, rest.end()};
}

ExitCode Fail(const std::string& program, const absl::Status& status) {
  std::cerr << program << ": " << status << '\n';
  return status.code() == absl::StatusCode::kDataLoss ? kExitNotHonest : kExitFailed;
}

}  // namespace giot::client
