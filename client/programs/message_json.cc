#include "client/programs/message_json.h"

#include <string>

#include "client/reply_printer.h"
#include "google/protobuf/descriptor.h"
#include "nlohmann/json.hpp"
#include "server/ledger/proof/digest.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/text_encoding.h"

namespace giot::client {
namespace {

using Json = nlohmann::ordered_json;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

void BytesToHex(const Descriptor& type, Json& object);

// A chain id is text, though the ledger's format has it as bytes.
std::string TextOf(const FieldDescriptor& field, const std::string& bytes) {
  return field.name() == "chain_id" && ledger::IsChainId(bytes) ? bytes : ledger::HexOf(bytes);
}

void ValueToHex(const FieldDescriptor& field, Json& value) {
  if (field.type() == FieldDescriptor::TYPE_BYTES) {
    value = TextOf(field, ledger::FromBase64(value.get<std::string>()).value_or(""));
  } else if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
    BytesToHex(*field.message_type(), value);
  }
}

void BytesToHex(const Descriptor& type, Json& object) {
  for (auto& [name, value] : object.items()) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    if (field == nullptr) continue;
    if (!field->is_repeated()) {
      ValueToHex(*field, value);
    } else if (!field->is_map()) {
      for (Json& element : value) ValueToHex(*field, element);
    }
  }
}

}  // namespace

std::string JsonWithHexOf(const google::protobuf::Message& message) {
  Json json = Json::parse(JsonOf(message));
  BytesToHex(*message.GetDescriptor(), json);
  return json.dump(1) + "\n";
}

}  // namespace giot::client
