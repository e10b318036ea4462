#include "tests/server/ledger/proof/damage.h"

#include <algorithm>

namespace giot::ledger {
namespace {

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size(); at += lines.back().size()) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end == std::string::npos ? end : end + 1 - at));
  }
  return lines;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

}  // namespace

std::vector<std::string> LineDamages(const std::string& text) {
  const std::vector<std::string> lines = LinesOf(text);
  std::vector<std::string> damages;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    std::vector<std::string> others = {"", line + line, line.substr(0, line.size() - 1) + " \n"};
    if (line.size() > 1) others.push_back(line.substr(0, line.size() - 2) + "\n");
    for (const std::string& other : others) {
      std::vector<std::string> changed = lines;
      changed[i] = other;
      damages.push_back(Joined(changed));
    }
  }
  damages.push_back(text.substr(0, text.size() - 1));
  return damages;
}

std::string Mutator::Damage(std::string bytes, const std::vector<std::string>& corpus) {
  for (std::size_t times = 1 + Below(4); times > 0 && !bytes.empty(); --times) DamageOnce(bytes, corpus);
  return bytes;
}

void Mutator::DamageOnce(std::string& bytes, const std::vector<std::string>& corpus) {
  const std::size_t place = Below(bytes.size());
  switch (Below(7)) {
    case 0:
      bytes[place] = static_cast<char>(bytes[place] ^ (1 << Below(8)));
      break;
    case 1:
      bytes[place] = static_cast<char>(random_());
      break;
    case 2:
      bytes.resize(place);
      break;
    case 3:
      bytes.erase(place, 1 + Below(16));
      break;
    case 4:
      bytes.insert(place, bytes.substr(Below(bytes.size()), 1 + Below(64)));
      break;
    case 5: {
      const std::string& nasty = nasty_[Below(nasty_.size())];
      bytes.replace(place, std::min(nasty.size(), bytes.size() - place), nasty);
      break;
    }
    default: {
      const std::string& other = corpus[Below(corpus.size())];
      bytes = bytes.substr(0, place) + other.substr(Below(other.size()));
    }
  }
}

}  // namespace giot::ledger
