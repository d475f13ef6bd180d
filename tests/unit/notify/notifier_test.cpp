#include <future>

#include "hal/platform/files.hpp"
#include "tests/unit/notify/sample.hpp"

namespace hf::notify {
namespace {

using namespace std::chrono_literals;

class NotifierTest : public testing::Test {
 protected:
  void SetUp() override { reopen(); }
  void reopen() {
    notifier.reset();
    auto poster = std::make_unique<FakePoster>();
    poster->sent = sent, poster->answer = answer;
    auto opened = Notifier::open({file, clock, random, std::move(poster)});
    ASSERT_TRUE(opened) << opened.error().what;
    notifier = std::move(*opened);
  }
  void enable(bool numbers = false) { ASSERT_TRUE(notifier->set({true, "https://hooks.example/x", kSecret, numbers})); }

  test::TempFolder folder;
  const std::filesystem::path file = folder / "webhook.json";
  test::ManualClock clock;
  SeededRandom random{1};
  std::shared_ptr<std::vector<Sent>> sent = std::make_shared<std::vector<Sent>>();
  std::shared_ptr<Attempt> answer = std::make_shared<Attempt>(200U);
  std::unique_ptr<Notifier> notifier;
};

TEST_F(NotifierTest, sends_nothing_until_it_is_enabled) {
  notifier->tell(sample());
  EXPECT_EQ(notifier->step(), 0U);
  enable();
  notifier->tell(sample());
  EXPECT_EQ(notifier->step(), 1U);
  EXPECT_EQ(sent->at(0).url, "https://hooks.example/x");
}

TEST_F(NotifierTest, signs_the_very_bytes_it_sends_at_the_time_it_sends_them) {
  enable();
  notifier->tell(sample());
  clock.advance(30s);
  notifier->step();
  const std::string expected = "Holdfast-Signature: " + signature(kSecret, clock.now(), sent->at(0).body);
  EXPECT_NE(std::find(sent->at(0).headers.begin(), sent->at(0).headers.end(), expected), sent->at(0).headers.end());
}

TEST_F(NotifierTest, cannot_be_enabled_without_address_or_secret) {
  EXPECT_EQ(notifier->set({true, "", kSecret, false}).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(notifier->set({true, "https://hooks.example/x", std::nullopt, false}).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(notifier->set({true, "https://hooks.example/x", "short", false}).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(notifier->test().error().kind, ErrorKind::denied);
  EXPECT_FALSE(notifier->settings().enabled);
}

TEST_F(NotifierTest, keeps_its_secret_unless_given_another_and_never_shows_it) {
  enable();
  ASSERT_TRUE(notifier->set({true, "https://other.example/", std::nullopt, false}));
  EXPECT_TRUE(notifier->settings().secret_set);
  ASSERT_TRUE(notifier->test());
  notifier->step();
  EXPECT_EQ(sent->at(0).url, "https://other.example/");
  EXPECT_EQ(sent->at(0).headers.back(), "Holdfast-Signature: " + signature(kSecret, clock.now(), sent->at(0).body));
}

TEST_F(NotifierTest, survives_a_restart_with_settings_queue_and_memory_of_what_was_told) {
  enable();
  *answer = fail(ErrorKind::io, "no route");
  notifier->tell(sample());
  notifier->step();
  reopen();
  EXPECT_TRUE(notifier->settings().enabled);
  notifier->tell(sample());
  EXPECT_EQ(notifier->deliveries(10).size(), 1U) << "told once, although the incident was replayed";
  *answer = 200U;
  clock.advance(10s);
  EXPECT_EQ(notifier->step(), 1U);
  EXPECT_EQ(notifier->deliveries(1).at(0).state, DeliveryState::delivered);
  EXPECT_EQ(notifier->deliveries(1).at(0).attempts, 2U);
}

TEST_F(NotifierTest, keeps_its_file_from_others) {
  enable();
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(NotifierTest, sets_a_damaged_file_aside_and_says_so) {
  enable();
  notifier.reset();
  ASSERT_TRUE(write_file(file, R"({"version":1,"settings":{"enabled":tr)"));
  reopen();
  EXPECT_FALSE(notifier->settings().enabled);
  EXPECT_NE(notifier->problem().find("webhook.json"), std::string::npos);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "the damaged file is still there for a person";
}

TEST_F(NotifierTest, goes_on_without_a_webhook_when_a_newer_program_wrote_the_file_and_keeps_it) {
  notifier.reset();
  ASSERT_TRUE(write_file(file, R"({"version":2})"));
  auto opened = Notifier::open({file, clock, random, std::make_unique<FakePoster>()});
  ASSERT_TRUE(opened) << opened.error().what << " (an update that was taken back must not keep the box from starting)";
  EXPECT_FALSE((*opened)->settings().enabled);
  EXPECT_NE((*opened)->problem().find("of a newer program"), std::string::npos) << (*opened)->problem();
  for (const auto& kept : std::filesystem::directory_iterator(folder.path())) EXPECT_EQ(*read_file(kept.path(), 100), R"({"version":2})");
}

TEST_F(NotifierTest, switching_off_withdraws_what_waits) {
  enable();
  *answer = fail(ErrorKind::io, "no route");
  notifier->tell(sample());
  notifier->step();
  ASSERT_TRUE(notifier->set({false, "https://hooks.example/x", std::nullopt, false}));
  clock.advance(1h);
  EXPECT_EQ(notifier->step(), 0U);
  EXPECT_EQ(notifier->deliveries(1).at(0).state, DeliveryState::given_up);
}

TEST_F(NotifierTest, delivers_on_its_own_thread_as_soon_as_there_is_news) {
  struct Promising final : Poster {
    Result<unsigned> post(const std::string&, const std::vector<std::string>&, const std::string& body) override {
      got.set_value(body);
      return 200U;
    }
    void stop() override {}
    std::promise<std::string> got;
  };
  auto poster = std::make_unique<Promising>();
  auto got = poster->got.get_future();
  auto opened = Notifier::open({folder / "other.json", clock, random, std::move(poster)});
  ASSERT_TRUE(opened);
  (*opened)->start();
  ASSERT_TRUE((*opened)->set({true, "https://hooks.example/x", kSecret, false}));
  (*opened)->tell(sample());
  ASSERT_EQ(got.wait_for(5s), std::future_status::ready);
  EXPECT_EQ(parsed(got.get()).at("news"), "opened");
}

}  // namespace
}  // namespace hf::notify
