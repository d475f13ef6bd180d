#include "agent/incidents/evidence_words.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "agent/incidents/book.hpp"
#include "agent/incidents/number_words.hpp"

namespace hf::incidents {
namespace {

using testing::HasSubstr;
using testing::Not;

Evidence of(const std::string& id, detect::Values values) {
  return {.template_id = id, .values = std::move(values), .sample_size = 14, .at = {}};
}

TEST(EvidenceWords, tell_the_constant_wait_in_one_sentence) {
  const Evidence e =
      of("constant_wait", {{"callers", 14}, {"wait_s", 900.02}, {"spread_s", 0.4}, {"free", 4.2}, {"usual_s", 6}});
  EXPECT_EQ(evidence_words(e, Language::en),
            "14 callers waited 900 ± 1 s (15 min) beyond the usual while 4.2 agents were free on average; before, it "
            "took 6 s to reach the queue.");
  EXPECT_EQ(evidence_words(e, Language::ru),
            "14 абонентов прождали на 900 ± 1 с (15 мин) дольше обычного, хотя в среднем было свободно 4,2 оператора; "
            "раньше до очереди проходило 6 с.");
}

TEST(EvidenceWords, leave_out_what_is_not_known) {
  const Evidence e = of("constant_wait", {{"callers", 1}, {"wait_s", 300}});
  EXPECT_EQ(evidence_words(e, Language::en), "1 caller waited 300 ± 1 s (5 min) beyond the usual.");
  EXPECT_EQ(evidence_words(e, Language::ru), "1 абонент прождал на 300 ± 1 с (5 мин) дольше обычного.");
}

TEST(EvidenceWords, count_in_russian) {
  EXPECT_EQ(callers(1, Language::ru), "1 абонент");
  EXPECT_EQ(callers(3, Language::ru), "3 абонента");
  EXPECT_EQ(callers(5, Language::ru), "5 абонентов");
  EXPECT_EQ(callers(11, Language::ru), "11 абонентов");
  EXPECT_EQ(callers(21, Language::ru), "21 абонент");
  EXPECT_EQ(callers(112, Language::ru), "112 абонентов");
  EXPECT_EQ(agents_were_free(1, Language::ru), "был свободен 1 оператор");
  EXPECT_EQ(agents_were_free(2.04, Language::ru), "были свободны 2 оператора");
  EXPECT_EQ(agents_were_free(1.5, Language::ru), "в среднем было свободно 1,5 оператора");
}

TEST(EvidenceWords, give_durations_in_units_people_use) {
  EXPECT_EQ(duration_words(from_seconds(4.4), Language::en), "4 s");
  EXPECT_EQ(duration_words(from_seconds(119), Language::en), "119 s");
  EXPECT_EQ(duration_words(from_seconds(314.3), Language::ru), "5 мин 14 с");
  EXPECT_EQ(duration_words(from_seconds(900), Language::en), "15 min");
  EXPECT_EQ(duration_words(from_seconds(7500), Language::en), "2 h 5 min");
  EXPECT_EQ(duration_words(from_seconds(-3), Language::en), "0 s");
}

TEST(EvidenceWords, tell_the_causes_of_overload) {
  EXPECT_EQ(evidence_words(of("talks_longer", {{"talks", 40}, {"talk_s", 360}, {"usual_s", 180}}), Language::en),
            "The latest 40 talks typically lasted about 6 min; usual at this hour is 3 min.");
  EXPECT_EQ(evidence_words(of("members_missing", {{"at_work", 3.2}, {"expected", 8}}), Language::en),
            "Agents at work in this queue: 3; usual at this hour: 8.");
  EXPECT_EQ(evidence_words(of("arrivals_up", {{"callers", 81}, {"expected", 44.6}, {"span_s", 1800}}), Language::ru),
            "За 30 мин позвонило абонентов: 81; ожидалось 45.");
}

TEST(EvidenceWords, every_template_has_a_sentence_in_both_languages_whatever_numbers_it_gets) {
  for (const auto id : evidence_templates()) {
    for (const Language l : {Language::en, Language::ru}) {
      for (const double v : {0.0, 1.0, 2.0, 900.5, -1.0, 1e300}) {
        detect::Values values;
        for (const auto name : evidence_values()) values[std::string(name)] = v;
        const std::string words = evidence_words(of(std::string(id), values), l);
        EXPECT_TRUE(words.ends_with('.')) << words;
        EXPECT_THAT(words, Not(HasSubstr("{}")));
      }
      EXPECT_TRUE(evidence_words(of(std::string(id), {}), l).ends_with('.'));
    }
    EXPECT_NE(evidence_words(of(std::string(id), {}), Language::en),
              evidence_words(of(std::string(id), {}), Language::ru));
  }
}

TEST(EvidenceWords, an_unknown_template_does_not_invent_anything) {
  EXPECT_EQ(evidence_words(of("of_a_newer_version", {{"wait_s", 900}}), Language::en), "A sign seen in 14 cases.");
}

TEST(EvidenceWords, lists_are_sorted_for_who_searches_them) {
  EXPECT_TRUE(std::ranges::is_sorted(evidence_templates()));
  EXPECT_TRUE(std::ranges::is_sorted(evidence_values()));
  EXPECT_TRUE(std::ranges::is_sorted(check_templates()));
}

TEST(CheckWords, every_first_check_of_every_kind_has_words_in_both_languages) {
  for (const Kind kind : {Kind::artificial_hold, Kind::phones_refuse, Kind::dead_queue}) {
    ASSERT_EQ(first_checks(kind).size(), 3U);
    for (const std::string& id : first_checks(kind)) {
      EXPECT_FALSE(check_words(id, Language::en).empty()) << id;
      EXPECT_NE(check_words(id, Language::en), check_words(id, Language::ru)) << id;
    }
  }
  EXPECT_EQ(check_words("check_the_weather", Language::en), "");
}

TEST(KindWords, each_kind_has_a_title_and_a_sentence) {
  for (int k = 0; k <= static_cast<int>(Kind::unknown); ++k) {
    for (const Language l : {Language::en, Language::ru}) {
      EXPECT_FALSE(kind_words(static_cast<Kind>(k), l).empty());
      EXPECT_TRUE(kind_sentence(static_cast<Kind>(k), l).ends_with('.'));
    }
  }
}

}  // namespace
}  // namespace hf::incidents
