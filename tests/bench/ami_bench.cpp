// LINKS: hf_asterisk fmt::fmt
// AMI bytes to CallEvents, beside a scan of the same bytes for '\n'. Input: real streams with all event classes on.
#include <cstring>

#include "hal/pbx/asterisk/ami_frame.hpp"
#include "hal/pbx/asterisk/ami_map.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/bench/stream.hpp"

namespace {

using hf::bench::kChunk;
using hf::bench::unpack;

const std::string& stream() {
  static const std::string bytes = unpack("tests/golden/captures/asterisk-16.28/normal-plain/ami.log.gz") +
                                   unpack("tests/golden/captures/asterisk-22.10/normal-plain/ami.log.gz");
  return bytes;
}

template <class F>
void by_chunks(benchmark::State& state, F&& work) {
  const std::string_view all = stream();
  if (all.empty()) return state.SkipWithError("no captures in tests/golden/captures");
  for (auto _ : state)
    for (size_t at = 0; at < all.size(); at += kChunk) work(all.substr(at, kChunk));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(all.size()));
}

void memchr_scan(benchmark::State& state) {
  size_t lines = 0;
  by_chunks(state, [&lines](std::string_view chunk) {
    const char *at = chunk.data(), *const end = at + chunk.size();
    while (at < end && (at = static_cast<const char*>(std::memchr(at, '\n', static_cast<size_t>(end - at)))) != nullptr) ++lines, ++at;
  });
  benchmark::DoNotOptimize(lines);
}

void ami_frames(benchmark::State& state) {
  hf::pbx::AmiFramer framer;
  size_t bytes = 0;
  by_chunks(state, [&](std::string_view chunk) {
    for (std::string_view message; framer.next(chunk, message);) bytes += message.size();
  });
  benchmark::DoNotOptimize(bytes);
}

void ami_to_events(benchmark::State& state) {
  hf::pbx::AmiFramer framer;
  hf::pbx::AmiMapper mapper(hf::SipKey{1});
  std::vector<hf::pbx::CallEvent> events;
  size_t total = 0;
  by_chunks(state, [&](std::string_view chunk) {
    for (std::string_view message; framer.next(chunk, message);) mapper.map(message, hf::Time{}, events);
    total += events.size();
    events.clear();
  });
  state.counters["events"] = benchmark::Counter(static_cast<double>(total), benchmark::Counter::kIsRate);
}

BENCHMARK(memchr_scan)->Unit(benchmark::kMillisecond);
BENCHMARK(ami_frames)->Unit(benchmark::kMillisecond);
BENCHMARK(ami_to_events)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  return hf::bench::run(argc, argv, {{"AMI bytes to events", "ami_to_events", "memchr_scan", 0.4}});
}
