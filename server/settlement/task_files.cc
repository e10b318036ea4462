#include "server/settlement/task_files.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/bytes.h"
#include "server/ledger/proof/files.h"
#include "server/ledger/proof/transaction.h"
#include "server/settlement/private_folder.h"

namespace giot::settlement {
namespace {

constexpr std::string_view kFirstLine = "giot task 1\n";
constexpr std::size_t kNameSize = 64;
constexpr std::size_t kCheckBytes = 8;
constexpr std::size_t kMostFileBytes = 2 * ledger::kMostEnvelopeBytes;

std::string CheckOf(std::string_view bytes) {
  return std::string(ledger::BytesOf(ledger::Sha256({bytes})).substr(0, kCheckBytes));
}

std::string NameOf(std::string_view request_id) { return ledger::HexOf(ledger::BytesOf(ledger::Sha256({request_id}))); }

std::string Encode(const Publication& publication) {
  ledger::ByteWriter writer;
  writer.Raw(kFirstLine);
  for (const std::string& part :
       {publication.request_id, publication.envelope, ledger::CanonicalBytes(publication.description)}) {
    writer.U32(static_cast<std::uint32_t>(part.size())).Raw(part);
  }
  return absl::StrCat(writer.bytes(), CheckOf(writer.bytes()));
}

bool Decode(std::string_view file, Publication& publication) {
  if (file.size() < kCheckBytes) return false;
  const std::string_view bytes = file.substr(0, file.size() - kCheckBytes);
  if (CheckOf(bytes) != file.substr(bytes.size())) return false;
  ledger::ByteReader reader(bytes);
  if (reader.Raw(kFirstLine.size()) != kFirstLine) return false;
  publication.request_id = std::string(reader.Raw(reader.U32()));
  publication.envelope = std::string(reader.Raw(reader.U32()));
  const std::string_view description = reader.Raw(reader.U32());
  return reader.AtEnd() && publication.description.ParseFromString(std::string(description));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TaskFiles>> TaskFiles::Open(const std::filesystem::path& folder) {
  if (absl::Status made = MakePrivateFolder(folder); !made.ok()) return made;
  std::unique_ptr<TaskFiles> files(new TaskFiles(folder));
  if (absl::Status loaded = files->Load(); !loaded.ok()) return loaded;
  return files;
}

absl::Status TaskFiles::Load() {
  const absl::StatusOr<std::vector<std::string>> names = WholeFiles(folder_, kNameSize);
  if (!names.ok()) return names.status();
  const engine::MutexLock lock(&mutex_);
  for (const std::string& name : *names) {
    const std::filesystem::path path = folder_ / name;
    const absl::StatusOr<ledger::FileDescriptor> file = ledger::OpenRegularFile(path);
    if (!file.ok()) return file.status();
    std::string bytes;
    const absl::Status read = ledger::ReadWhole(*file, path, kMostFileBytes, bytes);
    if (absl::IsUnavailable(read)) return read;
    Publication publication;
    if (!read.ok() || !Decode(bytes, publication) || NameOf(publication.request_id) != name) {
      return absl::DataLossError(absl::StrCat("tasks: ", path.string(), " is not as it was written"));
    }
    Index(std::move(publication));
  }
  return absl::OkStatus();
}

std::filesystem::path TaskFiles::PathOf(std::string_view request_id) const { return folder_ / NameOf(request_id); }

void TaskFiles::Index(Publication publication) {
  const ledger::TaskId task = ledger::TransactionId(publication.envelope);
  if (const auto before = tasks_.find(publication.request_id); before != tasks_.end()) {
    publications_.erase(before->second);
  }
  tasks_.insert_or_assign(publication.request_id, task);
  publications_.insert_or_assign(task, std::move(publication));
}

absl::Status TaskFiles::Put(const Publication& publication) {
  const engine::MutexLock lock(&mutex_);  // File and index change together: Erase removes no file that is newer.
  const absl::Status written = ledger::ReplaceFile(PathOf(publication.request_id), Encode(publication));
  if (!written.ok()) return written;
  Index(publication);
  return absl::OkStatus();
}

std::optional<Publication> TaskFiles::Find(std::string_view request_id) const {
  const engine::MutexLock lock(&mutex_);
  const auto task = tasks_.find(request_id);
  if (task == tasks_.end()) return std::nullopt;
  return publications_.at(task->second);
}

std::optional<v1::TaskDescription> TaskFiles::Description(const ledger::TaskId& task) const {
  const engine::MutexLock lock(&mutex_);
  const auto publication = publications_.find(task);
  if (publication == publications_.end()) return std::nullopt;
  return publication->second.description;
}

std::optional<std::string> TaskFiles::Envelope(const ledger::TaskId& task) const {
  const engine::MutexLock lock(&mutex_);
  const auto publication = publications_.find(task);
  if (publication == publications_.end()) return std::nullopt;
  return publication->second.envelope;
}

absl::Status TaskFiles::Erase(const ledger::TaskId& task) {
  const engine::MutexLock lock(&mutex_);
  const auto publication = publications_.find(task);
  if (publication == publications_.end()) return absl::OkStatus();
  const std::string& request_id = publication->second.request_id;
  if (absl::Status removed = RemoveFile(PathOf(request_id)); !removed.ok()) return removed;
  tasks_.erase(tasks_.find(request_id));
  publications_.erase(publication);
  return absl::OkStatus();
}

std::vector<ledger::TaskId> TaskFiles::After(const std::optional<ledger::TaskId>& after, int most) const {
  const engine::MutexLock lock(&mutex_);
  std::vector<ledger::TaskId> tasks;
  auto publication = after ? publications_.upper_bound(*after) : publications_.begin();
  for (; publication != publications_.end() && std::cmp_less(tasks.size(), most); ++publication) {
    tasks.push_back(publication->first);
  }
  return tasks;
}

}  // namespace giot::settlement
