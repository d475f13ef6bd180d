// LINKS: hf_call_tables
// The two tables of a folder of call data, as anybody may have written them: calls, a line "--", agents. Whatever they
// hold, every day that is read keeps its promises, and an error names the file.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "agent/tool/evaluate_folder.hpp"

namespace {

struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / ("evaluate_fuzz_" + std::string(6, 'X'))).string();
    if (!::mkdtemp(name.data())) std::abort();
    path = name;
  }
  ~Folder() {
    std::error_code none;
    std::filesystem::remove_all(path, none);
  }
  std::filesystem::path path;
};

const std::filesystem::path& folder() {
  static const Folder kMade;
  return kMade.path;
}

void write(const char* name, std::string_view text) {
  std::ofstream file(folder() / name, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
}

void check(const hf::app::Day& day) {
  for (const auto& call : day.calls) {
    if (call.id.empty() || call.queue.empty() || call.start.count() < 0 || call.wait.count() < 0) std::abort();
    if (call.answered && (call.exit < call.start + call.wait || call.server.empty())) std::abort();
  }
  for (const auto& agent : day.agents)
    if (agent.agent.empty() || agent.queue.empty() || agent.time.count() < 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const size_t cut = all.find("\n--\n");
  write("calls.csv.gz", all.substr(0, cut));
  write("agents.csv.gz", cut == all.npos ? std::string_view{} : all.substr(cut + 4));
  auto rows = hf::app::EvaluateFolder::open(folder());
  if (!rows && rows.error().what.empty()) std::abort();
  if (!rows) return 0;
  hf::app::Day day;
  std::chrono::sys_days before{};
  for (;;) {
    const auto more = rows->next(day);
    if (!more && more.error().what.find(".csv") == std::string::npos) std::abort();
    if (!more || !*more) return 0;
    if (day.date < before) std::abort();
    before = day.date;
    check(day);
  }
}
