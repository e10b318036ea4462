#include "trainer/evaluation/evaluation_subject.h"

#include <nlohmann/json.hpp>

namespace giot::trainer {

EvaluationSubject SubjectOf(const bundle::Bundle& bundle) {
  return {bundle.manifest().name, bundle.manifest().version, bundle.digest(), std::string(bundle.runner().name())};
}

nlohmann::ordered_json ToJson(const EvaluationSubject& subject) {
  return {{"name", subject.name}, {"version", subject.version}, {"digest", subject.digest}, {"runner", subject.runner}};
}

}  // namespace giot::trainer
