// An incident as the app would tell it, and a poster that writes down what it was given.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "agent/notify/notifier.hpp"
#include "hal/platform/random.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

namespace hf::notify {

constexpr const char* kSecret = "a secret of some length";

inline IncidentMessage sample(Time onset = Time(std::chrono::seconds(1'795'306'282))) {
  IncidentMessage i;
  i.id = "00112233445566aa";
  i.kind = "artificial_hold";
  i.text = "Artificial hold: callers are made to wait although agents are free.";
  i.lines = {{"Support \"Nord\"", "+74951234567"}};
  i.queues = {"Support"};
  i.onset = onset;
  i.signalled = onset + std::chrono::seconds(95);
  i.affected_calls = 5;
  return i;
}

inline boost::json::object parsed(const std::string& body) { return boost::json::parse(body).as_object(); }

struct Sent {
  std::string url, body;
  std::vector<std::string> headers;
};

class FakePoster final : public Poster {
 public:
  Result<unsigned> post(const std::string& url, const std::vector<std::string>& headers, const std::string& body) override {
    sent->push_back({url, body, headers});
    return *answer;
  }
  void stop() override {}
  std::shared_ptr<std::vector<Sent>> sent = std::make_shared<std::vector<Sent>>();
  std::shared_ptr<Attempt> answer = std::make_shared<Attempt>(200U);
};

}  // namespace hf::notify
