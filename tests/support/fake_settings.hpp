// A settings file for tests of the page: what is saved and kept stays, and a text with the word "wrong" is refused.
#pragma once

#include <algorithm>

#include "agent/web/settings_desk.hpp"

namespace hf::test {

class FakeSettings final : public web::SettingsDesk {
 public:
  Result<web::SettingsView> view() override {
    return web::SettingsView{"/etc/holdfast/agent.toml", text, "m1", locked, "/var/lib/holdfast/files", {{"pbx.secret", 12, Time(std::chrono::hours(490'000)), true}}, "the port is taken"};
  }
  web::SettingsVerdict check(std::string_view now) override {
    if (now.find("wrong") != now.npos) return {{"agent.toml:2:1: unknown key"}, false};
    return {{}, true};
  }
  Status save(std::string_view now, std::string_view mark) override {
    if (mark != "m1") return fail(ErrorKind::denied, "changed meanwhile");
    if (!check(now).problems.empty()) return fail(ErrorKind::invalid_input, "agent.toml:2:1: unknown key");
    text = now;
    return {};
  }
  Status keep_file(std::string_view name, std::string_view bytes) override {
    if (name.starts_with('.')) return fail(ErrorKind::invalid_input, "a name that cannot be");
    kept = std::string(name) + "=" + std::string(bytes);
    return {};
  }
  Status remove_file(std::string_view name) override {
    if (name == "pbx.secret") return fail(ErrorKind::denied, "the settings name it");
    return fail(ErrorKind::not_found, "no such file");
  }

  Result<web::EnrolmentRequest> enrolment_request() override { return web::EnrolmentRequest{"-----BEGIN CERTIFICATE REQUEST-----\n", "AB:CD", "/var/lib/holdfast/files/site.key"}; }

  std::string text = "[pbx]\nkind = \"simulator\"\n", kept;
  std::optional<std::string> locked;
};

}  // namespace hf::test
