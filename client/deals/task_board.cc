#include "client/deals/task_board.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/conversion.h"
#include "client/verify.h"

namespace giot::client {
namespace {

std::int32_t Micros(double share) {
  constexpr double kMicro = 1e6;
  return static_cast<std::int32_t>(std::llround(share * kMicro));
}

bool Same(const ledger::TaskItem& a, const ledger::TaskItem& b) {
  return a.quality == b.quality && a.reward == b.reward && a.update_rate == b.update_rate;
}

v1::PublishTaskRequest RequestFor(const PlannedTask& planned, const TaskOptions& options) {
  const Deal& sample = *planned.sample;
  v1::PublishTaskRequest request;
  *request.mutable_contract()->mutable_screening() = ToProto(sample.market->market);
  request.mutable_contract()->set_seed(sample.market->seed);
  request.mutable_contract()->set_samples(options.samples);
  request.set_slots(static_cast<std::int32_t>(planned.deals.size()) + planned.absentees);
  request.set_accept_for_us(absl::ToInt64Microseconds(options.accept_for));
  request.set_submit_for_us(absl::ToInt64Microseconds(options.submit_for));
  request.set_score_for_us(absl::ToInt64Microseconds(options.score_for));
  request.set_deposit_micros(options.deposit_micros);
  request.set_delta_micros(Micros(options.terms.delta));
  request.set_allowance_micros(std::max(0, Micros(options.terms.Allowance())));
  request.mutable_description()->set_text("a frame of the road, for giot-vehicle");
  *request.mutable_description()->mutable_requirements() = sample.delivery.request.requirements();
  return request;
}

absl::Status Differs(const std::string& what, const absl::AlphaNum& got, const absl::AlphaNum& wanted) {
  return absl::DataLossError(absl::StrCat("the task's ", what, ": got ", got.Piece(), ", want ", wanted.Piece()));
}

absl::Status CheckTerms(const ledger::TaskTerms& terms, const PlannedTask& planned, const TaskOptions& options,
                        const v1::PublishTaskRequest& asked) {
  const std::vector<ledger::TaskItem> menu = TaskMenuOf(planned.sample->menu);
  if (!std::equal(terms.menu.begin(), terms.menu.end(), menu.begin(), menu.end(), Same)) {
    return Differs("menu", absl::StrCat(terms.menu.size(), " items"),
                   absl::StrCat("the ", menu.size(), " that were certified"));
  }
  if (terms.deposit != asked.deposit_micros()) return Differs("deposit", terms.deposit, asked.deposit_micros());
  if (std::int64_t{terms.delta} != asked.delta_micros()) return Differs("delta", terms.delta, asked.delta_micros());
  if (std::int64_t{terms.allowance} != asked.allowance_micros()) {
    return Differs("allowance", terms.allowance, asked.allowance_micros());
  }
  const std::string scorer = ledger::HexOf(ledger::BytesOf(terms.scorer));
  if (scorer != options.scorer_digest) return Differs("scorer", scorer, options.scorer_digest);
  return absl::OkStatus();
}

}  // namespace

std::vector<PlannedTask> PlanTasks(const std::vector<Deal>& deals, int absentees) {
  using Kind = std::tuple<const FleetMarket*, int, int>;
  std::map<Kind, std::size_t> places;
  std::vector<PlannedTask> tasks;
  for (std::size_t d = 0; d < deals.size(); ++d) {
    const v1::SensingRequirements& size = deals[d].delivery.request.requirements();
    const auto [place, is_new] = places.try_emplace({deals[d].market, size.width(), size.height()}, tasks.size());
    if (is_new) tasks.push_back({.sample = &deals[d], .deals = {}, .absentees = 0});
    tasks[place->second].deals.push_back(d);
  }
  for (int a = 0; a < absentees && !tasks.empty(); ++a) ++tasks[static_cast<std::size_t>(a) % tasks.size()].absentees;
  return tasks;
}

std::vector<ledger::TaskItem> TaskMenuOf(const contract::PostedMenu& menu) {
  std::vector<ledger::TaskItem> items;
  for (const contract::PostedItem& item : menu.items()) {
    if (item.quality_micros <= 0 || item.reward_micros <= 0) continue;
    const ledger::TaskItem next = {static_cast<std::uint32_t>(item.quality_micros), item.reward_micros, 0};
    const bool known = std::any_of(items.begin(), items.end(), [&](const auto& before) { return Same(before, next); });
    if (!known) items.push_back(next);
  }
  return items;
}

absl::StatusOr<int> PlaceOf(const contract::PostedItem& item, const std::vector<ledger::TaskItem>& menu) {
  const auto place = std::find_if(menu.begin(), menu.end(), [&](const ledger::TaskItem& other) {
    return std::int64_t{other.quality} == item.quality_micros && other.reward == item.reward_micros;
  });
  if (place != menu.end()) return static_cast<int>(place - menu.begin());
  return absl::NotFoundError(
      absl::StrCat("the task's menu has no item of quality ", item.quality_micros, " for ", item.reward_micros));
}

absl::StatusOr<ledger::TaskId> Publish(ProvenLedger& ledger, const PlannedTask& planned, const TaskOptions& options) {
  const v1::PublishTaskRequest request = RequestFor(planned, options);
  const auto reply = ledger.client().PublishTask(request, options.operator_token);
  if (!reply.ok()) return reply.status();
  if (reply->has_contract()) {
    const absl::Status certified = VerifyCertificate(planned.sample->market->market, reply->contract());
    if (!certified.ok()) return certified;
  }
  ledger::TaskId task{};
  if (!ledger::FromBytes(reply->task().id(), task)) return Differs("id", reply->task().id().size(), "32 bytes");
  const absl::StatusOr<ledger::TaskTerms> terms = ledger.ReadTerms(task);
  if (!terms.ok()) return terms.status();
  if (absl::Status status = CheckTerms(*terms, planned, options, request); !status.ok()) return status;
  return task;
}

}  // namespace giot::client
