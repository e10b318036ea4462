// Notes in the file named first that it was started, limits OpenCV's decoders, and has them decode the
// files named after it, without the checks that scoring makes before. Prints a word for each.
#include <fstream>
#include <iostream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "models/quality/decoder_limits.h"

int main(int argc, char** argv) {
  std::ofstream(argv[1], std::ios::app) << "started\n";
  giot::quality::LimitDecoders(argv);
  std::cout << cv::getNumThreads() << '\n';
  for (int i = 2; i < argc; ++i) {
    bool is_decoded = false;
    try {
      is_decoded = !cv::imread(argv[i]).empty();
    } catch (const cv::Exception&) {
      // How OpenCV refuses a size.
    }
    std::cout << (is_decoded ? "decoded" : "refused") << '\n';
  }
}
