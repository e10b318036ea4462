#include "tests/server/test_model.h"

#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <utility>

#include "tests/models/bundle/scratch.h"
#include "tests/models/bundle/test_bundle.h"

namespace giot {

namespace {

std::shared_ptr<const bundle::Bundle> Make(bundle::Family family) {
  const std::string name(bundle::NameOf(family));
  auto bundle = bundle::Bundle::Load(bundle::WriteTestBundle(bundle::ScratchDirectory(), name, 1, family));
  if (!bundle.ok()) {
    std::cerr << "no test model: " << bundle.status() << '\n';
    std::abort();
  }
  return *std::move(bundle);
}

}  // namespace

std::shared_ptr<const bundle::Bundle> TestModel(bundle::Family family) {
  static std::map<bundle::Family, std::shared_ptr<const bundle::Bundle>> models;  // They take seconds to make.
  auto& model = models[family];
  if (model == nullptr) model = Make(family);
  return model;
}

}  // namespace giot
