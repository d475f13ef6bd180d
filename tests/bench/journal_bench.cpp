// LINKS: hf_journal hf_simulated SQLite::SQLite3 fmt::fmt
// Entries on the disk per second through the journal, beside plain SQLite inserts of the same rows, as many in a transaction, with the same
// promise (WAL, synchronous=FULL). The entries are a simulated centre's events.
#include <sqlite3.h>

#include <chrono>

#include "agent/journal/journal.hpp"
#include "hal/pbx/simulated/sim_model.hpp"
#include "hal/platform/random.hpp"
#include "tests/bench/ratio.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

constexpr size_t kRows = 1024;     // in a transaction: what the simulator hands over at once
constexpr size_t kBatches = 96;    // in one iteration

const std::vector<hf::journal::Entry>& entries() {
  static const std::vector<hf::journal::Entry> all = [] {
    const hf::Time start{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2)};
    hf::pbx::SimModel model({}, start, start);
    std::vector<hf::journal::Entry> made;
    while (made.size() < kRows * kBatches)
      if (const auto event = model.next(hf::Time::max())) made.push_back({0, event->at, "call_event", hf::pbx::to_text(*event)});
    return made;
  }();
  return all;
}

void journal_append(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    const hf::test::TempFolder folder;
    auto journal = hf::journal::Journal::open(folder.path(), hf::system_clock(), hf::system_random());
    if (!journal) return state.SkipWithError(journal.error().what.c_str());
    state.ResumeTiming();
    for (size_t batch = 0; batch < kBatches; ++batch) {
      const hf::journal::Cursor cursor{"simulator", std::to_string(batch)};
      const auto done = journal->append(std::span(entries()).subspan(batch * kRows, kRows), std::span(&cursor, 1));
      if (!done) return state.SkipWithError(done.error().what.c_str());
    }
    state.PauseTiming();
    if (!journal->close()) return state.SkipWithError("the journal does not close");
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(kRows * kBatches));
}

bool insert_all(sqlite3* db, sqlite3_stmt* insert, size_t batch) {
  if (sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) != SQLITE_OK) return false;
  for (size_t i = batch * kRows; i < (batch + 1) * kRows; ++i) {
    const hf::journal::Entry& e = entries()[i];
    sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(i + 1));
    sqlite3_bind_int64(insert, 2, e.at.time_since_epoch().count());
    sqlite3_bind_text(insert, 3, e.kind.data(), static_cast<int>(e.kind.size()), SQLITE_STATIC);
    sqlite3_bind_text(insert, 4, e.body.data(), static_cast<int>(e.body.size()), SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE) return false;
    sqlite3_reset(insert);
  }
  return sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK;
}

void plain_sqlite(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    const hf::test::TempFolder folder;
    sqlite3* db = nullptr;
    sqlite3_stmt* insert = nullptr;
    const bool open = sqlite3_open((folder / "plain.db").c_str(), &db) == SQLITE_OK &&
                      sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE entries (sequence INTEGER PRIMARY KEY, "
                                       "at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT", nullptr, nullptr, nullptr) == SQLITE_OK &&
                      sqlite3_prepare_v2(db, "INSERT INTO entries VALUES (?,?,?,?)", -1, &insert, nullptr) == SQLITE_OK;
    state.ResumeTiming();
    for (size_t batch = 0; batch < kBatches; ++batch)
      if (!open || !insert_all(db, insert, batch)) state.SkipWithError("SQLite failed");
    state.PauseTiming();
    sqlite3_finalize(insert);
    sqlite3_close(db);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(kRows * kBatches));
}

BENCHMARK(plain_sqlite)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(journal_append)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
  (void)entries();
  return hf::bench::run(argc, argv, {{"journal, entries on the disk", "journal_append", "plain_sqlite", 0.8, 1e3, "k entries/s"}});
}
