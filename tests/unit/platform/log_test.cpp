#include "hal/platform/log.hpp"

#include <gtest/gtest.h>

namespace hf {
namespace {

using namespace std::chrono_literals;

TEST(Log, a_peer_cannot_forge_a_line) {
  EXPECT_EQ(escape_for_log("user\n2026-01-01 info admin logged in"), "user\\x0a2026-01-01 info admin logged in");
  EXPECT_EQ(escape_for_log("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(escape_for_log("a\r\x7f"), "a\\x0d\\x7f");
  EXPECT_EQ(escape_for_log("\xc2\x9b"
                           "2J"),
            "\\xc2\\x9b2J")
      << "C1 control: CSI";
}

TEST(Log, keeps_other_scripts_and_escapes_broken_bytes) {
  EXPECT_EQ(escape_for_log("очередь"), "очередь");
  EXPECT_EQ(escape_for_log("a\xff\xc3"), "a\\xff\\xc3");
}

TEST(Log, cuts_endless_lines) {
  const std::string line = escape_for_log(std::string(1 << 20, 'x'));
  EXPECT_LT(line.size(), 3000u);
  EXPECT_TRUE(line.ends_with("..."));
}

TEST(Log, writes_to_standard_error_what_the_level_lets_through) {
  set_log_level(LogLevel::info);
  testing::internal::CaptureStderr();
  log_info("test", "caller {}\nforged", 7);
  log(LogLevel::debug, "test", "not this");
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_NE(out.find("info test: caller 7\\x0aforged\n"), std::string::npos) << out;
  EXPECT_EQ(out.find("not this"), std::string::npos);
  set_log_level(LogLevel::warning);
}

TEST(LogGate, holds_a_flood_back_and_counts_it) {
  LogGate gate;
  const SteadyTime start{};
  int passed = 0;
  for (int i = 0; i < 1000; ++i) passed += gate.ask("ami", start).pass ? 1 : 0;
  EXPECT_EQ(passed, 20);
  EXPECT_TRUE(gate.ask("web", start).pass) << "one source silenced another";
  const auto later = gate.ask("ami", start + 1s);
  EXPECT_TRUE(later.pass);
  EXPECT_EQ(later.held_back, 980u);
}

TEST(LogGate, does_not_grow_with_the_number_of_sources) {
  LogGate gate;
  int passed = 0;
  for (int i = 0; i < 10'000; ++i) passed += gate.ask("peer " + std::to_string(i), SteadyTime{}).pass ? 1 : 0;
  EXPECT_EQ(passed, 256 + 20);
}

TEST(LogLevelName, is_read_back) {
  EXPECT_EQ(parse_log_level("warning"), LogLevel::warning);
  EXPECT_EQ(parse_log_level("verbose"), std::nullopt);
}

}  // namespace
}  // namespace hf
