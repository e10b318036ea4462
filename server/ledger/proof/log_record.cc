#include "server/ledger/proof/log_record.h"

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/bytes.h"

namespace giot::ledger {
namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

std::string EncodeRecord(const LogRecord& record) {
  return ByteWriter()
      .U8(kVersion)
      .U64(record.height)
      .I64(record.time_us)
      .U32(record.index)
      .U16(static_cast<std::uint16_t>(record.code))
      .Raw(record.envelope)
      .Take();
}

absl::StatusOr<LogRecord> DecodeRecord(std::string_view bytes) {
  ByteReader reader(bytes);
  const std::uint8_t version = reader.U8();
  LogRecord record;
  record.height = reader.U64();
  record.time_us = reader.I64();
  record.index = reader.U32();
  const std::uint16_t code = reader.U16();
  if (!reader.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("record: got ", bytes.size(), " bytes, want 23 at least"));
  }
  if (version != kVersion) {
    return absl::InvalidArgumentError(absl::StrCat("record: version: got ", int{version}, ", want ", int{kVersion}));
  }
  if (!v1::Code_IsValid(code)) {
    return absl::InvalidArgumentError(absl::StrCat("record: code: got ", code, ", want one that has a name"));
  }
  record.code = static_cast<v1::Code>(code);
  record.envelope = reader.rest();
  return record;
}

Digest AppHash(std::uint64_t height, const Digest& state_root, const Digest& log_root) {
  const std::string height_bytes = ByteWriter().U64(height).Take();
  return Sha256({"giot.ledger.app.v1", height_bytes, BytesOf(state_root), BytesOf(log_root)});
}

}  // namespace giot::ledger
