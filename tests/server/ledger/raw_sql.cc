#include "tests/server/ledger/raw_sql.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

namespace giot::ledger {

void Alter(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  int code = sqlite3_open(path.c_str(), &handle);
  if (code == SQLITE_OK) code = sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    std::fprintf(stderr, "%s: %s\n", sql.c_str(), sqlite3_errmsg(handle));
    std::abort();
  }
  sqlite3_close(handle);
}

}  // namespace giot::ledger
