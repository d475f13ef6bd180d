#include "hal/pbx/freeswitch/esl_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

using K = EslKey;
constexpr std::string_view kGreeting = "Content-Type: ";
constexpr size_t kMaxHeld = 20'000;

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

}  // namespace

EslSession::EslSession(EslLogin login, Secret secret, const SipKey& site_key, const EslTimes& times, SteadyTime now)
    : login_(std::move(login)),
      secret_(std::move(secret)),
      times_(times),
      mapper_(site_key),
      now_(now),
      last_byte_(now),
      // Another box's jobs are told to all; its numbers must not be taken for ours.
      job_prefix_(fmt::format("holdfast-{:x}-", now.time_since_epoch().count())) {
  enter(Stage::greeting);
}

void EslSession::enter(Stage stage) {
  stage_ = stage;
  stage_until_ = stage == Stage::running ? SteadyTime::max() : now_ + times_.answer;
}

SteadyTime EslSession::deadline() const {
  if (stage_ != Stage::running) return stage_until_;
  return std::min({next_pictures_, answer_until_, pong_until_ ? *pong_until_ : last_byte_ + times_.quiet});
}

Status EslSession::on(std::string_view bytes, Time at, SteadyTime now, LiveOutput& out) {
  now_ = last_byte_ = now;
  pong_until_.reset();
  if (auto good = look_at_greeting(bytes); !good) return good;
  for (EslFrame frame; framer_.next(bytes, frame);)
    if (auto taken = take_frame(frame, at, out); !taken) return taken;
  return {};
}

Status EslSession::look_at_greeting(std::string_view bytes) {
  if (greeting_.size() >= kGreeting.size()) return {};
  greeting_.append(bytes.substr(0, 200));
  if (kGreeting.starts_with(std::string_view(greeting_).substr(0, kGreeting.size()))) return {};
  return fail(
      ErrorKind::unsupported,
      fmt::format("{} is no FreeSWITCH Event Socket: it sent \"{}\". Check host and port (event_socket.conf.xml, "
                  "usually 8021)",
                  login_.peer, shown(first_line(greeting_))));
}

Status EslSession::take_frame(const EslFrame& frame, Time at, LiveOutput& out) {
  switch (frame.content) {
    case EslContent::auth_request: {
      auto request = render_login(login_.user, secret_);
      if (!request) return fail(std::move(request.error()));
      enter(Stage::login);
      out.send += *request;
      wipe(*request);
      return {};
    }
    case EslContent::command_reply:
      return take_reply(esl_header(frame.headers, "Reply-Text"), out);
    case EslContent::rude_rejection:
      return fail(ErrorKind::denied, login_.peer +
                                         " refuses this box's address: allow it in the list that apply-inbound-acl of "
                                         "event_socket.conf.xml names (acl.conf.xml)");
    case EslContent::disconnect_notice:
      return fail(ErrorKind::closed,
                  fmt::format("{} closed the connection (\"{}\")", login_.peer, shown(first_line(frame.body))));
    case EslContent::event_plain:
    case EslContent::event_json:
      return take_event(frame, at, out);
    case EslContent::api_response:
    case EslContent::other:
      break;
  }
  return {};
}

Status EslSession::take_reply(std::string_view reply, LiveOutput& out) {
  const bool good = reply.starts_with("+OK");
  if (stage_ == Stage::login) return take_login(reply, out);
  if (stage_ == Stage::subscription) {
    if (!good)
      return fail(ErrorKind::denied, fmt::format("{} refuses the events (\"{}\"): check esl-allowed-events of user {}",
                                                 login_.peer, shown(reply), shown(login_.user)));
    enter(Stage::product);
    to_ask_.push_back({EslQuestion::status, {}, {}});
    return ask_next(out);
  }
  if (good || !asking_) return {};
  judge(*asking_, reply);  // no answer will come
  asking_.reset();
  return ask_next(out);
}

Status EslSession::take_login(std::string_view reply, LiveOutput& out) {
  if (!reply.starts_with("+OK")) {
    const std::string who = login_.user.empty() ? "the password" : "user \"" + shown(login_.user) + "\"";
    const std::string where = login_.user.empty() ? "the parameter password in event_socket.conf.xml"
                                                  : "esl-password of this user in the directory";
    return fail(ErrorKind::denied, fmt::format("{} refuses {} (\"{}\"): check the secret file and {}", login_.peer, who,
                                               shown(reply), where));
  }
  enter(Stage::subscription);
  out.send += render_subscription(login_.format);
  return {};
}

Status EslSession::take_event(const EslFrame& frame, Time at, LiveOutput& out) {
  if (held_.size() < kMaxHeld) mapper_.map(frame, at, up_ ? out.events : held_);
  const bool json = frame.content == EslContent::event_json;
  if (!asking_ || esl_event_name(frame.body, json) != "BACKGROUND_JOB") return {};
  json ? fields_.split_json(frame.body) : fields_.split_plain(frame.body);
  return fields_[K::job_uuid] == asking_->job ? take_job(at, out) : Status{};
}

Status EslSession::take_job(Time at, LiveOutput& out) {
  const Asked asked = std::move(*asking_);
  asking_.reset();
  const std::string answer = fields_.body();
  judge(asked, answer);
  if (stage_ == Stage::product) {
    come_up(esl_product(answer), at, out);
    return ask_for_pictures(out);
  }
  if (asked.question == EslQuestion::queues)
    for (const std::string& queue : mapper_.wanted()) to_ask_.push_back({EslQuestion::members, queue, {}});
  return ask_next(out);
}

// An answer that begins with "-" is none.
void EslSession::judge(const Asked& asked, std::string_view answer) {
  const bool queues = asked.question == EslQuestion::queues;
  if (!answer.starts_with('-')) {
    if (queues) complaint_.clear();
    return;
  }
  to_ask_.clear();
  if (answer.find("ommand not found") != answer.npos) {
    next_pictures_ = std::min(next_pictures_, now_ + times_.not_yet);
    complaint_ = login_.peer + " has no mod_callcenter loaded: without it there are no queues to follow";
    return;
  }
  complaint_ = fmt::format(
      "{} refuses \"{}\" (\"{}\"): let the user ask it (esl-allowed-api = status show callcenter_config), without it "
      "the waiting callers and free agents at the start are not known",
      login_.peer, question_text(asked.question, asked.queue), shown(first_line(answer)));
}

void EslSession::come_up(std::string product, Time at, LiveOutput& out) {
  up_ = true;
  enter(Stage::running);
  const Time since = held_.empty() ? at : held_.front().at;
  if (product.empty()) product = "FreeSWITCH";
  out.events.push_back({since, {}, SourceUp{std::move(product), true, true, true}});
  std::move(held_.begin(), held_.end(), std::back_inserter(out.events));
  held_.clear();
}

// "status" first: it tells whether the PBX was restarted while nobody looked, and its clock.
Status EslSession::ask_for_pictures(LiveOutput& out) {
  next_pictures_ = now_ + times_.resync;
  to_ask_.clear();
  for (const EslQuestion question :
       {EslQuestion::status, EslQuestion::queues, EslQuestion::agents, EslQuestion::tiers, EslQuestion::channels})
    to_ask_.push_back({question, {}, {}});
  return ask_next(out);
}

Status EslSession::ask_next(LiveOutput& out) {
  if (asking_) return {};
  answer_until_ = SteadyTime::max();
  if (to_ask_.empty()) return {};
  asking_ = std::move(to_ask_.front());
  to_ask_.pop_front();
  asking_->job = job_prefix_ + std::to_string(++last_job_);
  answer_until_ = now_ + times_.answer;
  const auto request = render_question(asking_->question, asking_->queue, asking_->job);
  if (!request) return fail(request.error());
  out.send += *request;
  return {};
}

Status EslSession::tick(Time at, SteadyTime now, LiveOutput& out) {
  now_ = now;
  if (now >= stage_until_) {
    if (stage_ == Stage::greeting)
      return fail(ErrorKind::timed_out,
                  fmt::format("{} takes the connection but sends no Event Socket greeting. Check host and port "
                              "(event_socket.conf.xml, usually 8021)",
                              login_.peer));
    if (stage_ != Stage::product) return fail(ErrorKind::timed_out, login_.peer + " does not answer the login");
    asking_.reset();
    come_up({}, at, out);
    next_pictures_ = now;
  }
  if (stage_ != Stage::running) return {};
  if (now >= answer_until_) {
    complaint_ = fmt::format("{} does not answer \"{}\"", login_.peer,
                             asking_ ? question_text(asking_->question, asking_->queue) : std::string{});
    asking_.reset(), to_ask_.clear();
    answer_until_ = SteadyTime::max();
  }
  if (now >= next_pictures_)
    if (auto asked = ask_for_pictures(out); !asked) return asked;
  if (pong_until_ && now >= *pong_until_)
    return fail(ErrorKind::timed_out, login_.peer + " does not answer: no byte since the last question");
  if (pong_until_ || now < last_byte_ + times_.quiet) return {};
  pong_until_ = now + times_.pong;
  to_ask_.push_front({EslQuestion::status, {}, {}});
  return ask_next(out);
}

}  // namespace hf::pbx
