#include "hal/platform/state_archive.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace hf {
namespace {

enum class Wide : uint16_t { one = 1, many = 40'000 };

struct Waiter {
  std::string id, queue;
  Time arrived{}, since{};
  Duration hold{};
  std::optional<double> weight;
  std::variant<std::monostate, std::string, int64_t> what;
  Wide wide{};
  int8_t small = 0;
  bool operator==(const Waiter&) const = default;
  template <class A>
  void fields(A& a) {
    a("id", id), a("queue", queue), a("arrived", arrived), a("since", since), a("hold", hold), a("weight", weight), a("what", what), a("wide", wide), a("small", small);
  }
};

struct Everything {
  std::map<std::string, Waiter> waiting;
  std::vector<int64_t> numbers;
  std::array<uint32_t, 2> pair{};
  std::set<std::pair<Time, std::string>> due;
  std::deque<uint16_t> recent;
  bool operator==(const Everything&) const = default;
  template <class A>
  void fields(A& a) {
    a("waiting", waiting), a("numbers", numbers), a("pair", pair), a("due", due), a("recent", recent);
  }
};

Everything example() {
  const Time noon{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + std::chrono::hours(12)};
  Everything e;
  e.waiting["1790000000.7"] = {"1790000000.7", "sales", noon, noon + std::chrono::milliseconds(1), Duration(-3), 2.5, "sales", Wide::many, -8};
  e.waiting["1790000000.8"] = {"1790000000.8", "", Time::min(), Time::max(), Duration::max(), {}, int64_t{-1}, Wide::one, 127};
  e.numbers = {0, -1, 63, 64, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()};
  e.pair = {0, std::numeric_limits<uint32_t>::max()};
  e.due = {{noon, "1790000000.7"}};
  e.recent = {65'535, 0};
  return e;
}

template <class T>
std::string saved(const T& value) {
  StateSaver saver;
  saver.put(value);
  return std::move(saver.bytes);
}
template <class T>
bool load(std::string_view bytes, T& value) {
  StateLoader loader(bytes);
  loader.get(value);
  return loader.at_end();
}

TEST(StateArchive, loads_what_it_saved_and_saves_it_alike) {
  Everything back;
  ASSERT_TRUE(load(saved(example()), back));
  EXPECT_EQ(back, example());
  EXPECT_EQ(saved(back), saved(example()));
}

TEST(StateArchive, refuses_every_shortened_input) {
  const std::string bytes = saved(example());
  for (size_t n = 0; n < bytes.size(); ++n) {
    Everything back;
    EXPECT_FALSE(load(std::string_view(bytes).substr(0, n), back)) << n << " bytes";
  }
}

TEST(StateArchive, refuses_what_no_saver_writes) {
  uint16_t number = 0;
  EXPECT_FALSE(load("\xff\xff\x04", number)) << "more than 16 bits";
  int64_t wide = 0;
  EXPECT_FALSE(load(std::string(11, '\xff'), wide)) << "no end";
  std::string text;
  EXPECT_FALSE(load("\x02", text)) << "the second text, of which there is none";
  EXPECT_FALSE(load(std::string_view("\0\x05xy", 4), text)) << "a text that is longer than what is left";
  std::vector<std::string> texts;
  EXPECT_FALSE(load("\x7f\x01", texts)) << "more texts than bytes";
  const std::string repeated = saved(std::vector<std::string>(100, std::string(1'000, 'x')));
  StateLoader enough(repeated, 99'000), short_of(repeated, 98'999);
  enough.get(texts), short_of.get(texts);
  EXPECT_TRUE(enough.ok());
  EXPECT_FALSE(short_of.ok()) << "more text than there is room for";
}

TEST(StateArchive, writes_a_text_once_and_a_time_by_its_difference) {
  const Time noon{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + std::chrono::hours(12)};
  const std::vector<std::string> texts(100, "1790000000.1000");
  EXPECT_EQ(saved(texts).size(), 1u + 2u + 15u + 99u);
  EXPECT_EQ(saved(std::vector<Time>(100, noon)).size(), 1u + 8u + 99u);
  EXPECT_EQ(saved(std::vector<Duration>(100)).size(), 1u + 100u);
}

}  // namespace
}  // namespace hf
