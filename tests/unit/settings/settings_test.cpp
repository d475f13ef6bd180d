#include "agent/settings/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "agent/settings/schema.hpp"
#include "hal/platform/files.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::settings {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using namespace std::chrono_literals;

std::string agent_problem(std::string_view text) {
  const auto settings = parse_agent(text, "agent.toml", "/etc/holdfast");
  return settings ? "" : settings.error().what;
}
std::string hq_problem(std::string_view text) {
  const auto settings = parse_hq(text, "hq.toml", "/etc/holdfast");
  return settings ? "" : settings.error().what;
}

TEST(Settings, an_empty_file_means_the_defaults) {
  const auto settings = parse_agent("", "agent.toml", "/");
  ASSERT_TRUE(settings);
  ASSERT_EQ(settings->sources.size(), 1u);
  EXPECT_EQ(settings->sources[0].kind, PbxKind::simulator);
  EXPECT_EQ(settings->sources[0].name, "");
  EXPECT_EQ(settings->web.address, "127.0.0.1");
  EXPECT_EQ(settings->keep_events, std::chrono::days(400));
}

// Found by the fuzzer: a list that begins behind a number hid a letter beyond a to z from the screen, and not from toml++ 3.3.0.
TEST(Settings, a_bracket_stands_where_a_value_or_a_line_begins) {
  EXPECT_THAT(agent_problem("p= 19['\xD0\x96"), HasSubstr("a bracket cannot stand there"));
  EXPECT_THAT(agent_problem("p = 19 '\xD0\x96'\n"), HasSubstr("a quote cannot stand there"));
  EXPECT_THAT(agent_problem("[site]\nlabel = [ \"\xD0\x96\" ]\n"), HasSubstr("must be a single value"));
}

// Found by the fuzzer: what follows a second '=' was read by toml++ 3.3.0 into an unreachable place.
TEST(Settings, a_second_equals_sign_is_named_before_it_is_read) {
  EXPECT_THAT(agent_problem("state_dir = +=\"\xD0\x96\"\n"), HasSubstr("agent.toml:1:"));
  EXPECT_THAT(agent_problem("state_dir = +=\"\xD0\x96\"\n"), HasSubstr("a second '=' cannot stand there"));
  EXPECT_EQ(agent_problem("state_dir = \"a=b\" # c = d\n"), "");
}

TEST(Settings, every_key_reaches_its_member) {
  const auto s = parse_agent(R"(state_dir = "state"
[web]
address = "0.0.0.0"
port = 443
redirect_port = 80
[pbx]
kind = "ami"
host = "pbx.example"
port = 5039
user = "holdfast"
secret_file = "/run/secret"
events = "call,agent"
path = "captures/one"
speed = 10
[simulator]
scenario = "hp-prequeue"
seed = 7
onset_seconds = 60
hold_seconds = 300
backfill_days = 2
[site]
id = "north-1"
label = "Норд"
time_zone = "Europe/Moscow"
[hq]
url = "https://hq.example:8445"
ca_file = "ca.pem"
certificate_file = "site.pem"
key_file = "site.key"
[retention]
events_days = 100
disk_budget_mb = 5000
minutes_days = 30
[log]
level = "debug"
)", "agent.toml", "/etc/holdfast");
  ASSERT_TRUE(s) << s.error().what;
  EXPECT_EQ(s->state_dir, "/etc/holdfast/state") << "relative paths begin at the file's folder";
  EXPECT_EQ(s->web.address, "0.0.0.0");
  EXPECT_EQ(s->web.port, 443);
  EXPECT_EQ(s->redirect_port, 80);
  EXPECT_EQ(s->sources.at(0).kind, PbxKind::ami);
  EXPECT_EQ(s->sources.at(0).host, "pbx.example");
  EXPECT_EQ(s->sources.at(0).port, 5039);
  EXPECT_EQ(s->sources.at(0).user, "holdfast");
  EXPECT_EQ(s->sources.at(0).secret_file, "/run/secret");
  EXPECT_EQ(s->sources.at(0).events, "call,agent");
  EXPECT_EQ(s->sources.at(0).path, "/etc/holdfast/captures/one");
  EXPECT_EQ(s->sources.at(0).speed, 10.0);
  EXPECT_EQ(s->sources.at(0).simulator.scenario, "hp-prequeue");
  EXPECT_EQ(s->sources.at(0).simulator.seed, 7u);
  EXPECT_EQ(s->sources.at(0).simulator.onset, 60s);
  EXPECT_EQ(s->sources.at(0).simulator.hold, 300s);
  EXPECT_EQ(s->sources.at(0).simulator.backfill, std::chrono::days(2));
  EXPECT_EQ(s->site_id, "north-1");
  EXPECT_EQ(s->site_label, "Норд");
  EXPECT_EQ(s->time_zone, "Europe/Moscow");
  EXPECT_EQ(s->hq_url, "https://hq.example:8445");
  EXPECT_EQ(s->hq_ca_file, "/etc/holdfast/ca.pem");
  EXPECT_EQ(s->hq_certificate_file, "/etc/holdfast/site.pem");
  EXPECT_EQ(s->hq_key_file, "/etc/holdfast/site.key");
  EXPECT_EQ(s->keep_events, std::chrono::days(100));
  EXPECT_EQ(s->disk_budget_mb, 5000u);
  EXPECT_EQ(s->keep_minutes, std::chrono::days(30));
  EXPECT_EQ(s->log_level, LogLevel::debug);
}

TEST(Settings, every_key_of_hq_reaches_its_member) {
  const auto s = parse_hq("state_dir = '/hq'\n[web]\naddress = '::'\nport = 1\n[ingest]\naddress = '10.0.0.1'\nport = 2\nname = 'hq.example'\n"
                          "[enrolment]\nsite_certificate_days = 30\n[retention]\nminutes_days = 10\nincidents_days = 20\n[log]\nlevel = 'error'\n",
                          "hq.toml", "/");
  ASSERT_TRUE(s) << s.error().what;
  EXPECT_EQ(s->state_dir, "/hq");
  EXPECT_EQ(s->web.address, "::");
  EXPECT_EQ(s->web.port, 1);
  EXPECT_EQ(s->ingest.address, "10.0.0.1");
  EXPECT_EQ(s->ingest.port, 2);
  EXPECT_EQ(s->name, "hq.example");
  EXPECT_EQ(s->site_certificate, std::chrono::days(30));
  EXPECT_EQ(s->keep_minutes, std::chrono::days(10));
  EXPECT_EQ(s->keep_incidents, std::chrono::days(20));
  EXPECT_EQ(s->log_level, LogLevel::error);
}

TEST(Settings, an_unknown_key_is_told_with_its_place_and_the_nearest_known_one) {
  const std::string problem = agent_problem("[web]\nport = 1\n\n[pbx]\n  prot = 5038\n");
  EXPECT_THAT(problem, HasSubstr("agent.toml:5:3: "));
  EXPECT_THAT(problem, HasSubstr("\"prot\""));
  EXPECT_THAT(problem, HasSubstr("did you mean \"port\"?"));
}

TEST(Settings, a_key_in_the_wrong_section_is_told_where_it_belongs) {
  EXPECT_THAT(agent_problem("[pbx]\nredirect_port = 80\n"), HasSubstr("it belongs in [web]"));
  EXPECT_THAT(agent_problem("redirect_port = 80\n"), HasSubstr("agent.toml:1:1: "));
  EXPECT_THAT(agent_problem("[web]\nstate_dir = '/x'\n"), HasSubstr("above the first section"));
}

TEST(Settings, an_unknown_section_is_told_once) {
  const std::string problem = agent_problem("[pbxs]\nhost = 'a'\nport = 2\n");
  EXPECT_THAT(problem, HasSubstr("agent.toml:1:1: unknown section [pbxs]; did you mean [pbx]?"));
  EXPECT_THAT(problem, Not(HasSubstr("\n")));
}

TEST(Settings, a_key_that_resembles_none_gets_no_guess) {
  EXPECT_THAT(agent_problem("[web]\nzzzzzzzz = 1\n"), Not(HasSubstr("did you mean")));
}

TEST(Settings, wrong_types_and_ranges_are_told_with_their_place) {
  EXPECT_THAT(agent_problem("[web]\nport = 'x'\n"), HasSubstr("agent.toml:2:1: \"port\" in [web] must be a whole number, not a text"));
  EXPECT_THAT(agent_problem("[web]\nport = 65536\n"), HasSubstr("must be 0 to 65535"));
  EXPECT_THAT(agent_problem("[web]\nport = -1\n"), HasSubstr("must be 0 to 65535"));
  EXPECT_THAT(agent_problem("[web]\naddress = 1\n"), HasSubstr("must be a text"));
  EXPECT_THAT(agent_problem("[web]\naddress = 'pbx.example'\n"), HasSubstr("an IP address"));
  EXPECT_THAT(agent_problem("[pbx]\nspeed = nan\n"), HasSubstr("must be 0 to"));
  EXPECT_THAT(agent_problem("[pbx]\nhost = ['a']\n"), HasSubstr("must be a single value"));
  EXPECT_THAT(agent_problem("[simulator]\nseed = true\n"), HasSubstr("not true or false"));
  EXPECT_THAT(agent_problem("[pbx]\nkind = 'amii'\n"), HasSubstr("did you mean \"ami\"?"));
  EXPECT_THAT(agent_problem("[simulator]\nscenario = 'hp_prequeue'\n"), HasSubstr("did you mean \"hp-prequeue\"?"));
  EXPECT_THAT(agent_problem("[pbx]\nuser = \"a\\r\\nAction: Originate\"\n"), HasSubstr("\"user\""));
  EXPECT_THAT(hq_problem("[ingest]\nname = ''\n"), HasSubstr("hq.toml:2:1: "));
}

TEST(Settings, all_problems_are_told_in_the_order_of_the_file) {
  const std::string problem = agent_problem("[web]\nport = 'x'\nadress = 'y'\n[log]\nlevel = 'loud'\n");
  const auto port = problem.find("\"port\""), address = problem.find("\"adress\""), level = problem.find("\"level\"");
  EXPECT_LT(port, address);
  EXPECT_LT(address, level);
  EXPECT_NE(level, std::string::npos);
}

TEST(Settings, text_that_is_no_toml_is_told_with_its_place) {
  EXPECT_THAT(agent_problem("[web]\nport = \n"), HasSubstr("agent.toml:2:"));
  EXPECT_THAT(agent_problem("[web]\nport = 1\nport = 2\n"), HasSubstr("agent.toml:3:"));
  EXPECT_THAT(agent_problem("[.web]\n"), HasSubstr("agent.toml:1:")) << "toml++ 3.3.0 would assert";
}

TEST(Settings, what_the_toml_reader_cannot_bear_is_refused_before_it) {
  EXPECT_THAT(agent_problem("[web]\n\xcd\xbc = 1\n"), HasSubstr("agent.toml:2: letters beyond a to z"));
  EXPECT_THAT(agent_problem("a = " + std::string(10'000, '[')), HasSubstr("agent.toml:1: too many brackets"));
  std::string dotted = "a";
  for (int i = 0; i < 10'000; ++i) dotted += ".a";
  EXPECT_THAT(agent_problem(dotted + " = 1"), HasSubstr("too many"));
  EXPECT_THAT(agent_problem("[site]\nlabel = \"\"\"\nx\"\"\"\n"), HasSubstr("agent.toml:2: texts of several lines"));
  EXPECT_EQ(agent_problem("# \xd0\x96 stands in a comment\n[site]\nlabel = \"\xd0\x96 \\\" ] } # . \xd0\x96\"  # \xd0\x96\n"), "");
  EXPECT_EQ(agent_problem("\xef\xbb\xbf[site]\nid = 'a'\n"), "") << "a mark that editors put first";
}

TEST(Settings, a_site_that_could_hide_a_dialled_number_is_refused) {
  EXPECT_THAT(agent_problem("[site]\nid = 'n5550101'\n"), HasSubstr("4 digits in a row"));
  EXPECT_THAT(agent_problem("[site]\nid = 'North'\n"), HasSubstr("small letters"));
  EXPECT_THAT(agent_problem("[site]\nid = ''\n"), HasSubstr("small letters"));
}

TEST(Settings, what_a_live_pbx_needs_must_be_given) {
  const std::string problem = agent_problem("[pbx]\nkind = 'ami'\n");
  for (const char* key : {"host", "user", "secret_file"}) EXPECT_THAT(problem, HasSubstr(key));
  const std::string esl = agent_problem("[pbx]\nkind = 'esl'\nuser = 'watcher'\n");
  for (const char* key : {"host", "secret_file", "name@domain"}) EXPECT_THAT(esl, HasSubstr(key));
  EXPECT_THAT(agent_problem("[pbx]\nkind = 'replay'\n"), HasSubstr("path"));
  EXPECT_THAT(agent_problem("[pbx]\nkind = 'queue_log'\n"), HasSubstr("path"));
}

TEST(Settings, a_pbx_over_tls_is_checked_or_the_start_fails) {
  const std::string pbx = "[pbx]\nkind = 'ami'\nhost = 'pbx'\nuser = 'u'\nsecret_file = 's'\n";
  EXPECT_THAT(agent_problem(pbx + "transport = 'tls'\n"), HasSubstr("needs ca_file"));
  EXPECT_THAT(agent_problem(pbx + "ca_file = 'pbx.pem'\n"), HasSubstr("nothing would be checked by it"));
  EXPECT_THAT(agent_problem("[pbx]\nkind = 'esl'\nhost = 'pbx'\nsecret_file = 's'\ntransport = 'tls'\nca_file = 'c'\n"), HasSubstr("alone"));
  const auto good = parse_agent(pbx + "transport = 'tls'\nca_file = 'pbx.pem'\n", "agent.toml", "/etc");
  ASSERT_TRUE(good) << good.error().what;
  EXPECT_EQ(good->sources.at(0).ca_file, "/etc/pbx.pem");
  EXPECT_EQ(usual_port(good->sources.at(0)), 5039);
}

TEST(Settings, a_freeswitch_needs_no_user_and_has_its_own_usual_port) {
  const auto plain = parse_agent("[pbx]\nkind = 'esl'\nhost = 'pbx'\nsecret_file = 's'\n", "agent.toml", "/etc");
  ASSERT_TRUE(plain) << plain.error().what;
  EXPECT_EQ(plain->sources.at(0).kind, PbxKind::esl);
  EXPECT_EQ(usual_port(plain->sources.at(0)), 8021);
  EXPECT_EQ(plain->sources.at(0).format, PbxFormat::plain);
  const auto json = parse_agent("[pbx]\nkind = 'esl'\nhost = 'pbx'\nport = 8022\nuser = 'u@d'\nsecret_file = 's'\nformat = 'json'\n",
                                "agent.toml", "/etc");
  ASSERT_TRUE(json) << json.error().what;
  EXPECT_EQ(usual_port(json->sources.at(0)), 8022);
  EXPECT_EQ(json->sources.at(0).format, PbxFormat::json);
  EXPECT_EQ(usual_port(SourceSettings{}), 5038);
  EXPECT_THAT(agent_problem("[pbx]\nformat = 'xml'\n"), HasSubstr("\"plain\""));
}

TEST(Settings, a_site_with_several_pbxs_names_them) {
  const auto s = parse_agent("[pbx]\nkind = 'queue_log'\npath = '/q'\n[pbx.north]\nkind = 'hep'\n[sip.north]\nport = 9061\n"
                             "[pbx.branch-2]\nkind = 'simulator'\n[simulator.branch-2]\nseed = 9\n", "agent.toml", "/etc");
  ASSERT_TRUE(s) << s.error().what;
  ASSERT_EQ(s->sources.size(), 3u);
  EXPECT_EQ(s->sources[0].name, "");
  EXPECT_EQ(s->sources[0].kind, PbxKind::queue_log);
  EXPECT_EQ(s->sources[0].sip.listen.port, 9060) << "what stands in [sip.north] is north's alone";
  std::map<std::string, SourceSettings> named;
  for (const auto& source : s->sources) named[source.name] = source;
  EXPECT_EQ(named.at("north").kind, PbxKind::hep);
  EXPECT_EQ(named.at("north").sip.listen.port, 9061);
  EXPECT_EQ(named.at("branch-2").simulator.seed, 9u);
  const auto back = parse_agent(dump(*s), "dump", "/");
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(dump(*back), dump(*s));
}

TEST(Settings, a_file_of_named_sources_has_no_other) {
  const auto s = parse_agent("[pbx.north]\nkind = 'simulator'\n", "agent.toml", "/etc");
  ASSERT_TRUE(s) << s.error().what;
  ASSERT_EQ(s->sources.size(), 1u);
  EXPECT_EQ(s->sources[0].name, "north");
}

TEST(Settings, what_cannot_be_of_several_sources_is_told) {
  EXPECT_THAT(agent_problem("[pbx.North]\nkind = 'simulator'\n"), HasSubstr("agent.toml:1:"));
  EXPECT_THAT(agent_problem("[pbx.north]\nkind = 'ami'\n"), HasSubstr("[pbx.north] kind = \"ami\" needs host"));
  EXPECT_THAT(agent_problem("[smdr.south]\nbaud = 300\n[pbx.north]\nkind = 'simulator'\n"), HasSubstr("smdr.south"));
  EXPECT_THAT(agent_problem("[pbx]\nkind = 'hep'\n[pbx.north]\nkind = 'hep'\n"), HasSubstr("[pbx] and [pbx.north] both wait at port 9060"));
  EXPECT_THAT(agent_problem("[pbx]\nkind = 'intake'\n[intake]\ntoken_file = 'a'\n[pbx.x]\nkind = 'intake'\n[intake.x]\ntoken_file = 'b'\n"), HasSubstr("only one source"));
  std::string many;
  for (char c = 'a'; c <= 'i'; ++c) many += std::string("[pbx.") + c + "]\nkind = 'simulator'\n";
  EXPECT_THAT(agent_problem(many), HasSubstr("at most 8 sources"));
  EXPECT_THAT(agent_problem("[pbx.a.b]\nkind = 'ami'\n"), HasSubstr("pbx.a.b"));
}

TEST(Settings, a_link_to_hq_is_authenticated_or_none) {
  EXPECT_THAT(agent_problem("[hq]\nurl = 'https://hq:1'\n"), HasSubstr("ca_file"));
  EXPECT_THAT(agent_problem("[hq]\nurl = 'https://hq:1'\nca_file = 'a'\nkey_file = 'b'\n"), HasSubstr("certificate_file"));
  EXPECT_THAT(agent_problem("[hq]\nurl = 'http://hq:1'\n"), HasSubstr("https://"));
  EXPECT_THAT(agent_problem("[hq]\nca_file = 'a'\n"), HasSubstr("no url"));
}

TEST(Settings, what_is_dumped_reads_back_the_same) {
  AgentSettings agent;
  agent.site_label = "a \"quoted\" \\ label";
  agent.sources.at(0).speed = 2.5;
  agent.sources.at(0).kind = PbxKind::replay;
  agent.sources.at(0).path = "/captures/x";
  agent.sources.at(0).simulator.scenario = "surge";
  const auto back = parse_agent(dump(agent), "dump", "/");
  ASSERT_TRUE(back) << back.error().what << "\n" << dump(agent);
  EXPECT_EQ(dump(*back), dump(agent));
  EXPECT_EQ(back->site_label, agent.site_label);
  const auto hq = parse_hq(dump(HqSettings{}), "dump", "/");
  ASSERT_TRUE(hq) << hq.error().what;
}

// The delivered files: each key is there, and with its '#' taken away it has the default that the code has.
template <class S>
void documents_its_defaults(const std::string& file, Result<S> (*read)(std::string_view, std::string_view, const Path&)) {
  auto text = read_file(std::string(HF_SOURCE_DIR) + "/config/" + file, kMaxDocument);
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_TRUE(read(*text, file, "/"));
  std::string open;
  for (size_t i = 0; i < text->size(); ++i) {
    const bool key = (*text)[i] == '#' && (i == 0 || (*text)[i - 1] == '\n') && i + 1 < text->size() && (*text)[i + 1] != ' ';
    if (!key) open += (*text)[i];
  }
  const auto settings = read(open, file, "/");
  ASSERT_TRUE(settings) << settings.error().what;
  EXPECT_EQ(dump(*settings), dump(S{}));
  S fresh;
  for (const Key& key : schema_of(fresh, {})) EXPECT_THAT(open, HasSubstr("\n" + key.name + " = ")) << key.section;
}

TEST(Settings, the_delivered_agent_file_has_every_key_with_its_default) { documents_its_defaults<AgentSettings>("agent.toml", parse_agent); }
TEST(Settings, the_delivered_hq_file_has_every_key_with_its_default) { documents_its_defaults<HqSettings>("hq.toml", parse_hq); }

TEST(Settings, check_finds_a_secret_that_others_can_read) {
  const test::TempFolder folder;
  ASSERT_TRUE(write_file(folder / "secret", "hunter2"));
  ASSERT_TRUE(write_file(folder / "agent.toml", "[pbx]\nkind = 'ami'\nhost = 'h'\nuser = 'u'\nsecret_file = 'secret'\n"));
  EXPECT_THAT(check_agent(folder / "agent.toml"), IsEmpty());
  ASSERT_EQ(::chmod((folder / "secret").c_str(), 0644), 0);
  const auto problems = check_agent(folder / "agent.toml");
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0], HasSubstr("chmod 600"));
  EXPECT_THAT(problems[0], Not(HasSubstr("hunter2")));
}

TEST(Settings, check_names_files_that_are_missing) {
  const test::TempFolder folder;
  ASSERT_TRUE(write_file(folder / "agent.toml", "[hq]\nurl = 'https://hq'\nca_file = 'ca.pem'\ncertificate_file = 'site.pem'\nkey_file = 'site.key'\n"));
  const auto problems = check_agent(folder / "agent.toml");
  ASSERT_THAT(problems, SizeIs(3));
  EXPECT_THAT(problems[0], HasSubstr((folder / "ca.pem").string()));
  EXPECT_THAT(check_agent(folder / "none.toml"), SizeIs(1));
  EXPECT_THAT(check_hq(folder / "none.toml"), SizeIs(1));
}

}  // namespace
}  // namespace hf::settings
