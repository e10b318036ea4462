#include "client/text_table.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace giot::client {
namespace {

constexpr std::size_t kGap = 2;

void PrintRow(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths, std::ostream& out) {
  for (std::size_t column = 0; column < widths.size(); ++column) {
    const std::string padding(widths[column] - cells[column].size(), ' ');
    if (column == 0) {
      out << cells[column] << (widths.size() > 1 ? padding : "");
    } else {
      out << std::string(kGap, ' ') << padding << cells[column];
    }
  }
  out << '\n';
}

}  // namespace

TextTable::TextTable(std::vector<std::string> header) { rows_.push_back(std::move(header)); }

void TextTable::AddRow(std::vector<std::string> cells) {
  cells.resize(rows_.front().size());
  rows_.push_back(std::move(cells));
}

void TextTable::Print(std::ostream& out) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], row[column].size());
    }
  }
  for (const auto& row : rows_) PrintRow(row, widths, out);
}

}  // namespace giot::client
