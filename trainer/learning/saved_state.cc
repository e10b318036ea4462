#include "trainer/learning/saved_state.h"

#include <exception>

#include "absl/strings/str_cat.h"

namespace giot::trainer {

using torch::Tensor;
using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

std::vector<double> JoinSettings(std::initializer_list<std::vector<double>> parts) {
  std::vector<double> numbers;
  for (const std::vector<double>& part : parts) numbers.insert(numbers.end(), part.begin(), part.end());
  return numbers;
}

SavedState::SavedState(std::vector<double> fingerprint) : fingerprint_(torch::tensor(fingerprint, torch::kDouble)) {}

void SavedState::SaveTo(OutputArchive& archive) const {
  archive.write("fingerprint", fingerprint_);
  for (const auto& [name, number] : numbers_) archive.write(name, torch::tensor(*number));
  for (const auto& [name, tensor] : tensors_) archive.write(name, *tensor);
}

absl::Status SavedState::LoadFrom(InputArchive& archive) {
  try {
    const torch::NoGradGuard no_grad;
    Tensor fingerprint;
    archive.read("fingerprint", fingerprint);
    if (!torch::equal(fingerprint, fingerprint_)) {
      return absl::InvalidArgumentError("checkpoint is of a run with other settings than this one");
    }
    for (const auto& [name, number] : numbers_) {
      Tensor value;
      archive.read(name, value);
      *number = value.item<std::int64_t>();
    }
    for (const auto& [name, tensor] : tensors_) {
      Tensor value;
      archive.read(name, value);
      if (value.sizes() != tensor->sizes()) {
        return absl::InvalidArgumentError(absl::StrCat("checkpoint is damaged: ", name, " has another shape"));
      }
      tensor->copy_(value);
    }
    return absl::OkStatus();
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("checkpoint is incomplete or damaged: ", error.what()));
  }
}

}  // namespace giot::trainer
