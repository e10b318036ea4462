#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "models/bundle/bundle.h"
#include "models/bundle/family.h"

namespace giot::engine {

// A model that the operator wants served.
struct ModelId {
  std::string name;
  int version = 0;
  friend bool operator==(const ModelId&, const ModelId&) = default;
};

// "name/version". InvalidArgument naming what it got.
absl::StatusOr<ModelId> ParseModelId(absl::string_view text);

// The folder of a root whose models score sensing data and design no contracts.
inline constexpr char kQualityModels[] = "quality";

// Every <root>/<name>/<version>/ there is but for those in kQualityModels, ordered by
// name and version. NotFound if the root is no folder.
absl::StatusOr<std::vector<ModelId>> FindModels(const std::filesystem::path& root);

// The models of one server, loaded and verified once. Immutable after Load, so
// lookups need no lock; a handle keeps its model alive.
class ModelRegistry {
 public:
  struct Entry {
    ModelId id;
    std::shared_ptr<const bundle::Bundle> bundle;  // Null if not ready.
    absl::Status status;                           // Why it is not ready.
  };

  // Loads every model, in order; one that fails keeps its status and is never
  // served. The name of the first ready one of a family is the family's default.
  static ModelRegistry Load(const std::filesystem::path& root, const std::vector<ModelId>& models,
                            const bundle::LoadOptions& options);

  // The model of that name (the family's default if empty) and version (the highest
  // ready one if 0). NotFound naming what was asked for and what is there;
  // InvalidArgument naming model_name if it is a model of another family.
  absl::StatusOr<std::shared_ptr<const bundle::Bundle>> Find(bundle::Family family, absl::string_view name,
                                                             int version) const;

  const std::vector<Entry>& entries() const { return entries_; }
  // Whether every model is ready.
  bool all_ready() const;

 private:
  // Empty if there is none.
  absl::string_view DefaultName(bundle::Family family) const;

  std::vector<Entry> entries_;
};

}  // namespace giot::engine
