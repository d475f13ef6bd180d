// Evidence that talks have become longer. In: talks as they begin and end. Out: nats. Talks still going on count as
// censored values, so that a long talk speaks before it ends. Pure; owned by QueueLoad.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "agent/detect/baseline.hpp"
#include "agent/detect/load_parameters.hpp"

namespace hf::detect {

class TalkTimes {
 public:
  static constexpr size_t kTalks = 256;                             // looked back
  static constexpr Duration kShortest = std::chrono::seconds(20);   // wrong numbers and agents' hang-ups: only "short"

  // `beyond`: how much longer than others this agent's talks are, as ln.
  void began(uint64_t key, uint64_t agent, double beyond, Time at);
  // The latest talk under way with this agent; unset: none.
  std::optional<uint64_t> talk_of(uint64_t agent) const;
  struct UnderWay {
    uint64_t agent = 0;
    double beyond = 0;
    Duration length{};
  };
  // Unset: no such talk.
  std::optional<UnderWay> under_way(uint64_t key, Time now) const;
  // False: no such talk under way.
  bool ended(uint64_t key, Time at, const Baseline::Talk& usual);
  void forget_open() {
    std::erase_if(talks_, [](const Talk& t) { return t.open; });
  }

  struct Evidence {
    double nats = 0;     // max over onsets and factors of the log-likelihood ratio
    double factor = 1;   // of the handling time, that of the maximum
    Time since{};        // start of the first talk that counts
    uint32_t talks = 0;  // that count
  };
  // Log-normal talks: for each onset c the sum over talks begun at or after c of ln f1(x)/f0(x), for those under way
  // of ln S1(x)/S0(x), with f1 = f0 stretched by the factor; the maximum over c (Lorden's CUSUM in the order of the
  // talks' beginnings) and over the factors 1.5, 2 and 3. Ordinary hours differ too: the mean of ln(length) wanders by
  // p.talk_wander, so that a sum over n talks is divided by 1 + n wander^2 / sigma^2 (the variance of their mean is
  // sigma^2 / n + wander^2). One talk counts p.talk_cap nats at most, up and down (Huber's robust test): when all talks
  // are longer the bulk of them says so, while a few very long ones at a shift's end say little.
  Evidence evidence(Time now, const Baseline::Talk& usual, const LoadParameters& p = {}) const;

  size_t open() const;

  template <class A>
  void fields(A& a) {
    a("talks", talks_);
  }

 private:
  struct Talk {
    uint64_t key = 0, agent = 0;
    double beyond = 0;
    Time began{};
    bool open = true;
    std::array<float, 3> nats{};  // by factor, when over
    template <class A>
    void fields(A& a) {
      a("key", key), a("agent", agent), a("beyond", beyond), a("began", began), a("open", open), a("nats", nats);
    }
  };
  std::deque<Talk> talks_;  // by begin
};

}  // namespace hf::detect
