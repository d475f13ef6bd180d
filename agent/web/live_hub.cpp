#include "agent/web/live_hub.hpp"

#include <utility>

namespace hf::web {

namespace {

std::string event(std::string_view name, std::string_view json) {
  return "event: " + std::string(name) + "\ndata: " + std::string(json) + "\n\n";  // serialised JSON holds no line ends
}

}  // namespace

std::string LiveStream::next() {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& one : std::exchange(news_, {})) out += *one;
  if (const auto picture = std::exchange(picture_, nullptr)) out += *picture;
  return out + std::exchange(last_, {});
}

void LiveStream::on_ready(std::function<void()> notify) {
  const std::lock_guard lock(mutex_);
  notify_ = std::move(notify);
}

bool LiveStream::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

void LiveStream::picture(std::shared_ptr<const std::string> event) {
  {
    const std::lock_guard lock(mutex_);
    picture_ = std::move(event);
  }
  wake();
}

void LiveStream::news(std::shared_ptr<const std::string> event) {
  {
    const std::lock_guard lock(mutex_);
    news_.push_back(std::move(event));
    if (news_.size() > kMaxNews) news_.pop_front();
  }
  wake();
}

void LiveStream::end(std::string event) {
  {
    const std::lock_guard lock(mutex_);
    last_ = std::move(event);
    ended_ = true;
  }
  wake();
}

void LiveStream::wake() {
  std::function<void()> notify;
  {
    const std::lock_guard lock(mutex_);
    notify = notify_;
  }
  if (notify) notify();
}

std::shared_ptr<LiveStream> LiveHub::open(const access::Session& session) {
  if (living().size() >= kMaxStreams) return nullptr;
  auto stream = std::make_shared<LiveStream>(session);
  streams_.push_back(stream);
  listeners_ = streams_.size();
  return stream;
}

void LiveHub::picture(std::string json) {
  const auto shared = std::make_shared<const std::string>(event("live", json));
  for (const auto& stream : living()) stream->picture(shared);
}

void LiveHub::news(std::string json) {
  const auto shared = std::make_shared<const std::string>(event("incident", json));
  for (const auto& stream : living()) stream->news(shared);
}

void LiveHub::fired(std::string json) {
  const auto shared = std::make_shared<const std::string>(event("rule", json));
  for (const auto& stream : living()) stream->news(shared);
}

std::vector<std::shared_ptr<LiveStream>> LiveHub::living() {
  std::vector<std::shared_ptr<LiveStream>> out;
  for (const auto& weak : streams_) {
    auto stream = weak.lock();
    if (!stream || stream->ended()) continue;
    if (!sessions_.alive(stream->session())) {
      stream->end(event("session_ended", "{}"));
      continue;
    }
    if (stream->role() == access::Role::viewer) sessions_.touch(stream->session());
    out.push_back(std::move(stream));
  }
  streams_.assign(out.begin(), out.end());
  listeners_ = streams_.size();
  return out;
}

}  // namespace hf::web
