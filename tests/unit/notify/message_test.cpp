#include "tests/unit/notify/sample.hpp"

namespace hf::notify {
namespace {

using namespace std::chrono_literals;

TEST(WebhookMessage, says_what_happened_in_the_words_of_the_field) {
  auto incident = sample();
  incident.imposed_wait = 900s;
  const auto body = parsed(message_body("d1", News::opened, incident.signalled, incident, false));
  EXPECT_EQ(body.at("version"), 1);
  EXPECT_EQ(body.at("id"), "d1");
  EXPECT_EQ(body.at("news"), "opened");
  const auto& i = body.at("incident").as_object();
  EXPECT_EQ(i.at("kind"), "artificial_hold");
  EXPECT_EQ(i.at("lines").as_array()[0].as_object().at("label"), "Support \"Nord\"");
  EXPECT_EQ(i.at("onset").as_double(), 1'795'306'282.0);
  EXPECT_EQ(i.at("imposed_wait_s").as_double(), 900.0);
  EXPECT_TRUE(i.at("closed").is_null());
  EXPECT_TRUE(i.at("avoidable_caller_s").is_null()) << "unknown is null, not 0";
}

TEST(WebhookMessage, holds_a_dialled_number_only_where_it_was_chosen) {
  EXPECT_EQ(message_body("d1", News::opened, {}, sample(), false).find("4951234567"), std::string::npos);
  EXPECT_NE(message_body("d1", News::opened, {}, sample(), true).find("+74951234567"), std::string::npos);
}

TEST(WebhookMessage, a_test_names_no_incident) {
  EXPECT_TRUE(parsed(message_body("d1", News::test, {}, std::nullopt, true)).at("incident").is_null());
}

// The value was computed with: printf '1795306282.{"a":1}' | openssl dgst -sha256 -hmac 'a secret of some length'
TEST(WebhookSignature, is_the_hmac_that_openssl_computes) {
  EXPECT_EQ(signature(kSecret, Time(1'795'306'282'999'999us), R"({"a":1})"), "t=1795306282, v1=71524a03b6b4ad5e7181140c4fb243708e36b71b79fc9741af058f959efbb9f9");
}

TEST(WebhookSignature, depends_on_secret_time_and_body) {
  const Time t(1s);
  EXPECT_NE(signature("one", t, "body"), signature("two", t, "body"));
  EXPECT_NE(signature("one", t, "body"), signature("one", t, "bodY"));
  EXPECT_NE(signature("one", t, "body"), signature("one", Time(2s), "body"));
}

TEST(MaterialChange, is_another_line_or_queue_a_new_imposed_wait_or_the_end) {
  const auto told = sample();
  auto now = told;
  now.affected_calls = 500, now.imposed = 9000s, now.avoidable = 100s;
  EXPECT_FALSE(material(told, now)) << "growing harm alone is not news every minute";
  now.lines.push_back({"Sales", "800"});
  EXPECT_TRUE(material(told, now));
  now = told, now.queues.push_back("Second");
  EXPECT_TRUE(material(told, now));
  now = told, now.imposed_wait = 900s;
  EXPECT_TRUE(material(told, now));
  now = told, now.kind = "missing_agents";
  EXPECT_TRUE(material(told, now)) << "members were missing, and now it is a hold";
  now = told, now.closed = now.signalled;
  EXPECT_TRUE(material(told, now));
}

TEST(MaterialChange, of_the_imposed_wait_needs_three_seconds_and_five_percent) {
  auto told = sample(), now = sample();
  told.imposed_wait = 900s;
  now.imposed_wait = 944s;
  EXPECT_FALSE(material(told, now));
  now.imposed_wait = 855s;
  EXPECT_TRUE(material(told, now));
  told.imposed_wait = 20s, now.imposed_wait = 22s;
  EXPECT_FALSE(material(told, now));
  now.imposed_wait.reset();
  EXPECT_FALSE(material(told, now)) << "what was known is not taken back";
}

}  // namespace
}  // namespace hf::notify
