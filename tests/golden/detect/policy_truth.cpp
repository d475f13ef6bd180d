#include "policy_truth.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "hal/platform/gz_reader.hpp"
#include "hal/platform/json_reading.hpp"

namespace hf::golden {
namespace {

namespace json = boost::json;

Time time_of(const json::object& o, const char* key) { return from_unix_seconds(o.at(key).to_number<double>()); }
std::string text(const json::object& o, std::string_view key) { return std::string(text_of(o, key)); }

struct Reader {
  PolicyTruth truth;
  std::map<std::string, std::string> dids;  // "support" -> "5550101"
  std::vector<std::string> under;           // lines the policy is laid on

  void mark(const json::object& o) {
    if (text(o, "name") == "phone_dnd_on") truth.phones_refused = time_of(o, "t");
    if (text(o, "name") != "policy") return;
    const std::pair<const char*, const char*> lines[] = {
        {"POLICY_SUPPORT", "support"}, {"POLICY_SALES", "sales"}, {"POLICY_PRINTERS", "printers"}};
    const bool on = std::ranges::any_of(lines, [&](const auto& l) { return text(o, l.first) != "none"; });
    (on ? truth.began : truth.withdrawn) = time_of(o, "t");
    for (const auto& [key, name] : lines)
      if (text(o, key) != "none") under.push_back(name);
  }
  void call(const json::object& o) {
    const Time invited = time_of(o, "t_invite");
    const bool concerned = std::ranges::find(under, text(o, "line")) != under.end();
    if (!concerned || !truth.began || invited < *truth.began || (truth.withdrawn && invited > *truth.withdrawn)) return;
    truth.held[text(o, "did")].push_back(invited);
    const auto* ended = o.if_contains(o.at("t_connected").is_null() ? "t_hangup" : "t_connected");
    if (!ended || ended->is_null()) return;
    const Time end = from_unix_seconds(ended->to_number<double>());
    truth.last_held_ended = std::max(truth.last_held_ended.value_or(end), end);
    truth.held_long += end - invited >= std::chrono::seconds(10) ? 1 : 0;
  }
};

}  // namespace

Time PolicyTruth::first_held() const {
  Time first = Time::max();
  for (const auto& [line, arrivals] : held) first = std::min(first, arrivals.front());
  return first;
}

PolicyTruth read_policy_truth(const std::string& capture_folder) {
  const auto content = read_gz_file(capture_folder + "/truth.jsonl.gz", 16 << 20);
  if (!content) throw std::runtime_error(content.error().what);
  Reader reader;
  std::vector<json::object> calls;
  for (size_t at = 0; at < content->size();) {
    const size_t end = std::min(content->find('\n', at), content->size());
    const auto value = json::parse(content->substr(at, end - at));
    at = end + 1;
    const auto& o = value.as_object();
    if (text(o, "type") == "mark") reader.mark(o);
    if (text(o, "type") == "call") calls.push_back(o);
  }
  for (const auto& call : calls) reader.call(call);
  for (auto& [line, arrivals] : reader.truth.held) std::ranges::sort(arrivals);
  return reader.truth;
}

}  // namespace hf::golden
