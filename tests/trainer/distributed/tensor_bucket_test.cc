#include "trainer/distributed/tensor_bucket.h"

#include <gtest/gtest.h>

namespace giot::trainer {
namespace {

using torch::Tensor;

TEST(TensorBucket, HoldsTensorsOfItsTypeEndToEnd) {
  const Tensor weights = torch::tensor({1.0F, 2.0F, 3.0F, 4.0F}).reshape({2, 2});
  const Tensor steps = torch::tensor({7, 8}, torch::kLong);
  const Tensor bias = torch::tensor(5.0F);

  const std::vector<TensorBucket> buckets = Pack({weights, steps, bias}, torch::kCPU);

  ASSERT_EQ(buckets.size(), 2);
  EXPECT_TRUE(torch::equal(buckets[0].flat, torch::tensor({1.0F, 2.0F, 3.0F, 4.0F, 5.0F})));
  EXPECT_TRUE(torch::equal(buckets[1].flat, torch::tensor({7, 8}, torch::kLong)));
}

TEST(TensorBucket, IsACopy) {
  const Tensor weights = torch::tensor({1.0F, 2.0F});
  Pack({weights}, torch::kCPU)[0].flat.zero_();
  EXPECT_TRUE(torch::equal(weights, torch::tensor({1.0F, 2.0F})));
}

TEST(TensorBucket, GoesBackIntoItsTensorsHoweverTheyLie) {
  const Tensor matrix = torch::zeros({2, 3});
  const Tensor column = matrix.select(1, 1);  // Not contiguous.
  const Tensor parameter = torch::zeros({2}, torch::requires_grad());
  const Tensor scalar = torch::zeros({});

  std::vector<TensorBucket> buckets = Pack({column, parameter, scalar}, torch::kCPU);
  buckets[0].flat.copy_(torch::tensor({1.0F, 2.0F, 3.0F, 4.0F, 5.0F}));
  Unpack(buckets[0]);

  EXPECT_TRUE(torch::equal(matrix, torch::tensor({{0.0F, 1.0F, 0.0F}, {0.0F, 2.0F, 0.0F}})));
  EXPECT_TRUE(torch::equal(parameter, torch::tensor({3.0F, 4.0F})));
  EXPECT_EQ(scalar.item<float>(), 5.0F);
}

TEST(TensorBucket, OfNothingIsNone) { EXPECT_TRUE(Pack({}, torch::kCPU).empty()); }

}  // namespace
}  // namespace giot::trainer
