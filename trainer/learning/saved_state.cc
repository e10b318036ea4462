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

SavedState::SavedState(std::vector<double> fingerprint, torch::Device device)
    : fingerprint_(torch::tensor(fingerprint, torch::kDouble)), device_(device) {}

void SavedState::SaveTo(OutputArchive& archive) const {
  archive.write("fingerprint", fingerprint_);
  for (const auto& [name, number] : numbers_) archive.write(name, torch::tensor(*number));
  for (const auto& [name, tensor] : tensors_) archive.write(name, *tensor);
  for (const auto& [name, module] : modules_) {
    OutputArchive part;
    module->save(part);
    archive.write(name, part);
  }
  for (const auto& [name, optimizer] : optimizers_) {
    OutputArchive part;
    optimizer->save(part);
    archive.write(name, part);
  }
}

absl::Status SavedState::LoadFrom(InputArchive& archive) {
  try {
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
      archive.read(name, *tensor);
      *tensor = tensor->to(device_);
    }
    for (const auto& [name, module] : modules_) {
      InputArchive part;
      archive.read(name, part);
      module->load(part);
      module->to(device_);
    }
    for (const auto& [name, optimizer] : optimizers_) {
      InputArchive part;
      archive.read(name, part);
      optimizer->load(part);
    }
    return absl::OkStatus();
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("checkpoint is incomplete or damaged: ", error.what()));
  }
}

}  // namespace giot::trainer
