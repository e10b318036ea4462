#include "client/deals/deal_tally.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace giot::client {
namespace {

using ledger::AcceptanceStatus;

constexpr std::int64_t kAuditorsTolerance = 5'000;  // 1e-6, of Resolve.

std::string_view NameOf(AcceptanceStatus status) {
  switch (status) {
    case AcceptanceStatus::kAccepted:
      return "accepted";
    case AcceptanceStatus::kSubmitted:
      return "submitted";
    case AcceptanceStatus::kBelow:
      return "below";
    case AcceptanceStatus::kDisputed:
      return "disputed";
    case AcceptanceStatus::kPaid:
      return "paid";
    case AcceptanceStatus::kRefused:
      return "refused";
    case AcceptanceStatus::kForfeited:
      return "forfeited";
  }
  return "of no known status";
}

std::string VehicleOf(const DealResult& result) {
  return result.conduct ? absl::StrCat("a vehicle (", std::string(NameOf(*result.conduct)), ")")
                        : "a vehicle that delivered nothing";
}

AcceptanceStatus RightStatus(const DealResult& result) {
  if (!result.payable) return AcceptanceStatus::kForfeited;
  return *result.payable >= result.agreed ? AcceptanceStatus::kPaid : AcceptanceStatus::kRefused;
}

bool MayBePaidByAuditors(const DealResult& result) {
  return result.disputed && result.payable && *result.payable + kAuditorsTolerance >= result.agreed;
}

bool LosesDeposit(const DealResult& result) {
  return result.status == AcceptanceStatus::kForfeited ||
         (result.status == AcceptanceStatus::kRefused && result.disputed);
}

}  // namespace

std::string WhatIsWrong(const DealResult& result) {
  const AcceptanceStatus right = RightStatus(result);
  const bool by_auditors = result.status == AcceptanceStatus::kPaid && MayBePaidByAuditors(result);
  if (result.status != right && !by_auditors) {
    return absl::StrCat(VehicleOf(result), " that agreed on ", result.agreed, " and delivered ",
                        result.payable ? absl::StrCat(*result.payable) : "nothing", " was ",
                        std::string(NameOf(result.status)), ", want ", std::string(NameOf(right)));
  }
  const std::int64_t earned = result.status == AcceptanceStatus::kPaid ? result.reward : 0;
  const std::int64_t balance = result.funded + earned - (LosesDeposit(result) ? result.deposit : 0);
  if (result.balance == balance) return "";
  return absl::StrCat(VehicleOf(result), " that was ", std::string(NameOf(result.status)), " has ", result.balance,
                      ", want ", balance);
}

bool Conserves(const ledger::Chain& chain) {
  return chain.balances + chain.escrow + chain.reserves + chain.deposits + chain.bonds ==
         chain.minted - chain.withdrawn;
}

DealTally::Count& DealTally::CountOf(const DealResult& result) {
  switch (result.status) {
    case AcceptanceStatus::kPaid:
      return paid_;
    case AcceptanceStatus::kRefused:
      return result.disputed ? refused_by_auditors_ : refused_;
    case AcceptanceStatus::kForfeited:
      return forfeited_;
    default:
      return pending_;
  }
}

void DealTally::Add(const DealResult& result) {
  Count& count = CountOf(result);
  ++count.vehicles;
  if (result.status == AcceptanceStatus::kPaid) count.rewards += result.reward;
  if (LosesDeposit(result)) count.lost += result.deposit;
  funded_ += result.funded;
  balances_ += result.balance;
  if (result.disputed) ++disputed_;
  if (result.status == AcceptanceStatus::kForfeited && result.conduct) ++not_taken_;
  if (std::string wrong = WhatIsWrong(result); !wrong.empty()) problems_.push_back(std::move(wrong));
}

DealTally::Count DealTally::all() const {
  Count sum;
  for (const Count& count : {paid_, refused_, refused_by_auditors_, forfeited_, pending_}) {
    sum.vehicles += count.vehicles;
    sum.rewards += count.rewards;
    sum.lost += count.lost;
  }
  return sum;
}

}  // namespace giot::client
