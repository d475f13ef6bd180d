// holdfast surveys: brings a file of answers to a running agent, by its folder for them (survey_folder.hpp).
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "agent/tool/command.hpp"
#include "agent/app/survey_folder.hpp"
#include "hal/net/digest.hpp"
#include "hal/pbx/survey_csv.hpp"
#include "hal/platform/hex.hpp"

namespace hf::app {

namespace {

constexpr std::chrono::milliseconds kLook{200};
constexpr size_t kMaxTold = size_t{1} << 20;

int refuse(std::string_view what) {
  fmt::print(stderr, "holdfast surveys: {}\n", what);
  return 2;
}

// What the agent said of it; the empty text when it said nothing in time.
std::string wait_for(const Path& answer, std::chrono::seconds length) {
  const auto until = std::chrono::steady_clock::now() + length;
  for (;;) {
    if (auto text = read_file(answer, kMaxTold)) return std::move(*text);
    if (std::chrono::steady_clock::now() >= until) return {};
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace

int run_surveys(const SurveysCommand& command) {
  const Path state(command.state_dir), folder = state / kSurveyFolder;
  std::error_code none;
  if (!std::filesystem::is_directory(state / "journal", none)) return refuse(fmt::format("{}: no agent keeps its journal there", state.string()));
  const auto csv = read_file(command.file, pbx::SurveyFile::kMaxBytes);
  if (!csv) return refuse(csv.error().what);
  if (auto made = make_folder(folder, 0700); !made) return refuse(made.error().what);
  const auto digest = net::sha256(*csv);
  const Path file = folder / (to_hex(std::span(digest).first(16)) + ".csv"), answer = file.string() + ".told";
  std::filesystem::remove(answer, none);
  if (auto written = write_file(file, *csv, 0600); !written) return refuse(written.error().what);
  const std::string text = wait_for(answer, std::chrono::seconds(command.seconds));
  if (text.empty()) {
    std::filesystem::remove(file, none);
    return refuse(fmt::format("no agent that runs on {} took the file within {} s; nothing is left of it there", state.string(), command.seconds));
  }
  std::filesystem::remove(answer, none);
  fmt::print("{}", text);
  return text.starts_with("taken") ? 0 : 1;
}

}  // namespace hf::app
