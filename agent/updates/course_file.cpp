// updates.json: the attempts and where the last one stands; health.json, as far as it tells of a version that was found bad.
#include <boost/json.hpp>

#include <algorithm>
#include <array>

#include "agent/updates/course.hpp"

namespace hf::updates {

namespace {

namespace json = boost::json;

constexpr int64_t kFormat = 1;
constexpr size_t kMaxText = 500;

std::string text(const json::object& o, std::string_view name) {
  const auto* value = o.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()).substr(0, kMaxText) : std::string();
}

std::optional<Time> moment(const json::object& o, std::string_view name) {
  const auto* value = o.if_contains(name);
  if (!value || !value->is_number()) return std::nullopt;
  const double at = value->to_number<double>();
  return at > 0 && at < 1e11 ? std::optional(from_unix_seconds(at)) : std::nullopt;
}

// The value whose word stands there; `fallback` for a word that is none of them.
template <class E>
E value_of(const json::object& o, std::string_view name, size_t count, E fallback) {
  const std::string word = text(o, name);
  for (size_t i = 0; i < count; ++i)
    if (to_string(static_cast<E>(i)) == word) return static_cast<E>(i);
  return fallback;
}

json::object json_of(const Attempt& a) {
  json::object o{{"version", a.version}, {"from", a.from}, {"who", a.who}, {"origin", to_string(a.origin)}, {"outcome", to_string(a.outcome)}, {"reason", to_string(a.reason)},
                 {"detail", a.detail}, {"began", unix_seconds(a.began)}};
  if (a.ended) o["ended"] = unix_seconds(*a.ended);
  return o;
}

Attempt attempt_of(const json::object& o) {
  Attempt a{text(o, "version"), text(o, "from"), text(o, "who"), text(o, "detail"), moment(o, "began").value_or(Time{}), moment(o, "ended"), value_of(o, "origin", 3, Origin::upload),
            value_of(o, "outcome", 5, Outcome::failed), value_of(o, "reason", 14, Reason::other)};
  if (a.outcome != Outcome::under_way && !a.ended) a.ended = a.began;
  return a;
}

}  // namespace

std::string write_course(const Course& course) {
  json::array attempts;
  for (const auto& attempt : course.attempts) attempts.push_back(json_of(attempt));
  const json::object record{{"format", kFormat}, {"stage", to_string(course.stage)}, {"restart", static_cast<int64_t>(course.wanted)}, {"attempts", std::move(attempts)}};
  return json::serialize(record) + "\n";
}

Result<Course> read_course(std::string_view bytes) {
  boost::system::error_code wrong;
  const auto value = json::parse(bytes, wrong);
  const auto* record = value.if_object();
  const auto* format = wrong || !record ? nullptr : record->if_contains("format");
  const auto* attempts = format ? record->if_contains("attempts") : nullptr;
  if (!format || !format->is_int64() || !attempts || !attempts->is_array()) return fail(ErrorKind::corrupt, "updates.json is not what this program writes");
  if (format->get_int64() > kFormat) return fail(ErrorKind::unsupported, "updates.json is of a newer program");
  Course course;
  for (const auto& attempt : attempts->get_array())
    if (attempt.is_object() && course.attempts.size() < kMaxAttempts) course.attempts.push_back(attempt_of(attempt.get_object()));
  // Only the last one can be under way, and only then a stage means anything.
  for (size_t i = 0; i + 1 < course.attempts.size(); ++i)
    if (course.attempts[i].outcome == Outcome::under_way) course.attempts[i].outcome = Outcome::interrupted;
  if (course.under_way() == nullptr) return course;
  course.stage = value_of(*record, "stage", 4, Stage::installing);
  if (course.stage == Stage::idle) course.stage = Stage::installing;
  const auto* wanted = record->if_contains("restart");
  if (wanted && wanted->is_int64()) course.wanted = static_cast<Restart>(std::clamp<int64_t>(wanted->get_int64(), 0, 2));
  return course;
}

Failure read_failure(std::string_view bytes) {
  boost::system::error_code wrong;
  const auto value = json::parse(bytes, wrong);
  if (wrong || !value.is_object()) return {};
  const auto& record = value.get_object();
  return {text(record, "failed_version"), text(record, "failed"), moment(record, "failed_at").value_or(Time{})};
}

}  // namespace hf::updates
