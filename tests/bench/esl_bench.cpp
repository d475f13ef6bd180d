// LINKS: hf_freeswitch fmt::fmt
// Event Socket bytes to CallEvents, plain and JSON, beside a scan of the same bytes for '\n' (plain) and '"' (JSON has no
// lines). Input: real streams with all events on.
#include <cstring>

#include "hal/pbx/freeswitch/esl_map.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/bench/stream.hpp"

namespace {

using hf::bench::kChunk;
using hf::bench::unpack;

const std::string& stream(bool json) {
  static const std::string folder = "tests/golden/freeswitch/1.10.12/normal/";
  static const std::string plain = unpack(folder + "esl-plain.raw.gz"), objects = unpack(folder + "esl-json.raw.gz");
  return json ? objects : plain;
}

template <class F>
void by_chunks(benchmark::State& state, bool json, F&& work) {
  const std::string_view all = stream(json);
  if (all.empty()) return state.SkipWithError("no captures in tests/golden/freeswitch");
  for (auto _ : state)
    for (size_t at = 0; at < all.size(); at += kChunk) work(all.substr(at, kChunk));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(all.size()));
}

void scan(benchmark::State& state, bool json, char sign) {
  size_t found = 0;
  by_chunks(state, json, [&found, sign](std::string_view chunk) {
    const char *at = chunk.data(), *const end = at + chunk.size();
    while (at < end && (at = static_cast<const char*>(std::memchr(at, sign, static_cast<size_t>(end - at)))) != nullptr) ++found, ++at;
  });
  benchmark::DoNotOptimize(found);
}

void to_events(benchmark::State& state, bool json) {
  hf::pbx::EslFramer framer;
  hf::pbx::EslMapper mapper(hf::SipKey{1});
  std::vector<hf::pbx::CallEvent> events;
  size_t total = 0;
  by_chunks(state, json, [&](std::string_view chunk) {
    for (hf::pbx::EslFrame frame; framer.next(chunk, frame);) mapper.map(frame, hf::Time{}, events);
    total += events.size();
    events.clear();
  });
  state.counters["events"] = benchmark::Counter(static_cast<double>(total), benchmark::Counter::kIsRate);
}

void memchr_scan(benchmark::State& state) { scan(state, false, '\n'); }
void memchr_scan_json(benchmark::State& state) { scan(state, true, '"'); }
void esl_to_events(benchmark::State& state) { to_events(state, false); }
void esl_json_to_events(benchmark::State& state) { to_events(state, true); }

BENCHMARK(memchr_scan)->Unit(benchmark::kMillisecond);
BENCHMARK(memchr_scan_json)->Unit(benchmark::kMillisecond);
BENCHMARK(esl_to_events)->Unit(benchmark::kMillisecond);
BENCHMARK(esl_json_to_events)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  return hf::bench::run(argc, argv,
                        {{"Event Socket bytes to events", "esl_to_events", "memchr_scan", 0.4},
                         {"the same as JSON", "esl_json_to_events", "memchr_scan_json", 0.4}});
}
