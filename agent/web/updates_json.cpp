#include "agent/web/updates_json.hpp"

#include <boost/json/array.hpp>

#include "agent/web/to_json.hpp"

namespace hf::web {

namespace {

boost::json::object bundle_json(const updates::Bundle& b) {
  return {{"id", b.id}, {"name", b.name}, {"origin", to_string(b.origin)}, {"size", b.size}, {"version", b.version}, {"compatible", b.compatible}, {"verdict", to_string(b.verdict)},
          {"reason", to_string(b.reason)}, {"detail", b.detail}};
}

boost::json::object attempt_json(const updates::Attempt& a) {
  return {{"version", a.version}, {"from", a.from}, {"who", a.who}, {"origin", to_string(a.origin)}, {"began", json(a.began)}, {"ended", json(a.ended)}, {"outcome", to_string(a.outcome)},
          {"reason", to_string(a.reason)}, {"detail", a.detail}};
}

boost::json::value window_json(const std::optional<updates::Window>& w) {
  return w ? boost::json::value(boost::json::object{{"from", json(w->from)}, {"to", json(w->to)}}) : boost::json::value(nullptr);
}

}  // namespace

boost::json::object to_json(const updates::Transfer& t) {
  return {{"name", t.name}, {"sha256", t.sha256}, {"size", t.size}, {"offset", t.offset}, {"who", t.who}, {"began", json(t.began)}};
}

boost::json::object to_json(const updates::Overview& o) {
  boost::json::array bundles, history;
  for (const auto& bundle : o.bundles) bundles.push_back(bundle_json(bundle));
  for (const auto& attempt : o.history) history.push_back(attempt_json(attempt));
  return {{"keeper", to_string(o.keeper)},
          {"problem", o.problem},
          {"version", o.version},
          {"compatible", o.compatible},
          {"confirmed", o.confirmed},
          {"stage", to_string(o.stage)},
          {"percent", o.percent},
          {"step", o.step},
          {"window", o.window},
          {"next_window", window_json(o.next_window)},
          {"restart", window_json(o.restart)},
          {"max_size", o.max_size},
          {"piece", updates::kPage},
          {"upload", o.upload ? boost::json::value(to_json(*o.upload)) : boost::json::value(nullptr)},
          {"bundles", std::move(bundles)},
          {"history", std::move(history)}};
}

}  // namespace hf::web
