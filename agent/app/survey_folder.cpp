#include "agent/app/survey_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "hal/pbx/survey_csv.hpp"
#include "hal/platform/log.hpp"

namespace hf::app {

namespace {

constexpr size_t kAtOnce = 4;  // files; the page's worker has others to serve

std::string told(const Result<web::SurveyImport>& done) {
  if (!done) return fmt::format("refused: {}\n", done.error().what);
  std::string text = fmt::format("taken: {} answers, {} of them not valid and only counted; {} lines could not be read\n", done->accepted, done->bad, done->refused_in_all);
  for (const auto& [line, problem] : done->refused) text += fmt::format("line {}: {}\n", line, problem);
  return text;
}

void take_one(const Path& file, web::SourceTools& tools) {
  const auto csv = read_file(file, pbx::SurveyFile::kMaxBytes);
  const auto done = csv ? tools.import_surveys(*csv) : Result<web::SurveyImport>(fail(csv.error()));
  if (!done && done.error().kind == ErrorKind::busy) return;  // the journal takes nothing now: later
  const std::string text = told(done);
  if (auto written = write_file(Path(file.string() + ".told"), text, 0600); !written) log_warning("surveys", "{}", written.error().what);
  std::error_code error;
  std::filesystem::remove(file, error);
  if (error) log_warning("surveys", "{}: cannot be removed: {}", file.string(), error.message());
}

}  // namespace

void take_survey_files(const Path& folder, web::SourceTools& tools) {
  std::vector<Path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".csv" && entry.is_regular_file(error)) files.push_back(entry.path());
  std::ranges::sort(files);
  for (size_t i = 0; i < std::min(files.size(), kAtOnce); ++i) take_one(files[i], tools);
}

}  // namespace hf::app
