#include "agent/app/entries.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hf::app {
namespace {

using ::testing::HasSubstr;

const Time kAt{std::chrono::seconds(1'795'687'200)};

Result<Input> read_back(const journal::Entry& entry) { return from_entry({7, entry.at, entry.kind, entry.body}); }

TEST(Entries, an_event_comes_back_as_it_was) {
  const pbx::CallEvent event{kAt, kAt - std::chrono::milliseconds(5), pbx::QueueJoined{"c 1", "a=b%", 2, 3}};
  const auto entry = to_entry(event);
  EXPECT_EQ(entry.at, kAt);
  const auto input = read_back(entry);
  ASSERT_TRUE(input);
  ASSERT_TRUE(std::holds_alternative<pbx::CallEvent>(*input));
  EXPECT_EQ(to_bytes(std::get<pbx::CallEvent>(*input)), to_bytes(event));
}

TEST(Entries, a_site_model_and_an_acknowledgement_come_back_as_they_were) {
  calls::SiteModel model;
  model.time_zone = "Europe/Berlin";
  model.lines = {{"800", "Support", "sales", std::chrono::seconds(12), std::chrono::seconds(60)}};
  const auto set = read_back(to_entry(kAt, model));
  ASSERT_TRUE(set);
  EXPECT_EQ(to_bytes(std::get<calls::SiteModel>(*set)), to_bytes(model));
  const auto seen = read_back(to_entry(kAt, Acknowledgement{"00aa", "anna"}));
  ASSERT_TRUE(seen);
  EXPECT_EQ(std::get<Acknowledgement>(*seen).incident, "00aa");
  EXPECT_EQ(std::get<Acknowledgement>(*seen).user, "anna");
}

TEST(Entries, a_rule_action_comes_back_as_it_was) {
  rules::Action action{1, "mia", rules::SnoozeRule{"r1", kAt}};
  const auto read = read_back(to_entry(kAt, action));
  ASSERT_TRUE(read);
  EXPECT_EQ(to_bytes(std::get<rules::Action>(*read)), to_bytes(action));
}

TEST(Entries, a_site_model_of_the_time_before_holidays_is_still_read) {
  calls::SiteModel model;
  model.trunks = {"PJSIP/trunk"};
  auto old = to_entry(kAt, model);
  old.body.resize(old.body.size() - sizeof(uint32_t));
  const auto read = read_back(old);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_bytes(std::get<calls::SiteModel>(*read)), to_bytes(model));
}

TEST(Entries, holidays_come_back_as_they_were) {
  calls::SiteModel model;
  model.holidays = {{20447, {}}, {20448, {540, 780}}};
  const auto read = read_back(to_entry(kAt, model));
  ASSERT_TRUE(read);
  ASSERT_EQ(std::get<calls::SiteModel>(*read).holidays.size(), 2U);
  EXPECT_EQ(std::get<calls::SiteModel>(*read).holidays[1].hours.to, 780);
}

TEST(Entries, a_note_and_an_unknown_kind_are_nothing_to_the_core) {
  const auto loss = read_back(note(kAt, "loss", "from to"));
  ASSERT_TRUE(loss);
  EXPECT_EQ(std::get<Unread>(*loss).kind, "loss");
  EXPECT_TRUE(read_back({0, kAt, "of_a_later_version", "\x01\x02"}));
}

TEST(Entries, what_a_newer_program_added_at_the_end_is_passed_over) {
  auto longer = to_entry(kAt, Acknowledgement{"00aa", "anna"});
  longer.body += "x";
  const auto seen = read_back(longer);
  ASSERT_TRUE(seen);
  EXPECT_EQ(std::get<Acknowledgement>(*seen).user, "anna");
}

TEST(Entries, a_damaged_body_is_corrupt_and_named) {
  auto model = to_entry(kAt, calls::SiteModel{});
  model.body.pop_back();
  auto shorter = to_entry(kAt, Acknowledgement{"00aa", "anna"});
  shorter.body.pop_back();
  const journal::Entry event{0, kAt, "call_event", "no event"};
  for (const auto& entry : {model, shorter, event}) {
    const auto input = read_back(entry);
    ASSERT_FALSE(input) << entry.kind;
    EXPECT_EQ(input.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(input.error().what, HasSubstr("journal entry 7"));
  }
}

}  // namespace
}  // namespace hf::app
