#include "server/ledger/proof/receipt.h"

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/line_reader.h"
#include "server/ledger/proof/merkle.h"
#include "server/ledger/proof/signed_note.h"
#include "server/ledger/proof/text_encoding.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {
namespace {

constexpr std::string_view kReceiptHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kConsistencyHeader = "giot.ledger/consistency-proof@v1";
// Of a tree of fewer than 2^64 leaves; a consistency proof has one hash more.
constexpr std::size_t kMostHashes = 64;

std::string Lines(const std::vector<Digest>& hashes) {
  std::string text;
  for (const Digest& hash : hashes) absl::StrAppend(&text, Base64Of(BytesOf(hash)), "\n");
  return text;
}

bool IsEnvelopeCode(v1::Code code) { return code >= v1::CODE_TOO_LARGE && code <= v1::CODE_BAD_SIGNATURE; }
bool IsHistoryCode(v1::Code code) { return code >= v1::CODE_EXPIRED && code <= v1::CODE_REPLAYED; }
bool IsFieldCode(v1::Code code) { return code >= v1::CODE_FIELD_OUT_OF_RANGE && code <= v1::CODE_NOT_CONTRADICTORY; }

// Whether the order of checks allows the code, as far as the envelope alone tells.
bool CodeFits(v1::Code code, const OpenedTransaction& opened) {
  if (opened.envelope_code != v1::CODE_OK) return code == opened.envelope_code;
  if (IsEnvelopeCode(code)) return false;
  if (IsHistoryCode(code)) return true;
  if (opened.field_code != v1::CODE_OK) return code == opened.field_code;
  return !IsFieldCode(code);
}

}  // namespace

std::string FormatReceipt(const Receipt& receipt) {
  return absl::StrCat(std::string(kReceiptHeader), "\nextra ", Base64Of(EncodeRecord(receipt.record)), "\nindex ",
                      receipt.position, "\n", Lines(receipt.proof), "\n", receipt.checkpoint);
}

absl::StatusOr<Receipt> ParseReceipt(std::string_view text) {
  LineReader reader("receipt", text);
  Receipt receipt;
  reader.Literal(kReceiptHeader);
  const std::string record = reader.Bytes("extra");
  receipt.position = reader.Number("index");
  receipt.proof = reader.HashesAndEmptyLine(kMostHashes);
  receipt.checkpoint = reader.Rest();
  if (!reader.ok()) return reader.status();
  absl::StatusOr<LogRecord> decoded = DecodeRecord(record);
  if (!decoded.ok()) return decoded.status();
  receipt.record = *std::move(decoded);
  if (const auto note = ParseNote(receipt.checkpoint); !note.ok()) return note.status();
  return receipt;
}

absl::StatusOr<Checkpoint> VerifyReceipt(const Receipt& receipt, const VerifierKey& key) {
  absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(receipt.checkpoint, key);
  if (!checkpoint.ok()) return checkpoint;
  const Digest leaf = LeafHash(EncodeRecord(receipt.record));
  if (absl::Status status = VerifyInclusion(leaf, receipt.position, checkpoint->size, receipt.proof, checkpoint->root);
      !status.ok()) {
    return status;
  }
  if (receipt.record.height > checkpoint->height) {
    return absl::InvalidArgumentError(absl::StrCat("receipt: height: got ", receipt.record.height,
                                                   ", want at most the checkpoint's, ", checkpoint->height));
  }
  const OpenedTransaction opened = OpenTransaction(checkpoint->origin, receipt.record.envelope);
  if (!CodeFits(receipt.record.code, opened)) {
    const v1::Code want = opened.envelope_code != v1::CODE_OK ? opened.envelope_code : opened.field_code;
    return absl::InvalidArgumentError(absl::StrCat("receipt: code: got ", v1::Code_Name(receipt.record.code),
                                                   ", but the envelope alone gives ", v1::Code_Name(want)));
  }
  return checkpoint;
}

std::string FormatConsistencyProof(const ConsistencyProof& proof) {
  return absl::StrCat(std::string(kConsistencyHeader), "\nold ", proof.old_size, "\n", Lines(proof.proof), "\n",
                      proof.checkpoint);
}

absl::StatusOr<ConsistencyProof> ParseConsistencyProof(std::string_view text) {
  LineReader reader("consistency proof", text);
  ConsistencyProof proof;
  reader.Literal(kConsistencyHeader);
  proof.old_size = reader.Number("old");
  proof.proof = reader.HashesAndEmptyLine(kMostHashes + 1);
  proof.checkpoint = reader.Rest();
  if (!reader.ok()) return reader.status();
  if (const auto note = ParseNote(proof.checkpoint); !note.ok()) return note.status();
  return proof;
}

}  // namespace giot::ledger
