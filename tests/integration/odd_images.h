#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace giot::integration {

struct NamedImage {
  std::string name;
  std::string bytes;
  int width = 0;  // As it is seen.
  int height = 0;
};

// Texture, another for each seed.
std::string SomeJpeg(std::uint64_t seed, int width = 320, int height = 240);

std::vector<NamedImage> ImagesThatAreScored();
std::vector<NamedImage> ImagesThatAreRefused();

}  // namespace giot::integration
