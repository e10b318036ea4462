#pragma once

#include <cstdint>
#include <optional>

#include "server/ledger/state/parties.h"
#include "server/ledger/state/state_store.h"

namespace giot::ledger {

// By how much auditors' scores may differ from the operator's, or from what a menu asks, for their
// machines' arithmetic alone (1e-6).
inline constexpr std::uint32_t kScoreTolerance = 5'000;

// An acceptance with its task. What became of it is saved by the functions below, which take their
// steps as FORMAT.md section 5 has them under "pays", "refuses" and "penalty".
struct Delivery {
  TaskId task{};
  PublicKey vehicle{};
  TaskTerms terms;
  Acceptance acceptance;

  // Whether what a delivery counts for, with `tolerance` on top, is what the vehicle's item asks.
  bool Fulfils(std::uint32_t payable, std::uint32_t tolerance = 0) const {
    return payable + tolerance >= terms.menu[acceptance.item].quality;
  }
};

std::optional<Delivery> FindDelivery(const TaskId& task, const PublicKey& vehicle, const StateStore& state);
void Save(const Delivery& delivery, StateStore& state);

// Reserve and deposit to the vehicle.
void Pay(Delivery delivery, StateStore& state);
// The reserve to the operator, the deposit to `deposit_to`.
void Refuse(Delivery delivery, const Account& deposit_to, StateStore& state);
// The reserve to the operator, the deposit to the treasury.
void Forfeit(Delivery delivery, StateStore& state);
// Takes the penalty, or what is left of the bond, to the treasury.
void Penalise(const Account& operator_account, StateStore& state);

// When nothing of the task can be disputed or shown any more.
std::int64_t EndOf(const TaskTerms& terms, const Parameters& parameters);

}  // namespace giot::ledger
