// The open live streams. In: pictures and news, on the web worker's thread. Out: bytes, taken by the server's thread whenever a client can take more.
// A slow client gets the newest picture, not all of them; news are kept, the last 64. Bounded: 32 streams.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agent/access/sessions.hpp"
#include "agent/http/http_types.hpp"

namespace hf::web {

class LiveStream final : public http::EventStream {
 public:
  static constexpr size_t kMaxNews = 64;

  explicit LiveStream(const access::Session& session) : session_(session.id), role_(session.role) {}

  // Server's side.
  std::string next() override;
  void on_ready(std::function<void()> notify) override;
  bool ended() const override;

  // Worker's side. Each event is whole: "event: x\ndata: {...}\n\n".
  void picture(std::shared_ptr<const std::string> event);
  void news(std::shared_ptr<const std::string> event);
  void end(std::string event);
  const access::TokenHash& session() const { return session_; }
  access::Role role() const { return role_; }

 private:
  void wake();

  const access::TokenHash session_;
  const access::Role role_;
  mutable std::mutex mutex_;
  std::shared_ptr<const std::string> picture_;
  std::deque<std::shared_ptr<const std::string>> news_;
  std::string last_;
  bool ended_ = false;
  std::function<void()> notify_;
};

class LiveHub {
 public:
  static constexpr size_t kMaxStreams = 32;

  explicit LiveHub(access::Sessions& sessions) : sessions_(sessions) {}

  // Null when there are too many.
  std::shared_ptr<LiveStream> open(const access::Session& session);
  // Ends the streams whose session is over, keeps a viewer's session alive (a wallboard must not go dark), then tells the rest.
  void picture(std::string json);
  void news(std::string json);
  void fired(std::string json);  // a rule that pages
  size_t listeners() const { return listeners_; }  // from any thread

 private:
  std::vector<std::shared_ptr<LiveStream>> living();

  access::Sessions& sessions_;
  std::vector<std::weak_ptr<LiveStream>> streams_;
  std::atomic<size_t> listeners_ = 0;
};

}  // namespace hf::web
