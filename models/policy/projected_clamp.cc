#include "models/policy/projected_clamp.h"

namespace giot::policy {
namespace {

class ProjectedClampFunction : public torch::autograd::Function<ProjectedClampFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x) {
    context->save_for_backward({x});
    return x.clamp(-1, 1);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const torch::Tensor x = context->get_saved_variables()[0];
    const torch::Tensor& gradient = gradients[0];
    // Descent moves x against the gradient: outwards where x and -gradient agree in sign.
    const torch::Tensor outwards = (x.abs() > 1).logical_and(x * gradient < 0);
    return {gradient.masked_fill(outwards, 0)};
  }
};

}  // namespace

torch::Tensor ProjectedClamp(const torch::Tensor& x) {
  // The plain clamp is what a trace can record.
  return x.requires_grad() ? ProjectedClampFunction::apply(x) : x.clamp(-1, 1);
}

}  // namespace giot::policy
