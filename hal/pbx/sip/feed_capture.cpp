#include "hal/pbx/sip/feed_capture.hpp"

#include <utility>

namespace hf::pbx {

void FeedCapture::take(std::string_view message, const Endpoint& from, const Endpoint& to) {
  if (!std::exchange(up_, true)) events_.push_back({now_, {}, SourceUp{product_, true, false, false}});
  feed_.sip(message, from, to, now_, events_);
}

bool FeedCapture::next(Batch& out) {
  events_.clear();
  while (events_.empty() && !done_) {
    if (next_frame()) continue;
    done_ = true;
    if (up_) events_.push_back({now_, {}, SourceDown{"end of the capture"}});
    end(up_);
  }
  out.at = now_;
  out.events = std::move(events_);
  return !out.events.empty();
}

Description FeedCapture::describe() const {
  Description d = sip_description();
  d.kind = kind_, d.address = address_, d.resumable = true;
  return d;
}

}  // namespace hf::pbx
