#include "client/deals/ledger_folder.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"
#include "server/ledger/proof/key_file.h"

namespace giot::client {
namespace {

class LedgerFolderTest : public testing::Test {
 protected:
  LedgerFolderTest() : folder_(std::filesystem::path(testing::TempDir()) / "ledger_folder") {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    const ledger::SecretKey checkpoint = ledger::SecretKey::Random();
    Write(
        "verifier.key",
        ledger::FormatVerifierKey({"example.org/road", ledger::NoteKeyType::kEd25519, checkpoint.public_key()}) + "\n");
    Write("operator.token", "secret word\n");
    mint_ = Create("mint.key");
    first_auditor_ = Create("auditor-1.key");
    second_auditor_ = Create("auditor-2.key");
  }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    std::filesystem::permissions(folder_ / name,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

  ledger::PublicKey Create(const std::string& name) { return ledger::CreateSecretKey(folder_ / name)->public_key(); }

  const std::filesystem::path folder_;
  ledger::PublicKey mint_{};
  ledger::PublicKey first_auditor_{};
  ledger::PublicKey second_auditor_{};
};

TEST_F(LedgerFolderTest, ReadsWhatTheFleetNeeds) {
  const auto read = ReadLedgerFolder(folder_);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->verifier_key.name, "example.org/road");
  EXPECT_EQ(read->operator_token, "secret word");
  EXPECT_EQ(read->mint.key(), mint_);
  EXPECT_EQ(read->mint.chain_id(), "example.org/road");
  ASSERT_EQ(read->auditors.size(), 2U);
  EXPECT_EQ(read->auditors[0].key(), first_auditor_);
  EXPECT_EQ(read->auditors[1].key(), second_auditor_);
}

TEST_F(LedgerFolderTest, MayHaveNoAuditors) {
  std::filesystem::remove(folder_ / "auditor-1.key");
  std::filesystem::remove(folder_ / "auditor-2.key");
  const auto read = ReadLedgerFolder(folder_);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->auditors.empty());
}

TEST_F(LedgerFolderTest, WantsTheOtherFiles) {
  for (const char* name : {"verifier.key", "operator.token", "mint.key"}) {
    std::filesystem::rename(folder_ / name, folder_ / "away");
    EXPECT_EQ(ReadLedgerFolder(folder_).status().code(), absl::StatusCode::kNotFound) << name;
    std::filesystem::rename(folder_ / "away", folder_ / name);
  }
}

TEST_F(LedgerFolderTest, RefusesASecretThatOthersCanRead) {
  for (const char* name : {"operator.token", "mint.key", "auditor-2.key"}) {
    using std::filesystem::perms;
    std::filesystem::permissions(folder_ / name, perms::group_read, std::filesystem::perm_options::add);
    EXPECT_EQ(ReadLedgerFolder(folder_).status().code(), absl::StatusCode::kFailedPrecondition) << name;
    std::filesystem::permissions(folder_ / name, perms::group_read, std::filesystem::perm_options::remove);
  }
}

}  // namespace
}  // namespace giot::client
