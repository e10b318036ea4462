#pragma once

#include "models/bundle/fused_vector.h"

// Dense layers of fused_kernel.cc, in blocks of rows and columns that stay in
// registers, so that a weight once loaded meets several rows.

namespace giot::bundle {
namespace {

// Inputs of a layer: element (row, i) at data[row * row_stride + i * column_stride].
struct Inputs {
  const float* data;
  int count;
  int row_stride;
  int column_stride;
};

// What a row's outputs start from; stride 0 gives all rows the same.
struct Start {
  const float* data;
  int row_stride;
};

// Rows of a block: with two vectors of columns their sums fill 12 of 16 registers.
constexpr int kBlockRows = 6;
// Fewer rows take more columns, so that sums enough are in flight.
constexpr int kFewRows = 3;
constexpr int kColumnVectors = 2;
constexpr int kManyColumnVectors = kLanes == 16 ? 2 : 4;

// Not inlined: among a caller's own variables the sums would not stay in registers.
template <int kRows, int kVectors, bool kActivate>
__attribute__((noinline)) void Block(const Inputs& in, const float* weights, int hidden, const Start& start,
                                     float* out) {
  Vec sums[kRows][kVectors];
  for (int row = 0; row < kRows; ++row) {
    for (int v = 0; v < kVectors; ++v) sums[row][v] = Load(start.data + row * start.row_stride + v * kLanes);
  }
  const float* column = in.data;
  for (int i = 0; i < in.count; ++i, column += in.column_stride, weights += hidden) {
    Vec weight[kVectors];
    for (int v = 0; v < kVectors; ++v) weight[v] = Load(weights + v * kLanes);
    for (int row = 0; row < kRows; ++row) {
      const Vec input = Broadcast(column[row * in.row_stride]);
      for (int v = 0; v < kVectors; ++v) sums[row][v] += input * weight[v];
    }
  }
  for (int row = 0; row < kRows; ++row) {
    for (int v = 0; v < kVectors; ++v) {
      Store(out + row * hidden + v * kLanes, kActivate ? Silu(sums[row][v]) : sums[row][v]);
    }
  }
}

template <int kRows, bool kActivate>
inline void Rows(const Inputs& in, const float* weights, int hidden, const Start& start, float* out) {
  constexpr int kVectors = kRows <= kFewRows ? kManyColumnVectors : kColumnVectors;
  for (int column = 0; column < hidden; column += kVectors * kLanes) {
    Block<kRows, kVectors, kActivate>(in, weights + column, hidden, {start.data + column, start.row_stride},
                                      out + column);
  }
}

// out[row][h] = start[row][h] + sum_i in(row, i) weights[i][h], through SiLU if
// kActivate. Rows of `out` lie `hidden` apart.
template <bool kActivate>
inline void Dense(int rows, Inputs in, const float* weights, int hidden, Start start, float* out) {
  for (int blocks = (rows + kBlockRows - 1) / kBlockRows; blocks > 0; --blocks) {
    const int count = (rows + blocks - 1) / blocks;  // Even blocks: 7 rows are 4 + 3, not 6 + 1.
    switch (count) {
      case 1:
        Rows<1, kActivate>(in, weights, hidden, start, out);
        break;
      case 2:
        Rows<2, kActivate>(in, weights, hidden, start, out);
        break;
      case 3:
        Rows<3, kActivate>(in, weights, hidden, start, out);
        break;
      case 4:
        Rows<4, kActivate>(in, weights, hidden, start, out);
        break;
      case 5:
        Rows<5, kActivate>(in, weights, hidden, start, out);
        break;
      default:
        Rows<6, kActivate>(in, weights, hidden, start, out);
        break;
    }
    rows -= count;
    in.data += count * in.row_stride;
    start.data += count * start.row_stride;
    out += count * hidden;
  }
}

}  // namespace
}  // namespace giot::bundle
