#include "server/engine/model_registry.h"

#include <algorithm>
#include <system_error>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace giot::engine {
namespace {

bool ParseVersion(absl::string_view text, int& version) { return absl::SimpleAtoi(text, &version) && version >= 1; }

std::string Describe(const std::vector<ModelRegistry::Entry>& entries) {
  std::string ready;
  for (const ModelRegistry::Entry& entry : entries) {
    if (entry.bundle) absl::StrAppend(&ready, ready.empty() ? "" : ", ", entry.id.name, "/", entry.id.version);
  }
  return ready.empty() ? "none is ready" : absl::StrCat("ready: ", ready);
}

}  // namespace

absl::StatusOr<ModelId> ParseModelId(absl::string_view text) {
  const std::size_t slash = text.rfind('/');
  ModelId id;
  if (slash == absl::string_view::npos || slash == 0 || !ParseVersion(text.substr(slash + 1), id.version)) {
    return absl::InvalidArgumentError(absl::StrCat("models: got '", text, "', want name/version, like screening/1"));
  }
  id.name = std::string(text.substr(0, slash));
  return id;
}

absl::StatusOr<std::vector<ModelId>> FindModels(const std::filesystem::path& root) {
  std::error_code error;
  std::vector<ModelId> models;
  for (const auto& name : std::filesystem::directory_iterator(root, error)) {
    if (!name.is_directory(error) || name.path().filename() == kQualityModels) continue;
    for (const auto& version : std::filesystem::directory_iterator(name.path(), error)) {
      ModelId id{name.path().filename().string(), 0};
      // Anything else is a folder in the making.
      if (version.is_directory(error) && ParseVersion(version.path().filename().string(), id.version)) {
        models.push_back(std::move(id));
      }
    }
  }
  if (error) return absl::NotFoundError(absl::StrCat("model_root: ", root.string(), ": ", error.message()));
  std::sort(models.begin(), models.end(), [](const ModelId& a, const ModelId& b) {
    return std::tie(a.name, a.version) < std::tie(b.name, b.version);
  });
  return models;
}

ModelRegistry ModelRegistry::Load(const std::filesystem::path& root, const std::vector<ModelId>& models,
                                  const bundle::LoadOptions& options) {
  ModelRegistry registry;
  for (const ModelId& id : models) {
    Entry entry{id, nullptr, absl::OkStatus()};
    auto bundle = bundle::Bundle::Load(root / id.name / std::to_string(id.version), options);
    if (!bundle.ok()) {
      entry.status = bundle.status();
    } else if ((*bundle)->manifest().name != id.name || (*bundle)->manifest().version != id.version) {
      entry.status = absl::InvalidArgumentError(absl::StrCat("manifest.json: got model ", (*bundle)->manifest().name,
                                                             "/", (*bundle)->manifest().version,
                                                             ", want that of its folder, ", id.name, "/", id.version));
    } else {
      entry.bundle = *std::move(bundle);
    }
    registry.entries_.push_back(std::move(entry));
  }
  return registry;
}

absl::StatusOr<std::shared_ptr<const bundle::Bundle>> ModelRegistry::Find(bundle::Family family, absl::string_view name,
                                                                          int version) const {
  const absl::string_view wanted = name.empty() ? DefaultName(family) : name;
  const Entry* found = nullptr;
  for (const Entry& entry : entries_) {
    if (!entry.bundle || entry.id.name != wanted) continue;
    if (version == 0 ? found == nullptr || entry.id.version > found->id.version : entry.id.version == version) {
      found = &entry;
    }
  }
  if (found == nullptr) {
    return absl::NotFoundError(absl::StrCat(
        "model: got ", wanted.empty() ? absl::StrCat("none of family ", bundle::NameOf(family)) : std::string(wanted),
        version == 0 ? "" : absl::StrCat("/", version), ", which is not ready; ", Describe(entries_)));
  }
  if (const bundle::Family got = found->bundle->manifest().family; got != family) {
    return absl::InvalidArgumentError(absl::StrCat("model_name: got ", wanted, ", a model of family ",
                                                   bundle::NameOf(got), ", want one of family ",
                                                   bundle::NameOf(family)));
  }
  return found->bundle;
}

absl::string_view ModelRegistry::DefaultName(bundle::Family family) const {
  for (const Entry& entry : entries_) {
    if (entry.bundle && entry.bundle->manifest().family == family) return entry.id.name;
  }
  return "";
}

bool ModelRegistry::all_ready() const {
  return std::all_of(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.bundle != nullptr; });
}

}  // namespace giot::engine
