#include "hal/platform/release.hpp"

namespace hf {

namespace {
constexpr size_t kMaxRelease = 16 * 1024, kMaxVersion = 64;
}

std::string image_version(const Path& os_release) {
  const auto text = read_file(os_release, kMaxRelease);
  if (!text) return {};
  std::string_view rest = *text, version;
  bool ours = false;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    constexpr std::string_view kId = "IMAGE_ID=holdfast", kVersion = "IMAGE_VERSION=";
    ours = ours || line == kId || line == "IMAGE_ID=\"holdfast\"";
    if (!line.starts_with(kVersion)) continue;
    line.remove_prefix(kVersion.size());
    if (line.size() >= 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
    version = line.substr(0, kMaxVersion);
  }
  return ours ? std::string(version) : std::string();
}

}  // namespace hf
