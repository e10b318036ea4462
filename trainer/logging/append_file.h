#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace giot::trainer {

// A file that only grows. One thread at a time.
class AppendFile {
 public:
  // Creates `path` or continues it.
  static absl::StatusOr<AppendFile> Open(const std::filesystem::path& path);

  // Hands `bytes` to the operating system, so that they survive this process.
  absl::Status Append(std::string_view bytes);
  // Makes what was appended survive the machine.
  absl::Status Sync();

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  AppendFile(std::filesystem::path path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  absl::Status Failure() const;

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Closer> file_;
};

}  // namespace giot::trainer
