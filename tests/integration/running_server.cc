#include "tests/integration/running_server.h"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "gtest/gtest.h"
#include "tests/models/bundle/test_bundle.h"

namespace giot::integration {

const std::filesystem::path& GoodModels() {
  static const std::filesystem::path root = [] {
    std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "good_models";
    std::filesystem::remove_all(folder);
    bundle::WriteTestBundle(folder);
    return folder;
  }();
  return root;
}

const std::filesystem::path& ModelsOfAllFamilies() {
  static const std::filesystem::path root = [] {
    std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "models_of_all_families";
    std::filesystem::remove_all(folder);
    bundle::WriteTestBundle(folder);
    bundle::WriteTestBundle(folder, "uncertain", 1, bundle::Family::kUncertain);
    bundle::WriteTestBundle(folder, "freshness", 1, bundle::Family::kFreshness);
    return folder;
  }();
  return root;
}

server::ServerOptions PolicyServing() {
  server::ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.model_root = GoodModels();
  options.contract.engine.floor = 0.0;
  return options;
}

RunningServer::RunningServer(const server::ServerOptions& options) {
  auto server = server::Server::Start(options);
  if (!server.ok()) {
    std::cerr << "cannot start a server: " << server.status() << '\n';
    std::abort();
  }
  server_ = *std::move(server);
  address_ = "127.0.0.1:" + std::to_string(server_->port());
}

}  // namespace giot::integration
