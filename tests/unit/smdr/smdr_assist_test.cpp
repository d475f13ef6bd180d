#include "hal/pbx/smdr/smdr_assist.hpp"

#include <gmock/gmock.h>

namespace hf::pbx {
namespace {

using testing::Contains;
using testing::Not;
using F = SmdrField;

const TimeZone& berlin() {
  static const TimeZone kZone = *TimeZone::find("Europe/Berlin");
  return kZone;
}

SmdrProposal propose(const std::string& text) {
  auto proposal = propose_smdr(text, berlin());
  if (!proposal) return ADD_FAILURE() << proposal.error().what, SmdrProposal{};
  return std::move(*proposal);
}

std::string two(int n) { return (n < 10 ? "0" : "") + std::to_string(n); }

// Fifty lines as an Avaya IP Office prints them, with its headings.
std::string avaya() {
  std::string text = "Call Start,Connected Time,Ring Time,Caller,Direction,Called Number,Dialled Number,Account,Is Internal,Call ID\n";
  for (int i = 0; i < 50; ++i)
    text += "2026/03/" + two(13 + i / 20) + " 10:" + two(i) + ":00,00:03:" + two(i) + "," + std::to_string(5 + i % 20) + ",+4917012345" + two(i) + "," + (i % 5 == 0 ? "O" : "I") +
            ",sales,0800123456,,0," + std::to_string(1000014 + i) + "\n";
  return text;
}

// Fifty lines of eighty signs, as a Panasonic prints them.
std::string panasonic() {
  std::string text = "  Date    Time    Ext CO        Dial Number        Ring Duration\n";
  for (int i = 0; i < 50; ++i)
    text += "03/" + two(13 + i / 25) + "/26 10:" + two(i) + "AM " + std::to_string(1200 + i % 4) + "  01 <I>01701234" + two(i) + "5              0'" + two(5 + i % 20) + " 00:03'" + two(i) + "\n";
  return text;
}

TEST(SmdrAssist, joins_records_of_several_lines) {
  std::string text = "Start,Ring,Talk,Caller,Called\n";
  for (int i = 0; i < 30; ++i)
    text += "2026-03-" + two(13 + i / 20) + " 10:" + two(i) + ":00,00:00:" + two(5 + i % 20) + ",00:03:" + two(i) + ",+4917012345" + two(i) + ",0800123456\n&,203,CALL" + std::to_string(1000 + i) + ",I\n";
  const SmdrProposal p = propose(text);
  EXPECT_EQ(p.how.continued, "&");
  EXPECT_EQ(p.how.separator, ",");
  EXPECT_EQ(p.how.column(F::start).at, 1u);
  EXPECT_EQ(p.how.column(F::device).at, 7u) << "of the second line";
  EXPECT_THAT(p.doubts, Contains(SmdrDoubt::several_lines));
  EXPECT_THAT(p.doubts, Not(Contains(SmdrDoubt::unread)));
  ASSERT_EQ(p.lines.size(), 31u) << "a heading and thirty records";
  EXPECT_EQ(p.lines[1].record.device, "203");
  EXPECT_EQ(p.lines[1].record.ring, std::chrono::seconds(5));
}

TEST(SmdrAssist, takes_no_line_for_a_further_one_where_all_begin_with_a_blank) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "  2026-03-13 10:" + two(i) + ":00  00:03:" + two(i) + "  +4917012345" + two(i) + "  203\n";
  EXPECT_EQ(propose(text).how.continued, "");
}

TEST(SmdrAssist, reads_separated_lines_by_their_headings) {
  const SmdrProposal p = propose(avaya());
  EXPECT_EQ(p.how.separator, ",");
  EXPECT_EQ(p.how.column(F::start).at, 1u);
  EXPECT_EQ(p.how.column(F::talk).at, 2u);
  EXPECT_EQ(p.how.column(F::ring).at, 3u);
  EXPECT_EQ(p.how.column(F::caller).at, 4u);
  EXPECT_EQ(p.how.column(F::direction).at, 5u);
  EXPECT_EQ(p.how.inbound, "I");
  EXPECT_EQ(p.how.date_order, DateOrder::ymd);
  size_t records = 0, passed = 0;
  for (const auto& line : p.lines) records += line.verdict == SmdrVerdict::record, passed += line.verdict == SmdrVerdict::passed_over;
  EXPECT_EQ(records, 40u);
  EXPECT_EQ(passed, 11u) << "the headings, and calls to outside";
  EXPECT_THAT(p.doubts, Not(Contains(SmdrDoubt::unread)));
  EXPECT_EQ(p.lines[2].record.ring, std::chrono::seconds(6));
}

TEST(SmdrAssist, tells_ring_from_talk_by_their_lengths_when_nothing_names_them) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "2026-03-02 10:" + two(i) + ":00;0:00:" + two(3 + i % 9) + ";0:04:" + two(i) + ";+4917012345" + two(i) + ";20" + std::to_string(i % 5) + "\n";
  const SmdrProposal p = propose(text);
  EXPECT_EQ(p.how.column(F::ring).at, 2u);
  EXPECT_EQ(p.how.column(F::talk).at, 3u);
  EXPECT_EQ(p.how.column(F::device).at, 5u);
  EXPECT_THAT(p.doubts, Contains(SmdrDoubt::guessed_durations));
  EXPECT_THAT(p.doubts, Contains(SmdrDoubt::no_direction));
}

TEST(SmdrAssist, cuts_columns_of_fixed_width_where_all_lines_are_blank) {
  const SmdrProposal p = propose(panasonic());
  EXPECT_EQ(p.how.separator, "");
  EXPECT_EQ(p.how.column(F::start_date).at, 1u);
  EXPECT_EQ(p.how.column(F::start_date).width, 8u);
  EXPECT_EQ(p.how.column(F::start_time).at, 10u);
  EXPECT_EQ(p.how.date_order, DateOrder::mdy);
  EXPECT_TRUE(p.how.has(F::ring) && p.how.has(F::talk) && p.how.has(F::device));
  EXPECT_EQ(p.how.caller_after, "<I>") << "number and direction stand in one column";
  EXPECT_EQ(p.how.inbound, "<I>|<D>");
  EXPECT_NE(p.lines[1].record.caller, 0u);
  EXPECT_THAT(p.doubts, Not(Contains(SmdrDoubt::no_direction)));
  EXPECT_THAT(p.doubts, Contains(SmdrDoubt::fixed_width));
  EXPECT_THAT(p.doubts, Contains(SmdrDoubt::which_end));
}

TEST(SmdrAssist, says_when_day_and_month_cannot_be_told_apart) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "02.03.2026 10:" + two(i) + ":00;0:00:07;0:04:" + two(i) + ";+4917012345" + two(i) + "\n";
  EXPECT_THAT(propose(text).doubts, Contains(SmdrDoubt::date_order));
  EXPECT_THAT(propose(avaya()).doubts, Not(Contains(SmdrDoubt::date_order)));
}

TEST(SmdrAssist, doubts_a_handful_of_lines_and_full_columns) {
  const SmdrProposal p = propose("2026-03-02 10:00:00;9'59;0:04:01;+491701234567\n2026-03-02 10:01:00;0'07;0:04:01;+491701234568\n2026-03-02 10:02:00;9'59;0:01:01;+491701234569\n");
  EXPECT_THAT(p.doubts, Contains(SmdrDoubt::few_lines));
  EXPECT_THAT(p.doubts, Contains(SmdrDoubt::clipped));
}

TEST(SmdrAssist, refuses_what_is_no_call_record) {
  EXPECT_FALSE(propose_smdr("", berlin()));
  EXPECT_FALSE(propose_smdr("hello\nworld\n", berlin()));
  EXPECT_FALSE(propose_smdr(std::string(100'000, '\0'), berlin()));
}

TEST(SmdrAssist, looks_at_two_hundred_lines_and_no_more) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "2026-03-02 10:00:00;0:00:07;0:04:01;+491701234567\n";
  EXPECT_EQ(propose(text).lines.size(), kMaxPasted);
}

TEST(SmdrAssist, every_doubt_has_its_words) {
  for (int i = 0; i <= static_cast<int>(SmdrDoubt::fixed_width); ++i) {
    EXPECT_FALSE(to_string(static_cast<SmdrDoubt>(i)).empty());
    EXPECT_FALSE(in_words(static_cast<SmdrDoubt>(i)).empty());
  }
}

}  // namespace
}  // namespace hf::pbx
