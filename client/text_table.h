#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace giot::client {

// Rows of cells under a header, printed with columns aligned: the first to the
// left, the others to the right.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header);

  // `cells` has one entry a column.
  void AddRow(std::vector<std::string> cells);
  void Print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;  // The header first.
};

}  // namespace giot::client
