#pragma once

namespace giot::contract {

// PackedMarket::global of a screening market, money in units where theta_K = 1.
enum ScreeningColumn : int {
  kValueScale = 0,
  kValueRate,
  kCostCurvature,
  kQualityMin,
  kQualityMax,
  kHasBudget,  // 0 or 1
  kBudget,     // Per vehicle, money; 0 without a budget.
  kGlobalColumns
};

}  // namespace giot::contract
