#include "firmware/health/checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "hal/net/identity.hpp"
#include "hal/platform/sqlite.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::health {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Time kNow = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 26)) + 12h;

std::string status_json(Time at, std::string_view state) {
  return "{\"version\":\"1.2.0\",\"at\":" + std::to_string(unix_seconds(at)) + ",\"started\":" + std::to_string(unix_seconds(at - 1h)) +
         ",\"address\":\"https://0.0.0.0:8443/\",\"sources\":[{\"kind\":\"ami\",\"address\":\"192.0.2.1:5038\",\"state\":\"" + std::string(state) + "\"}]}";
}

TEST(Agent, is_good_only_while_its_word_is_fresh) {
  EXPECT_TRUE(check_agent(read_agent_word(status_json(kNow - 5s, "healthy")), kNow).good);
  const auto old = check_agent(read_agent_word(status_json(kNow - 2min, "healthy")), kNow);
  EXPECT_FALSE(old.good);
  EXPECT_THAT(old.what, HasSubstr("120 s old"));
  EXPECT_FALSE(check_agent(read_agent_word(status_json(kNow + 2min, "healthy")), kNow).good) << "a word from the future";
  EXPECT_FALSE(check_agent(fail(ErrorKind::not_found, "status.json: none"), kNow).good);
}

TEST(Agent, whose_word_cannot_be_read_says_nothing) {
  for (const char* wrong : {"", "[]", "{}", "{\"version\":\"1\"}", "{\"version\":\"1\",\"address\":\"http://x/\"}", "{\"version\":\"1\",\"address\":\"https://0.0.0.0:99999/\"}"})
    EXPECT_FALSE(read_agent_word(wrong)) << wrong;
  const auto word = read_agent_word(status_json(kNow, "degraded"));
  ASSERT_TRUE(word);
  EXPECT_EQ(word->port, 8443);
  EXPECT_TRUE(word->sources.at(0).heard);
}

TEST(Sources, that_were_heard_must_be_heard_again) {
  const auto word = read_agent_word(status_json(kNow, "connecting")).value();
  const auto lost = check_sources(word, {"ami 192.0.2.1:5038"});
  EXPECT_FALSE(lost.good);
  EXPECT_THAT(lost.what, HasSubstr("ami 192.0.2.1:5038"));
  const auto absent = check_sources(word, {"ami 192.0.2.99:5038"});
  EXPECT_TRUE(absent.good) << "it was absent before";
  EXPECT_THAT(absent.what, HasSubstr("absent"));
  EXPECT_TRUE(check_sources(AgentWord{}, {"ami 192.0.2.1:5038"}).good) << "nobody wants it any more";
}

TEST(Database, that_was_damaged_is_named) {
  const test::TempFolder folder;
  EXPECT_FALSE(check_database(folder.path()).good) << "none is no good one";
  {
    auto database = sqlite::Database::open(folder / "derived.db").value();
    ASSERT_TRUE(database.execute("CREATE TABLE t(a TEXT)"));
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(database.run("INSERT INTO t VALUES(?)", std::string(500, 'x')));
    ASSERT_TRUE(database.execute("CREATE INDEX i ON t(a)"));
  }
  EXPECT_TRUE(check_database(folder.path()).good) << check_database(folder.path()).what;
  std::fstream file(folder / "derived.db", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096 * 3);
  file << std::string(4096, '\xff');
  file.close();
  const auto damaged = check_database(folder.path());
  EXPECT_FALSE(damaged.good);
  EXPECT_THAT(damaged.what, HasSubstr("derived.db"));
}

TEST(Page, that_nobody_serves_is_bad) {
  const test::TempFolder folder;
  EXPECT_FALSE(check_page(folder.path(), 1).good) << "no certificate";
  ASSERT_TRUE(net::load_or_make_server(net::identity_files(folder.path(), "web"), {"holdfast", {"localhost", "127.0.0.1"}}, kNow));
  const auto refused = check_page(folder.path(), 1);
  EXPECT_FALSE(refused.good);
  EXPECT_EQ(refused.name, "page");
}

TEST(Clock, must_lie_where_it_can_and_not_go_back) {
  EXPECT_TRUE(check_clock(kNow, kNow - 5min).good);
  EXPECT_TRUE(check_clock(kNow, kNow + 1h).good) << "somebody set it right";
  EXPECT_FALSE(check_clock(kNow, kNow + 48h).good);
  EXPECT_FALSE(check_clock(Time{}, Time{}).good);
  EXPECT_FALSE(check_clock(kNow + 24h * 365 * 100, Time{}).good);
}

TEST(Disk, is_full_at_a_twentieth_or_at_200_megabytes) {
  EXPECT_TRUE(check_disk(16ULL << 30, 300ULL << 20).good);
  EXPECT_FALSE(check_disk(16ULL << 30, 100ULL << 20).good);
  EXPECT_FALSE(check_disk(1ULL << 30, 40ULL << 20).good);
  EXPECT_FALSE(check_disk(0, 0).good);
}

TEST(Record, keeps_what_the_next_check_compares_with) {
  Verdict verdict;
  verdict.findings = {{"disk", "full", false}};
  verdict.version = "1.2.0";
  verdict.memory = {kNow, kNow - 1h, {"ami 192.0.2.1:5038"}, "1.2.0", "disk: full"};
  const auto back = read_record(write_record(verdict, kNow));
  EXPECT_EQ(back.at, kNow);
  EXPECT_EQ(back.database_at, kNow - 1h);
  EXPECT_THAT(back.heard, ElementsAre("ami 192.0.2.1:5038"));
  EXPECT_EQ(back.failed_version, "1.2.0");
  EXPECT_EQ(back.failed, "disk: full");
  EXPECT_THAT(write_record(verdict, kNow), HasSubstr("\"good\":false"));
  for (const char* wrong : {"", "[]", "{\"heard\":5,\"at\":\"x\"}", "{\"at\":1e300}"}) EXPECT_EQ(read_record(wrong).at, Time{}) << wrong;
}

TEST(Verdict, names_each_thing_when_there_is_no_agent) {
  const test::TempFolder folder;
  Places places;
  places.state = folder.path(), places.protection = folder / "none";
  const auto verdict = look(places, {}, kNow);
  EXPECT_FALSE(verdict.good());
  std::vector<std::string> names, bad;
  for (const auto& f : verdict.findings) {
    names.push_back(f.name);
    if (!f.good) bad.push_back(f.name);
  }
  EXPECT_THAT(names, ElementsAre("agent", "database", "source", "page", "clock", "disk", "protection"));
  EXPECT_THAT(bad, ElementsAre("agent", "database", "source", "page"));
  EXPECT_FALSE(Verdict{}.good()) << "nothing looked at is not good";
}

// It said "sealed" of a disk that had moved here and could not be sealed, and the next power cut left the box waiting for a key.
TEST(Verdict, says_how_the_data_is_protected) {
  const test::TempFolder folder;
  Places places;
  places.state = folder.path(), places.protection = folder / "protection";
  for (const auto& [word, said] : {std::pair("tpm2\n", "sealed to this machine's TPM"), {"recovery-key\n", "WEAK: the data is not sealed to this machine"}, {"key-file\n", "WEAK: there is no TPM"}}) {
    ASSERT_TRUE(write_file(places.protection, word));
    EXPECT_THAT(look(places, {}, kNow).findings.back().what, HasSubstr(said)) << word;
  }
}

TEST(Verdict, remembers_a_lost_source_until_nobody_wants_it) {
  const test::TempFolder folder;
  Places places;
  places.state = folder.path();
  Memory memory;
  const auto step = [&](std::string_view json) {
    EXPECT_TRUE(write_file(folder / "status.json", json));
    memory = look(places, memory, kNow).memory;
    return memory.heard;
  };
  EXPECT_THAT(step(status_json(kNow, "healthy")), ElementsAre("ami 192.0.2.1:5038"));
  EXPECT_THAT(step(status_json(kNow, "connecting")), ElementsAre("ami 192.0.2.1:5038"));
  EXPECT_THAT(step("{\"version\":\"1\",\"address\":\"https://0.0.0.0:1/\",\"sources\":[]}"), ElementsAre());
}

}  // namespace
}  // namespace hf::health
