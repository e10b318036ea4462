#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "models/bundle/bundle.h"

namespace giot::trainer {

// What was evaluated, for the record beside the figures.
struct EvaluationSubject {
  std::string name;
  int version = 0;
  std::string digest;
  std::string runner;
};
EvaluationSubject SubjectOf(const bundle::Bundle& bundle);

nlohmann::ordered_json ToJson(const EvaluationSubject& subject);

}  // namespace giot::trainer
