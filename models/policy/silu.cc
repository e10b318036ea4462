#include "models/policy/silu.h"

#include "models/policy/tensor_form.h"

namespace giot::policy {
namespace {

using torch::Tensor;

class SavedSilu : public torch::autograd::Function<SavedSilu> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x) {
    const Tensor gate = torch::sigmoid(x).contiguous();
    const Tensor y = (x * gate).contiguous();
    context->save_for_backward({gate, y});
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const torch::autograd::variable_list saved = context->get_saved_variables();
    const Tensor of_y = gradients[0].contiguous();
    Tensor of_x = torch::empty_like(of_y);
    AT_DISPATCH_FLOATING_TYPES(of_x.scalar_type(), "SavedSilu", [&] {
      const scalar_t* const gate = saved[0].data_ptr<scalar_t>();
      const scalar_t* const y = saved[1].data_ptr<scalar_t>();
      const scalar_t* const in = of_y.data_ptr<scalar_t>();
      scalar_t* const out = of_x.data_ptr<scalar_t>();
      for (std::int64_t i = 0; i < of_x.numel(); ++i) out[i] = in[i] * (gate[i] + y[i] * (1 - gate[i]));
    });
    return {of_x};
  }
};

}  // namespace

Tensor Silu(const Tensor& x) { return UsesTensorForm(x) || !x.requires_grad() ? torch::silu(x) : SavedSilu::apply(x); }

}  // namespace giot::policy
