#include "hal/pbx/asterisk/syslog_frame.hpp"

#include <gtest/gtest.h>

namespace hf::pbx {
namespace {

using Texts = std::vector<std::string>;

// Fed in pieces of every size, the messages are the same.
Texts messages(const std::string& bytes) {
  Texts first;
  for (size_t piece = 1; piece <= bytes.size(); piece = piece < 8 ? piece + 1 : piece * 3) {
    SyslogFrames frames;
    Texts out;
    for (size_t at = 0; at < bytes.size(); at += piece) frames.feed(std::string_view(bytes).substr(at, piece), out);
    if (piece == 1) first = out;
    EXPECT_EQ(out, first) << "in pieces of " << piece;
  }
  return first;
}

TEST(SyslogFrames, are_counted_or_a_line_each) {
  EXPECT_EQ(messages("11 <13>1 a b c7 <13>x y"), (Texts{"<13>1 a b c", "<13>x y"}));
  EXPECT_EQ(messages("<13>one\n<13>two\n\n<13>thr"), (Texts{"<13>one", "<13>two"}));
  EXPECT_EQ(messages("8 <13>a\nb!<13>two\n"), (Texts{"<13>a\nb!", "<13>two"})) << "a counted message may hold a line end";
}

TEST(SyslogFrames, pass_over_what_is_too_long_and_read_what_follows) {
  SyslogFrames frames;
  Texts out;
  frames.feed("<13>" + std::string(10 << 20, 'x') + "\n<13>two\n", out);
  frames.feed("9999999 " + std::string(9'999'999, 'y') + "7 <13>x y", out);
  EXPECT_EQ(out, (Texts{"<13>two", "<13>x y"}));
  EXPECT_EQ(frames.passed_over(), 2u);
}

TEST(LoggedText, is_found_in_both_forms) {
  const std::string line = "1772445600|1772445600.1|sales|NONE|ENTERQUEUE||1001|1";
  EXPECT_EQ(logged_text("<133>1 2026-03-02T10:00:00.123456+01:00 pbx queue_log - - - " + line + "\n"), line);
  EXPECT_EQ(logged_text("<133>1 2026-03-02T10:00:00Z pbx queue_log 17 ID47 [x@1 a=\"\\]\"][y b=\"2\"] \xEF\xBB\xBF" + line), line);
  EXPECT_EQ(logged_text("<133>Mar  2 10:00:00 pbx queue_log: " + line), line);
  EXPECT_EQ(logged_text("<133>2026-03-02T10:00:00+01:00 pbx queue_log[17]: " + line), line);
}

TEST(LoggedText, is_empty_for_what_is_no_syslog) {
  for (const char* none : {"", "<", "<>", "<13", "<abc>x: y", "<12345>x: y", "13>x: y", "<13>1 a b", "<13>1 a b c d e [x", "<13>no tag"}) EXPECT_EQ(logged_text(none), "") << none;
}

}  // namespace
}  // namespace hf::pbx
