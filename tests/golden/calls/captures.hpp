// The recorded runs, by folder: version/run. The environment's HF_CAPTURES names another place with such folders, to
// try runs of one's own.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace hf::golden {

inline std::vector<std::string> captures() {
  std::vector<std::string> all;
  const char* own = std::getenv("HF_CAPTURES");
  for (const auto& version :
       std::filesystem::directory_iterator(own != nullptr ? own : HF_SOURCE_DIR "/tests/golden/captures"))
    if (version.is_directory())
      for (const auto& run : std::filesystem::directory_iterator(version)) all.push_back(run.path().string());
  std::ranges::sort(all);
  return all;
}

inline std::string short_name(const std::string& folder) {
  const std::filesystem::path p(folder);
  return p.parent_path().filename().string() + "/" + p.filename().string();
}

inline std::string test_name(const std::string& folder) {
  std::string name = short_name(folder);
  std::ranges::replace_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

}  // namespace hf::golden
