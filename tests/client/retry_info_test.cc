#include "client/retry_info.h"

#include "gtest/gtest.h"

namespace giot::client {
namespace {

// google.rpc.Status{8, "busy", [Any{RetryInfo, Duration{1 s, 500000000 ns}}]},
// byte by byte as the wire format has it.
std::string Details(const std::string& type, const std::string& duration) {
  const std::string value = std::string("\x0a") + static_cast<char>(duration.size()) + duration;
  const std::string any =
      std::string("\x0a") + static_cast<char>(type.size()) + type + "\x12" + static_cast<char>(value.size()) + value;
  return std::string("\x08\x08\x12\x04") + "busy" + "\x1a" + static_cast<char>(any.size()) + any;
}

constexpr char kRetryInfo[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr char kOneAndAHalfSeconds[] = "\x08\x01\x10\x80\xca\xb5\xee\x01";
constexpr char kMinusOneSecond[] = "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";

TEST(RetryDelayTest, ReadsTheDelay) {
  EXPECT_EQ(RetryDelay(Details(kRetryInfo, kOneAndAHalfSeconds)), absl::Milliseconds(1500));
}

TEST(RetryDelayTest, ANegativeDelayIsNone) {
  EXPECT_EQ(RetryDelay(Details(kRetryInfo, kMinusOneSecond)), absl::ZeroDuration());
}

TEST(RetryDelayTest, OtherDetailsHaveNoDelay) {
  EXPECT_EQ(RetryDelay(Details("type.googleapis.com/google.rpc.DebugInfo", kOneAndAHalfSeconds)), std::nullopt);
  EXPECT_EQ(RetryDelay(""), std::nullopt);
}

TEST(RetryDelayTest, GarbageHasNoDelay) {
  const std::string details = Details(kRetryInfo, kOneAndAHalfSeconds);
  EXPECT_EQ(RetryDelay("\xff\xff\xff"), std::nullopt);
  for (std::size_t size = 1; size < details.size(); ++size) {
    EXPECT_NE(RetryDelay(details.substr(0, size)), absl::Milliseconds(1500)) << size;
  }
}

}  // namespace
}  // namespace giot::client
