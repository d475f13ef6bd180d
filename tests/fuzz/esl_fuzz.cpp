// LINKS: hf_freeswitch
// Bytes of an Event Socket connection, plain and JSON: whatever they are, and however they are cut, framing and mapping
// give the same events, all of which have a text form that comes back. Answers to questions, tables and JSON, go through
// the mapper the same way.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "hal/pbx/freeswitch/esl_map.hpp"
#include "tests/fuzz/any_cut.hpp"

namespace {

using namespace hf::pbx;

constexpr std::string_view kQuestions[] = {"callcenter_config queue list", "callcenter_config queue list members support@default",
                                           "callcenter_config agent list", "callcenter_config tier list",
                                           "show channels as json", "status"};

std::string mapped(std::string_view bytes, size_t chunk) {
  EslFramer framer;
  EslMapper mapper(hf::SipKey{1});
  std::string text;
  size_t answers = 0;
  for (size_t at = 0; at < bytes.size(); at += chunk) {
    std::string_view rest = bytes.substr(at, chunk);
    std::vector<CallEvent> events;
    for (EslFrame frame; framer.next(rest, frame);) {
      mapper.map(frame, hf::Time(std::chrono::seconds(1)), events);
      if (frame.content == EslContent::api_response)
        mapper.answer(kQuestions[answers++ % std::size(kQuestions)], frame.body, hf::Time(std::chrono::seconds(1)), events);
    }
    text += hf::fuzz::as_text(events);
  }
  return text + std::to_string(framer.malformed()) + " " + std::to_string(mapper.unknown());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) { return hf::fuzz::same_in_any_cut(data, size, mapped); }
