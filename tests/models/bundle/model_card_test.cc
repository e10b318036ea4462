#include "models/bundle/model_card.h"

#include "gtest/gtest.h"

namespace giot::bundle {
namespace {

TEST(ModelCardTest, CountsAndSeedsAreInFullAndSharesInSixDigits) {
  Manifest manifest;
  manifest.metrics = {{"heldout_seed", 20250101}, {"ratio_best_mean", 0.99556712}};
  const std::string card = ModelCard(manifest);
  EXPECT_NE(card.find("| heldout_seed | 20250101 |"), std::string::npos) << card;
  EXPECT_NE(card.find("| ratio_best_mean | 0.995567 |"), std::string::npos) << card;
}

}  // namespace
}  // namespace giot::bundle
