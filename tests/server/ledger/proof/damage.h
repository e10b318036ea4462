#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace giot::ledger {

// `text` with each line, in turn, dropped, doubled, cut by its last character and given one more.
std::vector<std::string> LineDamages(const std::string& text);

// Damages bytes in seeded ways.
class Mutator {
 public:
  // `nasty` are bytes that parsers trip over.
  Mutator(std::uint64_t seed, std::vector<std::string> nasty) : random_(seed), nasty_(std::move(nasty)) {}

  std::size_t Below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  // One to four damages, some of which splice in another of the corpus.
  std::string Damage(std::string bytes, const std::vector<std::string>& corpus);

 private:
  void DamageOnce(std::string& bytes, const std::vector<std::string>& corpus);

  std::mt19937_64 random_;
  std::vector<std::string> nasty_;
};

}  // namespace giot::ledger
