// The box's settings: agent.toml and the files that it names. Secrets go in and never come out.
#include <boost/json/array.hpp>

#include "agent/web/fields.hpp"
#include "agent/web/handlers.hpp"
#include "agent/web/settings_desk.hpp"
#include "agent/web/to_json.hpp"
#include "agent/web/told.hpp"
#include "hal/platform/secret.hpp"

namespace hf::web {

namespace {

namespace json = boost::json;

http::Response no_settings() { return error_answer(404, "not_found", "this program's settings are not kept by its page"); }

json::array texts(const std::vector<std::string>& all) {
  json::array out;
  for (const std::string& one : all) out.emplace_back(one);
  return out;
}

json::object to_json(const SettingsVerdict& verdict) { return {{"problems", texts(verdict.problems)}, {"forgets_simulation", verdict.forgets_simulation}}; }

json::object to_json(const SettingsView& view) {
  json::array files;
  for (const SettingsFile& file : view.files)
    files.push_back(json::object{{"name", file.name}, {"size", file.size}, {"changed", unix_seconds(file.changed)}, {"used", file.used}});
  const auto or_null = [](const std::optional<std::string>& words) { return words ? json::value(*words) : json::value(); };
  return {{"path", view.path}, {"text", view.text}, {"mark", view.mark}, {"locked", or_null(view.locked)}, {"folder", view.folder}, {"files", std::move(files)}, {"taken_back", or_null(view.taken_back)}};
}

}  // namespace

http::Response settings(Context& context, const Exchange&) {
  if (context.settings == nullptr) return no_settings();
  const auto view = context.settings->view();
  return view ? json_answer(200, to_json(*view)) : error_answer(view.error());
}

http::Response check_settings(Context& context, const Exchange& exchange) {
  if (context.settings == nullptr) return no_settings();
  std::optional<BadField> bad;
  FieldReader in(exchange.body, bad);
  std::string text;
  in.secret("text", text, {0, SettingsDesk::kMaxText});
  in.done();
  return bad ? error_answer(*bad) : json_answer(200, to_json(context.settings->check(text)));
}

http::Response set_settings(Context& context, const Exchange& exchange) {
  if (context.settings == nullptr) return no_settings();
  std::optional<BadField> bad;
  FieldReader in(exchange.body, bad);
  std::string text, mark;
  in.secret("text", text, {0, SettingsDesk::kMaxText});
  in.text("mark", mark, {1, 64});
  in.done();
  if (bad) return error_answer(*bad);
  return told(context, exchange, "settings.set", "", context.settings->save(text, mark), json_answer(202, {{"starting_anew", true}}), "text");
}

http::Response keep_settings_file(Context& context, const Exchange& exchange) {
  if (context.settings == nullptr) return no_settings();
  std::optional<BadField> bad;
  FieldReader in(exchange.body, bad);
  std::string content;
  in.secret("content", content, {1, SettingsDesk::kMaxFile});
  in.done();
  if (bad) return error_answer(*bad);
  const std::string& name = exchange.in_path("name");
  const Status kept = context.settings->keep_file(name, content);
  wipe(content);
  return told(context, exchange, "settings.file", name, kept, empty_answer(), "name");
}

http::Response make_enrolment_request(Context& context, const Exchange& exchange) {
  if (context.settings == nullptr) return no_settings();
  const auto made = context.settings->enrolment_request();
  if (!made) return told(context, exchange, "settings.enrolment_request", "", fail(made.error()), {});
  return told(context, exchange, "settings.enrolment_request", made->fingerprint, {},
              json_answer(200, {{"request", made->pem}, {"fingerprint", made->fingerprint}, {"key_file", made->key_file}}));
}

http::Response remove_settings_file(Context& context, const Exchange& exchange) {
  if (context.settings == nullptr) return no_settings();
  const std::string& name = exchange.in_path("name");
  return told(context, exchange, "settings.remove_file", name, context.settings->remove_file(name), empty_answer(), "name");
}

}  // namespace hf::web
