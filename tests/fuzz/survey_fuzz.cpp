// LINKS: hf_pbx
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hal/pbx/survey_csv.hpp"
#include "hal/pbx/survey_words.hpp"

// A file of answers, and each of its lines as a dialplan's words: no answer has both a valid score and one off its scale.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto zone = hf::TimeZone::find("Europe/Berlin");
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = hf::pbx::read_survey_csv(text, *zone);
  if (file)
    for (const auto& a : file->answers)
      if (a.valid() && (*a.score < a.low || *a.score > a.high)) std::abort();
  const size_t cut = text.find('|');
  const auto answer = hf::pbx::survey_answer(text.substr(0, cut), text.substr(cut == text.npos ? size : cut + 1), text);
  if (answer.valid() && answer.low >= answer.high) std::abort();
  return 0;
}
