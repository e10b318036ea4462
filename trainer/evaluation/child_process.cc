#include "trainer/evaluation/child_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace giot::trainer {
namespace {

constexpr int kCannotStart = 127;

// In the child of a process with other threads, only calls that are safe in a
// signal handler may happen: hence everything is prepared before.
[[noreturn]] void Become(char* const* arguments, const char* directory) {
  if (chdir(directory) == 0) execvp(arguments[0], arguments);
  _exit(kCannotStart);
}

}  // namespace

absl::Status RunProgram(std::vector<std::string> arguments, const std::filesystem::path& directory) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) return absl::ErrnoToStatus(errno, "cannot fork");
  if (child == 0) Become(pointers.data(), directory.c_str());

  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return absl::ErrnoToStatus(errno, absl::StrCat("cannot wait for ", arguments[0]));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  if (WIFEXITED(status) && WEXITSTATUS(status) == kCannotStart) {
    return absl::UnavailableError(absl::StrCat(arguments[0], " is not installed"));
  }
  return absl::InternalError(absl::StrCat(arguments[0], " failed (wait status ", status, ")"));
}

}  // namespace giot::trainer
