#pragma once

#include <filesystem>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/ledger/proof/ed25519.h"
#include "server/ledger/state/state_machine.h"

namespace giot::ledger {

// Makes the copy of an application's database a ledger in the embedded driver's format, which a verifier
// accepts: checks it whole (Recover), signs the checkpoint of what it holds, and publishes it as
// `path`; `copy` is gone in any case. `allow` is asked first whether that may be signed. Errors: those of `allow`;
// AlreadyExists if there is something at `path`, DataLoss, Unavailable.
absl::Status SignCopy(const std::filesystem::path& copy, const std::filesystem::path& path, const SecretKey& key,
                      const std::function<absl::Status(const StateMachine& machine)>& allow);

}  // namespace giot::ledger
