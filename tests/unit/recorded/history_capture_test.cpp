// Tables of an Asterisk as history: shapes, zones, joins, and what is wrong with them.
#include <gmock/gmock.h>

#include "hal/pbx/asterisk/history_capture.hpp"
#include "hal/pbx/csv_reader.hpp"
#include "hal/pbx/pbx_text.hpp"
#include "hal/pbx/recorded/open_capture.hpp"
#include "tests/support/capture_files.hpp"

namespace hf::pbx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Paths = std::vector<std::filesystem::path>;

struct Read {
  std::vector<std::string> events;
  std::vector<std::string> warnings;
};
Read read(const Paths& paths) {
  Read r;
  auto capture = open_captures(paths, SipKey{1});
  EXPECT_TRUE(capture) << capture.error().what;
  if (!capture) return r;
  for (Batch batch; (*capture)->next(batch);)
    for (CallEvent& event : batch.events) {
      event.pbx_at.reset();
      r.events.push_back(to_text(event));
    }
  r.warnings = (*capture)->warnings();
  return r;
}

TEST(CsvReader, reads_quotes_separators_and_line_ends_inside_a_field) {
  std::vector<std::string> fields;
  EXPECT_TRUE(split_csv(R"("a ""b"" c",,"d,e",f)", ',', fields));
  EXPECT_THAT(fields, ElementsAre("a \"b\" c", "", "d,e", "f"));
  EXPECT_FALSE(split_csv("a,\"open", ',', fields));
  EXPECT_EQ(csv_separator("calldate;\"a,b,c\";src"), ';');
  EXPECT_EQ(csv_separator("calldate\tsrc\tdst"), '\t');
}

TEST(CsvReader, goes_on_behind_a_quote_that_nothing_closes) {
  TempFolder folder;
  std::string text = "a,\"open\n";
  for (int i = 0; i < 60; ++i) text += "x,y\n";
  CsvReader reader(std::move(*InputFile::open(folder.write("t.csv", text))));
  std::vector<std::string> fields;
  ASSERT_TRUE(reader.next(fields).value());
  EXPECT_TRUE(reader.overlong());
  size_t rows = 0;
  while (reader.next(fields).value()) {
    ++rows;
    EXPECT_THAT(fields, ElementsAre("x", "y"));
    EXPECT_EQ(reader.line(), rows + 1);
  }
  EXPECT_EQ(rows, 60u);
}

// FreePBX's database, exported with column names and semicolons, in the summer time of Berlin: unique ids tell the zone.
const std::string kFreePbx =
    "calldate;clid;src;dst;dcontext;channel;dstchannel;lastapp;lastdata;duration;billsec;disposition;uniqueid;did;linkedid\n"
    "2026-07-01 10:00:00;\"x\" <1>;030111;600;ext-queues;PJSIP/trunk-00000001;;Queue;\"600,t,,\";47;47;ANSWERED;1782892800.1;5550100;1782892800.1\n"
    "2026-07-01 10:00:20;\"x\" <1>;030111;201;from-queue-exten-only;Local/201@from-queue-00000001;PJSIP/201-00000003;Dial;PJSIP/201;27;25;ANSWERED;1782892820.2;;1782892800.1\n"
    "2026-07-01 10:05:00;\"y\" <2>;030222;s;app-announcement-1;PJSIP/trunk-00000004;;MusicOnHold;\"default,900\";120;120;ANSWERED;1782893100.9;5550100;1782893100.9\n";

TEST(HistoryCapture, tells_a_served_and_a_held_caller_from_a_cdr_table_of_freepbx) {
  TempFolder folder;
  const Read r = read({folder.write("cdr.csv", kFreePbx)});
  EXPECT_THAT(r.warnings, IsEmpty());
  EXPECT_THAT(r.events, ElementsAre("1782892800.000000 source_up product=Asterisk%20CDR channel_events=1",
                                    "1782892800.000000 channel_started channel=1782892800.1 linked=1782892800.1 device=PJSIP/trunk dialled=5550100 context=ext-queues caller=" + std::to_string(caller_key(SipKey{1}, "030111")),
                                    "1782892800.000000 channel_state channel=1782892800.1 state=2",
                                    "1782892800.000000 channel_step channel=1782892800.1 kind=3 context=ext-queues sound=600",
                                    "1782892820.000000 queue_joined channel=1782892800.1 queue=600",
                                    "1782892822.000000 queue_left channel=1782892800.1 queue=600",
                                    "1782892822.000000 member_connected channel=1782892800.1 queue=600 member=PJSIP/201 leg=1782892820.2",
                                    "1782892847.000000 channel_ended channel=1782892800.1 linked=1782892800.1",
                                    "1782893100.000000 channel_started channel=1782893100.9 linked=1782893100.9 device=PJSIP/trunk dialled=5550100 context=app-announcement-1 caller=" + std::to_string(caller_key(SipKey{1}, "030222")),
                                    "1782893100.000000 channel_state channel=1782893100.9 state=2",
                                    "1782893100.000000 channel_step channel=1782893100.9 kind=1 context=app-announcement-1 planned=900000000",
                                    "1782893220.000000 hangup_requested channel=1782893100.9",
                                    "1782893220.000000 channel_ended channel=1782893100.9 linked=1782893100.9",
                                    "1782893220.000000 source_down reason=end%20of%20the%20tables"));
}

// The queue_log kept in a database, its times printed in the PBX's zone or as seconds.
TEST(HistoryCapture, reads_a_queue_log_table_in_the_zone_that_the_cdr_tells) {
  TempFolder folder;
  const auto cdr = folder.write("cdr.csv", kFreePbx);
  const std::string head = "\"id\",\"time\",\"callid\",\"queuename\",\"agent\",\"event\",\"data1\",\"data2\",\"data3\"\n";
  const auto log = folder.write("ql.csv", head + "\"1\",\"2026-07-01 10:00:05.5\",\"1782892800.1\",\"600\",\"NONE\",\"ENTERQUEUE\",\"\",\"030111\",\"1\"\n"
                                                 "\"2\",\"1782892822\",\"1782892800.1\",\"600\",\"Anna\",\"CONNECT\",\"17\",\"1782892820.2\",\"2\"\n");
  const Read r = read({log, cdr});  // the order on the command line does not matter
  EXPECT_THAT(r.events, testing::Contains("1782892805.500000 queue_joined channel=1782892800.1 queue=600 position=1"));
  EXPECT_THAT(r.events, testing::Contains("1782892822.000000 member_connected channel=1782892800.1 queue=600 member=Anna name=Anna leg=1782892820.2 "
                                          "queue_wait=17000000 rang=2000000"));
  EXPECT_EQ(std::ranges::count_if(r.events, [](const std::string& e) { return e.find("queue_joined") != e.npos; }), 1);
}

TEST(HistoryCapture, names_each_row_that_it_passes_over_and_reads_the_rest) {
  TempFolder folder;
  const Read r = read({folder.write("cdr.csv", kFreePbx + "yesterday;;;;;;;;;;;;1782893101.1;;\n2026-07-01 10:07:00;x;1;2;c;d;e;f;g;1;1;ANSWERED;;;\n")});
  ASSERT_EQ(r.warnings.size(), 2u);
  EXPECT_THAT(r.warnings[0], HasSubstr("cdr.csv:5: \"yesterday\" is no time, row passed over"));
  EXPECT_THAT(r.warnings[1], HasSubstr("cdr.csv:6: no unique id (cdr.conf needs loguniqueid=yes)"));
  EXPECT_EQ(r.events.size(), 14u);
}

// Found by fuzzing: a bare 1, two hours east of Greenwich, was a call that began before 1970, and time went back.
TEST(HistoryCapture, passes_over_a_time_of_1970_in_a_zone_east_of_greenwich) {
  TempFolder folder;
  const Read r = read({folder.write("cdr.csv", kFreePbx + "1;x;1;2;c;d;e;f;g;1;1;ANSWERED;1782893101.1;;\n")});
  ASSERT_EQ(r.warnings.size(), 1u);
  EXPECT_THAT(r.warnings[0], HasSubstr("cdr.csv:5: \"1\" is no time, row passed over"));
  EXPECT_EQ(r.events.size(), 14u);
}

TEST(HistoryCapture, refuses_what_is_no_table_and_says_what_one_needs) {
  TempFolder folder;
  const auto cdr = folder.write("cdr.csv", kFreePbx), other = folder.write("people.csv", "name,age\nx,1\n");
  const auto refused = open_captures({cdr, other}, SipKey{});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
  EXPECT_THAT(refused.error().what, HasSubstr("people.csv: neither a queue_log nor a CSV table"));
  const auto missing = open_captures({cdr, folder.path() / "gone"}, SipKey{});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
}

TEST(HistoryCapture, finds_the_tables_of_asterisks_log_folder) {
  TempFolder folder;
  std::filesystem::create_directories(folder.path() / "cdr-csv");
  folder.write("cdr-csv/Master.csv", kFreePbx);
  folder.write("queue_log", "1782892805|1782892800.1|600|NONE|ENTERQUEUE||030111|1\n");
  folder.write("notes.csv", "a,b\n");
  const Read r = read({folder.path()});
  EXPECT_THAT(r.events.front(), HasSubstr("product=Asterisk%20CDR,%20queue_log"));
}

// A caller held for exactly a quarter of an hour whose second phone rings then: its row must not move the clock.
TEST(TableClock, is_not_moved_by_one_row_that_is_a_quarter_of_an_hour_off) {
  TableClock clock;
  const Time noon{std::chrono::seconds(1'782'892'800)};
  clock.learn(noon + std::chrono::hours(2), "1782892800.1");
  clock.learn(noon + std::chrono::hours(2) + std::chrono::minutes(15), "1782892800.1");
  EXPECT_EQ(clock.utc(noon + std::chrono::hours(2)), noon);
  for (int i = 0; i < 3; ++i) clock.learn(noon + std::chrono::hours(1), "de-01-1782892800.7");  // winter time has come
  EXPECT_EQ(clock.utc(noon + std::chrono::hours(1)), noon);
}

TEST(TableClock, leaves_times_alone_when_ids_tell_nothing) {
  TableClock clock;
  clock.learn(Time{std::chrono::hours(490'000)}, "asterisk-77");
  EXPECT_FALSE(clock.learnt());
}

TEST(PrintedTime, refuses_dates_that_no_calendar_has) {
  EXPECT_TRUE(printed_time("2026-02-28 23:59:59.999999"));
  EXPECT_FALSE(printed_time("2026-02-29 00:00:00"));
  EXPECT_FALSE(printed_time("2026-01-01 24:00:00"));
  EXPECT_FALSE(printed_time("2026-01-01 10:00:00 CET"));
  EXPECT_FALSE(printed_time("0000-00-00 00:00:00"));
}

}  // namespace
}  // namespace hf::pbx
