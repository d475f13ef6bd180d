// A device service that keeps what it was asked, word for word, and answers what the test lays out.
#pragma once

#include <map>

#include "agent/updates/device.hpp"

namespace hf::test {

class FakeDevice final : public updates::Device {
 public:
  bool present() const override { return there; }
  Result<device::Fields> ask(const std::string& actor, device::Request request) override {
    if (auto good = device::check(request); !good) return fail(std::move(good.error()));
    const std::string name(device::name_of(request));
    if (name != "status") asked.push_back(words(device::write_ask({actor, request})));
    if (away) return fail(ErrorKind::timed_out, "the device service did not answer");
    if (refusal && name != "status") return fail(*refusal);
    const auto found = answers.find(name);
    return found == answers.end() ? device::Fields{} : found->second;
  }

  // "hostname berlin" as one line each: what GetStatus answers next.
  void status(device::Fields facts) { answers["status"] = std::move(facts); }

  bool there = true, away = false;
  std::optional<Error> refusal;  // of everything but the status
  std::map<std::string, device::Fields> answers;
  std::vector<std::string> asked;  // "request=set_zone actor=anna@192.0.2.7 zone=Europe/Berlin"

 private:
  static std::string words(const std::string& message) {
    std::string out;
    const auto fields = device::parse_fields(message).value();
    for (const auto& [key, value] : fields) out += (out.empty() ? "" : " ") + key + "=" + value;
    return out;
  }
};

}  // namespace hf::test
