// The box's settings, as the page changes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/box.hpp"
#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using access::Role;
using test::Box;
using testing::HasSubstr;
using testing::Not;
using enum http::Method;

constexpr const char* kSettings = "/api/v1/settings";

TEST(SettingsPage, a_saved_text_starts_the_agent_anew_and_stands_in_the_audit_log_without_itself) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  EXPECT_EQ(json_of(box.get(admin, kSettings)).at("mark"), "m1");
  EXPECT_EQ(box.send(admin, put, kSettings, R"({"text":"[site]\n","mark":"m1"})").status, 202u);
  EXPECT_EQ(box.settings.text, "[site]\n");
  const auto rows = box.access->audit().after(static_cast<int64_t>(box.changed_by_setup), 10).value();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].action, "settings.set");
}

TEST(SettingsPage, a_wrong_text_is_told_with_its_place_and_not_saved) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  EXPECT_EQ(json_of(box.send(admin, post, "/api/v1/settings/check", R"({"text":"wrong"})")).at("problems").at(0), "agent.toml:2:1: unknown key");
  const auto refused = box.send(admin, put, kSettings, R"({"text":"wrong","mark":"m1"})");
  EXPECT_EQ(refused.status, 400u);
  EXPECT_THAT(refused.body, HasSubstr("agent.toml:2:1"));
  EXPECT_EQ(box.send(admin, put, kSettings, R"({"text":"","mark":"older"})").status, 409u) << "somebody else was quicker";
  EXPECT_EQ(box.settings.text, "[pbx]\nkind = \"simulator\"\n");
}

TEST(SettingsPage, a_secret_goes_in_and_never_comes_out) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  EXPECT_EQ(box.send(admin, put, "/api/v1/settings/files/ami.secret", R"({"content":"open sesame\n"})").status, 204u);
  EXPECT_EQ(box.settings.kept, "ami.secret=open sesame\n");
  const auto rows = box.access->audit().after(0, 100).value();
  for (const auto& row : rows) EXPECT_THAT(row.target + row.before + row.after, Not(HasSubstr("sesame")));
  EXPECT_THAT(box.get(admin, kSettings).body, Not(HasSubstr("sesame")));
  EXPECT_EQ(box.send(admin, put, "/api/v1/settings/files/.ssh", R"({"content":"x"})").status, 400u);
  EXPECT_EQ(box.send(admin, del, "/api/v1/settings/files/pbx.secret").status, 409u) << "in use";
  EXPECT_EQ(box.send(admin, del, "/api/v1/settings/files/none").status, 404u);
}

TEST(SettingsPage, are_an_admins_alone) {
  Box box;
  const auto viewer = box.visitor(Role::viewer);
  EXPECT_EQ(box.get(viewer, kSettings).status, 403u);
  EXPECT_EQ(box.send(viewer, put, kSettings, R"({"text":"","mark":"m1"})").status, 403u);
  EXPECT_EQ(box.send(viewer, put, "/api/v1/settings/files/a", R"({"content":"x"})").status, 403u);
}

}  // namespace
}  // namespace hf::web
