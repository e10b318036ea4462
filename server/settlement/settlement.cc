#include "server/settlement/settlement.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "server/ledger/proof/digest.h"

namespace giot::settlement {
namespace {

std::int64_t SystemTimeUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// The acceptance that a Submit is about; nullopt for other transactions. Believes what it reads: a hint.
std::optional<AcceptanceId> SubmittedBy(const std::string& envelope) {
  ledger::v1::Body body;
  AcceptanceId id;
  if (envelope.size() < sizeof(ledger::Signature)) return std::nullopt;
  if (!body.ParseFromString(envelope.substr(sizeof(ledger::Signature))) || !body.has_submit()) return std::nullopt;
  if (!ledger::FromBytes(body.submit().task(), id.task) || !ledger::FromBytes(body.signer(), id.vehicle)) {
    return std::nullopt;
  }
  return id;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Settlement>> Settlement::Open(ledger::Driver& driver,
                                                             std::optional<ledger::SecretKey> operator_key,
                                                             EvidenceKey evidence_key, absl::StatusOr<Scorer> scorer,
                                                             SettlementOptions options) {
  if (!options.now_us) options.now_us = SystemTimeUs;
  absl::StatusOr<std::unique_ptr<TaskFiles>> tasks = TaskFiles::Open(options.task_folder);
  if (!tasks.ok()) return tasks.status();
  absl::StatusOr<std::unique_ptr<EvidenceStore>> evidence =
      EvidenceStore::Open(options.evidence_folder, std::move(evidence_key), options.evidence_bytes);
  if (!evidence.ok()) return evidence.status();
  return std::unique_ptr<Settlement>(new Settlement(driver, std::move(operator_key), std::move(scorer),
                                                    std::move(options), *std::move(tasks), *std::move(evidence)));
}

Settlement::Settlement(ledger::Driver& driver, std::optional<ledger::SecretKey> operator_key,
                       absl::StatusOr<Scorer> scorer, SettlementOptions options, std::unique_ptr<TaskFiles> tasks,
                       std::unique_ptr<EvidenceStore> evidence)
    : driver_(driver),
      options_(std::move(options)),
      scorer_(std::move(scorer)),
      seat_(driver, std::move(operator_key), options_.now_us),
      tasks_(std::move(tasks)),
      evidence_(std::move(evidence)),
      view_({.driver = driver_,
             .seat = seat_,
             .tasks = *tasks_,
             .evidence = *evidence_,
             .scorer = scorer_,
             .now_us = options_.now_us},
            options_.driver_name, {.name = driver_.chain_id(), .key = options_.checkpoint_key}),
      publisher_(driver_, seat_, *tasks_, scorer_, options_.now_us,
                 options_.driver_name == "embedded" ? BlockClock::kThisServers : BlockClock::kOthers),
      deliveries_(
          driver_, seat_, *tasks_, *evidence_, scorer_, [this](std::function<void()> work) { Run(std::move(work)); },
          options_.now_us),
      evidence_access_(driver_, *evidence_, options_.now_us),
      checkpoints_(driver_),
      settler_(driver_, seat_, *tasks_, *evidence_, options_.now_us),
      workers_(options_.threads),
      publishing_worker_(1) {
  if (options_.settle_every.count() > 0) ticking_.emplace(options_.settle_every, [this] { return TickOnThread(); });
}

void Settlement::Transact(std::string envelope, ledger::Driver::Done done) {
  const std::optional<AcceptanceId> submitted = SubmittedBy(envelope);
  driver_.Submit(std::move(envelope), [this, submitted, done = std::move(done)](absl::StatusOr<ledger::Placed> placed) {
    if (submitted && placed.ok() && placed->code == ledger::v1::CODE_OK) {
      settler_.Note(*submitted);
      if (ticking_) ticking_->Wake();
    }
    done(std::move(placed));
  });
}

absl::StatusOr<bool> Settlement::Tick() {
  if (absl::Status polled = checkpoints_.Poll(); !polled.ok()) return polled;
  return settler_.Tick();
}

bool Settlement::TickOnThread() {
  const absl::StatusOr<bool> more = Tick();
  if (more.status() == ledger_status_) return more.ok() && *more;
  ledger_status_ = more.status();
  if (ledger_status_.ok()) {
    spdlog::info("event=ledger_answers_again");
  } else {
    spdlog::error("event=ledger_failed error=\"{}\"", absl::CEscape(ledger_status_.ToString()));
  }
  if (options_.on_ledger) options_.on_ledger(ledger_status_);
  return more.ok() && *more;
}

}  // namespace giot::settlement
