// What an integrator might write: fails unless the library answers as it should
// where no server listens, and verifies.
#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/contract_client.h"
#include "client/settlement/transactions.h"
#include "client/settlement/wallet.h"
#include "client/verify.h"
#include "server/ledger/proof/transaction.h"

int main() {
  giot::client::ContractClientOptions options;
  options.timeout = absl::Milliseconds(300);
  // Port 1 is reserved for a service that nobody runs.
  giot::client::ContractClient client("127.0.0.1:1", options);
  const absl::Status status = client.CheckHealth();
  std::printf("%s\n", status.ToString().c_str());
  if (!absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) return 1;

  const giot::client::Wallet wallet(giot::ledger::SecretKey::Random(), "example.com/road");
  const std::string envelope = wallet.Seal(giot::client::DisputeBody({}), 1);
  const auto opened = giot::ledger::OpenTransaction("example.com/road", envelope);
  if (opened.envelope_code != giot::ledger::v1::CODE_OK) return 1;

  giot::v1::GenerateContractRequest request;
  request.mutable_uncertain();
  const absl::Status honest = giot::client::VerifyCertificate(request, giot::v1::GenerateContractResponse());
  std::printf("%s\n", honest.ToString().c_str());
  return absl::IsInvalidArgument(honest) ? 0 : 1;  // A market without types.
}
