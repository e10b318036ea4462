#include "server/settlement/placing.h"

#include <future>
#include <utility>

#include "server/ledger/proof/digest.h"

namespace giot::settlement {

std::vector<absl::StatusOr<ledger::Placed>> Place(ledger::Driver& driver, std::vector<std::string> envelopes) {
  std::vector<std::promise<absl::StatusOr<ledger::Placed>>> answers(envelopes.size());
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    driver.Submit(std::move(envelopes[i]), [answer = &answers[i]](absl::StatusOr<ledger::Placed> placed) {
      answer->set_value(std::move(placed));
    });
  }
  std::vector<absl::StatusOr<ledger::Placed>> placed;
  placed.reserve(answers.size());
  for (auto& answer : answers) placed.push_back(answer.get_future().get());
  return placed;
}

absl::StatusOr<ledger::Placed> Place(ledger::Driver& driver, std::string envelope) {
  std::vector<std::string> envelopes;
  envelopes.push_back(std::move(envelope));
  return std::move(Place(driver, std::move(envelopes)).front());
}

v1::Placement ToProto(const ledger::Placed& placed) {
  v1::Placement placement;
  placement.set_transaction(std::string(ledger::BytesOf(placed.id)));
  placement.set_position(placed.position);
  placement.set_height(placed.height);
  placement.set_code(placed.code);
  placement.set_code_name(ledger::v1::Code_Name(placed.code));
  placement.set_repeated(placed.repeated);
  return placement;
}

}  // namespace giot::settlement
