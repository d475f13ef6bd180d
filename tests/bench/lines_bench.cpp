// LINKS: hf_asterisk hf_smdr hf_settings hf_sip fmt::fmt
// What comes in lines, records and frames, to CallEvents (HEP: to packets), beside a scan of the same bytes for '\n'. Input: queue_logs, tables and
// packets of recorded runs of a real Asterisk, sample lines of the rest; about a megabyte of each.
#include <cstring>
#include <filesystem>
#include <functional>

#include "agent/settings/smdr_template.hpp"
#include "hal/pbx/asterisk/history_capture.hpp"
#include "hal/pbx/asterisk/queue_log_map.hpp"
#include "hal/pbx/asterisk/syslog_frame.hpp"
#include "hal/pbx/event_json.hpp"
#include "hal/pbx/sip/hep_frame.hpp"
#include "hal/pbx/sip/packet_feed.hpp"
#include "hal/pbx/sip/pcap_file.hpp"
#include "hal/pbx/smdr/smdr_calls.hpp"
#include "hal/pbx/survey_csv.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/bench/stream.hpp"

namespace {

using namespace hf::pbx;

constexpr size_t kEnough = size_t{1} << 20;
const std::string kCaptures = "tests/golden/captures/";

std::string enough_of(const std::string& text) {
  std::string all;
  while (!text.empty() && all.size() < kEnough) all += text;
  return all;
}

template <class F>
void each_line(std::string_view text, F&& work) {
  for (size_t end = 0; !text.empty(); text.remove_prefix(std::min(end + 1, text.size()))) work(text.substr(0, end = std::min(text.find('\n'), text.size())));
}

std::string queue_log() {
  return enough_of(hf::bench::unpack(kCaptures + "asterisk-16.28/restart/queue_log") + hf::bench::unpack(kCaptures + "asterisk-22.10/restart/queue_log"));
}

size_t read_queue_log(std::string_view text) {
  QueueLogMapper mapper;
  std::vector<CallEvent> events;
  each_line(text, [&](std::string_view line) { mapper.map(line, events); });
  return events.size();
}

// The same lines as rsyslog sends them over TCP.
std::string syslog() {
  std::string all;
  each_line(queue_log(), [&](std::string_view line) {
    const std::string message = fmt::format("<134>1 2026-03-02T10:15:00.000000+00:00 pbx asterisk-queue-log - - - {}", line);
    all += fmt::format("{} {}", message.size(), message);
  });
  return all;
}

size_t read_syslog(std::string_view text) {
  SyslogFrames frames;
  QueueLogMapper mapper;
  std::vector<CallEvent> events;
  std::vector<std::string> messages;
  for (size_t at = 0; at < text.size(); at += hf::bench::kChunk) {
    frames.feed(text.substr(at, hf::bench::kChunk), messages);
    for (const std::string& message : messages) mapper.map(logged_text(message), events);
    messages.clear();
  }
  return events.size();
}

std::string smdr() {
  return enough_of("2026/03/02 10:00:00,00:03:10,45,+491701234567,I,sales,0800123,,0,1000014,1,T9001,Line 1,E201,Anna,5,0\n"
                   "2026/03/02 10:00:00,00:01:00,0,+491701234567,I,sales,0800123,,0,1000014,0,T9001,Line 1,E305,Bert,0,7\n");
}

size_t read_call_records(std::string_view text) {
  static const auto how = hf::settings::load_smdr_template(std::filesystem::path(HF_SOURCE_DIR) / "config/smdr-templates/avaya-ip-office.toml");
  static const auto zone = hf::TimeZone::find("Europe/Berlin");
  if (!how || !zone) return 0;
  SmdrCalls calls;
  std::vector<CallEvent> events;
  hf::Time now{std::chrono::hours(500'000)};
  each_line(text, [&](std::string_view line) {
    SmdrRecord record;
    std::string problem;
    if (read_smdr(line, *how, *zone, hf::SipKey{1}, record, problem) == SmdrVerdict::record) calls.take(record, "id", now, events);
  });
  calls.advance(now + std::chrono::hours(3), events);
  return events.size();
}

struct AsHep final : PacketTaker {
  void sip(const Endpoint& from, const Endpoint& to, hf::Time at, std::string_view message) override {
    HepFrame frame;
    frame.from = from, frame.to = to, frame.sent = at, frame.kind = HepPayload::sip, frame.payload = message;
    (void)append_hep(frame, all);
  }
  void rtcp(const Endpoint&, const Endpoint&, hf::Time, std::string_view) override {}
  std::string all;
};

std::string hep() {
  AsHep frames;
  PacketFeed feed(frames);
  auto file = PcapFile::open(HF_SOURCE_DIR "/" + kCaptures + "asterisk-16.28/hp-prequeue/sip.pcap.gz");
  for (Frame frame; file && file->next(frame).value_or(false);) feed.frame(frame.link, frame.bytes, frame.cut, frame.at);
  return enough_of(frames.all);
}

size_t read_hep(std::string_view bytes) {
  HepStream stream;
  size_t packets = 0;
  for (size_t at = 0; at < bytes.size(); at += hf::bench::kChunk) {
    stream.feed(bytes.substr(at, hf::bench::kChunk));
    for (std::string_view frame; stream.next(frame).value_or(false);) packets += parse_hep(frame) ? 1 : 0;
  }
  return packets;
}

std::string posted() {
  return enough_of(R"({"id":"e1","at":1772445600.25,"kind":"queue_joined","channel":"c1","queue":"sales","position":3}
{"id":"e2","at":1772445610,"kind":"channel_started","channel":"c2","caller_number":"+49 170 1234567","line":"5550101"}
{"id":"e3","at":1772445620.5,"kind":"member_done","queue":"sales","talk_s":12.5,"end":"caller"}
)");
}

size_t read_posted(std::string_view text) {
  size_t events = 0;
  each_line(text, [&](std::string_view line) { events += from_json(line, hf::SipKey{1}) ? 1 : 0; });
  return events;
}

std::string surveys() {
  std::string all = "time;queue;question;score;scale;call\n";
  while (all.size() < kEnough) all += "2026-03-02 10:15:00;sales;csat;4;1-5;\n";
  return all;
}

size_t read_surveys(std::string_view text) {
  static const auto zone = hf::TimeZone::find("Europe/Berlin");
  const auto file = zone ? read_survey_csv(text, *zone) : hf::Result<SurveyFile>(SurveyFile{});
  return file ? file->answers.size() : 0;
}

// From the file, gunzipped on the way: tables are read in one piece.
constexpr const char* kCel = "asterisk-16.28/hp-prequeue/cel.csv.gz";
std::string cel() { return hf::bench::unpack(kCaptures + kCel); }

size_t read_cel(std::string_view) {
  const auto capture = HistoryCapture::open({HF_SOURCE_DIR "/" + kCaptures + kCel}, "bench", hf::SipKey{1});
  size_t events = 0;
  for (Batch batch; capture && (*capture)->next(batch);) events += batch.events.size();
  return events;
}

// A year of a busy centre's queue_log has about 100 MB: at 40 MB/s it is read in three seconds.
constexpr double kLines = 40e6, kFrames = 1000e6;

struct Parser {
  const char *name, *what;
  std::string (*bytes)();
  size_t (*read)(std::string_view);
  double at_least;  // bytes a second
};
constexpr Parser kParsers[] = {{"queue_log", "queue_log lines to events", queue_log, read_queue_log, kLines},
                               {"syslog", "queue_log over syslog to events", syslog, read_syslog, kLines},
                               {"cel", "a CEL table, gzipped, to events", cel, read_cel, kLines},
                               {"smdr", "call records (SMDR) to events", smdr, read_call_records, kLines},
                               {"hep", "HEP frames to packets", hep, read_hep, kFrames},
                               {"posted", "posted events (NDJSON) to events", posted, read_posted, kLines},
                               {"surveys", "survey answers (CSV) to answers", surveys, read_surveys, kLines}};

template <class Work>
void over(benchmark::State& state, const std::string& bytes, Work work) {
  size_t found = 0;
  for (auto _ : state) found += work(bytes);
  if (found == 0) state.SkipWithError("nothing was read");
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(bytes.size()));
}

// Where there are no lines (counted syslog) it is one look over all bytes; HEP reads heads and not what they carry.
size_t scan(std::string_view bytes) {
  size_t lines = 1;
  each_line(bytes, [&lines](std::string_view) { ++lines; });
  return lines;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<hf::bench::Ratio> ratios;
  for (const Parser& parser : kParsers) {
    const std::string name = parser.name;
    const auto bytes = std::make_shared<const std::string>(parser.bytes());
    benchmark::RegisterBenchmark((name + "_scan").c_str(), [bytes](benchmark::State& state) { over(state, *bytes, scan); })->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(name.c_str(), [bytes, read = parser.read](benchmark::State& state) { over(state, *bytes, read); })->Unit(benchmark::kMillisecond);
    ratios.push_back({.what = parser.what, .measured = name, .limit = name + "_scan", .at_least = parser.at_least});
  }
  return hf::bench::run(argc, argv, ratios);
}
