// Answers to surveys from files: what lies in "<state>/surveys" as NAME.csv is taken like a file that was brought to the page, so that the command
// line, or a program of the site's that may write there, needs no password of the page. In: the folder. Out: NAME.csv goes, and NAME.csv.told says
// what became of it: a first line that begins with "taken" or "refused", then each line that could not be read.
#pragma once

#include "agent/web/source_tools.hpp"
#include "hal/platform/files.hpp"

namespace hf::app {

inline constexpr const char* kSurveyFolder = "surveys";

// The first few files in the order of their names; a folder that is not there is an empty one. On agent/web's worker thread.
void take_survey_files(const Path& folder, web::SourceTools& tools);

}  // namespace hf::app
