// A FreeSWITCH Event Socket on loopback: takes the login and the subscription, answers questions in the background, and
// plays a recording's events. One thread of its own.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "hal/net/tcp_stream.hpp"
#include "hal/pbx/freeswitch/esl_frame.hpp"
#include "hal/pbx/json_members.hpp"
#include "hal/pbx/pbx_text.hpp"
#include "hal/platform/gz_reader.hpp"

namespace hf::test {

struct EslStep {  // what one received chunk of the recording held
  Time at{};
  std::string events;                                        // as they were sent
  std::vector<std::pair<std::string, std::string>> answers;  // question, answer
};

// The recording in `folder`: esl-plain.raw.gz with .idx.gz and .sent.gz.
inline std::vector<EslStep> read_esl_steps(const std::string& folder) {
  const auto load = [&folder](const std::string& extension) {
    auto text = read_gz_file(folder + "/esl-plain." + extension + ".gz", size_t{256} << 20);
    if (!text) throw std::runtime_error(text.error().what);
    return std::move(*text);
  };
  std::deque<std::string> questions;
  const std::string sent = load("sent"), raw = load("raw"), times = load("idx");
  for (size_t at = 0, end = 0; at < sent.size() && (end = sent.find('\n', at)) != sent.npos; at = end + 1) {
    pbx::JsonMembers members(std::string_view(sent).substr(at, end - at));
    for (std::string_view key, value; members.next(key, value);)
      if (const std::string text = pbx::json_text(value); key == "cmd" && text.starts_with("api "))
        questions.push_back(text.substr(4));
  }
  std::vector<EslStep> steps;
  pbx::EslFramer framer;
  for (size_t at = 0, end = 0; at < times.size() && (end = times.find('\n', at)) != times.npos; at = end + 1) {
    const std::string line = times.substr(at, end - at);
    const size_t first = line.find(' '), second = line.find(' ', first + 1);
    EslStep step;
    step.at = Time(std::chrono::milliseconds(*pbx::to_number<int64_t>(line.substr(0, first))));
    std::string_view rest =
        std::string_view(raw).substr(*pbx::to_number<size_t>(line.substr(first + 1, second - first - 1)),
                                     *pbx::to_number<size_t>(line.substr(second + 1)));
    for (pbx::EslFrame frame; framer.next(rest, frame);) {
      if (frame.content == pbx::EslContent::event_plain)
        step.events.append(frame.headers).append("\n\n").append(frame.body);
      if (frame.content != pbx::EslContent::api_response || questions.empty()) continue;
      step.answers.emplace_back(questions.front(), frame.body);
      questions.pop_front();
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

// A listening socket on loopback with a port of the system's choice.
class LoopbackPort {
 public:
  LoopbackPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(fd_, 4) != 0)
      throw std::runtime_error("no socket on loopback");
  }
  ~LoopbackPort() { ::close(fd_); }
  LoopbackPort(const LoopbackPort&) = delete;
  LoopbackPort& operator=(const LoopbackPort&) = delete;

  uint16_t number() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  int accept() const { return ::accept(fd_, nullptr, nullptr); }

 private:
  int fd_;
};

class FakeFreeSwitch {
 public:
  // `set_time` is told the time of each step before it is played, `consumed` says how many bytes the client has taken:
  // with it each step waits for the one before.
  FakeFreeSwitch(std::vector<EslStep> steps, std::string password, std::function<void(Time)> set_time = {},
                 std::function<uint64_t()> consumed = {})
      : steps_(std::move(steps)),
        password_(std::move(password)),
        set_time_(std::move(set_time)),
        consumed_(std::move(consumed)) {
    for (const EslStep& step : steps_)
      for (const auto& [question, answer] : step.answers) answers_.try_emplace(question, answer);
    server_ = std::thread([this] { serve(); });
  }
  ~FakeFreeSwitch() {
    stop_ = true;
    const auto wake = net::connect_tcp({"127.0.0.1", port()}, std::chrono::seconds(1));  // nobody may have come
    server_.join();
    if (client_ >= 0) ::close(client_);
  }
  FakeFreeSwitch(const FakeFreeSwitch&) = delete;
  FakeFreeSwitch& operator=(const FakeFreeSwitch&) = delete;

  uint16_t port() const { return listener_.number(); }
  bool played() const { return played_; }
  std::string commands() const {  // all that the client said, without the secret
    const std::lock_guard lock(mutex_);
    return commands_;
  }

 private:
  void serve() {
    client_ = listener_.accept();
    if (client_ < 0 || stop_) return;
    send("Content-Type: auth/request\n\n");
    while (!stop_ && !gone_ && !subscribed_) listen(20);
    for (const EslStep& step : steps_) {
      if (stop_ || gone_) return;
      if (set_time_) set_time_(now_ = step.at);
      for (const auto& [question, answer] : step.answers) answers_[question] = answer;
      send(step.events);
      do listen(0);
      while (consumed_ && consumed_() < sent_ && !stop_ && !gone_);
    }
    played_ = true;
    while (!stop_ && !gone_) listen(20);
  }

  // Takes the commands that have come, waiting for the first.
  void listen(int milliseconds) {
    pollfd waiting{client_, POLLIN, 0};
    if (::poll(&waiting, 1, milliseconds) <= 0) {
      if (milliseconds == 0) std::this_thread::yield();
      return;
    }
    char buffer[4096];
    const ssize_t got = ::recv(client_, buffer, sizeof buffer, 0);
    if (got <= 0) {
      gone_ = true;
      return;
    }
    said_.append(buffer, static_cast<size_t>(got));
    for (size_t end = 0; (end = said_.find("\n\n")) != said_.npos; said_.erase(0, end + 2))
      command(said_.substr(0, end));
  }

  void command(const std::string& text) {
    {
      const std::lock_guard lock(mutex_);
      commands_ += text.starts_with("auth ") ? "auth\n" : text + "\n";
    }
    if (text.starts_with("auth ") && text.substr(5) == password_) return reply("+OK accepted");
    if (text.starts_with("auth ")) return refuse();
    if (text.starts_with("event ")) {
      reply("+OK event listener enabled plain");
      subscribed_ = true;
      return;
    }
    const size_t job = text.find("\nJob-UUID: ");
    if (!text.starts_with("bgapi ") || job == text.npos) return reply("-ERR command not found");
    const std::string question = text.substr(6, job - 6), id = text.substr(job + 11);
    reply("+OK Job-UUID: " + id + "\nJob-UUID: " + id);
    answer(question, id);
  }

  void answer(const std::string& question, const std::string& id) {
    const std::string text = answers_.contains(question) ? answers_[question] : "+OK\n";
    const size_t blank = question.find(' ');
    std::string event = "Event-Name: BACKGROUND_JOB\n";
    const Time at = set_time_ ? now_ : steps_.front().at;
    event += "Event-Date-Timestamp: " + std::to_string(at.time_since_epoch().count()) + "\nJob-UUID: " + id;
    event += "\nJob-Command: " + question.substr(0, blank) + "\n";
    if (blank != question.npos) event += "Job-Command-Arg: " + encoded(question.substr(blank + 1)) + "\n";
    event += "Content-Length: " + std::to_string(text.size()) + "\n\n" + text;
    send("Content-Length: " + std::to_string(event.size()) + "\nContent-Type: text/event-plain\n\n" + event);
  }

  static std::string encoded(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == ' ' ? "%20" : c == '@' ? "%40" : std::string(1, c);
    return out;
  }

  void refuse() {
    reply("-ERR invalid");
    send("Content-Type: text/disconnect-notice\nContent-Length: 23\n\nDisconnected, goodbye.\n");
    ::shutdown(client_, SHUT_WR);
    gone_ = true;
  }
  void reply(const std::string& text) { send("Content-Type: command/reply\nReply-Text: " + text + "\n\n"); }
  void send(std::string_view bytes) {
    sent_ += bytes.size();
    while (!bytes.empty() && !stop_ && !gone_) {
      pollfd waiting{client_, POLLOUT, 0};
      if (::poll(&waiting, 1, 20) <= 0) continue;
      const ssize_t n = ::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && errno != EAGAIN) gone_ = true;
      if (n > 0) bytes.remove_prefix(static_cast<size_t>(n));
    }
  }

  const std::vector<EslStep> steps_;
  const std::string password_;
  const std::function<void(Time)> set_time_;
  const std::function<uint64_t()> consumed_;
  LoopbackPort listener_;
  std::map<std::string, std::string> answers_;
  std::string said_;
  Time now_{};
  uint64_t sent_ = 0;
  int client_ = -1;
  bool subscribed_ = false;
  std::atomic<bool> stop_ = false, gone_ = false, played_ = false;
  mutable std::mutex mutex_;
  std::string commands_;
  std::thread server_;
};

}  // namespace hf::test
