#include "server/ledger/proof/fields.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/proof/statement.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

using Kind = v1::Body::TransactionCase;
using Message = google::protobuf::Message;

v1::Code CodeAfter(Kind kind, const std::function<void(v1::Body&)>& change) {
  v1::Body body = TypicalBody(kind);
  change(body);
  return CheckFields(kChain, body);
}

// The message of the transaction in a body.
Message& TransactionOf(v1::Body& body) {
  const auto* field = body.GetDescriptor()->FindFieldByNumber(static_cast<int>(body.transaction_case()));
  return *body.GetReflection()->MutableMessage(&body, field);
}

void SetNumber(Message& message, const std::string& name, std::int64_t value) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  ASSERT_NE(field, nullptr) << name;
  if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_INT32) {
    message.GetReflection()->SetInt32(&message, field, static_cast<std::int32_t>(value));
  } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_ENUM) {
    message.GetReflection()->SetEnumValue(&message, field, static_cast<int>(value));
  } else {
    message.GetReflection()->SetInt64(&message, field, value);
  }
}

void SetBytes(Message& message, const std::string& name, const std::string& value) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  ASSERT_NE(field, nullptr) << name;
  message.GetReflection()->SetString(&message, field, value);
}

constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 1'000'000;
constexpr std::int64_t kLatest = std::int64_t{1} << 62;
constexpr std::int64_t kMostMoney = std::int64_t{1} << 53;

struct NumberRange {
  Kind kind;
  std::string field;
  std::int64_t least, most;
  v1::Code code = v1::CODE_FIELD_OUT_OF_RANGE;
};

// As the comments of the proto file and FORMAT.md state them.
std::vector<NumberRange> NumberRanges() {
  constexpr v1::Code kAmount = v1::CODE_AMOUNT_OUT_OF_RANGE;
  return {
      {Kind::kGenesis, "time_us", 0, kLatest},
      {Kind::kGenesis, "auditor_threshold", 2, 3},
      {Kind::kGenesis, "min_bond_micros", 0, kMostMoney, kAmount},
      {Kind::kGenesis, "penalty_micros", 0, kMostMoney, kAmount},
      {Kind::kGenesis, "availability_grace_us", 0, 400 * kDay},
      {Kind::kGenesis, "dispute_window_us", 0, 400 * kDay},
      {Kind::kGenesis, "vote_window_us", 0, 400 * kDay},
      {Kind::kGenesis, "evidence_window_us", 0, 400 * kDay},
      {Kind::kGenesis, "max_task_us", 1, 400 * kDay},
      {Kind::kDeposit, "amount_micros", 1, kMostMoney, kAmount},
      {Kind::kWithdraw, "amount_micros", 1, kMostMoney, kAmount},
      {Kind::kRegisterOperator, "bond_micros", 1, kMostMoney, kAmount},
      {Kind::kRegisterOperator, "approve_by_us", 0, kLatest},
      {Kind::kTopUpBond, "amount_micros", 1, kMostMoney, kAmount},
      {Kind::kRotateKey, "role", 1, 4},
      {Kind::kRotateKey, "approve_by_us", 0, kLatest},
      {Kind::kPublishTask, "slots", 1, 100'000},
      {Kind::kPublishTask, "accept_by_us", 0, kLatest},
      {Kind::kPublishTask, "submit_by_us", 0, kLatest},
      {Kind::kPublishTask, "score_by_us", 0, kLatest},
      {Kind::kPublishTask, "deposit_micros", 0, kMostMoney, kAmount},
      {Kind::kPublishTask, "delta_micros", 0, 1'000'000},
      {Kind::kPublishTask, "allowance_micros", 0, 1'000'000},
      {Kind::kPublishTask, "min_reputation_micros", 0, 1'000'000},
      {Kind::kAccept, "item", 0, INT32_MAX},
      {Kind::kScore, "payable_micros", 0, 1'000'000},
      {Kind::kResolve, "payable_micros", 0, 1'000'000},
      {Kind::kEvidence, "kind", 1, 3},
  };
}

TEST(FieldsTest, NumbersHaveTheStatedRanges) {
  for (const NumberRange& range : NumberRanges()) {
    const auto code_of = [&](std::int64_t value) {
      return CodeAfter(range.kind, [&](v1::Body& body) { SetNumber(TransactionOf(body), range.field, value); });
    };
    EXPECT_EQ(code_of(range.least - 1), range.code) << range.field;
    EXPECT_NE(code_of(range.least), range.code) << range.field;
    if (range.field == "kind") continue;  // The evidence is of the first kind alone.
    EXPECT_NE(code_of(range.most), range.code) << range.field;
    if (range.most == INT32_MAX) continue;
    EXPECT_EQ(code_of(range.most + 1), range.code) << range.field;
  }
}

struct ByteLength {
  Kind kind;
  std::string field;
  std::size_t least, most;
};

std::vector<ByteLength> ByteLengths() {
  return {
      {Kind::kGenesis, "treasury", 32, 32},
      {Kind::kDeposit, "account", 32, 32},
      {Kind::kDeposit, "reference", 0, 64},
      {Kind::kWithdraw, "reference", 0, 64},
      {Kind::kRegisterOperator, "checkpoint_key", 32, 32},
      {Kind::kRegisterOperator, "checkpoint_possession", 64, 64},
      {Kind::kRotateKey, "old_key", 32, 32},
      {Kind::kRotateKey, "new_key", 32, 32},
      {Kind::kRotateKey, "new_key_possession", 64, 64},
      {Kind::kPublishTask, "scorer_digest", 32, 32},
      {Kind::kPublishTask, "nonce_commitment", 32, 32},
      {Kind::kPublishTask, "description_digest", 32, 32},
      {Kind::kAccept, "task", 32, 32},
      {Kind::kAccept, "menu_digest", 32, 32},
      {Kind::kSubmit, "task", 32, 32},
      {Kind::kSubmit, "data_digest", 32, 32},
      {Kind::kScore, "task", 32, 32},
      {Kind::kScore, "vehicle", 32, 32},
      {Kind::kScore, "nonce", 32, 32},
      {Kind::kScore, "evidence_digest", 32, 32},
      {Kind::kDispute, "task", 32, 32},
      {Kind::kResolve, "task", 32, 32},
      {Kind::kResolve, "vehicle", 32, 32},
      {Kind::kSettle, "task", 32, 32},
      {Kind::kSettle, "vehicle", 32, 32},
      {Kind::kEvidence, "operator_account", 32, 32},
  };
}

TEST(FieldsTest, BytesHaveTheStatedLengths) {
  for (const ByteLength& length : ByteLengths()) {
    const auto code_of = [&](std::size_t size) {
      return CodeAfter(length.kind,
                       [&](v1::Body& body) { SetBytes(TransactionOf(body), length.field, std::string(size, 'b')); });
    };
    if (length.least > 0) {
      EXPECT_EQ(code_of(length.least - 1), v1::CODE_FIELD_OUT_OF_RANGE) << length.field;
    }
    EXPECT_NE(code_of(length.least), v1::CODE_FIELD_OUT_OF_RANGE) << length.field;
    EXPECT_NE(code_of(length.most), v1::CODE_FIELD_OUT_OF_RANGE) << length.field;
    EXPECT_EQ(code_of(length.most + 1), v1::CODE_FIELD_OUT_OF_RANGE) << length.field;
  }
}

TEST(FieldsTest, AnExpiryIsATime) {
  for (const std::int64_t time : {std::int64_t{-1}, kLatest + 1}) {
    EXPECT_EQ(CodeAfter(Kind::kDispute, [&](v1::Body& body) { body.set_expires_us(time); }),
              v1::CODE_FIELD_OUT_OF_RANGE);
  }
  for (const std::int64_t time : {std::int64_t{0}, kLatest}) {
    EXPECT_EQ(CodeAfter(Kind::kDispute, [&](v1::Body& body) { body.set_expires_us(time); }), v1::CODE_OK);
  }
}

TEST(FieldsTest, SettleOfATaskNamesNoVehicle) {
  EXPECT_EQ(CodeAfter(Kind::kSettle, [](v1::Body& body) { body.mutable_settle()->clear_vehicle(); }), v1::CODE_OK);
}

v1::Code GenesisCode(const std::vector<std::uint8_t>& auditors, int threshold) {
  return CodeAfter(Kind::kGenesis, [&](v1::Body& body) {
    body.mutable_genesis()->clear_auditors();
    for (const std::uint8_t auditor : auditors) body.mutable_genesis()->add_auditors(PublicKeyOf(auditor));
    body.mutable_genesis()->set_auditor_threshold(threshold);
  });
}

TEST(FieldsTest, GenesisHasOneToSixteenDifferentAuditorsAndAMajority) {
  constexpr v1::Code kRefused = v1::CODE_FIELD_OUT_OF_RANGE;
  std::vector<std::uint8_t> many;
  for (std::uint8_t i = 0; i < 16; ++i) many.push_back(static_cast<std::uint8_t>(100 + i));
  EXPECT_EQ(GenesisCode({}, 0), kRefused);
  EXPECT_EQ(GenesisCode({4}, 0), kRefused);
  EXPECT_EQ(GenesisCode({4}, 1), v1::CODE_OK);
  EXPECT_EQ(GenesisCode({4}, 2), kRefused);
  EXPECT_EQ(GenesisCode({4, 5}, 1), kRefused) << "half is no majority";
  EXPECT_EQ(GenesisCode({4, 5}, 2), v1::CODE_OK);
  EXPECT_EQ(GenesisCode({4, 5, 4}, 2), kRefused) << "one auditor twice";
  EXPECT_EQ(GenesisCode(many, 8), kRefused);
  EXPECT_EQ(GenesisCode(many, 9), v1::CODE_OK);
  EXPECT_EQ(GenesisCode(many, 16), v1::CODE_OK);
  many.push_back(99);
  EXPECT_EQ(GenesisCode(many, 16), kRefused);
  EXPECT_EQ(CodeAfter(Kind::kGenesis, [](v1::Body& body) { body.mutable_genesis()->set_auditors(1, "short"); }),
            kRefused);
}

v1::Code MenuCode(const std::function<void(v1::PublishTask&)>& change) {
  return CodeAfter(Kind::kPublishTask, [&](v1::Body& body) { change(*body.mutable_publish_task()); });
}

TEST(FieldsTest, AMenuHasOneToSixteenItemsInTheirRanges) {
  constexpr v1::Code kRefused = v1::CODE_FIELD_OUT_OF_RANGE;
  const auto with_items = [](int count) {
    return [count](v1::PublishTask& task) {
      const v1::Item item = task.menu(0);
      task.clear_menu();
      for (int i = 0; i < count; ++i) *task.add_menu() = item;
    };
  };
  EXPECT_EQ(MenuCode(with_items(0)), kRefused);
  EXPECT_EQ(MenuCode(with_items(1)), v1::CODE_OK);
  EXPECT_EQ(MenuCode(with_items(16)), v1::CODE_OK);
  EXPECT_EQ(MenuCode(with_items(17)), kRefused);
  const auto with_second = [](std::int32_t quality, std::int64_t reward, std::int32_t rate) {
    return [=](v1::PublishTask& task) {
      v1::Item& item = *task.mutable_menu(1);
      item.set_quality_micros(quality);
      item.set_reward_micros(reward);
      item.set_update_rate_micros(rate);
    };
  };
  EXPECT_EQ(MenuCode(with_second(1, 1, 0)), v1::CODE_OK);
  EXPECT_EQ(MenuCode(with_second(1'000'000, kMostMoney, 1'000'000)), v1::CODE_OK);
  EXPECT_EQ(MenuCode(with_second(0, 1, 0)), kRefused);
  EXPECT_EQ(MenuCode(with_second(1'000'001, 1, 0)), kRefused);
  EXPECT_EQ(MenuCode(with_second(1, 0, 0)), v1::CODE_AMOUNT_OUT_OF_RANGE);
  EXPECT_EQ(MenuCode(with_second(1, kMostMoney + 1, 0)), v1::CODE_AMOUNT_OUT_OF_RANGE);
  EXPECT_EQ(MenuCode(with_second(1, 1, -1)), kRefused);
  EXPECT_EQ(MenuCode(with_second(1, 1, 1'000'001)), kRefused);
}

TEST(FieldsTest, DeadlinesAscend) {
  const auto with = [](std::int64_t accept, std::int64_t submit, std::int64_t score) {
    return [=](v1::PublishTask& task) {
      task.set_accept_by_us(accept);
      task.set_submit_by_us(submit);
      task.set_score_by_us(score);
    };
  };
  EXPECT_EQ(MenuCode(with(1, 2, 3)), v1::CODE_OK);
  EXPECT_EQ(MenuCode(with(2, 2, 3)), v1::CODE_BAD_DEADLINES);
  EXPECT_EQ(MenuCode(with(1, 3, 3)), v1::CODE_BAD_DEADLINES);
  EXPECT_EQ(MenuCode(with(3, 2, 1)), v1::CODE_BAD_DEADLINES);
}

TEST(FieldsTest, WhatComesFirstGivesTheCode) {
  // An amount (6) before a digest (9), both before the relation of 3 to 5.
  EXPECT_EQ(MenuCode([](v1::PublishTask& task) {
              task.set_accept_by_us(task.submit_by_us());
              task.set_deposit_micros(-1);
              task.clear_scorer_digest();
            }),
            v1::CODE_AMOUNT_OUT_OF_RANGE);
  EXPECT_EQ(MenuCode([](v1::PublishTask& task) {
              task.set_accept_by_us(task.submit_by_us());
              task.clear_scorer_digest();
            }),
            v1::CODE_FIELD_OUT_OF_RANGE);
  // A range (4) before the signature in 2; a signature before what relates receipt and availability.
  EXPECT_EQ(CodeAfter(Kind::kRegisterOperator,
                      [](v1::Body& body) {
                        body.mutable_register_operator()->set_checkpoint_possession(std::string(64, 's'));
                        body.mutable_register_operator()->set_approve_by_us(-1);
                      }),
            v1::CODE_FIELD_OUT_OF_RANGE);
  EXPECT_EQ(CodeAfter(Kind::kSubmit,
                      [](v1::Body& body) {
                        body.mutable_submit()->mutable_receipt()->set_signature(std::string(64, 's'));
                        AddAuditors("another statement", *body.mutable_submit()->mutable_availability());
                      }),
            v1::CODE_BAD_INNER_SIGNATURE);
}

using Signatures = google::protobuf::RepeatedPtrField<v1::KeySignature>;

Signatures& SignaturesOf(v1::Body& body) {
  if (body.has_register_operator()) return *body.mutable_register_operator()->mutable_approvals();
  if (body.has_rotate_key()) return *body.mutable_rotate_key()->mutable_approvals();
  return *body.mutable_submit()->mutable_availability();
}

v1::Body AvailableBody() {
  v1::Body body = TypicalBody(Kind::kSubmit);
  v1::Submit& submit = *body.mutable_submit();
  submit.clear_receipt();
  Digest task{}, data{};
  FromBytes(submit.task(), task);
  FromBytes(submit.data_digest(), data);
  AddAuditors(AvailabilityStatement(kChain, task, KeyOf(kVehicle).public_key(), data), SignaturesOf(body));
  return body;
}

TEST(FieldsTest, KeySignaturesAscendAndVerify) {
  const std::vector<v1::Body> bodies = {TypicalBody(Kind::kRegisterOperator), TypicalBody(Kind::kRotateKey),
                                        AvailableBody()};
  using Change = std::function<void(Signatures&)>;
  const std::pair<v1::Code, Change> changes[] = {
      {v1::CODE_OK, [](Signatures&) {}},
      {v1::CODE_OK, [](Signatures& list) { list.RemoveLast(); }},
      {v1::CODE_FIELD_OUT_OF_RANGE, [](Signatures& list) { list.SwapElements(0, 1); }},
      {v1::CODE_FIELD_OUT_OF_RANGE, [](Signatures& list) { *list.Add() = list.Get(2); }},
      {v1::CODE_FIELD_OUT_OF_RANGE, [](Signatures& list) { list.Mutable(2)->mutable_key()->pop_back(); }},
      {v1::CODE_FIELD_OUT_OF_RANGE, [](Signatures& list) { list.Mutable(2)->mutable_signature()->pop_back(); }},
      {v1::CODE_BAD_INNER_SIGNATURE, [](Signatures& list) { list.Mutable(2)->mutable_signature()->front() ^= 1; }},
      {v1::CODE_BAD_INNER_SIGNATURE, [](Signatures& list) { list.Mutable(2)->set_signature(list.Get(1).signature()); }},
  };
  for (const v1::Body& body : bodies) {
    for (const auto& [code, change] : changes) {
      v1::Body changed = body;
      change(SignaturesOf(changed));
      EXPECT_EQ(CheckFields(kChain, changed), code) << changed.DebugString();
    }
    EXPECT_EQ(CheckFields("other", body), v1::CODE_BAD_INNER_SIGNATURE) << "of another chain";
  }
}

TEST(FieldsTest, SeventeenKeySignaturesAreTooMany) {
  for (const int count : {16, 17}) {
    v1::Body body = TypicalBody(Kind::kRotateKey);
    Signatures& list = SignaturesOf(body);
    list.Clear();
    for (int i = 0; i < count; ++i) {
      list.Add()->set_key(std::string(32, static_cast<char>(i)));
      list.Mutable(i)->set_signature(std::string(64, 's'));
    }
    EXPECT_EQ(CheckFields(kChain, body), count == 16 ? v1::CODE_BAD_INNER_SIGNATURE : v1::CODE_FIELD_OUT_OF_RANGE);
  }
}

TEST(FieldsTest, ApprovalsCoverWhatIsApprovedAndForWhom) {
  EXPECT_EQ(
      CodeAfter(Kind::kRegisterOperator, [](v1::Body& body) { body.mutable_register_operator()->set_bond_micros(1); }),
      v1::CODE_BAD_INNER_SIGNATURE);
  EXPECT_EQ(CodeAfter(Kind::kRegisterOperator, [](v1::Body& body) { body.set_signer(PublicKeyOf(kVehicle)); }),
            v1::CODE_BAD_INNER_SIGNATURE);
  EXPECT_EQ(CodeAfter(Kind::kRotateKey,
                      [](v1::Body& body) { body.mutable_rotate_key()->set_new_key(PublicKeyOf(kVehicle)); }),
            v1::CODE_BAD_INNER_SIGNATURE);
}

TEST(FieldsTest, TheCheckpointKeyIsPossessed) {
  EXPECT_EQ(CodeAfter(Kind::kRegisterOperator,
                      [](v1::Body& body) {
                        v1::RegisterOperator& registration = *body.mutable_register_operator();
                        registration.set_checkpoint_key(PublicKeyOf(kNewKey));
                        registration.clear_approvals();
                      }),
            v1::CODE_BAD_INNER_SIGNATURE);
}

TEST(FieldsTest, WithoutApprovalsARotationHasNoDateForThem) {
  const auto without = [](std::int64_t approve_by) {
    return [approve_by](v1::Body& body) {
      body.mutable_rotate_key()->clear_approvals();
      body.mutable_rotate_key()->set_approve_by_us(approve_by);
    };
  };
  EXPECT_EQ(CodeAfter(Kind::kRotateKey, without(0)), v1::CODE_OK);
  EXPECT_EQ(CodeAfter(Kind::kRotateKey, without(1)), v1::CODE_FIELD_OUT_OF_RANGE);
}

v1::Code ReceiptCode(const std::function<void(v1::DataReceipt&)>& change) {
  return CodeAfter(Kind::kSubmit, [&](v1::Body& body) { change(*body.mutable_submit()->mutable_receipt()); });
}

TEST(FieldsTest, AReceiptIsOfThisDelivery) {
  EXPECT_EQ(ReceiptCode([](v1::DataReceipt& receipt) { receipt.mutable_operator_key()->pop_back(); }),
            v1::CODE_FIELD_OUT_OF_RANGE);
  EXPECT_EQ(ReceiptCode([](v1::DataReceipt& receipt) { receipt.set_received_us(-1); }), v1::CODE_FIELD_OUT_OF_RANGE);
  EXPECT_EQ(ReceiptCode([](v1::DataReceipt& receipt) { receipt.mutable_signature()->pop_back(); }),
            v1::CODE_FIELD_OUT_OF_RANGE);
  EXPECT_EQ(ReceiptCode([](v1::DataReceipt& receipt) { receipt.set_received_us(receipt.received_us() + 1); }),
            v1::CODE_BAD_INNER_SIGNATURE);
  EXPECT_EQ(ReceiptCode([](v1::DataReceipt& receipt) { receipt.set_operator_key(PublicKeyOf(kVehicle)); }),
            v1::CODE_BAD_INNER_SIGNATURE);
  EXPECT_EQ(CodeAfter(Kind::kSubmit, [](v1::Body& body) { body.mutable_submit()->set_data_digest(DigestBytes(1)); }),
            v1::CODE_BAD_INNER_SIGNATURE);
  EXPECT_EQ(CodeAfter(Kind::kSubmit, [](v1::Body& body) { body.mutable_submit()->set_task(DigestBytes(1)); }),
            v1::CODE_BAD_INNER_SIGNATURE);
  EXPECT_EQ(CodeAfter(Kind::kSubmit, [](v1::Body& body) { body.set_signer(PublicKeyOf(kOperator)); }),
            v1::CODE_BAD_INNER_SIGNATURE);
}

TEST(FieldsTest, ADigestAloneIsNoProofOfDataAndTwoProofsAreNone) {
  v1::Body both = AvailableBody();
  EXPECT_EQ(CheckFields(kChain, both), v1::CODE_OK);
  *both.mutable_submit()->mutable_receipt() = TypicalBody(Kind::kSubmit).submit().receipt();
  EXPECT_EQ(CheckFields(kChain, both), v1::CODE_NO_PROOF_OF_DATA);
  EXPECT_EQ(CodeAfter(Kind::kSubmit, [](v1::Body& body) { body.mutable_submit()->clear_receipt(); }),
            v1::CODE_NO_PROOF_OF_DATA);
}

}  // namespace
}  // namespace giot::ledger
