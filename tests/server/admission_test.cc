#include "server/engine/admission.h"

#include <optional>
#include <utility>

#include "gtest/gtest.h"

namespace giot::engine {
namespace {

TEST(AdmissionTest, RefusesBeyondTheLimitUntilAPlaceIsGivenBack) {
  Admission admission(2);
  std::optional<Admission::Ticket> first = admission.TryEnter();
  const std::optional<Admission::Ticket> second = admission.TryEnter();
  EXPECT_TRUE(first.has_value());
  EXPECT_TRUE(second.has_value());
  EXPECT_FALSE(admission.TryEnter().has_value());
  EXPECT_FALSE(admission.TryEnter().has_value());  // A refusal takes no place.
  first.reset();
  EXPECT_TRUE(admission.TryEnter().has_value());
}

TEST(AdmissionTest, AMovedTicketIsGivenBackOnce) {
  Admission admission(1);
  {
    std::optional<Admission::Ticket> ticket = admission.TryEnter();
    const Admission::Ticket moved = std::move(*ticket);
    EXPECT_FALSE(admission.TryEnter().has_value());
  }
  const std::optional<Admission::Ticket> again = admission.TryEnter();
  EXPECT_TRUE(again.has_value());
  EXPECT_FALSE(admission.TryEnter().has_value());
}

}  // namespace
}  // namespace giot::engine
