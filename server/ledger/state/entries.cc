#include "server/ledger/state/entries.h"

#include <concepts>
#include <initializer_list>
#include <tuple>
#include <type_traits>

#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/transaction.h"

namespace giot::ledger {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint32_t kOne = 1'000'000;

class Encoder {
 public:
  Encoder() { bytes_.U8(kVersion); }

  void U8(std::uint8_t value) { bytes_.U8(value); }
  void U16(std::uint16_t value) { bytes_.U16(value); }
  void U32(std::uint32_t value) { bytes_.U32(value); }
  void U64(std::uint64_t value) { bytes_.U64(value); }
  void I64(std::int64_t value) { bytes_.I64(value); }
  void Micros(std::uint32_t value) { bytes_.U32(value); }
  void Bool(bool value) { bytes_.U8(value ? 1 : 0); }
  template <typename Enum>
  void Kind(Enum value, int /*most*/) {
    bytes_.U8(static_cast<std::uint8_t>(value));
  }
  void Bytes(const Digest& value) { bytes_.Raw(BytesOf(value)); }
  template <typename Element>
  void Count(const std::vector<Element>& elements, std::size_t /*most*/) {
    bytes_.U8(static_cast<std::uint8_t>(elements.size()));
  }
  std::string Take() { return bytes_.Take(); }

 private:
  ByteWriter bytes_;
};

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) { Require(bytes_.U8() == kVersion); }

  void U8(std::uint8_t& value) { value = bytes_.U8(); }
  void U16(std::uint16_t& value) { value = bytes_.U16(); }
  void U32(std::uint32_t& value) { value = bytes_.U32(); }
  void U64(std::uint64_t& value) { value = bytes_.U64(); }
  void I64(std::int64_t& value) {
    value = bytes_.I64();
    Require(value >= 0);
  }
  void Micros(std::uint32_t& value) {
    value = bytes_.U32();
    Require(value <= kOne);
  }
  void Bool(bool& value) {
    const std::uint8_t byte = bytes_.U8();
    value = byte == 1;
    Require(byte <= 1);
  }
  template <typename Enum>
  void Kind(Enum& value, int most) {
    const int number = bytes_.U8();
    Require(number >= 1 && number <= most);
    if (right_) value = static_cast<Enum>(number);
  }
  void Bytes(Digest& value) { Require(FromBytes(bytes_.Raw(value.size()), value)); }
  template <typename Element>
  void Count(std::vector<Element>& elements, std::size_t most) {
    const std::size_t count = bytes_.U8();
    Require(count >= 1 && count <= most);
    elements.assign(right_ ? count : 0, Element{});
  }
  void Require(bool right) { right_ = right_ && right; }
  bool AtEnd() const { return right_ && bytes_.AtEnd(); }

 private:
  ByteReader bytes_;
  bool right_ = true;
};

// An entry that is written or one that is filled in: one list of fields serves both.
template <typename Given, typename Entry>
concept Is = std::same_as<std::remove_const_t<Given>, Entry>;

void Fields(auto& codec, Is<Parameters> auto& entry) {
  codec.Bytes(entry.mint);
  codec.Bytes(entry.treasury);
  codec.I64(entry.min_bond);
  codec.I64(entry.penalty);
  codec.I64(entry.availability_grace);
  codec.I64(entry.dispute_window);
  codec.I64(entry.vote_window);
  codec.I64(entry.evidence_window);
  codec.I64(entry.max_task);
  codec.U8(entry.threshold);
  codec.Count(entry.auditors, kMostAuditors);
  for (auto& auditor : entry.auditors) codec.Bytes(auditor);
}

void Fields(auto& codec, Is<Chain> auto& entry) {
  codec.U64(entry.height);
  codec.I64(entry.time);
  codec.I64(entry.minted);
  codec.I64(entry.withdrawn);
  codec.I64(entry.balances);
  codec.I64(entry.escrow);
  codec.I64(entry.reserves);
  codec.I64(entry.deposits);
  codec.I64(entry.bonds);
}

void Fields(auto& codec, Is<KeyEntry> auto& entry) {
  codec.Kind(entry.role, v1::KEY_ROLE_MINT);
  codec.Bool(entry.revoked);
  codec.Bytes(entry.account);
}

void Fields(auto& codec, Is<AccountEntry> auto& entry) {
  codec.I64(entry.balance);
  codec.Micros(entry.reputation);
  codec.U32(entry.fulfilled);
  codec.U32(entry.failed);
}

void Fields(auto& codec, Is<OperatorEntry> auto& entry) {
  codec.Bytes(entry.key);
  codec.Bytes(entry.checkpoint_key);
  codec.I64(entry.bond);
  codec.I64(entry.bond_locked_until);
  codec.Kind(entry.status, static_cast<int>(OperatorStatus::kSlashed));
}

void Menu(auto& codec, auto& menu) {
  codec.Count(menu, kMostItems);
  for (auto& item : menu) {
    codec.Micros(item.quality);
    codec.I64(item.reward);
    codec.Micros(item.update_rate);
  }
}

void Fields(auto& codec, Is<TaskTerms> auto& entry) {
  codec.Bytes(entry.operator_account);
  codec.I64(entry.accept_by);
  codec.I64(entry.submit_by);
  codec.I64(entry.score_by);
  codec.I64(entry.deposit);
  codec.Micros(entry.delta);
  codec.Micros(entry.allowance);
  codec.Micros(entry.min_reputation);
  codec.Bytes(entry.scorer);
  codec.Bytes(entry.nonce_commitment);
  Menu(codec, entry.menu);
}

void Fields(auto& codec, Is<TaskFunds> auto& entry) {
  codec.I64(entry.escrow);
  codec.U32(entry.slots_left);
  codec.U32(entry.open);
  codec.U32(entry.acceptances);
  codec.Kind(entry.status, static_cast<int>(TaskStatus::kClosed));
}

void Fields(auto& codec, Is<Acceptance> auto& entry) {
  codec.Kind(entry.status, static_cast<int>(AcceptanceStatus::kForfeited));
  codec.U8(entry.item);
  codec.I64(entry.reserve);
  codec.I64(entry.deposit);
  codec.I64(entry.deadline);
  codec.Bytes(entry.data);
  codec.Micros(entry.payable);
  codec.Bytes(entry.evidence);
  codec.U16(entry.voted);
  codec.U16(entry.to_pay);
  codec.Micros(entry.least_to_pay);
}

template <typename Entry>
std::string Encoded(const Entry& entry) {
  Encoder encoder;
  Fields(encoder, entry);
  return encoder.Take();
}

template <typename Entry>
bool Decoded(std::string_view bytes, Entry& entry) {
  Decoder decoder(bytes);
  Fields(decoder, entry);
  return decoder.AtEnd();
}

template <typename Entry>
bool Decodes(std::string_view bytes) {
  Entry entry;
  return Decode(bytes, entry);
}

std::string Key(char kind, std::initializer_list<const Digest*> parts) {
  std::string key(1, kind);
  for (const Digest* part : parts) key.append(BytesOf(*part));
  return key;
}

}  // namespace

std::string ParametersKey() { return "P"; }
std::string ChainKey() { return "C"; }
std::string KeyKey(const PublicKey& key) { return Key('k', {&key}); }
std::string AccountKey(const Account& account) { return Key('c', {&account}); }
std::string OperatorKey(const Account& account) { return Key('o', {&account}); }
std::string TermsKey(const TaskId& task) { return Key('t', {&task}); }
std::string FundsKey(const TaskId& task) { return Key('u', {&task}); }
std::string AcceptanceKey(const TaskId& task, const PublicKey& vehicle) { return Key('a', {&task, &vehicle}); }

std::string Encode(const Parameters& entry) { return Encoded(entry); }
std::string Encode(const Chain& entry) { return Encoded(entry); }
std::string Encode(const KeyEntry& entry) { return Encoded(entry); }
std::string Encode(const AccountEntry& entry) { return Encoded(entry); }
std::string Encode(const OperatorEntry& entry) { return Encoded(entry); }
std::string Encode(const TaskTerms& entry) { return Encoded(entry); }
std::string Encode(const TaskFunds& entry) { return Encoded(entry); }
std::string Encode(const Acceptance& entry) { return Encoded(entry); }

bool Decode(std::string_view bytes, Parameters& entry) {
  return Decoded(bytes, entry) && entry.threshold > entry.auditors.size() / 2 &&
         entry.threshold <= entry.auditors.size();
}
bool Decode(std::string_view bytes, Chain& entry) { return Decoded(bytes, entry); }
bool Decode(std::string_view bytes, KeyEntry& entry) { return Decoded(bytes, entry); }
bool Decode(std::string_view bytes, AccountEntry& entry) { return Decoded(bytes, entry); }
bool Decode(std::string_view bytes, OperatorEntry& entry) { return Decoded(bytes, entry); }
bool Decode(std::string_view bytes, TaskTerms& entry) { return Decoded(bytes, entry); }
bool Decode(std::string_view bytes, TaskFunds& entry) { return Decoded(bytes, entry); }
bool Decode(std::string_view bytes, Acceptance& entry) { return Decoded(bytes, entry); }

bool IsEntry(std::string_view key, std::string_view value) {
  if (key.empty()) return false;
  const std::size_t ids = (key.size() - 1) / sizeof(Digest);
  if (key.size() != 1 + ids * sizeof(Digest)) return false;
  switch (key[0]) {
    case 'P':
      return ids == 0 && Decodes<Parameters>(value);
    case 'C':
      return ids == 0 && Decodes<Chain>(value);
    case 'k':
      return ids == 1 && Decodes<KeyEntry>(value);
    case 'c':
      return ids == 1 && Decodes<AccountEntry>(value);
    case 'o':
      return ids == 1 && Decodes<OperatorEntry>(value);
    case 't':
      return ids == 1 && Decodes<TaskTerms>(value);
    case 'u':
      return ids == 1 && Decodes<TaskFunds>(value);
    case 'a':
      return ids == 2 && Decodes<Acceptance>(value);
    default:
      return false;
  }
}

Digest MenuDigest(const std::vector<TaskItem>& menu) {
  ByteWriter bytes;
  bytes.Raw("giot.ledger.menu.v1").U8(static_cast<std::uint8_t>(menu.size()));
  for (const TaskItem& item : menu) bytes.U32(item.quality).I64(item.reward).U32(item.update_rate);
  return Sha256({bytes.bytes()});
}

}  // namespace giot::ledger
