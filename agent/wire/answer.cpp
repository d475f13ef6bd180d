#include "agent/wire/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "agent/wire/json_reader.hpp"

namespace hf::wire {
namespace {

constexpr size_t kMaxAnswerBytes = 256 * 1024;

std::vector<Range> acked(JsonReader& in) {
  std::vector<Range> out;
  for (const auto& element : in.list("acked", kMaxMessages)) {
    const auto* pair = element.if_array();
    if (pair == nullptr || pair->size() != 2) return in.fault("acked", "holds something that is no range"), out;
    const auto first = integer_in((*pair)[0], 1, INT64_MAX), last = integer_in((*pair)[1], 1, INT64_MAX);
    if (!first || !last || *last < *first) return in.fault("acked", "holds something that is no range"), out;
    out.emplace_back(*first, *last);
  }
  return out;
}

std::vector<Refusal> refused(JsonReader& in) {
  std::vector<Refusal> out;
  for (const auto& element : in.list("refused", kMaxMessages)) {
    if (!element.is_object()) return in.fault("refused", "holds something that is no object"), out;
    JsonReader one(element.get_object());
    const auto why = refused_reason_from(one.text("why"));
    out.push_back({static_cast<uint64_t>(one.integer("seq", 1, INT64_MAX)), why.value_or(RefusedReason::invalid)});
    in.adopt(one, "refused");
  }
  return out;
}

}  // namespace

std::string encode_answer(const Answer& answer) {
  std::vector<std::string> acks, refusals;
  for (const auto& [first, last] : answer.acked) acks.push_back(fmt::format("[{},{}]", first, last));
  for (const auto& r : answer.refused)
    refusals.push_back(fmt::format(R"({{"seq":{},"why":"{}"}})", r.sequence, to_string(r.why)));
  return fmt::format(R"({{"v":[{},{}],"acked":[{}],"refused":[{}],"ignored":{}}})", kVersion.major, kVersion.minor,
                     fmt::join(acks, ","), fmt::join(refusals, ","), answer.ignored);
}

Result<Answer> decode_answer(std::string_view json) {
  const auto version = version_of(json);
  if (!version) return fail(version.error());
  auto object = parse_object(json, kMaxAnswerBytes);
  if (!object) return fail(std::move(object.error()));
  JsonReader in(*object);
  Answer answer{acked(in), refused(in), in.count("ignored")};
  if (auto good = in.status(); !good) return fail(std::move(good.error()).context("HQ's answer"));
  return answer;
}

std::vector<Range> ranges_of(std::vector<uint64_t> sequences) {
  std::ranges::sort(sequences);
  std::vector<Range> out;
  for (const uint64_t s : sequences) {
    if (!out.empty() && s <= out.back().second + 1)
      out.back().second = s;
    else
      out.emplace_back(s, s);
  }
  return out;
}

}  // namespace hf::wire
