#include "firmware/health/checks.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "hal/board/survey.hpp"
#include "hal/net/tls_stream.hpp"
#include "hal/platform/release.hpp"
#include "hal/platform/sqlite.hpp"

namespace hf::health {

namespace {

constexpr auto kFresh = std::chrono::seconds(30);
constexpr auto kDatabaseEvery = std::chrono::hours(24), kMayGoBack = std::chrono::hours(24);
constexpr auto kPatience = std::chrono::seconds(10);
constexpr uint64_t kLeastFree = 200ULL << 20;
constexpr size_t kMaxFile = 1 << 20, kMaxHead = 4096;
constexpr Time kMade = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1), kFar = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);

Finding good(const char* name, std::string what) { return {name, std::move(what), true}; }
Finding bad(const char* name, std::string what) { return {name, std::move(what), false}; }

// "" when whole.
std::string fault_of(const Path& file) {
  auto database = sqlite::Database::open(file, {.read_only = true});
  if (!database) return database.error().what;
  const auto whole = database->quick_check();
  return whole ? std::string() : whole.error().what;
}

std::vector<Path> databases_in(const Path& state) {
  std::vector<Path> files;
  std::error_code none;
  for (const char* name : {"derived.db", "access.db"})
    if (std::filesystem::exists(state / name, none)) files.push_back(state / name);
  Path newest;  // of the journal's days; the older ones do not change any more
  for (const auto& entry : std::filesystem::directory_iterator(state / "journal", none))
    if (entry.path().extension() == ".db" && entry.path() > newest) newest = entry.path();
  if (!newest.empty()) files.push_back(newest);
  return files;
}

Finding check_protection(const Path& file) {
  const auto word = read_file(file, kMaxHead);
  if (!word) return good("protection", "not a sealed box's disk");
  if (word->starts_with("tpm2")) return good("protection", "the data is sealed to this machine's TPM");
  if (word->starts_with("recovery-key")) return good("protection", "WEAK: the data is not sealed to this machine; at each start somebody must type the recovery key");
  return good("protection", "WEAK: there is no TPM; whoever has this disk has its data");
}

}  // namespace

bool Verdict::good() const {
  return !findings.empty() && std::ranges::all_of(findings, &Finding::good);
}

Finding check_agent(const Result<AgentWord>& word, Time now) {
  if (!word) return bad("agent", "says nothing: " + word.error().what);
  const auto age = now - word->at;
  if (age > kFresh || age < -kFresh) return bad("agent", fmt::format("its last word is {} s old", std::chrono::duration_cast<std::chrono::seconds>(age).count()));
  return good("agent", fmt::format("{} runs", word->version));
}

Finding check_sources(const AgentWord& word, const std::vector<std::string>& heard_before) {
  std::vector<std::string> lost, absent, heard;
  for (const auto& source : word.sources) {
    const bool before = std::ranges::find(heard_before, source.name) != heard_before.end();
    (source.heard ? heard : before ? lost : absent).push_back(source.name);
  }
  if (!lost.empty()) return bad("source", fmt::format("was heard before and is not now: {}", fmt::join(lost, ", ")));
  if (!absent.empty()) return good("source", fmt::format("absent, as before: {}", fmt::join(absent, ", ")));
  return good("source", heard.empty() ? "none is set up" : fmt::format("heard: {}", fmt::join(heard, ", ")));
}

Finding check_database(const Path& state) {
  const auto files = databases_in(state);
  if (files.empty()) return bad("database", state.string() + ": there is none");
  for (const Path& file : files)
    if (auto fault = fault_of(file); !fault.empty()) return bad("database", std::move(fault));
  return good("database", fmt::format("{} open and pass their quick check", files.size()));
}

Finding check_page(const Path& state, uint16_t port) {
  const auto pinned = read_file(state / "web.crt", kMaxFile);
  if (!pinned) return bad("page", pinned.error().what);
  auto context = net::TlsContext::client(*pinned, nullptr);
  if (!context) return bad("page", context.error().what);
  auto stream = net::connect_tls({"127.0.0.1", port}, *context, kPatience);
  if (!stream) return bad("page", stream.error().what);
  if (auto sent = (*stream)->write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", kPatience); !sent) return bad("page", sent.error().what);
  std::array<char, kMaxHead> buffer;
  const auto got = (*stream)->read(buffer, kPatience);
  if (!got) return bad("page", got.error().what);
  const std::string_view head(buffer.data(), *got);
  if (!head.starts_with("HTTP/1.1 200 ")) return bad("page", fmt::format("answers \"{}\"", head.substr(0, head.find('\r'))));
  return good("page", fmt::format("answers over TLS at port {}", port));
}

Finding check_clock(Time now, Time last) {
  if (now < kMade || now > kFar) return bad("clock", "shows a time that cannot be");
  if (now < last - kMayGoBack) return bad("clock", fmt::format("lies more than a day before the last check ({:%Y-%m-%d})", std::chrono::floor<std::chrono::seconds>(last)));
  const auto kept = board::clock_in("/sys").synchronised;
  return good("clock", kept.value_or(false) ? "is kept right by a time server" : "runs by itself; nothing keeps it right");
}

Finding check_disk(uint64_t total, uint64_t free) {
  if (total == 0) return bad("disk", "cannot be measured");
  const uint64_t least = std::min(kLeastFree, total / 20);
  const std::string what = fmt::format("{} of {} MB free", free >> 20, total >> 20);
  return free < least ? bad("disk", what + "; full") : good("disk", what);
}

Verdict look(const Places& places, const Memory& before, Time now) {
  Verdict verdict;
  verdict.memory = before;
  const auto text = read_file(places.state / "status.json", kMaxFile);
  const auto word = text ? read_agent_word(*text) : Result<AgentWord>(fail(text.error()));
  verdict.findings.push_back(check_agent(word, now));
  verdict.version = image_version(places.release);
  if (word && verdict.version.empty()) verdict.version = word->version;
  // As a whole after each start of the agent and once a day.
  if (!word || before.database_at < word->started || now - before.database_at > kDatabaseEvery) {
    verdict.findings.push_back(check_database(places.state));
    if (verdict.findings.back().good) verdict.memory.database_at = now;
  } else {
    verdict.findings.push_back(good("database", "was read as a whole within the last day"));
  }
  verdict.findings.push_back(word ? check_sources(*word, before.heard) : bad("source", "the agent says nothing"));
  verdict.findings.push_back(word ? check_page(places.state, word->port) : bad("page", "the agent says nothing"));
  verdict.findings.push_back(check_clock(now, before.at));
  const auto space = board::space_at(places.state);
  verdict.findings.push_back(check_disk(space.total.value_or(0), space.free.value_or(0)));
  verdict.findings.push_back(check_protection(places.protection));
  // A source that was lost stays one that was heard, until nobody wants it any more.
  std::vector<std::string> heard;
  if (word)
    for (const auto& source : word->sources)
      if (source.heard || std::ranges::find(before.heard, source.name) != before.heard.end()) heard.push_back(source.name);
  if (word) verdict.memory.heard = std::move(heard);
  verdict.memory.at = now;
  return verdict;
}

}  // namespace hf::health
