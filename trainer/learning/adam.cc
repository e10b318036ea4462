#include "trainer/learning/adam.h"

namespace giot::trainer {
namespace {

using torch::Tensor;

// Of the paper and of torch::optim::Adam.
constexpr double kEpsilon = 1e-8;

std::vector<Tensor> Vectors(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> vectors;
  for (const Tensor& tensor : tensors) vectors.push_back(tensor.detach().reshape({-1}));
  return vectors;
}

// Views of `vector` that are shaped as `tensors`, one after another.
std::vector<Tensor> ViewsLike(const std::vector<Tensor>& tensors, const Tensor& vector) {
  std::vector<Tensor> views;
  std::int64_t first = 0;
  for (const Tensor& tensor : tensors) {
    views.push_back(vector.narrow(0, first, tensor.numel()).view(tensor.sizes()));
    first += tensor.numel();
  }
  return views;
}

}  // namespace

Tensor Flatten(const std::vector<Tensor>& parameters) {
  const Tensor vector = torch::cat(Vectors(parameters));
  const std::vector<Tensor> views = ViewsLike(parameters, vector);
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].set_data(views[i]);
  return vector;
}

Adam::Adam(const std::vector<Tensor>& parameters, const OptimizationConfig& config)
    : parameters_(parameters),
      beta1_(config.adam_beta1),
      beta2_(config.adam_beta2),
      values_(Flatten(parameters)),
      gradient_(torch::zeros_like(values_)),
      mean_(torch::zeros_like(values_)),
      square_(torch::zeros_like(values_)),
      steps_(torch::zeros({}, values_.options().dtype(torch::kDouble))),
      rate_(torch::full({}, config.learning_rate, values_.options().dtype(torch::kDouble))) {
  const std::vector<Tensor> views = ViewsLike(parameters_, gradient_);
  for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i].mutable_grad() = views[i];
}

void Adam::SetRate(double rate) { rate_.fill_(rate); }

void Adam::Differentiate(const Tensor& loss) {
  Tensor gradient = gradient_;
  torch::cat_out(gradient, Vectors(torch::autograd::grad({loss}, parameters_)));
}

Tensor Adam::ClipGradient(double limit) {
  const Tensor norm = gradient_.norm();
  gradient_.mul_((limit / (norm + 1e-6)).clamp_max(1.0));
  return norm;
}

void Adam::Step() {
  const torch::NoGradGuard no_grad;
  steps_.add_(1);
  mean_.lerp_(gradient_, 1 - beta1_);
  square_.mul_(beta2_).addcmul_(gradient_, gradient_, 1 - beta2_);
  const Tensor mean_correction = 1 - torch::pow(beta1_, steps_);
  const Tensor square_correction = 1 - torch::pow(beta2_, steps_);
  const Tensor scale = (square_ / square_correction).sqrt_().add_(kEpsilon);
  values_.sub_((mean_ / scale).mul_(rate_ / mean_correction));
}

void Adam::AddTo(SavedState& state, const std::string& name) {
  state.Add(name + "_weights", values_);
  state.Add(name + "_mean", mean_);
  state.Add(name + "_square", square_);
  state.Add(name + "_steps", steps_);
}

}  // namespace giot::trainer
