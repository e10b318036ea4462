#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/ledger/verifier.h"
#include "tests/server/ledger/open_ledger.h"
#include "tests/server/ledger/test_chain.h"

extern char** environ;

namespace giot::ledger {
namespace {

// The program that writes, and what it has printed.
class Writer {
 public:
  Writer(const std::filesystem::path& path, bool is_new, int number) {
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0) std::abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, pipe_ends[0]);
    posix_spawn_file_actions_addclose(&actions, pipe_ends[1]);
    std::string words[] = {std::getenv("GIOT_LEDGER_WRITER"), path.string(), is_new ? "new" : "old",
                           std::to_string(number)};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    if (posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments, environ) != 0) std::abort();
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_ends[1]);
    output_ = fdopen(pipe_ends[0], "r");
  }
  ~Writer() {
    Kill();
    std::fclose(output_);
  }

  // Empty at the end.
  std::string NextLine() {
    char line[128];
    return std::fgets(line, sizeof(line), output_) != nullptr ? line : "";
  }
  void Kill() {
    if (pid_ < 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
  std::FILE* output_ = nullptr;
};

// "<position> <hex of id>"
void Note(const std::string& line, Acknowledged& acknowledged) {
  const std::size_t space = line.find(' ');
  ASSERT_EQ(line.size(), space + 1 + 64 + 1) << line;
  Digest id;
  for (std::size_t i = 0; i < id.size(); ++i) {
    id[i] = static_cast<std::uint8_t>(std::stoi(line.substr(space + 1 + 2 * i, 2), nullptr, 16));
  }
  acknowledged[id] = std::stoull(line.substr(0, space));
}

TEST(KillTest, NothingAcknowledgedIsLost) {
  const int kills = CountFrom("GIOT_LEDGER_KILLS", 20);
  const std::filesystem::path path = EmptyFolder("kill") / "ledger";
  std::mt19937_64 random(6);
  Acknowledged acknowledged;
  bool exists = false;
  for (int i = 0; i < kills; ++i) {
    SCOPED_TRACE(i);
    Acknowledged fresh;
    {
      Writer writer(path, !exists, i * 100'000);
      const std::uint64_t enough = random() % 40;
      std::uint64_t lines = 0;
      std::string line;
      do {  // What it printed before it was killed is read as well.
        if (lines++ == enough) writer.Kill();
        line = writer.NextLine();
        if (line == "open\n") {
          exists = true;
        } else if (!line.empty()) {
          Note(line, fresh);
        }
      } while (!line.empty());
    }
    const auto ledger = OpenLedger::Open(path, nullptr);
    if (!exists && !ledger.ok()) {  // It was killed while it was being created.
      std::filesystem::remove_all(path.parent_path());
      std::filesystem::create_directories(path.parent_path());
      continue;
    }
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    exists = true;
    const absl::Status held = (*ledger)->Holds(fresh);
    ASSERT_TRUE(held.ok()) << held;
    acknowledged.merge(fresh);
  }
  EXPECT_GT(acknowledged.size(), static_cast<std::size_t>(kills));
  {
    const auto ledger = OpenLedger::Open(path, nullptr);
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    const absl::Status held = (*ledger)->Holds(acknowledged);
    ASSERT_TRUE(held.ok()) << held;
  }
  const absl::StatusOr<Verified> verified = VerifyLedger(path, CheckpointVerifier(), std::nullopt, 2);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_GE(verified->transactions, acknowledged.size());
}

TEST(KillTest, SecondProcessIsRefusedWhileTheFirstLives) {
  const std::filesystem::path path = EmptyFolder("second_process") / "ledger";
  Writer writer(path, true, 0);
  ASSERT_EQ(writer.NextLine(), "open\n");
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenLedger::Open(path, nullptr).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(VerifyLedger(path, CheckpointVerifier(), std::nullopt, 1).status()));
  writer.Kill();
  EXPECT_TRUE(OpenLedger::Open(path, nullptr).ok());
}

}  // namespace
}  // namespace giot::ledger
