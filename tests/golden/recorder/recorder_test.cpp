// Real streams through the recorder: what is replayed from the recording gives the same calls, and nobody is in it.
#include "hal/pbx/recorder.hpp"

#include <gtest/gtest.h>

#include <set>

#include "agent/calls/tracker.hpp"
#include "hal/pbx/input_file.hpp"
#include "hal/pbx/pbx_text.hpp"
#include "hal/pbx/recorded/open_capture.hpp"
#include "hal/pbx/sip/hep_frame.hpp"
#include "hal/pbx/sip/packet_feed.hpp"
#include "hal/pbx/sip/pcap_file.hpp"

namespace hf {
namespace {

constexpr const char* kCaptures = HF_SOURCE_DIR "/tests/golden/captures/asterisk-16.28/";

std::string all_of(const Path& path) {
  auto file = pbx::InputFile::open(path);
  if (!file) return ADD_FAILURE() << file.error().what, std::string{};
  std::string text, buffer(size_t{1} << 16, '\0');
  for (auto got = (*file)->read(buffer); got && *got > 0; got = (*file)->read(buffer)) text.append(buffer, 0, *got);
  return text;
}

// Each call's end: id, outcome, wait, stints, hold and talk.
std::vector<std::string> calls_of(const Path& path) {
  auto capture = pbx::open_capture(path, SipKey{1});
  if (!capture) return ADD_FAILURE() << capture.error().what, std::vector<std::string>{};
  calls::Tracker tracker;
  std::vector<std::string> all;
  for (pbx::Batch batch; (*capture)->next(batch);)
    for (const auto& event : batch.events) {
      std::vector<calls::Change> changes;
      tracker.on(event, changes);
      for (const auto& change : changes)
        if (const auto* ended = std::get_if<calls::CallEnded>(&change.what)) {
          const calls::Call& c = ended->call;
          std::string line = c.id + ' ' + std::to_string(static_cast<int>(c.outcome)) + ' ' + std::to_string(c.caller_wait().value_or(Duration{}).count()) + ' ' +
                             std::to_string(c.talk.count()) + ' ' + std::to_string(c.hold.count()) + ' ' + c.agent;
          for (const auto& stint : c.stints) line += ' ' + stint.queue;
          all.push_back(std::move(line));
        }
    }
  EXPECT_TRUE((*capture)->warnings().empty()) << (*capture)->warnings().front();
  return all;
}

std::set<std::string> numbers_in(const std::string& text, const std::string& key) {
  std::set<std::string> found;
  for (size_t at = text.find(key); at != text.npos; at = text.find(key, at + 1)) {
    std::string digits;
    for (size_t i = at + key.size(); i < text.size() && text[i] != '\n' && text[i] != '"' && text[i] != '|'; ++i)
      if (text[i] >= '0' && text[i] <= '9') digits += text[i];
    if (digits.size() >= 6) found.insert(digits);
  }
  return found;
}

struct Scrubbed {
  std::string operator()(std::string_view line) { return scrubber.line(line, from_unix_seconds(1795306400)); }
  pbx::Scrubber scrubber{pbx::WireForm::sip, Secret("a key of this test")};
};

class Recording : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = Path(testing::TempDir()) / ("recording-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::unique_ptr<pbx::Recorder> begin(pbx::WireForm form, uint64_t bytes = uint64_t{1} << 30) {
    auto recorder = pbx::Recorder::begin({folder_, form, bytes}, Secret("a key of this test"));
    if (!recorder) ADD_FAILURE() << recorder.error().what;
    return recorder ? std::move(*recorder) : nullptr;
  }
  // The original stream, chunk by chunk as it once came.
  void play(const Path& original, pbx::Recorder& recorder) {
    const std::string bytes = all_of(original / "ami.log.gz");
    const std::string conns = all_of(original / "ami.conns");
    auto times = pbx::InputFile::open(original / "ami.times.gz");
    ASSERT_TRUE(times);
    recorder.connected(from_unix_seconds(std::stod(conns)));
    Time at{};
    for (std::string line; (*times)->line(line).value_or(false);) {
      char* rest = nullptr;
      at = pbx::to_time(line.substr(0, line.find(' '))).value_or(Time{});
      const uint64_t offset = std::strtoull(line.c_str() + line.find(' '), &rest, 10), length = std::strtoull(rest, nullptr, 10);
      recorder.received(std::string_view(bytes).substr(offset, length), at);
    }
    recorder.closed(at);
    recorder.finish();
  }
  Path folder_;
};

TEST_F(Recording, of_a_manager_stream_gives_the_same_calls) {
  for (const char* run : {"survey", "hp-prequeue"}) {
    SetUp();
    const auto recorder = begin(pbx::WireForm::ami);
    play(Path(kCaptures) / run, *recorder);
    const auto before = calls_of(Path(kCaptures) / run), after = calls_of(folder_);
    EXPECT_GT(before.size(), 20u);
    EXPECT_EQ(after, before) << run;
  }
}

// {"t": ms, "offset": n, "cmd": "api ..."}, in the order of their offsets.
std::vector<std::pair<uint64_t, std::string>> questions_of(const Path& file) {
  std::vector<std::pair<uint64_t, std::string>> all;
  auto lines = pbx::InputFile::open(file);
  for (std::string line; lines && (*lines)->line(line).value_or(false);) {
    const size_t offset = line.find("\"offset\": "), command = line.find("api ");
    if (offset == line.npos || command == line.npos) continue;
    const size_t end = line.find_first_of("\\\"", command);
    all.emplace_back(std::strtoull(line.c_str() + offset + 10, nullptr, 10), line.substr(command, end - command));
  }
  return all;
}

TEST_F(Recording, of_an_event_socket_gives_the_same_calls_and_no_number) {
  const Path original = Path(HF_SOURCE_DIR) / "tests/golden/freeswitch/1.10.12/survey";
  const std::string bytes = all_of(original / "esl-plain.raw.gz");
  const auto questions = questions_of(original / "esl-plain.sent.gz");
  const auto recorder = begin(pbx::WireForm::esl);
  auto times = pbx::InputFile::open(original / "esl-plain.idx.gz");
  ASSERT_TRUE(times);
  size_t asked = 0;
  Time at{};
  for (std::string line; (*times)->line(line).value_or(false);) {
    char* rest = nullptr;
    at = Time(std::chrono::milliseconds(std::strtoll(line.c_str(), &rest, 10)));
    const uint64_t offset = std::strtoull(rest, &rest, 10), length = std::strtoull(rest, nullptr, 10);
    if (offset == 0) recorder->connected(at);
    for (; asked < questions.size() && questions[asked].first <= offset; ++asked) recorder->sent(questions[asked].second + "\n\n", at);
    recorder->received(std::string_view(bytes).substr(offset, length), at);
  }
  recorder->closed(at);
  recorder->finish();
  const auto before = calls_of(original), after = calls_of(folder_);
  EXPECT_GT(before.size(), 20u);
  EXPECT_EQ(after, before);
  const std::string recorded = all_of(folder_ / "esl-plain.raw");
  ASSERT_EQ(recorded.size(), bytes.size());
  size_t looked_for = 0;
  for (const char* key : {"Caller-Caller-ID-Number: ", "Caller-ANI: ", "variable_sip_from_user: ", "Caller-Destination-Number: "})
    for (const std::string& number : numbers_in(bytes, key)) {
      ++looked_for;
      EXPECT_EQ(recorded.find(number), recorded.npos) << key << number;
    }
  EXPECT_GT(looked_for, 20u);
}

TEST_F(Recording, holds_no_number_and_no_name_of_the_original) {
  const Path original = Path(kCaptures) / "survey";
  play(original, *begin(pbx::WireForm::ami));
  const std::string before = all_of(original / "ami.log.gz"), after = all_of(folder_ / "ami.log");
  ASSERT_EQ(before.size(), after.size());
  size_t looked_for = 0;
  for (const char* key : {"CallerIDNum: ", "ConnectedLineNum: ", "DestCallerIDNum: ", "Exten: ", "AppData: "})
    for (const std::string& number : numbers_in(before, key)) {
      if (number.starts_with("17953")) continue;  // an id's time
      ++looked_for;
      EXPECT_EQ(after.find(number), after.npos) << key << number;
    }
  EXPECT_GT(looked_for, 20u);
  for (const char* name : {"ACME Ltd", "Jürgen Müller", "Anna Berg"}) EXPECT_EQ(after.find(name), after.npos) << name;
}

TEST_F(Recording, of_a_queue_log_gives_the_same_calls_and_no_names) {
  const Path original = Path(kCaptures) / "survey" / "queue_log";
  const auto recorder = begin(pbx::WireForm::queue_log);
  const std::string before = all_of(original);
  for (size_t at = 0; at < before.size(); at += 777) recorder->received(std::string_view(before).substr(at, 777), from_unix_seconds(1795306400));
  recorder->finish();
  const std::string after = all_of(folder_ / "queue_log");
  EXPECT_EQ(after.size(), before.size());
  EXPECT_EQ(after.find("Anna Berg"), after.npos);
  EXPECT_EQ(after.find("+4930"), after.npos);
  const auto calls = calls_of(original), again = calls_of(folder_);
  ASSERT_EQ(calls.size(), again.size());
  EXPECT_GT(calls.size(), 20u);
  for (size_t i = 0; i < calls.size(); ++i) EXPECT_EQ(calls[i].substr(0, 30), again[i].substr(0, 30));
}

// Packets of a capture as a HEP sender would tell them, into the recorder.
struct Frames final : pbx::PacketTaker {
  explicit Frames(pbx::Recorder& r) : recorder(r) {}
  void sip(const pbx::Endpoint& from, const pbx::Endpoint& to, Time at, std::string_view message) override {
    recorder.frame(message, at, [&](std::string_view clean) {
      return pbx::render_hep({.from = from, .to = to, .sent = at, .kind = pbx::HepPayload::sip, .agent = 1, .key = {}, .correlation = {}, .payload = clean});
    });
  }
  void rtcp(const pbx::Endpoint&, const pbx::Endpoint&, Time, std::string_view) override {}
  pbx::Recorder& recorder;
};

TEST_F(Recording, of_sip_gives_the_same_calls_and_no_number) {
  const Path original = Path(kCaptures) / "normal" / "sip.pcap.gz";
  auto file = pbx::PcapFile::open(original);
  ASSERT_TRUE(file) << file.error().what;
  const auto recorder = begin(pbx::WireForm::sip);
  Frames frames(*recorder);
  pbx::PacketFeed packets(frames);
  for (pbx::Frame frame; file->next(frame).value_or(false);) packets.frame(frame.link, frame.bytes, frame.cut, frame.at);
  EXPECT_GT(recorder->finish().bytes, 100'000u);
  const auto without_id = [](std::vector<std::string> calls) {
    for (std::string& call : calls) call.erase(0, call.find(' '));
    return calls;
  };
  const auto before = without_id(calls_of(original)), after = without_id(calls_of(folder_));
  EXPECT_GT(before.size(), 20u);
  EXPECT_EQ(after, before);
  const std::string recorded = all_of(folder_ / "sip.hep");
  EXPECT_EQ(recorded.find("+4930"), recorded.npos) << "the callers' numbers";
  EXPECT_NE(recorded.find("sip:1001@"), recorded.npos) << "a phone's extension stays";
}

TEST(Scrubber, takes_people_out_of_sip_and_leaves_its_form) {
  Scrubbed scrub;
  EXPECT_EQ(scrub("CSeq: 1234567 INVITE\r\n"), "CSeq: 1234567 INVITE\r\n") << "its order is needed";
  EXPECT_EQ(scrub("From: <sip:anonymous@anonymous.invalid>;tag=x\r\n"), "From: <sip:anonymous@anonymous.invalid>;tag=x\r\n");
  const std::string from = scrub("f: \"Anna Berg\" <sip:anna.berg@192.0.2.1:5060>;tag=ab\r\n");
  EXPECT_EQ(from.find("Anna"), from.npos);
  EXPECT_EQ(from.find("anna"), from.npos);
  EXPECT_TRUE(from.ends_with("@192.0.2.1:5060>;tag=ab\r\n")) << from;
  EXPECT_EQ(scrub("INVITE sip:+4930123456@192.0.2.1 SIP/2.0\r\n").find("4930123456"), std::string::npos);
  EXPECT_EQ(scrub("Subject: about Anna\r\n").find("Anna"), std::string::npos);
  EXPECT_EQ(scrub("o=anna 1 1 IN IP4 192.0.2.1\r\n").find("anna"), std::string::npos);
  EXPECT_EQ(scrub("m=audio 14000 RTP/AVP 0\r\n"), "m=audio 14000 RTP/AVP 0\r\n");
}

TEST_F(Recording, ends_at_its_limit_and_can_still_be_read) {
  const auto recorder = begin(pbx::WireForm::ami, 200'000);
  play(Path(kCaptures) / "survey", *recorder);
  EXPECT_TRUE(recorder->recorded().full);
  EXPECT_LE(std::filesystem::file_size(folder_ / "ami.log"), 200'000u);
  auto capture = pbx::open_capture(folder_, SipKey{1});
  ASSERT_TRUE(capture);
  size_t events = 0;
  for (pbx::Batch batch; (*capture)->next(batch);) events += batch.events.size();
  EXPECT_GT(events, 50u);
}

TEST_F(Recording, never_goes_over_another_and_wants_a_key) {
  begin(pbx::WireForm::ami);
  EXPECT_EQ(pbx::Recorder::begin({folder_, pbx::WireForm::ami}, Secret("a key of this test")).error().kind, ErrorKind::busy);
  EXPECT_EQ(pbx::Recorder::begin({folder_ / "other", pbx::WireForm::ami}, Secret("short")).error().kind, ErrorKind::invalid_input);
}

TEST(Scrubber, keeps_the_length_and_the_ids_and_is_the_same_each_time) {
  const Time now = from_unix_seconds(1795306400);
  pbx::Scrubber esl(pbx::WireForm::esl, Secret("a key of this test")), other(pbx::WireForm::esl, Secret("another key, as long"));
  const std::string line = "variable_sip_from_user: %2B491701234567\n";
  EXPECT_EQ(esl.line(line, now).size(), line.size());
  EXPECT_TRUE(esl.line(line, now).starts_with("variable_sip_from_user: %2B"));
  EXPECT_EQ(esl.line(line, now).find("1701234567"), std::string::npos);
  EXPECT_EQ(esl.line(line, now), esl.line(line, now));
  EXPECT_NE(esl.line(line, now), other.line(line, now));
  for (const char* kept : {"Unique-ID: 0b3e8c1a-1111-4222-8333-123456789012\n", "Event-Date-Timestamp: 1795306400123456\n", "Content-Length: 1234567\n", "CC-Member-Joined-Time: 1795306400\n",
                           "x 0b3e8c1a-1111-4222-8333-123456789012 1795306400|\n"})
    EXPECT_EQ(esl.line(kept, now), kept);
}

TEST(Scrubber, looks_into_json_and_free_lines) {
  const Time now = from_unix_seconds(1795306400);
  pbx::Scrubber esl(pbx::WireForm::esl, Secret("a key of this test")), lines(pbx::WireForm::lines, Secret("a key of this test"));
  const std::string json = R"({"Event-Name":"CUSTOM","Caller-Caller-ID-Number":"+491701234567","Caller-Caller-ID-Name":"Anna \"B\" Berg","Unique-ID":"123456789"}Content-Length: 900)";
  const std::string out = esl.line(json, now);
  EXPECT_EQ(out.size(), json.size());
  EXPECT_EQ(out.find("1701234567"), out.npos);
  EXPECT_EQ(out.find("Anna"), out.npos);
  EXPECT_NE(out.find(R"("Unique-ID":"123456789")"), out.npos);
  EXPECT_NE(out.find("Content-Length: 900"), out.npos);
  EXPECT_EQ(lines.line("2026/03/02 10:00:00,00:03:10,45,+491701234567,I", now).find("1701234567"), std::string::npos);
  EXPECT_TRUE(lines.line("2026/03/02 10:00:00,00:03:10,45,+491701234567,I", now).starts_with("2026/03/02 10:00:00,00:03:10,45,+"));
}

}  // namespace
}  // namespace hf
