// LINKS: hf_smdr hf_settings
// Printed call records: the first sign chooses the template, the rest are lines. What is made of them has a text form that comes back, and no record
// is lost or kept for ever.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

#include "agent/settings/smdr_template.hpp"
#include "hal/pbx/smdr/smdr_calls.hpp"
#include "tests/fuzz/any_cut.hpp"

namespace {

const hf::pbx::SmdrTemplate& template_for(uint8_t choice) {
  static const auto kAll = [] {
    std::vector<hf::pbx::SmdrTemplate> all;
    for (const char* id : {"avaya-ip-office", "3cx", "panasonic-kx-80", "generic-csv"}) {
      auto read = hf::settings::load_smdr_template(std::filesystem::path(HF_SOURCE_DIR) / "config/smdr-templates" / (std::string(id) + ".toml"));
      if (!read) std::abort();
      all.push_back(std::move(*read));
    }
    return all;
  }();
  return kAll[choice % kAll.size()];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hf::pbx;
  if (size == 0) return 0;
  static const hf::TimeZone kZone = *hf::TimeZone::find("Europe/Berlin");
  const SmdrTemplate& how = template_for(data[0]);
  SmdrCalls calls;
  std::vector<CallEvent> events;
  hf::Time now{std::chrono::hours(500'000)};
  for (std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1); !rest.empty(); now += std::chrono::seconds(1)) {
    const size_t end = rest.find('\n');
    SmdrRecord record;
    std::string problem;
    const SmdrVerdict verdict = read_smdr(rest.substr(0, end), how, kZone, hf::SipKey{1}, record, problem);
    if ((verdict == SmdrVerdict::malformed) == problem.empty()) std::abort();
    if (verdict == SmdrVerdict::record) calls.take(record, "id", now, events);
    rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
  }
  calls.advance(now + std::chrono::hours(3), events);
  if (calls.open() != 0) std::abort();
  hf::fuzz::as_text(events);
  return 0;
}
