#pragma once

#include <ostream>
#include <string>

#include "giot/v1/contract.pb.h"
#include "google/protobuf/message.h"

namespace giot::client {

// A menu with what each type of the request's market makes of it, and its
// certificate, for people.
void PrintContract(const v1::GenerateContractRequest& request, const v1::GenerateContractResponse& reply,
                   std::ostream& out);
void PrintModels(const v1::ListModelsResponse& reply, std::ostream& out);

// Any reply for programs: JSON with the proto's field names.
std::string JsonOf(const google::protobuf::Message& reply);
void PrintJson(const google::protobuf::Message& reply, std::ostream& out);

}  // namespace giot::client
