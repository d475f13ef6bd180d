// A journal in a folder of its own, with a clock and a chance that the test owns.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "agent/journal/journal.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::journal {

class FixedClock final : public Clock {
 public:
  Time now() const override { return time; }
  SteadyTime steady() const override { return {}; }
  Time time = std::chrono::sys_days(std::chrono::year(2026) / 11 / 26) + std::chrono::hours(12);
};

class JournalTest : public ::testing::Test {
 protected:
  Journal open() {
    auto journal = Journal::open(folder(), clock_, random_);
    EXPECT_TRUE(journal) << journal.error().what;
    return std::move(*journal);
  }
  std::filesystem::path folder() const { return temp_.path() / "journal"; }

  Entry entry(std::string body) const { return {0, clock_.time, "call_event", std::move(body)}; }
  std::vector<Entry> entries(size_t count, const std::string& body = "queue_joined channel=1.1 queue=sales") const {
    return std::vector<Entry>(count, entry(body));
  }
  static std::vector<std::string> bodies(Journal& journal, uint64_t from = 1, uint64_t limit = UINT64_MAX) {
    std::vector<std::string> all;
    auto done = journal.read(from, limit, [&all](const EntryView& e) { all.emplace_back(e.body); });
    EXPECT_TRUE(done) << done.error().what;
    return all;
  }
  static std::vector<uint64_t> sequences(Journal& journal) {
    std::vector<uint64_t> all;
    auto done = journal.read(1, UINT64_MAX, [&all](const EntryView& e) { all.push_back(e.sequence); });
    EXPECT_TRUE(done) << done.error().what;
    return all;
  }
  std::vector<std::filesystem::path> files(const std::string& part) const {
    std::vector<std::filesystem::path> found;
    for (const auto& file : std::filesystem::directory_iterator(folder())) {
      if (file.path().filename().string().find(part) != std::string::npos) found.push_back(file.path());
    }
    return found;
  }
  // What a crash at this moment would leave: the files as they are, the journal's memory gone.
  std::filesystem::path crash_image(const char* name) const {
    const auto image = temp_.path() / name;
    std::filesystem::copy(folder(), image, std::filesystem::copy_options::recursive);
    for (const auto& file : std::filesystem::directory_iterator(image)) {
      if (file.path().string().ends_with("-shm")) std::filesystem::remove(file.path());
    }
    return image;
  }
  static void overwrite(const std::filesystem::path& file, std::streamoff at, const std::string& bytes) {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(at);
    out << bytes;
  }
  // Every byte of every file in the folder, as a thief of the disk would read them.
  bool on_disk(const std::string& bytes) const {
    for (const auto& file : std::filesystem::directory_iterator(folder())) {
      std::ifstream in(file.path(), std::ios::binary);
      if (std::string(std::istreambuf_iterator<char>(in), {}).find(bytes) != std::string::npos) return true;
    }
    return false;
  }

  test::TempFolder temp_;
  FixedClock clock_;
  SeededRandom random_{std::random_device{}()};  // only epochs are drawn from it: no result depends on which
};

}  // namespace hf::journal
