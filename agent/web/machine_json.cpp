#include "agent/web/machine_json.hpp"

#include <boost/json/array.hpp>

#include "agent/web/to_json.hpp"

namespace hf::web {

namespace {

boost::json::array texts(const std::vector<std::string>& all) {
  boost::json::array out;
  for (const auto& one : all) out.push_back(json(one));
  return out;
}

boost::json::object setting_json(const machine::Setting& s) {
  return {{"interface", s.interface}, {"dhcp", s.dhcp}, {"address", s.address}, {"gateway", s.gateway}, {"dns", texts(s.dns)}};
}

boost::json::value trial_json(const std::optional<machine::Trial>& t) {
  if (!t) return nullptr;
  return boost::json::object{{"setting", setting_json(t->setting)}, {"left_s", t->left.count()}, {"reached", t->reached}, {"token", json(t->token)}};
}

std::string_view word(machine::TrialEnd end) {
  switch (end) {
    case machine::TrialEnd::kept: return "kept";
    case machine::TrialEnd::reverted: return "reverted";
    case machine::TrialEnd::taken_back: return "taken_back";
  }
  return "taken_back";
}

boost::json::value ended_json(const std::optional<machine::EndedTrial>& e, Time now) {
  return e ? boost::json::value(boost::json::object{{"setting", setting_json(e->setting)}, {"end", word(e->how)}, {"at", json(now - e->ago)}}) : boost::json::value(nullptr);
}

boost::json::value window_json(const std::optional<updates::Window>& w) {
  return w ? boost::json::value(boost::json::object{{"from", json(w->from)}, {"to", json(w->to)}}) : boost::json::value(nullptr);
}

boost::json::value shutdown_json(const std::optional<machine::Shutdown>& s) {
  return s ? boost::json::value(boost::json::object{{"what", s->power_off ? "power_off" : "restart"}, {"from", json(s->window.from)}, {"to", json(s->window.to)}}) : boost::json::value(nullptr);
}

}  // namespace

boost::json::object to_json(const machine::View& v, Time now) {
  boost::json::array interfaces, settings;
  for (const auto& one : v.network.interfaces) interfaces.push_back(boost::json::object{{"name", one.name}, {"state", one.state}, {"addresses", texts(one.addresses)}});
  for (const auto& one : v.settings) settings.push_back(setting_json(one));
  return {{"present", v.present},
          {"problem", v.problem},
          {"hostname", v.hostname},
          {"zone", v.zone},
          {"clock", json(now)},
          {"time_servers", texts(v.time_servers)},
          {"interfaces", std::move(interfaces)},
          {"gateway", v.network.gateway},
          {"dns", texts(v.network.dns)},
          {"settings", std::move(settings)},
          {"trial", trial_json(v.trial)},
          {"last_trial", ended_json(v.last_trial, now)},
          {"shutdown", shutdown_json(v.shutdown)},
          {"window", v.window},
          {"next_window", window_json(v.next_window)},
          {"diagnostics", v.diagnostics}};
}

}  // namespace hf::web
