#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace giot::trainer {

// The settings of a run's parts as one fingerprint.
std::vector<double> JoinSettings(std::initializer_list<std::vector<double>> parts);

// Lists what the coming steps of an algorithm depend on, and saves and restores all
// of it. What is added must outlive this object.
class SavedState {
 public:
  // `fingerprint` is everything that a resumed run must share with the one it
  // continues.
  explicit SavedState(std::vector<double> fingerprint);

  // Restored in place, on the tensor's own device: views of it follow.
  void Add(std::string name, torch::Tensor& tensor) { tensors_.emplace_back(std::move(name), &tensor); }
  void Add(std::string name, std::int64_t& number) { numbers_.emplace_back(std::move(name), &number); }

  void SaveTo(torch::serialize::OutputArchive& archive) const;
  // InvalidArgument if the archive has another fingerprint, or lacks something.
  absl::Status LoadFrom(torch::serialize::InputArchive& archive);

 private:
  torch::Tensor fingerprint_;
  std::vector<std::pair<std::string, torch::Tensor*>> tensors_;
  std::vector<std::pair<std::string, std::int64_t*>> numbers_;
};

}  // namespace giot::trainer
