#include "models/quality/source_history.h"

namespace giot::quality {

void Remember(SourceHistory& history, const SeenImage& image) {
  while (history.seen.size() >= SourceHistory::kCapacity) history.seen.pop_front();
  history.seen.push_back(image);
}

}  // namespace giot::quality
