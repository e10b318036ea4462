// giot-test-driver-node: a validator's application as a server has it, through CometbftDriver, and its load: deposits
// at a bounded rate, each written down once it is acknowledged, and every so often a receipt and a state proof that
// must verify. Ends upon SIGTERM (0), a stopped ledger (69), or an answer that is wrong (1).
//
// With --check it looks up, in a ledger whose process has ended, all that was written down.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/answers.h"
#include "server/ledger/cometbft/cometbft_driver.h"
#include "server/ledger/proof/key_file.h"
#include "server/ledger/proof/text_encoding.h"
#include "server/ledger/proof/transaction.h"
#include "server/ledger/recovery.h"
#include "server/ledger/state/entries.h"

ABSL_FLAG(std::string, ledger, "", "database of the application");
ABSL_FLAG(std::string, chain_id, "", "the chain");
ABSL_FLAG(std::string, abci_socket, "", "that the engine connects to");
ABSL_FLAG(std::string, rpc, "", "the engine's RPC, host:port");
ABSL_FLAG(std::string, checkpoint_key, "", "key file");
ABSL_FLAG(std::string, mint, "", "key file");
ABSL_FLAG(double, rate, 10.0, "deposits a second; 0: none");
ABSL_FLAG(std::string, acknowledged, "", "file to which a line is added for each: id, position, height");
ABSL_FLAG(bool, check, false, "look up the lines of --acknowledged in --ledger");

namespace giot::ledger {
namespace {

constexpr int kProveEach = 20;  // Acknowledgements.
constexpr std::int64_t kExpiryUs = 540'000'000;

std::atomic<bool> is_ended = false;
std::atomic<bool> is_stopped = false;

// Lines that outlive a kill.
class Acknowledgements {
 public:
  explicit Acknowledgements(const std::string& path)
      : file_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}
  ~Acknowledgements() { close(file_); }

  void Add(const Placed& placed) {
    const std::string line = absl::StrCat(HexOf(BytesOf(placed.id)), " ", placed.position, " ", placed.height, "\n");
    const std::lock_guard lock(mutex_);
    if (write(file_, line.data(), line.size()) != std::ssize(line)) is_failed_ = true;
    if (++count_ % kProveEach == 0) to_prove_ = placed.id;
  }
  // One of kProveEach, once.
  std::optional<Digest> TakeToProve() {
    const std::lock_guard lock(mutex_);
    return std::exchange(to_prove_, std::nullopt);
  }
  bool is_failed() const {
    const std::lock_guard lock(mutex_);
    return is_failed_;
  }

 private:
  const int file_;
  mutable std::mutex mutex_;
  int count_ = 0;
  std::optional<Digest> to_prove_;
  bool is_failed_ = false;
};

std::string Deposit(const std::string& chain_id, const SecretKey& mint) {
  v1::Body body;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  body.set_expires_us(std::chrono::duration_cast<std::chrono::microseconds>(now).count() + kExpiryUs);
  body.mutable_deposit()->set_account(std::string(32, 'a'));
  body.mutable_deposit()->set_amount_micros(1);
  return Seal(std::move(body), chain_id, mint);
}

// That a transaction which the driver acknowledged has a receipt, and the ledger a proof, as far as it answers now.
absl::Status Verify(CometbftDriver& driver, const Digest& id, const VerifierKey& key) {
  const absl::StatusOr<Receipt> receipt = driver.ReceiptOf(id);
  if (absl::IsUnavailable(receipt.status())) return absl::OkStatus();
  if (!receipt.ok()) return receipt.status();
  if (const auto verified = VerifyReceipt(*receipt, key); !verified.ok()) return verified.status();
  const absl::StatusOr<StateProofFile> proof = driver.Prove(AccountKey(PublicKey{}));
  if (absl::IsUnavailable(proof.status())) return absl::OkStatus();
  if (!proof.ok()) return proof.status();
  return VerifyStateProofFile(*proof, key).status();
}

struct Node {
  std::unique_ptr<CometbftDriver> driver;
  SecretKey mint;
  VerifierKey key;
};

absl::StatusOr<Node> Start() {
  absl::StatusOr<SecretKey> mint = ReadSecretKey(absl::GetFlag(FLAGS_mint));
  if (!mint.ok()) return mint.status();
  absl::StatusOr<SecretKey> checkpoint_key = ReadSecretKey(absl::GetFlag(FLAGS_checkpoint_key));
  if (!checkpoint_key.ok()) return checkpoint_key.status();
  VerifierKey key{.name = absl::GetFlag(FLAGS_chain_id), .key = checkpoint_key->public_key()};
  CometbftOptions options;
  options.path = absl::GetFlag(FLAGS_ledger);
  options.chain_id = absl::GetFlag(FLAGS_chain_id);
  options.abci_socket = absl::GetFlag(FLAGS_abci_socket);
  options.rpc_address = absl::GetFlag(FLAGS_rpc);
  options.on_stopped = [](const absl::Status& reason) {
    std::cerr << reason << std::endl;
    is_stopped = true;
  };
  options.broadcast_again = std::chrono::seconds(3);
  options.most_wait = std::chrono::seconds(2);
  absl::StatusOr<std::unique_ptr<CometbftDriver>> driver =
      CometbftDriver::Start(std::move(options), *std::move(checkpoint_key));
  if (!driver.ok()) return driver.status();
  return Node{*std::move(driver), *std::move(mint), std::move(key)};
}

// Until it is ended, or something is wrong.
absl::Status Drive(Node& node, Acknowledgements& acknowledged) {
  using Clock = std::chrono::steady_clock;
  const double rate = absl::GetFlag(FLAGS_rate);
  const auto pause =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / std::max(rate, 1.0)));
  while (!is_ended) {
    std::this_thread::sleep_for(pause);
    if (is_stopped) return absl::UnavailableError("the ledger has stopped");
    if (acknowledged.is_failed()) return absl::InternalError("--acknowledged: cannot be written");
    if (const std::optional<Digest> id = acknowledged.TakeToProve()) {
      const absl::Status verified = Verify(*node.driver, *id, node.key);
      if (!verified.ok()) return absl::InternalError(verified.ToString());
    }
    if (rate <= 0) continue;
    node.driver->Submit(Deposit(absl::GetFlag(FLAGS_chain_id), node.mint), [&](const absl::StatusOr<Placed>& placed) {
      if (placed.ok() && placed->code == v1::CODE_OK) acknowledged.Add(*placed);
    });
  }
  return absl::OkStatus();
}

int Run() {
  Acknowledgements acknowledged(absl::GetFlag(FLAGS_acknowledged));
  absl::Status driven;
  {
    absl::StatusOr<Node> node = Start();
    driven = node.ok() ? Drive(*node, acknowledged) : node.status();
  }
  if (driven.ok()) return 0;
  std::cerr << driven << std::endl;
  return absl::IsInternal(driven) ? 1 : 69;
}

absl::Status Check() {
  absl::StatusOr<LedgerDatabase> database = LedgerDatabase::Open(
      absl::GetFlag(FLAGS_ledger), LedgerDatabase::Access::kRead, absl::GetFlag(FLAGS_chain_id), nullptr);
  if (!database.ok()) return database.status();
  absl::StatusOr<StateMachine> machine = Recover(*database, std::nullopt, {});
  if (!machine.ok()) return machine.status();
  Answers answers(*database, *machine);
  std::ifstream lines(absl::GetFlag(FLAGS_acknowledged));
  std::string hex;
  std::uint64_t position = 0;
  std::uint64_t height = 0;
  int count = 0;
  while (lines >> hex >> position >> height) {
    Digest id{};
    const std::optional<std::string> bytes = FromHex(hex);
    if (!bytes || !FromBytes(*bytes, id)) return absl::InvalidArgumentError(absl::StrCat("no id: ", hex));
    const absl::StatusOr<Placed> placed = answers.Find(id);
    if (!placed.ok()) return placed.status();
    if (placed->position != position || placed->height != height) {
      return absl::DataLossError(absl::StrCat(hex, ": acknowledged at ", position, " of block ", height, ", found at ",
                                              placed->position, " of block ", placed->height));
    }
    ++count;
  }
  std::cout << count << " found, app hash " << HexOf(BytesOf(machine->app_hash())) << std::endl;
  return absl::OkStatus();
}

}  // namespace
}  // namespace giot::ledger

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  signal(SIGTERM, [](int) { giot::ledger::is_ended = true; });
  if (!absl::GetFlag(FLAGS_check)) return giot::ledger::Run();
  const absl::Status checked = giot::ledger::Check();
  if (!checked.ok()) std::cerr << checked << std::endl;
  return checked.ok() ? 0 : 1;
}
