#include <fmt/format.h>

#include <boost/json.hpp>

#include "agent/tool/evaluate_folder.hpp"
#include "agent/tool/evaluate_score.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/json_reading.hpp"

namespace hf::app {

namespace {

namespace json = boost::json;

constexpr size_t kMostBytes = 4 << 20, kMostIncidents = 10'000;

std::optional<int64_t> whole(const json::object& o, std::string_view name) {
  const json::value* v = o.if_contains(name);
  return v != nullptr && v->is_int64() ? std::optional(v->get_int64()) : std::nullopt;
}

// The field that is missing or of another type; empty = taken.
std::string take(const json::object& o, TrueIncident& out) {
  out.kind = text_of(o, "kind"), out.queue = text_of(o, "queue");
  if (out.kind.empty()) return "kind";
  if (out.queue.empty()) return "queue";
  const auto date = to_date(text_of(o, "date"));
  if (!date) return "date";
  const auto t0 = whole(o, "t0"), t1 = whole(o, "t1");
  if (!t0 || !t1 || *t0 < 0 || *t1 < *t0 || *t1 > 10 * 86'400) return "t0, t1";
  out.date = *date, out.date_end = to_date(text_of(o, "date_end")).value_or(*date);
  out.t0 = std::chrono::seconds(*t0), out.t1 = std::chrono::seconds(*t1);
  out.t_end_effect =
      std::chrono::seconds(std::clamp<int64_t>(whole(o, "t_end_effect").value_or(*t1), *t1, 20 * 86'400));
  return {};
}

}  // namespace

Result<Truth> read_truth(const std::filesystem::path& path) {
  auto bytes = read_file(path, kMostBytes);
  if (!bytes) return fail(std::move(bytes.error()));
  boost::system::error_code error;
  const json::value root = json::parse(*bytes, error);
  const auto bad = [&](std::string_view what) {
    return fail(ErrorKind::invalid_input, fmt::format("{}: {}", path.string(), what));
  };
  if (error) return bad("no JSON: " + error.message());
  if (!root.is_object()) return bad("no object");
  const auto& o = root.get_object();
  Truth truth;
  truth.part = text_of(o, "part");
  truth.days = static_cast<uint32_t>(std::clamp<int64_t>(whole(o, "days").value_or(0), 0, 100'000));
  const json::value* list = o.if_contains("incidents");
  if (truth.days == 0) return bad("days is missing or no whole number above 0");
  if (list == nullptr || !list->is_array()) return bad("incidents is missing or no list");
  if (list->get_array().size() > kMostIncidents) return bad("more incidents than can be kept");
  for (const json::value& v : list->get_array()) {
    TrueIncident incident;
    const std::string missing = v.is_object() ? take(v.get_object(), incident) : "object";
    if (!missing.empty())
      return bad(fmt::format("incident {}: {} is missing or cannot be read", truth.incidents.size() + 1, missing));
    truth.incidents.push_back(std::move(incident));
  }
  return truth;
}

}  // namespace hf::app
