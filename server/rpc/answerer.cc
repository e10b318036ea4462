#include "server/rpc/answerer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "models/freshness/pack.h"
#include "models/uncertain/pack.h"
#include "server/engine/freshness_engine.h"
#include "server/engine/uncertain_engine.h"
#include "server/rpc/convert.h"
#include "server/rpc/freshness_convert.h"
#include "server/rpc/screening_convert.h"
#include "server/rpc/status.h"
#include "server/rpc/still_wanted.h"
#include "server/rpc/uncertain_convert.h"

namespace giot::rpc {
namespace {

// Of the time to a call's deadline, what may go by before the reply is on its way.
constexpr double kShareOfDeadline = 0.9;

std::function<bool()> NoLongerWanted(const grpc::CallbackServerContext* context) {
  return [context] { return !StillWanted(*context).ok(); };
}

absl::Duration WithinDeadline(absl::Duration budget, const grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return budget;
  return std::clamp(kShareOfDeadline * (absl::FromChrono(deadline) - absl::Now()), absl::ZeroDuration(), budget);
}

// A client's mistake is the client's to see; a defect of ours is the operator's.
absl::Status LogFailure(const bundle::Bundle* model, const absl::Status& status) {
  if (!absl::IsInternal(status)) return status;
  spdlog::error("event=request_failed model={} error=\"{}\"",
                model == nullptr ? "none" : model->manifest().name + "/" + std::to_string(model->manifest().version),
                absl::CEscape(status.ToString()));
  return status;
}

}  // namespace

Answerer::Answerer(const engine::ModelRegistry* registry, const ContractServiceOptions& options)
    : registry_(registry),
      options_(options),
      engine_(options.engine),
      admission_(options.max_concurrent),
      polishing_(options.max_polishing),
      workers_(options.max_polishing) {}

void Answerer::Answer(const grpc::CallbackServerContext& context, const v1::GenerateContractRequest& request,
                      v1::GenerateContractResponse& response, const Done& done) {
  absl::Status status;
  Work long_work;
  {
    const std::optional<engine::Admission::Ticket> ticket = admission_.TryEnter();
    const Call call{&context, &request, &response, std::chrono::steady_clock::now()};
    status = ticket ? AnswerOrPrepare(call, long_work) : Overloaded("requests", admission_.limit());
  }
  if (!long_work) return done(status);
  HandOver(std::move(long_work), done);
}

void Answerer::HandOver(Work work, const Done& done) {
  std::optional<engine::Admission::Ticket> ticket = polishing_.TryEnter();
  if (!ticket) return done(Overloaded("requests that polish or search", polishing_.limit()));
  auto place = std::make_shared<std::optional<engine::Admission::Ticket>>(std::move(*ticket));
  workers_.Run([place = std::move(place), work = std::move(work), done] {
    const absl::Status status = work();
    place->reset();  // Before the client hears of it, who may come again at once.
    done(status);
  });
}

absl::Status Answerer::AnswerOrPrepare(const Call& call, Work& long_work) {
  if (absl::Status status = StillWanted(*call.context); !status.ok()) return status;
  const v1::GenerateContractRequest& request = *call.request;
  absl::StatusOr<engine::Effort> effort = EffortFrom(request, options_.max_samples);
  if (!effort.ok()) return effort.status();
  effort->time_budget = WithinDeadline(std::min(effort->time_budget, options_.max_polish), *call.context);
  switch (request.market_case()) {
    case v1::GenerateContractRequest::kScreening:
      return AnswerScreening(call, *effort);
    case v1::GenerateContractRequest::kUncertain:
      return AnswerOrPrepareAnytime(call, bundle::Family::kUncertain, MarketFrom(request.uncertain()), *effort,
                                    long_work);
    case v1::GenerateContractRequest::kFreshness:
      return AnswerOrPrepareAnytime(call, bundle::Family::kFreshness, MarketFrom(request.freshness()), *effort,
                                    long_work);
    case v1::GenerateContractRequest::MARKET_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "market: got none, want one of market.screening, market.uncertain, market.freshness");
}

template <typename AnswerType, typename Market>
absl::Status Answerer::Reply(const Call& call, const absl::StatusOr<AnswerType>& answer, const Market& market,
                             const bundle::Bundle* model) {
  if (absl::IsCancelled(answer.status())) return StillWanted(*call.context);
  if (!answer.ok()) return LogFailure(model, answer.status());
  ToProto(*answer, market, *call.response);
  if (model != nullptr) ToProto(*model, *call.response->mutable_model());
  const std::chrono::nanoseconds total = std::chrono::steady_clock::now() - call.start;
  call.response->mutable_timings()->set_total_ns(total.count());
  return absl::OkStatus();
}

absl::Status Answerer::AnswerScreening(const Call& call, const engine::Effort& effort) const {
  const v1::GenerateContractRequest& request = *call.request;
  const auto model = registry_->Find(bundle::Family::kScreening, request.model_name(), request.model_version());
  if (!model.ok()) return model.status();
  const absl::StatusOr<contract::ScreeningMarket> market = MarketFrom(request.screening());
  if (!market.ok()) return market.status();
  const absl::StatusOr<engine::Answer> answer =
      engine_.Generate(**model, *market, {effort.samples, effort.seed}, NoLongerWanted(call.context));
  return Reply(call, answer, *market, model->get());
}

template <typename Market>
absl::Status Answerer::AnswerOrPrepareAnytime(const Call& call, bundle::Family family,
                                              const absl::StatusOr<Market>& market, const engine::Effort& effort,
                                              Work& long_work) const {
  const v1::GenerateContractRequest& request = *call.request;
  auto model = registry_->Find(family, request.model_name(), request.model_version());
  const bool any_will_do = request.model_name().empty() && request.model_version() == 0;
  if (absl::IsNotFound(model.status()) && any_will_do) model = nullptr;
  if (!model.ok()) return model.status();
  if (!market.ok()) return market.status();
  std::optional<engine::SearchCause> search = engine::WhySearch(model->get(), Traits(*market));
  const bool takes_long = engine::TakesLong(search, effort);
  Work work = [call, effort, market = *market, model = *std::move(model), search = std::move(search)] {
    const auto answer = engine::Generate(model.get(), search, market, effort, NoLongerWanted(call.context));
    return Reply(call, answer, market, model.get());
  };
  if (!takes_long) return work();
  long_work = std::move(work);
  return absl::OkStatus();
}

}  // namespace giot::rpc
