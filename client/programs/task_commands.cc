#include "client/programs/task_commands.h"

#include <cstdint>
#include <iostream>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/programs/command_flags.h"
#include "client/programs/connected_ledger.h"
#include "client/programs/contract_commands.h"
#include "client/programs/message_json.h"
#include "client/programs/micros_text.h"
#include "client/programs/score_commands.h"
#include "client/programs/settlement_printer.h"
#include "client/programs/small_file.h"
#include "client/reply_printer.h"
#include "client/settlement/transactions.h"
#include "client/verify.h"

ABSL_FLAG(std::string, token, "", "task publish: file with the operator's token");
ABSL_FLAG(int, slots, 1, "task publish: vehicles that may accept, 1 to 100000");
ABSL_FLAG(absl::Duration, accept_for, absl::Hours(1), "task publish: how long vehicles may accept");
ABSL_FLAG(absl::Duration, submit_for, absl::Hours(1), "task publish: then, how long they may submit");
ABSL_FLAG(absl::Duration, score_for, absl::Hours(2),
          "task publish: then, how long the operator may score; more than the ledger's availability grace");
ABSL_FLAG(std::string, task_deposit, "0", "task publish: money that each vehicle locks");
ABSL_FLAG(std::string, delta, "", "task publish: see docs/ledger.md; the scorer's margin + 0.03 if empty");
ABSL_FLAG(std::string, allowance, "", "task publish: see docs/ledger.md; 0.03 if empty");
ABSL_FLAG(std::string, min_reputation, "0", "task publish: least reputation of vehicles, 0 to 1");
ABSL_FLAG(std::string, text, "", "task publish: what is wanted, for people");
ABSL_FLAG(double, radius_m, 0.0, "task publish: of the place; anywhere if 0");
ABSL_FLAG(std::string, request_id, "", "task publish: to repeat a call that may have succeeded; a random one if empty");
ABSL_FLAG(bool, all, false, "task list: also those that can no longer be accepted");

namespace giot::client {
namespace {

absl::Status AddTerms(v1::PublishTaskRequest& request) {
  const absl::StatusOr<std::int64_t> deposit = ParseMicros("--task_deposit", absl::GetFlag(FLAGS_task_deposit));
  if (!deposit.ok()) return deposit.status();
  request.set_deposit_micros(*deposit);
  const auto reputation = ParseShare("--min_reputation", absl::GetFlag(FLAGS_min_reputation));
  if (!reputation.ok()) return reputation.status();
  request.set_min_reputation_micros(*reputation);
  if (const std::string text = absl::GetFlag(FLAGS_delta); !text.empty()) {
    const auto delta = ParseShare("--delta", text);
    if (!delta.ok()) return delta.status();
    request.set_delta_micros(*delta);
  }
  if (const std::string text = absl::GetFlag(FLAGS_allowance); !text.empty()) {
    const auto allowance = ParseShare("--allowance", text);
    if (!allowance.ok()) return allowance.status();
    request.set_allowance_micros(*allowance);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::PublishTaskRequest> PublicationFromFlags() {
  v1::PublishTaskRequest request;
  absl::StatusOr<v1::GenerateContractRequest> contract = ContractRequestFromFlags();
  if (!contract.ok()) return contract.status();
  *request.mutable_contract() = *std::move(contract);
  request.set_slots(absl::GetFlag(FLAGS_slots));
  request.set_accept_for_us(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_accept_for)));
  request.set_submit_for_us(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_submit_for)));
  request.set_score_for_us(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_score_for)));
  if (absl::Status status = AddTerms(request); !status.ok()) return status;
  const absl::StatusOr<v1::Capture> place = CaptureFromFlags();
  if (!place.ok()) return place.status();
  v1::TaskDescription& what = *request.mutable_description();
  what.set_text(absl::GetFlag(FLAGS_text));
  what.set_latitude(place->latitude());
  what.set_longitude(place->longitude());
  what.set_radius_m(absl::GetFlag(FLAGS_radius_m));
  *what.mutable_requirements() = RequirementsFromFlags();
  request.set_request_id(absl::GetFlag(FLAGS_request_id));
  return request;
}

SettlementClient ClientFromFlags() { return SettlementClient(absl::GetFlag(FLAGS_server), CallOptionsFromFlags()); }

absl::Status Publish(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  if (absl::GetFlag(FLAGS_token).empty()) return absl::InvalidArgumentError("--token: want the operator's token file");
  const absl::StatusOr<std::string> token = ReadSecretText(absl::GetFlag(FLAGS_token));
  if (!token.ok()) return token.status();
  const absl::StatusOr<v1::PublishTaskRequest> request = PublicationFromFlags();
  if (!request.ok()) return request.status();
  const auto reply = ClientFromFlags().PublishTask(*request, *token);
  if (!reply.ok()) return reply.status();
  if (reply->has_contract()) {
    if (absl::Status honest = VerifyCertificate(request->contract(), reply->contract()); !honest.ok()) return honest;
  }
  if (absl::GetFlag(FLAGS_json)) {
    std::cout << JsonWithHexOf(*reply);
    return absl::OkStatus();
  }
  if (reply->has_contract()) PrintContract(request->contract(), reply->contract(), std::cout);
  std::cout << '\n';
  PrintTask(reply->task(), std::cout);
  return absl::OkStatus();
}

absl::Status List(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  SettlementClient client = ClientFromFlags();
  v1::ListTasksRequest request;
  request.set_all(absl::GetFlag(FLAGS_all));
  v1::ListTasksResponse all;
  do {
    absl::StatusOr<v1::ListTasksResponse> page = client.ListTasks(request);
    if (!page.ok()) return page.status();
    all.mutable_tasks()->MergeFrom(page->tasks());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  absl::GetFlag(FLAGS_json) ? void(std::cout << JsonWithHexOf(all)) : PrintTasks(all, std::cout);
  return absl::OkStatus();
}

absl::Status Show(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<ledger::Digest> id = TaskFromFlags();
  if (!id.ok()) return id.status();
  const absl::StatusOr<v1::Task> task = ClientFromFlags().GetTask(*id);
  if (!task.ok()) return task.status();
  absl::GetFlag(FLAGS_json) ? void(std::cout << JsonWithHexOf(*task)) : PrintTask(*task, std::cout);
  return absl::OkStatus();
}

absl::Status Settle(const std::vector<std::string>& arguments) {
  if (absl::Status status = WantArguments(arguments, 0, "none"); !status.ok()) return status;
  const absl::StatusOr<ledger::Digest> task = TaskFromFlags();
  if (!task.ok()) return task.status();
  const auto connected = ConnectedLedger::FromFlags();
  if (!connected.ok()) return connected.status();
  if (!HasVehicleFlag()) return PlaceByFlags(**connected, SettleBody(*task));
  const absl::StatusOr<ledger::Digest> vehicle = VehicleFromFlags();
  if (!vehicle.ok()) return vehicle.status();
  return PlaceByFlags(**connected, SettleBody(*task, *vehicle));
}

}  // namespace

std::vector<Command> TaskCommands() {
  return {{"task publish", "--token=FILE --market=FILE --slots=N", "designs a menu and offers it", Publish},
          {"task list", "[--all]", "tasks that can be accepted", List},
          {"task show", "--task=TASK", "one of them", Show},
          {"task settle", "--task=TASK [--vehicle=KEY] --key=FILE",
           "after a deadline: closes a task, whose money left goes back, or moves an acceptance on", Settle}};
}

}  // namespace giot::client
