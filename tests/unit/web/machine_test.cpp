// The machine below the agent, as an admin sees it and asks for things.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/box.hpp"
#include "tests/unit/web/json_of.hpp"

namespace hf::web {
namespace {

using access::Role;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using test::Box;
using enum http::Method;

const std::string kToken(32, 'a');
const std::string kStatic = R"({"interface":"eth0","dhcp":false,"address":"192.0.2.20/24","gateway":"192.0.2.1","dns":["192.0.2.53"],"confirm_within":120})";

http::Response at(Box& box, const test::Visitor& visitor, const std::string& own_address, http::Method method, const std::string& path, std::string body = {}) {
  auto request = Box::as(visitor, Box::request(method, path, std::move(body)));
  request.own_address = own_address;
  return box.ask(std::move(request));
}

std::string field_of(const http::Response& response) {
  const auto body = json_of(response);
  const auto& field = body.at("error").at("field");
  return field.is_null() ? std::string() : std::string(field.as_string());
}

device::Fields on_trial(const char* address) {
  return {{"trial.interface", "eth0"}, {"trial.dhcp", *address ? "no" : "yes"}, {"trial.address", address}, {"trial.gateway", ""}, {"trial.dns", ""}, {"trial.seconds_left", "100"}};
}

TEST(MachinePage, each_request_goes_to_the_device_service_as_it_is) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  const auto now = std::to_string(std::chrono::floor<std::chrono::seconds>(box.clock.now()).time_since_epoch().count());
  box.device.answers["set_network"] = {{"token", kToken}, {"confirm_within", "120"}};
  const auto set = box.send(admin, put, "/api/v1/machine/network", kStatic);
  ASSERT_EQ(set.status, 202u) << set.body;
  EXPECT_EQ(std::string(json_of(set).at("token").as_string()), kToken);
  for (const auto& [method, path, body] : std::vector<std::tuple<http::Method, std::string, std::string>>{
           {post, "network/revert", ""},
           {put, "time-servers", R"({"servers":["ntp.site","192.0.2.1"]})"},
           {put, "zone", R"({"zone":"Europe/Berlin"})"},
           {put, "hostname", R"({"name":"berlin-1"})"},
           {put, "time", R"({"at":1790000000})"},
           {del, "power", ""},
           {post, "diagnostics", ""}}) {
    const auto answer = box.send(admin, method, "/api/v1/machine/" + path, body);
    EXPECT_EQ(answer.status, 204u) << path << answer.body;
  }
  EXPECT_EQ(box.send(admin, post, "/api/v1/machine/power", R"({"what":"power_off","when":"now"})").status, 200u);
  const std::string to = std::to_string(std::stoll(now) + 600);
  EXPECT_THAT(box.device.asked,
              ElementsAre("request=set_network actor=anna@192.0.2.7 interface=eth0 dhcp=no address=192.0.2.20/24 gateway=192.0.2.1 dns=192.0.2.53 confirm_within=120",
                          "request=revert_network actor=anna@192.0.2.7", "request=set_time_servers actor=anna@192.0.2.7 servers=ntp.site,192.0.2.1",
                          "request=set_zone actor=anna@192.0.2.7 zone=Europe/Berlin", "request=set_hostname actor=anna@192.0.2.7 name=berlin-1",
                          "request=set_time actor=anna@192.0.2.7 at=1790000000", "request=cancel_shutdown actor=anna@192.0.2.7", "request=write_diagnostics actor=anna@192.0.2.7",
                          "request=shutdown actor=anna@192.0.2.7 power_off=yes not_before=" + now + " not_after=" + to));
}

TEST(MachinePage, what_was_asked_for_stands_in_the_audit_log_with_its_result) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  EXPECT_EQ(box.send(admin, put, "/api/v1/machine/zone", R"({"zone":"Europe/Berlin"})").status, 204u);
  box.device.refusal = Error{ErrorKind::io, "org.freedesktop.network1: it is away"};
  EXPECT_EQ(box.send(admin, put, "/api/v1/machine/network", kStatic).status, 409u);
  const auto rows = box.access->audit().after(static_cast<int64_t>(box.changed_by_setup), 100).value();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].action + " " + rows[0].target + " " + rows[0].result, "machine.zone Europe/Berlin done");
  EXPECT_EQ(rows[1].action + " " + rows[1].target + " " + rows[1].result, "machine.network eth0 192.0.2.20/24 via 192.0.2.1 dns 192.0.2.53 failed");
}

TEST(MachinePage, an_error_names_the_field_that_is_wrong) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  const auto network = [&](const char* address, const char* gateway, const char* within) {
    return box.send(admin, put, "/api/v1/machine/network",
                    std::string(R"({"interface":"eth0","dhcp":false,"address":")") + address + R"(","gateway":")" + gateway + R"(","dns":[],"confirm_within":)" + within + "}");
  };
  EXPECT_EQ(field_of(network("192.0.2.20", "", "60")), "address") << "without the length of its net";
  EXPECT_EQ(field_of(network("192.0.2.20/24", "gate", "60")), "gateway");
  EXPECT_EQ(field_of(network("192.0.2.20/24", "", "5")), "confirm_within");
  EXPECT_EQ(field_of(box.send(admin, put, "/api/v1/machine/time-servers", R"({"servers":["a b"]})")), "servers");
  EXPECT_EQ(field_of(box.send(admin, put, "/api/v1/machine/hostname", R"({"name":"-x"})")), "name");
  EXPECT_EQ(field_of(box.send(admin, put, "/api/v1/machine/time", R"({"at":5})")), "at");
  EXPECT_EQ(field_of(box.send(admin, post, "/api/v1/machine/power", R"({"what":"restart","when":"later"})")), "when");
  EXPECT_THAT(box.device.asked, IsEmpty()) << "nothing of it reaches the device service";
  box.device.refusal = Error{ErrorKind::invalid_input, "org.freedesktop.timedate1: Invalid or not installed time zone 'Europe/Nowhere'"};
  const auto zone = box.send(admin, put, "/api/v1/machine/zone", R"({"zone":"Europe/Nowhere"})");
  EXPECT_EQ(zone.status, 400u);
  EXPECT_EQ(field_of(zone), "zone") << "what systemd refuses is about the field that was sent";
  box.device.refusal = Error{ErrorKind::timed_out, "the device service did not answer"};
  EXPECT_EQ(box.send(admin, put, "/api/v1/machine/zone", R"({"zone":"Europe/Berlin"})").status, 503u);
}

// The token says that the box can be reached under the new setting, so only who reached it so is told it, and only he can use it.
TEST(MachinePage, a_network_setting_is_kept_at_its_new_address_and_not_at_the_old_one) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  const std::string confirm = R"({"token":")" + kToken + "\"}";
  box.device.answers["set_network"] = {{"token", kToken}, {"confirm_within", "120"}};
  ASSERT_EQ(at(box, admin, "192.0.2.10", put, "/api/v1/machine/network", kStatic).status, 202u);
  box.device.status(on_trial("192.0.2.20/24"));
  const auto old = json_of(at(box, admin, "192.0.2.10", get, "/api/v1/machine"));
  EXPECT_EQ(old.at("trial").at("left_s"), 100);
  EXPECT_TRUE(old.at("trial").at("token").is_null());
  EXPECT_EQ(old.at("trial").at("reached"), false);
  EXPECT_EQ(at(box, admin, "192.0.2.10", post, "/api/v1/machine/network/confirm", confirm).status, 409u);
  EXPECT_EQ(box.device.asked.size(), 1u) << "the device service does not hear of a confirmation from the old address";
  const auto fresh = json_of(at(box, admin, "192.0.2.20", get, "/api/v1/machine"));
  EXPECT_EQ(std::string(fresh.at("trial").at("token").as_string()), kToken);
  EXPECT_EQ(at(box, admin, "192.0.2.20", post, "/api/v1/machine/network/confirm", confirm).status, 204u);
  EXPECT_EQ(box.device.asked.back(), "request=confirm_network actor=anna@192.0.2.7 token=" + kToken);
  box.device.status({});
  const auto after = at(box, admin, "192.0.2.20", post, "/api/v1/machine/network/confirm", confirm);
  EXPECT_EQ(after.status, 409u) << "nothing is on trial any more";
}

TEST(MachinePage, a_start_in_the_window_is_that_of_the_updates_and_one_that_waits_for_a_version_is_theirs) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  const auto asked = json_of(box.send(admin, post, "/api/v1/machine/power", R"({"what":"restart","when":"window"})"));
  EXPECT_EQ(asked.at("from"), json_of(box.get(admin, "/api/v1/machine")).at("next_window").at("from"));
  box.updates.stage = updates::Stage::installed;
  EXPECT_EQ(box.send(admin, post, "/api/v1/machine/power", R"({"what":"restart","when":"window"})").status, 200u);
  EXPECT_THAT(box.updates.done, ElementsAre("restart anna@192.0.2.7 2"));
  box.updates.waits = true;
  EXPECT_EQ(box.send(admin, del, "/api/v1/machine/power").status, 204u);
  EXPECT_EQ(box.updates.done.back(), "restart anna@192.0.2.7 0");
  EXPECT_EQ(box.device.asked.size(), 1u);
}

TEST(MachinePage, a_reset_wants_the_word_and_the_admins_own_password) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  const auto reset = [&](const char* level, const char* sure, const std::string& password) {
    return box.send(admin, post, "/api/v1/machine/reset", std::string(R"({"level":")") + level + R"(","sure":")" + sure + R"(","password":")" + password + "\"}");
  };
  EXPECT_EQ(field_of(reset("data", "erase", test::kPassword)), "sure");
  EXPECT_EQ(field_of(reset("all", "ERASE", test::kPassword)), "level");
  EXPECT_EQ(field_of(reset("data", "ERASE", "seven brown kettles")), "password");
  EXPECT_THAT(box.device.asked, IsEmpty());
  box.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(reset("data", "ERASE", test::kPassword).status, 204u);
  EXPECT_THAT(box.device.asked, ElementsAre("request=factory_reset actor=anna@192.0.2.7 level=data sure=ERASE"));
  const auto rows = box.access->audit().after(static_cast<int64_t>(box.changed_by_setup), 100).value();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].action + " " + rows[0].target + " " + rows[0].result, "machine.reset wrong password refused");
  EXPECT_EQ(rows[1].action + " " + rows[1].target + " " + rows[1].result, "machine.reset data done");
}

TEST(MachinePage, without_a_device_service_it_says_so_and_nothing_is_asked) {
  Box box;
  box.device.there = false;
  const auto admin = box.visitor(Role::admin);
  EXPECT_EQ(json_of(box.get(admin, "/api/v1/machine")).at("present"), false);
  EXPECT_EQ(box.send(admin, put, "/api/v1/machine/zone", R"({"zone":"Europe/Berlin"})").status, 409u);
  EXPECT_EQ(box.send(admin, put, "/api/v1/machine/network", kStatic).status, 409u);
  EXPECT_EQ(box.send(admin, post, "/api/v1/machine/power", R"({"what":"restart","when":"now"})").status, 409u);
  EXPECT_EQ(box.send(admin, post, "/api/v1/machine/reset", R"({"level":"data","sure":"ERASE","password":"x"})").status, 409u);
  EXPECT_THAT(box.device.asked, IsEmpty());
}

TEST(MachinePage, tells_what_the_device_service_says_of_itself) {
  Box box;
  const auto admin = box.visitor(Role::admin);
  box.device.status({{"hostname", ""}, {"hostname_now", "holdfast"}, {"zone", "Europe/Berlin"}, {"time_servers", "ntp.site,192.0.2.1"}, {"network.0.interface", "eth0"}, {"network.0.dhcp", "yes"},
                     {"last_trial.interface", "eth1"}, {"last_trial.end", "taken_back"}, {"last_trial.ago", "60"}, {"power_off_at", "1790000000"}, {"shutdown_until", "1790000600"}, {"of_a_later_service", "x"}});
  ASSERT_TRUE(write_file(box.folder / "diagnostics", "The diagnostics are on the stick; it may be pulled out.\n"));
  const auto now = json_of(box.get(admin, "/api/v1/machine"));
  EXPECT_EQ(now.at("hostname"), "holdfast");
  EXPECT_EQ(now.at("time_servers").at(1), "192.0.2.1");
  EXPECT_EQ(now.at("settings").at(0).at("dhcp"), true);
  EXPECT_EQ(now.at("last_trial").at("end"), "taken_back");
  EXPECT_EQ(now.at("shutdown").at("what"), "power_off");
  EXPECT_EQ(now.at("interfaces").at(1).at("addresses").at(0), "198.51.100.10/24");
  EXPECT_EQ(now.at("diagnostics"), "The diagnostics are on the stick; it may be pulled out.");
  box.device.answers["read_audit"] = {{"line.0", "first"}, {"line.1", "second"}};
  EXPECT_EQ(json_of(box.get(admin, "/api/v1/machine/audit")).at("lines").at(1), "second");
  box.asking.full = true;
  EXPECT_EQ(box.get(admin, "/api/v1/machine").status, 503u);
}

}  // namespace
}  // namespace hf::web
