#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace giot::client {

// What giotctl can be told to do.
struct Command {
  std::string name;       // "ledger info": its first words on the command line.
  std::string arguments;  // That follow, and flags that it needs, for the usage text.
  std::string what;
  // With the words after the name. DataLoss is what is found to be false.
  std::function<absl::Status(const std::vector<std::string>& arguments)> run;
  bool decodes_images = false;
};

}  // namespace giot::client
