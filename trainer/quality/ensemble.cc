#include "trainer/quality/ensemble.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>

namespace giot::trainer {
namespace {

using quality::kFactors;
using quality::kFeatures;
using torch::Tensor;

constexpr std::array<std::int64_t, 4> kWidths = {kFeatures, 64, 32, 1 + kFactors};
constexpr float kClamp = 5.0F;
// A feature that never varies is no reason to divide by nothing.
constexpr double kLeastDeviation = 1e-3;

struct Tensors {
  Tensor features, usefulness, factors, weight;
};

Tensors ToTensors(const quality::QualityModel& model, const std::vector<Lesson>& lessons) {
  const auto count = static_cast<std::int64_t>(lessons.size());
  Tensors t{torch::empty({count, kFeatures}), torch::empty({count}), torch::empty({count, kFactors}),
            torch::empty({count})};
  float* features = t.features.data_ptr<float>();
  float* factors = t.factors.data_ptr<float>();
  for (std::size_t i = 0; i < lessons.size(); ++i) {
    for (std::size_t f = 0; f < kFeatures; ++f) {
      const float normalized = (lessons[i].features[f] - model.mean[f]) / model.deviation[f];
      *features++ = std::clamp(normalized, -model.clamp, model.clamp);
    }
    for (const double factor : lessons[i].factors) *factors++ = static_cast<float>(factor);
    t.usefulness.data_ptr<float>()[i] = static_cast<float>(lessons[i].usefulness);
    t.weight.data_ptr<float>()[i] = static_cast<float>(lessons[i].weight);
  }
  return t;
}

// The perceptron as torch has it, with noise and dropout of its own generator.
class Network {
 public:
  explicit Network(std::uint64_t seed) : random_(torch::make_generator<torch::CPUGeneratorImpl>(seed)) {
    for (std::size_t layer = 0; layer + 1 < kWidths.size(); ++layer) {
      const double spread = std::sqrt(2.0 / static_cast<double>(kWidths[layer]));
      weights_.push_back(torch::randn({kWidths[layer + 1], kWidths[layer]}, random_, torch::TensorOptions()) * spread);
      biases_.push_back(torch::zeros({kWidths[layer + 1]}));
    }
    for (Tensor& parameter : weights_) parameter.set_requires_grad(true);
    for (Tensor& parameter : biases_) parameter.set_requires_grad(true);
  }

  Tensor ForwardNoisily(const Tensor& features, const NetworkSettings& settings) {
    Tensor values = features + settings.noise * torch::randn(features.sizes(), random_, features.options());
    for (std::size_t layer = 0; layer < weights_.size(); ++layer) {
      values = torch::addmm(biases_[layer], values, weights_[layer].t());
      if (layer + 1 == weights_.size()) break;
      values = torch::silu(values);
      const Tensor kept = torch::rand(values.sizes(), random_, values.options()) >= settings.dropout;
      values = values * kept / (1.0 - settings.dropout);
    }
    return torch::sigmoid(values);
  }

  std::vector<Tensor> parameters() const {
    std::vector<Tensor> all = weights_;
    all.insert(all.end(), biases_.begin(), biases_.end());
    return all;
  }

  quality::Perceptron Export() const {
    quality::Perceptron perceptron;
    for (std::size_t layer = 0; layer < perceptron.size(); ++layer) {
      const Tensor weights = weights_[layer].detach().contiguous();
      const Tensor bias = biases_[layer].detach().contiguous();
      quality::Dense& dense = perceptron[layer];
      dense.inputs = static_cast<int>(kWidths[layer]);
      dense.outputs = static_cast<int>(kWidths[layer + 1]);
      dense.weights.assign(weights.data_ptr<float>(), weights.data_ptr<float>() + weights.numel());
      dense.bias.assign(bias.data_ptr<float>(), bias.data_ptr<float>() + bias.numel());
    }
    return perceptron;
  }

 private:
  torch::Generator random_;
  std::vector<Tensor> weights_, biases_;
};

Tensor LessonLoss(const Tensor& outputs, const Tensors& lessons, const Tensor& rows, const NetworkSettings& settings) {
  const Tensor weight = lessons.weight.index_select(0, rows);
  const Tensor usefulness = (outputs.select(1, 0) - lessons.usefulness.index_select(0, rows)).square();
  const Tensor factors = (outputs.narrow(1, 1, kFactors) - lessons.factors.index_select(0, rows)).square().mean(1);
  return (weight * (usefulness + settings.factor_weight * factors)).mean();
}

struct PairTensors {
  Tensor better, worse, is_attack;
};

PairTensors ToTensors(const std::vector<Pair>& pairs) {
  const auto count = static_cast<std::int64_t>(pairs.size());
  PairTensors t{torch::empty({count}, torch::kLong), torch::empty({count}, torch::kLong), torch::empty({count})};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    t.better.data_ptr<std::int64_t>()[i] = pairs[i].better;
    t.worse.data_ptr<std::int64_t>()[i] = pairs[i].worse;
    t.is_attack.data_ptr<float>()[i] = pairs[i].is_attack ? 1.0F : 0.0F;
  }
  return t;
}

// Squared lack of difference between scores, where the difference is less than that of the labels.
Tensor PairLoss(Network& network, const Tensors& lessons, const PairTensors& pairs, const Tensor& rows,
                const NetworkSettings& settings) {
  const Tensor better = pairs.better.index_select(0, rows);
  const Tensor worse = pairs.worse.index_select(0, rows);
  const Tensor features =
      torch::cat({lessons.features.index_select(0, better), lessons.features.index_select(0, worse)});
  const Tensor scores = network.ForwardNoisily(features, settings).select(1, 0);
  const std::int64_t count = rows.size(0);
  const Tensor wanted = lessons.usefulness.index_select(0, better) - lessons.usefulness.index_select(0, worse);
  const Tensor lack = torch::relu(wanted - (scores.narrow(0, 0, count) - scores.narrow(0, count, count)));
  const Tensor attack = pairs.is_attack.index_select(0, rows);
  const Tensor weight = settings.ranking_weight * (1.0 - attack) + settings.attack_weight * attack;
  return (weight * lack.square()).mean();
}

Tensor Shuffled(std::size_t count, std::mt19937_64& random) {
  std::vector<std::int64_t> order(count);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return torch::tensor(order, torch::kLong);
}

}  // namespace

void Normalize(const std::vector<Lesson>& lessons, quality::QualityModel& model) {
  for (std::size_t f = 0; f < kFeatures; ++f) {
    double sum = 0.0;
    double square = 0.0;
    for (const Lesson& lesson : lessons) {
      sum += static_cast<double>(lesson.features[f]);
      square += static_cast<double>(lesson.features[f]) * static_cast<double>(lesson.features[f]);
    }
    const double mean = sum / static_cast<double>(lessons.size());
    const double variance = square / static_cast<double>(lessons.size()) - mean * mean;
    model.mean[f] = static_cast<float>(mean);
    model.deviation[f] = static_cast<float>(std::max(std::sqrt(std::max(variance, 0.0)), kLeastDeviation));
  }
  model.clamp = kClamp;
}

quality::Perceptron TrainNetwork(const quality::QualityModel& model, const Curriculum& training,
                                 const NetworkSettings& settings, std::uint64_t seed) {
  const Tensors lessons = ToTensors(model, training.lessons);
  const PairTensors pairs = ToTensors(training.pairs);
  Network network(seed);
  std::mt19937_64 random(seed);
  torch::optim::AdamW adam(network.parameters(),
                           torch::optim::AdamWOptions(settings.rate).weight_decay(settings.decay));
  auto& options = static_cast<torch::optim::AdamWOptions&>(adam.param_groups()[0].options());

  const auto count = static_cast<std::int64_t>(training.lessons.size());
  const auto pair_count = static_cast<std::int64_t>(training.pairs.size());
  const std::int64_t pair_batch = std::min<std::int64_t>(settings.batch, pair_count);
  for (int epoch = 0; epoch < settings.epochs; ++epoch) {
    options.lr(settings.rate * 0.5 * (1.0 + std::cos(std::numbers::pi * epoch / settings.epochs)));
    const Tensor order = Shuffled(training.lessons.size(), random);
    const Tensor pair_order = Shuffled(training.pairs.size(), random);
    for (std::int64_t first = 0; first < count; first += settings.batch) {
      const Tensor rows = order.narrow(0, first, std::min<std::int64_t>(settings.batch, count - first));
      const Tensor outputs = network.ForwardNoisily(lessons.features.index_select(0, rows), settings);
      Tensor loss = LessonLoss(outputs, lessons, rows, settings);
      if (pair_batch > 0) {
        const Tensor some = pair_order.narrow(0, first % (pair_count - pair_batch + 1), pair_batch);
        loss = loss + PairLoss(network, lessons, pairs, some, settings);
      }
      adam.zero_grad();
      loss.backward();
      adam.step();
    }
  }
  return network.Export();
}

}  // namespace giot::trainer
