#include "hal/pbx/asterisk/queue_log_map.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "hal/pbx/pbx_text.hpp"
#include "hal/pbx/survey_words.hpp"

namespace hf::pbx {

namespace {

struct Line {
  std::array<std::string_view, 12> parts;  // time, uniqueid, queue, agent, event, data 1..7
  size_t count = 0;

  std::string text(size_t i) const { return i < count && parts[i] != "NONE" ? clean_text(parts[i]) : std::string{}; }
  std::string_view data(size_t n) const { return 4 + n < count ? parts[4 + n] : std::string_view{}; }
  std::string channel() const { return text(1); }
  std::string queue() const { return text(2); }
  std::string agent() const { return text(3); }
  std::optional<Duration> seconds(size_t n) const { return to_seconds(data(n)); }
};

Line split(std::string_view text) {
  Line line;
  while (line.count < line.parts.size()) {
    const size_t bar = text.find('|');
    line.parts[line.count++] = text.substr(0, bar);
    if (bar == text.npos) break;
    text.remove_prefix(bar + 1);
  }
  return line;
}

struct Writer {
  Time at;
  std::vector<CallEvent>& out;
  void operator()(CallEventBody body) const { out.push_back({at, at, std::move(body)}); }
};

using Handler = void (*)(const Line&, const Writer&);

void start(const Line&, const Writer& add) { add(PbxLife{PbxState::starting, {}}); }
void reload(const Line&, const Writer& add) { add(ConfigurationChanged{"app_queue"}); }

void enter(const Line& l, const Writer& add) {  // url, caller's number (not read), position
  add(QueueJoined{l.channel(), l.queue(), to_number<uint32_t>(l.data(3)).value_or(0), 0});
}
void connect(const Line& l, const Writer& add) {  // hold time, uniqueid of the agent's leg, ring time in seconds
  add(QueueLeft{l.channel(), l.queue()});
  add(MemberConnected{l.channel(), l.queue(), l.agent(), l.agent(), clean_text(l.data(2)), l.seconds(1), l.seconds(3)});
}
void abandon(const Line& l, const Writer& add) {  // position, original position, wait
  add(QueueAbandoned{l.channel(), l.queue(), l.seconds(3)});
  add(QueueLeft{l.channel(), l.queue()});
}
void leave(const Line& l, const Writer& add, QueueExit reason) {
  add(QueueExited{l.channel(), l.queue(), reason});
  add(QueueLeft{l.channel(), l.queue()});
}
void time_out(const Line& l, const Writer& add) { leave(l, add, QueueExit::timeout); }
void key(const Line& l, const Writer& add) { leave(l, add, QueueExit::key); }
void empty(const Line& l, const Writer& add) { leave(l, add, QueueExit::leave_empty); }

void missed(const Line& l, const Writer& add) {  // milliseconds
  add(MemberMissed{
      l.channel(), l.queue(), l.agent(), {}, std::chrono::milliseconds(to_number<uint32_t>(l.data(1)).value_or(0))});
}
void done(const Line& l, const Writer& add, size_t hold, TalkEnd end) {
  add(MemberDone{l.channel(), l.queue(), l.agent(), {}, l.seconds(hold), l.seconds(hold + 1), end});
}
void complete_agent(const Line& l, const Writer& add) { done(l, add, 1, TalkEnd::agent); }
void complete_caller(const Line& l, const Writer& add) { done(l, add, 1, TalkEnd::caller); }
void blind(const Line& l, const Writer& add) {  // extension, context, hold, talk, original position
  add(Transferred{TransferKind::blind, {}, l.channel(), {}, clean_text(l.data(1))});
  done(l, add, 3, TalkEnd::transfer);
}
void attended(const Line& l, const Writer& add) {  // BRIDGE, bridge id, hold, talk, original position
  add(Transferred{TransferKind::attended, {}, l.channel(), {}, {}});
  done(l, add, 3, TalkEnd::transfer);
}

MemberState member(const Line& l) {
  MemberState m;
  m.queue = l.queue(), m.member = m.device = m.name = l.agent();
  return m;
}
void added(const Line& l, const Writer& add) {
  MemberState m = member(l);
  m.added = true;
  add(std::move(m));
}
void removed(const Line& l, const Writer& add) { add(MemberRemoved{l.queue(), l.agent()}); }
void pause(const Line& l, const Writer& add) {
  MemberState m = member(l);
  m.paused = true, m.pause_reason = clean_text(l.data(1));
  add(std::move(m));
}
void unpause(const Line& l, const Writer& add) { add(member(l)); }

// Written by the dialplan with QueueLog(queue,uniqueid,NONE,SURVEY,csat,4,1-5), or with the question as the event. Asterisk writes all behind
// the event as it stands, commas and all [16]: "SURVEY|csat,4,1-5"; who wants bars writes them himself.
void survey(const Line& l, const Writer& add) {
  std::array<std::string_view, 3> told{l.data(1), l.data(2), l.data(3)};
  for (size_t i = 0; i + 1 < told.size(); ++i)
    if (const size_t comma = told[i].find(','); comma != told[i].npos) told[i + 1] = told[i].substr(comma + 1), told[i] = told[i].substr(0, comma);
  const bool named = survey_question(l.parts[4]) != SurveyQuestion::untold;
  if (nothing_pressed(told[named ? 0 : 1])) return;
  SurveyAnswered answer = named ? survey_answer(l.parts[4], told[0], told[1]) : survey_answer(told[0], told[1], told[2]);
  answer.channel = l.channel(), answer.queue = l.queue();
  add(std::move(answer));
}

struct Verb {
  std::string_view name;
  Handler handler;  // null: known, and says nothing about waiting
};

constexpr auto kVerbs = std::to_array<Verb>({
    {"ABANDON", abandon},
    {"ADDMEMBER", added},
    {"ATTENDEDTRANSFER", attended},
    {"BLINDTRANSFER", blind},
    {"CES", survey},
    {"COMPLETEAGENT", complete_agent},
    {"COMPLETECALLER", complete_caller},
    {"CONFIGRELOAD", reload},
    {"CONNECT", connect},
    {"CSAT", survey},
    {"ENTERQUEUE", enter},
    {"EXITEMPTY", empty},
    {"EXITWITHKEY", key},
    {"EXITWITHTIMEOUT", time_out},
    {"NPS", survey},
    {"PAUSE", pause},
    {"PAUSEALL", nullptr},
    {"PENALTY", nullptr},
    {"QUEUESTART", start},
    {"REMOVEMEMBER", removed},
    {"RINGCANCELED", nullptr},
    {"RINGINUSE", nullptr},
    {"RINGNOANSWER", missed},
    {"SURVEY", survey},
    {"TRANSFER", blind},
    {"UNPAUSE", unpause},
    {"UNPAUSEALL", nullptr},
});

}  // namespace

std::optional<Time> queue_log_time(std::string_view line) {
  if (std::count(line.begin(), line.end(), '|') < 4) return {};
  return to_time(line.substr(0, line.find('|')));
}

bool QueueLogMapper::map(std::string_view text, std::vector<CallEvent>& out) {
  const auto at = queue_log_time(text);
  if (!at) {
    ++malformed_;
    return false;
  }
  const Line line = split(text);
  for (const Verb& verb : kVerbs) {
    if (verb.name != line.parts[4]) continue;
    if (verb.handler != nullptr) verb.handler(line, Writer{*at, out});
    return true;
  }
  ++unknown_;
  return true;
}

}  // namespace hf::pbx
