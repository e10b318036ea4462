#include "server/ledger/proof/signed_note.h"

#include <array>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/line_reader.h"
#include "server/ledger/proof/text_encoding.h"
#include "server/ledger/proof/utf8.h"

namespace giot::ledger {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space.
constexpr std::string_view kSignatureLine = "\"\xe2\x80\x94 <name> <base64 of key id and signature>\"";
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::size_t kKeyIdDigits = 8;

std::string TypedKey(const VerifierKey& key) {
  return ByteWriter().U8(static_cast<std::uint8_t>(key.type)).Raw(BytesOf(key.key)).Take();
}

absl::Status InvalidKey(std::string_view got, std::string_view want) {
  return absl::InvalidArgumentError(absl::StrCat("verifier key: got \"", absl::CEscape(std::string(got.substr(0, 200))),
                                                 "\", want ", std::string(want)));
}

std::string CosignedMessage(std::uint64_t unix_seconds, std::string_view text) {
  return absl::StrCat("cosignature/v1\ntime ", unix_seconds, "\n", std::string(text));
}

NoteSignature ReadSignature(LineReader& reader) {
  const std::string_view line = reader.Line(kSignatureLine);
  NoteSignature signature;
  if (!reader.ok()) return signature;
  const std::size_t space = line.starts_with(kDash) ? line.find(' ', kDash.size()) : std::string_view::npos;
  const std::optional<std::string> bytes =
      space == std::string_view::npos ? std::nullopt : FromBase64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyIdBytes) {
    reader.Refuse(line, kSignatureLine);
    return signature;
  }
  signature.name = line.substr(kDash.size(), space - kDash.size());
  if (!IsNoteKeyName(signature.name)) reader.Refuse(line, "a name without spaces and '+'");
  ByteReader rest(*bytes);
  signature.key_id = rest.U32();
  signature.signature = rest.rest();
  return signature;
}

std::optional<std::uint64_t> VerifyOne(std::string_view text, const NoteSignature& signature, const VerifierKey& key) {
  ByteReader reader(signature.signature);
  const bool timed = key.type == NoteKeyType::kCosignature;
  const std::uint64_t time = timed ? reader.U64() : 0;
  Signature bytes{};
  if (!FromBytes(reader.rest(), bytes)) return std::nullopt;
  const std::string message = timed ? CosignedMessage(time, text) : std::string(text);
  return Verify(key.key, message, bytes) ? std::optional(time) : std::nullopt;
}

}  // namespace

bool IsNoteKeyName(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const std::optional<char32_t> character = TakeCharacter(name);
    if (!character || *character <= ' ' || *character == '+' || IsUnicodeSpace(*character)) return false;
  }
  return true;
}

std::uint32_t VerifierKey::id() const {
  const Digest digest = Sha256({name, "\n", TypedKey(*this)});
  return ByteReader(BytesOf(digest)).U32();
}

std::string FormatVerifierKey(const VerifierKey& key) {
  return absl::StrCat(key.name, "+", absl::StrFormat("%08x", key.id()), "+", Base64Of(TypedKey(key)));
}

absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view text) {
  // Base64 may hold further '+'.
  const std::size_t first = text.find('+');
  if (first == std::string_view::npos || text.size() < first + kKeyIdDigits + 2 ||
      text[first + kKeyIdDigits + 1] != '+') {
    return InvalidKey(text, "\"<name>+<8 hex digits>+<base64>\"");
  }
  VerifierKey key;
  key.name = text.substr(0, first);
  if (!IsNoteKeyName(key.name)) return InvalidKey(text, "a name without spaces");
  const std::optional<std::string> bytes = FromBase64(text.substr(first + kKeyIdDigits + 2));
  if (!bytes || bytes->empty() || !FromBytes(bytes->substr(1), key.key)) return InvalidKey(text, "33 bytes in base64");
  key.type = static_cast<NoteKeyType>(bytes->front());
  if (key.type != NoteKeyType::kEd25519 && key.type != NoteKeyType::kCosignature) {
    return InvalidKey(text, "a key of type 1 (Ed25519) or 4 (cosignature)");
  }
  if (FormatVerifierKey(key) != text)
    return InvalidKey(text, absl::StrCat("the key's id, ", absl::StrFormat("%08x", key.id())));
  return key;
}

std::string FormatNote(const Note& note) {
  std::string text = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    const std::string bytes = ByteWriter().U32(signature.key_id).Raw(signature.signature).Take();
    absl::StrAppend(&text, std::string(kDash), signature.name, " ", Base64Of(bytes), "\n");
  }
  return text;
}

absl::StatusOr<Note> ParseNote(std::string_view bytes) {
  if (bytes.size() > kMostNoteBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("note: got ", bytes.size(), " bytes, want at most ", kMostNoteBytes));
  }
  if (!IsPlainText(bytes)) {
    return absl::InvalidArgumentError("note: got bytes that are not UTF-8 or control characters, want neither");
  }
  const std::size_t split = bytes.rfind("\n\n");
  if (split == std::string_view::npos) {
    return absl::InvalidArgumentError("note: got no empty line, want one before the signatures");
  }
  Note note;
  note.text = bytes.substr(0, split + 1);
  LineReader reader("note's signatures", bytes.substr(split + 2));
  do {
    note.signatures.push_back(ReadSignature(reader));
    if (note.signatures.size() > kMostNoteSignatures) reader.Refuse("more", "at most 16 signatures");
  } while (reader.ok() && !reader.AtEnd());
  if (!reader.ok()) return reader.status();
  return note;
}

NoteSignature SignNote(std::string_view text, std::string_view name, const SecretKey& key) {
  const VerifierKey verifier{std::string(name), NoteKeyType::kEd25519, key.public_key()};
  return {verifier.name, verifier.id(), std::string(BytesOf(key.Sign(text)))};
}

NoteSignature Cosign(std::string_view text, std::string_view name, std::uint64_t unix_seconds, const SecretKey& key) {
  const VerifierKey verifier{std::string(name), NoteKeyType::kCosignature, key.public_key()};
  const Signature signature = key.Sign(CosignedMessage(unix_seconds, text));
  return {verifier.name, verifier.id(), ByteWriter().U64(unix_seconds).Raw(BytesOf(signature)).Take()};
}

absl::StatusOr<std::uint64_t> VerifyNote(const Note& note, const VerifierKey& key) {
  std::optional<std::uint64_t> first;
  const std::uint32_t id = key.id();
  for (const NoteSignature& signature : note.signatures) {
    if (signature.name != key.name || signature.key_id != id) continue;
    const std::optional<std::uint64_t> time = VerifyOne(note.text, signature, key);
    if (!time) {
      return absl::InvalidArgumentError(
          absl::StrCat("note: the signature of ", key.name, ", key ", absl::StrFormat("%08x", id), ", is not its"));
    }
    if (!first) first = time;
  }
  if (!first) {
    return absl::NotFoundError(
        absl::StrCat("note: got no signature of ", key.name, ", key ", absl::StrFormat("%08x", id)));
  }
  return *first;
}

}  // namespace giot::ledger
