#include "hal/pbx/asterisk/ami_session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hal/net/digest.hpp"
#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

using K = AmiKey;
constexpr size_t kMaxFirstLine = 256;
constexpr size_t kMaxAsked = 64;
constexpr size_t kMaxHeld = 20'000;

}  // namespace

bool AmiEventMask::has(std::string_view event_class) const {
  if (text == "on") return true;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t comma = rest.find(',');
    if (rest.substr(0, comma) == event_class) return true;
    rest = comma == rest.npos ? std::string_view{} : rest.substr(comma + 1);
  }
  return false;
}

Result<AmiEventMask> parse_event_mask(std::string_view text) {
  const bool letters = !text.empty() && text.size() < 200 &&
                       std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == ','; });
  AmiEventMask mask{std::string(text)};
  if (!letters || text == "off")
    return fail(ErrorKind::invalid_input,
                "event classes \"" + shown(text) + "\": expected \"on\" or names like \"call,agent,system,user\"");
  if (!mask.has("call") || !mask.has("agent"))
    return fail(ErrorKind::invalid_input, "event classes \"" + shown(text) +
                                              "\": call and agent are needed, without them no call can be followed");
  return mask;
}

AmiSession::AmiSession(AmiLogin login, Secret secret, const SipKey& site_key, const AmiTimes& times, SteadyTime now)
    : login_(std::move(login)),
      secret_(std::move(secret)),
      times_(times),
      mapper_(site_key, !login_.events.has("dialplan")),
      now_(now),
      last_byte_(now) {
  enter(Stage::banner);
}

void AmiSession::enter(Stage stage) {
  stage_ = stage;
  stage_until_ =
      stage == Stage::running ? SteadyTime::max() : now_ + (stage == Stage::settings ? times_.boot : times_.answer);
}

SteadyTime AmiSession::deadline() const {
  if (stage_ != Stage::running) return stage_until_;
  return std::min(next_pictures_, pong_until_ ? *pong_until_ : last_byte_ + times_.quiet);
}

Status AmiSession::send(AmiAction action, AmiOutput& out, std::vector<AmiArgument> arguments) {
  const std::string id = "hf-" + std::to_string(++last_id_);
  arguments.push_back({AmiParameter::action_id, id});
  auto request = render_action(action, arguments);
  if (!request) return fail(std::move(request.error()));
  if (asked_.size() >= kMaxAsked)
    asked_.clear();  // a PBX that never answers: what it would say now is not awaited any more
  asked_.emplace(id, action);
  out.send += *request;
  return {};
}

Status AmiSession::on(std::string_view bytes, Time at, SteadyTime now, AmiOutput& out) {
  now_ = last_byte_ = now;
  pong_until_.reset();
  if (stage_ == Stage::banner)
    if (auto taken = take_banner(bytes, out); !taken) return taken;
  std::string_view message;
  while (framer_.next(bytes, message))
    if (auto taken = take_message(message, at, out); !taken) return taken;
  return {};
}

Status AmiSession::take_banner(std::string_view& bytes, AmiOutput& out) {
  const size_t end = bytes.find('\n');
  first_line_.append(bytes.substr(0, std::min(end, kMaxFirstLine)));
  const std::string_view expected = kAmiBanner.substr(0, first_line_.size());
  if (!first_line_.starts_with(expected) || first_line_.size() > kMaxFirstLine)
    return fail(
        ErrorKind::unsupported,
        fmt::format("{} is no Asterisk Manager: it sent \"{}\". Check host and port (manager.conf, usually 5038)",
                    login_.peer, shown(first_line_)));
  bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
  if (end == bytes.npos) return {};
  enter(Stage::challenge);
  return send(AmiAction::challenge, out, {{AmiParameter::auth_type, "MD5"}});
}

Status AmiSession::take_message(std::string_view message, Time at, AmiOutput& out) {
  std::vector<CallEvent>& events = up_ ? out.events : held_;
  if (stage_ >= Stage::settings && held_.size() < kMaxHeld) mapper_.map(message, at, events);
  if (!ami_first_value(message, "Response").empty()) {
    fields_.split(message);
    return take_response(fields_, at, out);
  }
  if (ami_first_value(message, "Event") != "FullyBooted" || booted_ || stage_ < Stage::settings) return {};
  booted_ = true;
  return stage_ == Stage::running ? ask_for_pictures(out) : Status{};
}

Status AmiSession::take_response(const AmiFields& fields, Time at, AmiOutput& out) {
  if (fields[K::response] == "Goodbye") return fail(ErrorKind::closed, login_.peer + " said goodbye");
  const auto asked = asked_.find(fields[K::actionid]);
  if (asked == asked_.end()) return {};
  const AmiAction action = asked->second;
  asked_.erase(asked);
  if (action == AmiAction::challenge) return take_challenge(fields, out);
  if (action == AmiAction::login) return take_login(fields, out);
  if (action == AmiAction::core_settings && !up_) {
    const std::string version = clean_text(fields[K::asteriskversion]);
    come_up(version.empty() ? "Asterisk" : "Asterisk " + version, at, out);
    return booted_ ? ask_for_pictures(out) : Status{};
  }
  take_picture_answer(action, fields);
  return {};
}

Status AmiSession::take_challenge(const AmiFields& fields, AmiOutput& out) {
  const std::string_view challenge = fields[K::challenge];
  if (fields[K::response] != "Success" || challenge.empty())
    return fail(ErrorKind::denied, fmt::format("{} offers no MD5 login (\"{}\"); the secret is never sent in the clear",
                                               login_.peer, shown(fields[K::message])));
  std::string proof(challenge);
  proof += secret_.reveal();
  const auto key = net::md5_hex(proof);
  wipe(proof);
  if (!key) return fail(key.error());
  enter(Stage::login);
  return send(AmiAction::login, out,
              {{AmiParameter::auth_type, "MD5"},
               {AmiParameter::username, login_.user},
               {AmiParameter::key, *key},
               {AmiParameter::events, login_.events.text}});
}

Status AmiSession::take_login(const AmiFields& fields, AmiOutput& out) {
  if (fields[K::response] != "Success")
    return fail(ErrorKind::denied, fmt::format("{} refuses user \"{}\" (\"{}\"): check the secret file, and secret=, "
                                               "permit= and deny= of this user in manager.conf",
                                               login_.peer, shown(login_.user), shown(fields[K::message])));
  enter(Stage::settings);
  return send(AmiAction::core_settings, out);
}

// Before FullyBooted the actions of modules that are not loaded fail as unknown commands (Asterisk 16 and 22).
void AmiSession::take_picture_answer(AmiAction action, const AmiFields& fields) {
  if (action != AmiAction::queue_status && action != AmiAction::core_show_channels) return;
  const std::string_view message = fields[K::message];
  if (fields[K::response] == "Success")
    complaint_.clear();
  else if (message.starts_with("Invalid/unknown command"))
    next_pictures_ = std::min(next_pictures_, now_ + times_.not_yet);
  else
    complaint_ = fmt::format(
        "{} refuses {} (\"{}\"): give this user write=reporting in manager.conf, without it the waiting callers and "
        "free agents at the start are not known",
        login_.peer, action_name(action), shown(message));
}

void AmiSession::come_up(std::string product, Time at, AmiOutput& out) {
  up_ = true;
  enter(Stage::running);
  next_pictures_ = now_ + times_.boot;
  const Time since = held_.empty() ? at : held_.front().at;
  out.events.push_back({since,
                        {},
                        SourceUp{std::move(product), login_.events.has("call"), login_.events.has("dialplan"),
                                 login_.events.has("agent")}});
  std::move(held_.begin(), held_.end(), std::back_inserter(out.events));
  held_.clear();
}

Status AmiSession::ask_for_pictures(AmiOutput& out) {
  next_pictures_ = now_ + times_.resync;
  for (const AmiAction action : {AmiAction::core_status, AmiAction::queue_status, AmiAction::core_show_channels})
    if (auto sent = send(action, out); !sent) return sent;
  return {};
}

Status AmiSession::tick(Time at, SteadyTime now, AmiOutput& out) {
  now_ = now;
  if (now >= stage_until_) {
    if (stage_ == Stage::banner)
      return fail(
          ErrorKind::timed_out,
          fmt::format(
              "{} takes the connection but sends no Asterisk banner. Check host and port (manager.conf, usually 5038)",
              login_.peer));
    if (stage_ != Stage::settings) return fail(ErrorKind::timed_out, login_.peer + " does not answer the login");
    come_up("Asterisk", at, out);  // CoreSettings needs write=reporting: go on without the version
  }
  if (now >= next_pictures_)
    if (auto asked = ask_for_pictures(out); !asked) return asked;
  if (pong_until_ && now >= *pong_until_)
    return fail(ErrorKind::timed_out, login_.peer + " does not answer: no byte since the last Ping");
  if (stage_ != Stage::running || pong_until_ || now < last_byte_ + times_.quiet) return {};
  pong_until_ = now + times_.pong;
  return send(AmiAction::ping, out);
}

}  // namespace hf::pbx
