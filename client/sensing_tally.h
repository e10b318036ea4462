#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "client/conduct.h"

namespace giot::client {

// A delivery and what became of it.
struct Outcome {
  Conduct conduct = Conduct::kHonest;
  double agreed = 0.0;        // Quality.
  bool settled = false;       // For less than the item that suited the vehicle best, which its camera could not fulfil.
  double true_quality = 0.0;  // See Delivery.
  // What the server said; nullopt if it refused the image.
  std::optional<double> scored = std::nullopt;
  bool paid = false;
  double reward = 0.0;  // Money, if paid.
  // Vehicles that a detector finds on the image at the places where it finds them on the frame; nullopt if none looked.
  std::optional<double> found = std::nullopt;
};

// What came of the deliveries under one method's menus.
class SensingTally {
 public:
  void Add(const Outcome& outcome);
  // An honest vehicle whose camera could fulfil no item that suits it delivers nothing.
  void AddDeclined() { ++declined_; }

  std::int64_t declined() const { return declined_; }
  std::int64_t settled() const { return settled_; }  // Of the honest deliveries.
  std::int64_t deliveries(Conduct conduct) const { return At(conduct).deliveries; }
  std::int64_t paid(Conduct conduct) const { return At(conduct).paid; }
  std::int64_t cheats() const;
  std::int64_t cheats_paid() const;
  // Shares, in [0, 1]; 0 where there is nothing to share.
  double HonestPaidShare() const;
  double CheatsCaughtShare() const;
  // Means over honest deliveries: the quality agreed on, and the server's score.
  double MeanAgreed() const;
  double MeanScored() const;
  // Money paid, and what of it was paid for quality that was not delivered: of each reward the share by which
  // the true quality falls short of the agreed one.
  double Paid() const { return paid_money_; }
  double Overpaid() const { return overpaid_money_; }
  // Vehicles found in what was paid for, for each unit of money; nullopt where nobody looked or nothing was paid.
  std::optional<double> FoundPerMoney() const;
  // The largest shortfall of quality among the best `share` of paid deliveries.
  double Shortfall(double share) const;

 private:
  struct Count {
    std::int64_t deliveries = 0;
    std::int64_t paid = 0;
  };
  const Count& At(Conduct conduct) const { return counts_[static_cast<std::size_t>(conduct)]; }

  std::array<Count, kConducts> counts_{};
  std::int64_t declined_ = 0;
  std::int64_t settled_ = 0;
  double agreed_ = 0.0;
  double scored_ = 0.0;
  double paid_money_ = 0.0;
  double overpaid_money_ = 0.0;
  std::optional<double> found_;
  std::vector<double> shortfalls_;
};

}  // namespace giot::client
