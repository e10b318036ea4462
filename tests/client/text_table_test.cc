#include "client/text_table.h"

#include <sstream>

#include "gtest/gtest.h"

namespace giot::client {
namespace {

TEST(TextTableTest, AlignsNamesLeftAndFiguresRight) {
  TextTable table({"menu", "utility"});
  table.AddRow({"exact", "1.5"});
  table.AddRow({"pooling", "0.25"});
  std::ostringstream out;
  table.Print(out);
  EXPECT_EQ(out.str(),
            "menu     utility\n"
            "exact        1.5\n"
            "pooling     0.25\n");
}

}  // namespace
}  // namespace giot::client
