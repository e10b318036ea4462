#include "models/quality/exif_orientation.h"

namespace giot::quality {
namespace {

constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kShortType = 3;
constexpr std::size_t kEntryBytes = 12;

class TiffReader {
 public:
  explicit TiffReader(const ByteView& tiff) : tiff_(tiff), little_(tiff.HasAt(0, "II")) {}

  bool IsTiff() const { return (little_ || tiff_.HasAt(0, "MM")) && U16(2) == 42; }
  std::uint32_t U16(std::size_t offset) const { return little_ ? tiff_.Little16(offset) : tiff_.Big16(offset); }
  std::uint32_t U32(std::size_t offset) const { return little_ ? tiff_.Little32(offset) : tiff_.Big32(offset); }

 private:
  ByteView tiff_;
  bool little_;
};

}  // namespace

int ExifOrientation(const ByteView& tiff) {
  const TiffReader reader(tiff);
  if (!reader.IsTiff()) return 1;
  const std::size_t directory = reader.U32(4);
  const std::size_t entries = reader.U16(directory);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    if (!tiff.Holds(entry, kEntryBytes)) break;
    if (reader.U16(entry) != kOrientationTag || reader.U16(entry + 2) != kShortType) continue;
    const std::uint32_t orientation = reader.U16(entry + 8);
    return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
  }
  return 1;
}

}  // namespace giot::quality
