#include "agent/incidents/chain.hpp"

#include <gtest/gtest.h>

#include "agent/incidents/why_words.hpp"

namespace hf::incidents {
namespace {

const Time kTen = from_unix_seconds(1'735'552'800);
Time at(int minute) { return kTen + std::chrono::minutes(minute); }

metrics::Minute members(int minute, int n, const char* queue = "support") {
  metrics::Minute m;
  m.id = queue, m.start = at(minute), m.observed_seconds = 60;
  m.staffed = std::chrono::seconds(60 * n);
  return m;
}

Incident incident() {
  Incident i;
  i.id = "0011223344556677", i.kind = Kind::artificial_hold, i.queues = {"support"};
  i.onset = i.onset_low = i.onset_high = at(10), i.signalled = at(13);
  i.evidence = {
      {.template_id = "held_beside_free", .values = {{"callers", 2}, {"wait_s", 90}}, .sample_size = 2, .at = at(13)}};
  return i;
}

std::vector<std::string> templates(const std::vector<Evidence>& chain) {
  std::vector<std::string> out;
  for (const Evidence& e : chain) out.push_back(e.template_id);
  return out;
}

TEST(Chain, orders_the_change_the_onset_the_signal_and_the_end) {
  Happenings seen;
  seen.on({at(9), calls::ConfigurationSeen{"dialplan"}});
  Incident i = incident();
  i.closed = at(40);
  const auto chain = chain_of(i, seen);
  EXPECT_EQ(templates(chain),
            (std::vector<std::string>{"chain_reload", "chain_onset", "held_beside_free", "chain_closed"}));
  EXPECT_EQ(chain.front().at, at(9));
}

TEST(Chain, tells_one_reload_for_all_its_modules) {
  Happenings seen;
  for (const char* module : {"a", "b", "c"}) seen.on({at(9), calls::ConfigurationSeen{module}});
  EXPECT_EQ(seen.all().size(), 1u);
}

TEST(Chain, leaves_out_what_was_long_before_and_other_queues_members) {
  Happenings seen;
  seen.on({at(-25), calls::ConfigurationSeen{"x"}});
  seen.on(members(4, 10, "sales"));
  seen.on(members(5, 3, "sales"));
  EXPECT_EQ(templates(chain_of(incident(), seen)), (std::vector<std::string>{"chain_onset", "held_beside_free"}));
}

TEST(Chain, sees_members_leave_in_numbers_and_not_one_by_one_over_hours) {
  Happenings seen;
  seen.on(members(1, 10)), seen.on(members(2, 7)), seen.on(members(3, 6));
  const auto chain = chain_of(incident(), seen);
  ASSERT_EQ(chain.front().template_id, "chain_staff_down");
  EXPECT_EQ(chain_words(chain.front(), Language::en), "Agents left or paused within minutes: 10 before, 7 after.");
  Happenings slow;
  for (int m = 0; m < 100; ++m) slow.on(members(m, 10 - m / 10));
  EXPECT_TRUE(slow.all().empty()) << "one after the other is no exodus";
}

TEST(Chain, keeps_what_a_signal_said_first) {
  Happenings none;
  Incident i = incident();
  i.chain = chain_of(i, none);
  i.evidence[0].values["callers"] = 14, i.evidence[0].at = at(30);
  const auto chain = chain_of(i, none);
  EXPECT_EQ(chain.back().at, at(13));
  EXPECT_EQ(chain.back().values.at("callers"), 2);
}

TEST(Chain, keeps_a_change_that_many_later_ones_pushed_out) {
  Happenings seen;
  seen.on({at(9), calls::ConfigurationSeen{"x"}});
  Incident i = incident();
  i.chain = chain_of(i, seen);
  for (int k = 0; k < 100; ++k) seen.on({at(100 + 2 * k), calls::ObservationLost{"x"}});
  EXPECT_EQ(seen.all().size(), 64u);
  const auto chain = chain_of(i, seen);
  EXPECT_EQ(chain.front().template_id, "chain_reload");
  EXPECT_EQ(chain.size(), 16u);
}

TEST(Chain, tells_a_restart_from_a_gap_and_names_other_incidents) {
  Happenings seen;
  seen.on({at(1), calls::ObservationLost{"eof"}});
  seen.on({at(2), calls::ObservationBack{at(1), true}});
  Incident trunk;
  trunk.id = "trunk", trunk.kind = Kind::trunk_failure, trunk.onset = at(3);
  seen.on(trunk);
  Incident itself = incident();
  itself.onset = at(8);  // estimated again since: it must not become another one
  seen.on(itself);
  const auto chain = chain_of(incident(), seen);
  EXPECT_EQ(chain_words(chain[1], Language::en), "The PBX had been restarted and was seen again after 60 s unseen.");
  EXPECT_NE(chain_words(chain[2], Language::en).find("Another incident began: "), std::string::npos);
  EXPECT_EQ(chain[3].template_id, "chain_onset");
}

TEST(WhyWords, never_says_caused_by_and_speaks_both_languages) {
  Shares shares{.state = SharesState::told,
                .calls = 120,
                .measured_s = 330,
                .replayed_s = 320,
                .usual_s = 20,
                .parts = {{Factor::load, 0.1, -0.02, 0.22}, {Factor::avoidable, 0.9, 0.8, 1}}};
  EXPECT_EQ(shares_words(shares, Language::en),
            "Each of 120 callers waited 5 min longer than if all that is known had been as usual. 90 % of it is "
            "consistent with waiting beside agents who could have answered.");
  EXPECT_EQ(share_words(shares.parts[0], Language::en), "10 % (-2 to 22 %): the number of calls");
  EXPECT_NE(shares_words(shares, Language::ru).find("согласуется"), std::string::npos);
  for (const SharesState state :
       {SharesState::too_few, SharesState::told, SharesState::no_extra, SharesState::unlike}) {
    shares.state = state;
    for (const Language l : {Language::en, Language::ru}) {
      const std::string words = shares_words(shares, l);
      ASSERT_FALSE(words.empty());
      EXPECT_EQ(words.back(), '.');
      EXPECT_EQ(words.find("caused"), std::string::npos);
      EXPECT_EQ(words.find("причин"), std::string::npos);
    }
  }
}

TEST(WhyWords, a_link_without_its_numbers_still_reads) {
  for (const char* id :
       {"chain_closed", "chain_incident", "chain_onset", "chain_pbx_restart", "chain_reload", "chain_source_back",
        "chain_source_lost", "chain_staff_down", "chain_staff_up", "held_beside_free", "unheard_of"})
    for (const Language l : {Language::en, Language::ru})
      EXPECT_EQ(chain_words({.template_id = id, .values = {}, .sample_size = 0, .at = {}}, l).back(), '.');
}

}  // namespace
}  // namespace hf::incidents
