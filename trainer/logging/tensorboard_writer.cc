#include "trainer/logging/tensorboard_writer.h"

#include <unistd.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <system_error>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "trainer/logging/crc32c.h"

namespace giot::trainer {
namespace {

template <typename Unsigned>
std::string LittleEndian(Unsigned value) {
  static_assert(std::is_unsigned_v<Unsigned>);
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(value); ++i) bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
  return bytes;
}

// The protobuf wire format, as far as event files need it.
enum WireType : unsigned { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

std::string Varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>((value & 0x7f) | 0x80));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

std::string Tag(unsigned field, WireType type) { return Varint((field << 3) | type); }

std::string DoubleField(unsigned field, double value) {
  return Tag(field, kFixed64) + LittleEndian(std::bit_cast<std::uint64_t>(value));
}

std::string FloatField(unsigned field, float value) {
  return Tag(field, kFixed32) + LittleEndian(std::bit_cast<std::uint32_t>(value));
}

std::string IntegerField(unsigned field, std::int64_t value) {
  return Tag(field, kVarint) + Varint(static_cast<std::uint64_t>(value));
}

std::string BytesField(unsigned field, std::string_view bytes) {
  return Tag(field, kLengthDelimited) + Varint(bytes.size()) + std::string(bytes);
}

enum EventField : unsigned { kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5, kSessionLog = 7 };

double WallTime() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string FileName(double wall_time) {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return absl::StrFormat("events.out.tfevents.%.6f.%s.%d", wall_time, host.data(), getpid());
}

}  // namespace

std::string TfRecord(std::string_view payload) {
  const std::string length = LittleEndian(std::uint64_t{payload.size()});
  return length + LittleEndian(MaskedCrc32c(length)) + std::string(payload) + LittleEndian(MaskedCrc32c(payload));
}

std::string VersionEvent(double wall_time) {
  return DoubleField(kWallTime, wall_time) + BytesField(kFileVersion, "brain.Event:2");
}

std::string RestartEvent(double wall_time, std::int64_t step) {
  constexpr unsigned kStatus = 1;
  constexpr std::int64_t kStart = 1;
  return DoubleField(kWallTime, wall_time) + IntegerField(kStep, step) +
         BytesField(kSessionLog, IntegerField(kStatus, kStart));
}

std::string ScalarsEvent(double wall_time, std::int64_t step, const Scalars& scalars) {
  constexpr unsigned kValue = 1;
  constexpr unsigned kTag = 1;
  constexpr unsigned kSimpleValue = 2;
  std::string summary;
  for (const Scalar& scalar : scalars) {
    summary +=
        BytesField(kValue, BytesField(kTag, scalar.name) + FloatField(kSimpleValue, static_cast<float>(scalar.value)));
  }
  return DoubleField(kWallTime, wall_time) + IntegerField(kStep, step) + BytesField(kSummary, summary);
}

absl::StatusOr<TensorboardWriter> TensorboardWriter::Open(const std::filesystem::path& directory, std::int64_t step) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot create ", directory.string()));
  const double now = WallTime();
  absl::StatusOr<AppendFile> file = AppendFile::Open(directory / FileName(now));
  if (!file.ok()) return file.status();
  std::string records = TfRecord(VersionEvent(now));
  if (step > 0) records += TfRecord(RestartEvent(now, step + 1));
  if (absl::Status status = file->Append(records); !status.ok()) return status;
  return TensorboardWriter(*std::move(file));
}

absl::Status TensorboardWriter::Write(std::int64_t step, const Scalars& scalars) {
  return file_.Append(TfRecord(ScalarsEvent(WallTime(), step, scalars)));
}

}  // namespace giot::trainer
