#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "server/options.h"
#include "server/server.h"

namespace giot::integration {

// A folder with one good test bundle, screening/1, that all tests of this
// program share. The policy's weights are random: its menus are feasible and poor.
const std::filesystem::path& GoodModels();

// A folder with one such bundle of each family: screening/1, uncertain/1, freshness/1.
const std::filesystem::path& ModelsOfAllFamilies();

// A free port of the loopback, every model of GoodModels(), and a floor of 0, so
// that the policy's poor menus are served.
server::ServerOptions PolicyServing();

// giot-server's own Server in this process, for as long as it lives.
class RunningServer {
 public:
  explicit RunningServer(const server::ServerOptions& options = PolicyServing());

  const std::string& address() const { return address_; }
  server::Server& server() { return *server_; }

 private:
  std::unique_ptr<server::Server> server_;
  std::string address_;
};

}  // namespace giot::integration
