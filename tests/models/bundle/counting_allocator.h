#pragma once

namespace giot::bundle {

// How often this program has allocated so far, on any thread. A program that
// links this has its allocator replaced.
int AllocationCount();

}  // namespace giot::bundle
