#include "trainer/retained_memory.h"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace giot::trainer {

void RetainFreedMemory() {
#ifdef __GLIBC__
  constexpr int kNeverInPractice = 1 << 30;
  constexpr int kGrowBy = 64 << 20;
  mallopt(M_MMAP_THRESHOLD, kNeverInPractice);
  mallopt(M_TRIM_THRESHOLD, kNeverInPractice);
  mallopt(M_TOP_PAD, kGrowBy);
#endif
}

}  // namespace giot::trainer
