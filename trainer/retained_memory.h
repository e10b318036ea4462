#pragma once

namespace giot::trainer {

// Makes malloc keep what is freed instead of handing it back to the system: a
// training step allocates the same tensors as the one before, and fetching
// fresh zeroed pages for them costs a good part of the step. For a process that
// trains and then ends. Call it before any tensor exists; does nothing where
// the C library is not glibc.
void RetainFreedMemory();

}  // namespace giot::trainer
