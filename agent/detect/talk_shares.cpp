#include "agent/detect/talk_shares.hpp"

namespace hf::detect {
namespace {

constexpr size_t kQueues = 256;

struct Watched {
  const char* signal;
  double usual;  // prior share
  bool opens;
};
enum : size_t { kShortAnswers, kHoldInTalk, kPingPongs, kTransfers, kMissedOffers };
constexpr std::array<Watched, 5> kWatched = {{{"short_answers", 0.02, true},
                                              {"hold_in_talk", 0.04, true},
                                              {"transfer_ping_pong", 0.01, true},
                                              {"transfers", 0.1, false},
                                              {"missed_offers", 0.1, false}}};

Finding about(const Watched& watched, FindingKind kind, const std::string& queue, Time at) {
  Finding f;
  f.signal = watched.signal, f.kind = kind, f.queue = queue, f.at = at;
  return f;
}

Finding stands(const Watched& watched, const ShareWatch& watch, const std::string& queue, Time at) {
  Finding f = about(watched, FindingKind::news, queue, at);
  f.since = f.since_low = f.since_high = watch.since();
  f.template_id = watched.signal;
  f.sample_size = watch.run_cases();
  f.values = {{"calls", watch.run_hits()}, {"of", watch.run_cases()}, {"usual_share", watch.usual(watched.usual)}};
  return f;
}

}  // namespace

void TalkShares::on(const calls::Change& change, bool channels_told, std::vector<Finding>& out) {
  if (const auto* miss = std::get_if<calls::OfferMissed>(&change.what))
    return step(miss->queue, kMissedOffers, true, change.at, out);
  if (const auto* connected = std::get_if<calls::CallConnected>(&change.what))
    return step(connected->call.answering_queue, kMissedOffers, false, change.at, out);
  const auto* ended = std::get_if<calls::CallEnded>(&change.what);
  if (!ended || !ended->call.connected || ended->call.half_seen || !channels_told) return;
  const calls::Call& c = ended->call;
  const std::string& queue = c.answering_queue;
  const bool cut = c.talk < kShort && c.talk_end == pbx::TalkEnd::agent && c.transfers == 0;
  step(queue, kShortAnswers, cut, change.at, out);
  step(queue, kHoldInTalk, c.hold >= kLongHold && c.hold * 2 >= c.talk, change.at, out);
  step(queue, kPingPongs, c.transfers >= kPingPong, change.at, out);
  step(queue, kTransfers, c.transfers > 0, change.at, out);
}

void TalkShares::step(const std::string& queue, size_t signal, bool hit, Time at, std::vector<Finding>& out) {
  if (queue.empty() || (!queues_.contains(queue) && queues_.size() >= kQueues)) return;
  ShareWatch& watch = queues_[queue][signal];
  const Watched& watched = kWatched[signal];
  const auto turn = watch.step(hit, watched.usual, at);
  if (!watched.opens || turn == ShareWatch::Turn::none) return;
  out.push_back(turn == ShareWatch::Turn::stands ? stands(watched, watch, queue, at)
                                                 : about(watched, FindingKind::cleared, queue, at));
}

void TalkShares::readings(std::vector<Reading>& out) const {
  for (const auto& [queue, watches] : queues_)
    for (size_t i = 0; i < kSignals; ++i) {
      const ShareWatch& w = watches[i];
      Reading r{kWatched[i].signal, {}, queue, w.recent(), {}, w.cases(), ReadingState::unknown};
      if (!w.learning()) {
        r.baseline = w.usual(kWatched[i].usual);
        r.state = w.stands() ? ReadingState::standing : w.doubts() ? ReadingState::watching : ReadingState::quiet;
      }
      out.push_back(std::move(r));
    }
}

}  // namespace hf::detect
