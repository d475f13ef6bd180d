// What a signal supports, what the kinds ask people to check, and the sentences of the catalogue's signals.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "agent/detect/catalogue.hpp"
#include "agent/incidents/book.hpp"
#include "agent/incidents/evidence_words.hpp"
#include "agent/incidents/sentence_table.hpp"

namespace hf::incidents {
namespace {

TEST(Kinds, every_incident_of_the_catalogue_is_a_kind) {
  for (const auto& signal : detect::catalogue()) {
    if (signal.incident.empty()) continue;
    EXPECT_EQ(to_string(kind_from(signal.incident)), signal.incident) << signal.id;
    EXPECT_EQ(kind_of_signal(signal.id), kind_from(signal.incident)) << signal.id;
  }
}

TEST(Kinds, trunk_failure_source_gap_and_unknown_have_three_checks_in_both_languages) {
  for (const Kind kind : {Kind::trunk_failure, Kind::source_gap, Kind::unknown}) {
    const auto checks = first_checks(kind);
    ASSERT_EQ(std::set<std::string>(checks.begin(), checks.end()).size(), 3u) << to_string(kind);
    for (const auto& check : checks) {
      const std::string en = check_words(check, Language::en), ru = check_words(check, Language::ru);
      EXPECT_FALSE(en.empty()) << check;
      EXPECT_FALSE(ru.empty()) << check;
      EXPECT_NE(en, ru) << check;
    }
    EXPECT_FALSE(kind_words(kind, Language::ru).empty());
  }
}

detect::Finding about(const char* signal, detect::FindingKind kind, const char* line, double at) {
  detect::Finding f;
  f.signal = signal, f.kind = kind, f.line = line, f.at = f.since = from_unix_seconds(1'790'000'000 + at);
  return f;
}

TEST(Kinds, what_has_no_name_yet_is_one_incident_a_signal_and_line) {
  Book book("epoch");
  std::vector<Incident> changed;
  book.on(about("promised_wait", detect::FindingKind::news, "1", 0), changed);
  book.on(about("promised_wait", detect::FindingKind::news, "2", 0), changed);
  book.on(about("short_answers", detect::FindingKind::news, "", 0), changed);
  EXPECT_EQ(book.open().size(), 3u);
  book.on(about("promised_wait", detect::FindingKind::cleared, "1", 60), changed);
  EXPECT_EQ(book.open().size(), 2u);
  EXPECT_EQ(changed.back().lines, std::vector<std::string>{"1"});
}

TEST(Kinds, evidence_of_finished_calls_opens_nothing_and_joins_a_standing_hold) {
  Book book("epoch");
  std::vector<Incident> changed;
  auto sign = about("shifted_arrivals", detect::FindingKind::evidence, "1", 0);
  sign.template_id = "shifted_arrivals", sign.values = {{"answers", 20}, {"of", 22}, {"lag_s", 903}};
  book.on(sign, changed);
  EXPECT_TRUE(book.open().empty());
  book.on(about("held_beside_free", detect::FindingKind::news, "1", 0), changed);
  book.on(sign, changed);
  ASSERT_EQ(book.open().size(), 1u);
  const Incident& hold = book.open().begin()->second;
  EXPECT_EQ(hold.kind, Kind::artificial_hold);
  ASSERT_EQ(hold.evidence.size(), 1u);
  EXPECT_EQ(evidence_words(hold.evidence[0], Language::en), "20 of 22 answers repeat the arrivals of 15 min 3 s earlier.");
  EXPECT_EQ(evidence_words(hold.evidence[0], Language::ru), "20 из 22 ответов повторяют поступления, бывшие за 15 мин 3 с до них.");
}

TEST(Kinds, a_share_and_a_ratio_are_said_in_percent_and_with_one_decimal) {
  const Evidence quick{"hangups_after_announcement", {{"left", 12}, {"of", 15}, {"ratio", 7.46}}, 15, {}};
  EXPECT_NE(evidence_words(quick, Language::ru).find("в 7,5 раза"), std::string::npos);
  const Evidence cut{"short_answers", {{"calls", 9}, {"of", 20}, {"usual_share", 0.021}}, 20, {}};
  EXPECT_NE(evidence_words(cut, Language::en).find("usually it is 2 %"), std::string::npos);
}

TEST(Kinds, every_sentence_of_the_table_is_listed_and_lacks_no_name) {
  for (const TableSentence& sentence : sentence_table()) {
    EXPECT_TRUE(std::ranges::binary_search(evidence_templates(), sentence.id)) << sentence.id;
    for (const std::string_view text : {sentence.en, sentence.ru})
      for (size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
        const auto name = text.substr(open + 1, text.find('}', open) - open - 1);
        EXPECT_TRUE(std::ranges::binary_search(evidence_values(), name)) << sentence.id << " " << name;
      }
  }
}

}  // namespace
}  // namespace hf::incidents
