#include "hal/pbx/freeswitch/esl_frame.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "hal/pbx/pbx_text.hpp"

namespace hf::pbx {

namespace {

constexpr size_t kMaxSkipped = size_t{256} << 20;  // a length beyond it is noise, and no ground to be deaf for
constexpr size_t kStep = 512;  // how much of a chunk is copied to find the blank line of a block begun before

constexpr auto kContents = std::to_array<std::pair<std::string_view, EslContent>>({
    {"text/event-plain", EslContent::event_plain},
    {"text/event-json", EslContent::event_json},
    {"command/reply", EslContent::command_reply},
    {"api/response", EslContent::api_response},
    {"auth/request", EslContent::auth_request},
    {"text/disconnect-notice", EslContent::disconnect_notice},
    {"text/rude-rejection", EslContent::rude_rejection},
});

EslContent content_of(std::string_view headers) {
  const std::string_view type = esl_header(headers, "Content-Type");
  for (const auto& [name, content] : kContents)
    if (name == type) return content;
  return EslContent::other;  // log/data, text/event-xml: never asked for
}

bool begins_with_key(std::string_view text) {
  const size_t end = text.find_first_of(":\n");
  return end != text.npos && end > 0 && text[end] == ':';
}

}  // namespace

std::string_view esl_header(std::string_view headers, std::string_view name) {
  while (!headers.empty()) {
    const size_t end = headers.find('\n');
    std::string_view line = headers.substr(0, end);
    if (line.size() > name.size() && line[name.size()] == ':' && line.starts_with(name)) {
      line.remove_prefix(name.size() + 1);
      line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      return line;
    }
    headers = end == headers.npos ? std::string_view{} : headers.substr(end + 1);
  }
  return {};
}

void EslFramer::reset() {
  carry_.clear();
  headers_ = body_ = skip_ = 0;
  carry_done_ = skipping_ = false;
}

bool EslFramer::next(std::string_view& chunk, EslFrame& frame) {
  for (;;) {
    if (carry_done_) carry_.clear(), headers_ = body_ = 0, carry_done_ = false;
    const size_t over = std::min(skip_, chunk.size());
    chunk.remove_prefix(over), skip_ -= over;
    if (chunk.empty()) return false;
    if (carry_.empty() ? from_chunk(chunk, frame) : from_carry(chunk, frame)) return true;
  }
}

// Whether a whole header block begins a frame; `length` is its body's. Counts what does not.
bool EslFramer::headers_end(std::string_view headers, size_t& length) {
  const std::string_view told = esl_header(headers, "Content-Length");
  const auto number = told.empty() ? std::optional<size_t>(0) : to_number<size_t>(told);
  length = number.value_or(0);
  if (headers.size() <= kMaxEslHeaders && begins_with_key(headers) && number && length <= kMaxEslBody) return true;
  ++malformed_;
  if (headers.size() <= kMaxEslHeaders && begins_with_key(headers) && length <= kMaxSkipped) skip_ = length;
  return false;
}

// A frame that lies in the chunk as a whole is not copied.
bool EslFramer::from_chunk(std::string_view& chunk, EslFrame& frame) {
  chunk.remove_prefix(std::min(chunk.find_first_not_of('\n'), chunk.size()));
  const size_t end = chunk.find("\n\n");
  size_t length = 0;
  if (end != chunk.npos && !headers_end(chunk.substr(0, end), length)) {
    chunk.remove_prefix(end + 2);
    return false;
  }
  if (end == chunk.npos || chunk.size() - end - 2 < length) {
    carry_.assign(chunk);
    chunk = {};
    if (end == carry_.npos)
      keep_limit();
    else
      headers_ = end, body_ = length;
    return false;
  }
  frame = {content_of(chunk.substr(0, end)), chunk.substr(0, end), chunk.substr(end + 2, length)};
  chunk.remove_prefix(end + 2 + length);
  return true;
}

// Copies only as much of the chunk as ends the frame, so that the rest is read where it lies.
bool EslFramer::from_carry(std::string_view& chunk, EslFrame& frame) {
  if (headers_ == 0) {
    const size_t before = carry_.size();
    carry_.append(chunk.substr(0, kStep));
    const size_t end = carry_.find("\n\n", before == 0 ? 0 : before - 1);
    if (end == carry_.npos) {
      chunk.remove_prefix(std::min(kStep, chunk.size()));
      keep_limit();
      return false;
    }
    chunk.remove_prefix(end + 2 - before);
    carry_.resize(end + 2);
    headers_ = end;
    if (std::exchange(skipping_, false) || !headers_end(std::string_view(carry_).substr(0, end), body_)) {
      carry_done_ = true;
      return false;
    }
  }
  const std::string_view part = chunk.substr(0, headers_ + 2 + body_ - carry_.size());
  carry_.append(part);
  chunk.remove_prefix(part.size());
  if (carry_.size() < headers_ + 2 + body_) return false;
  const std::string_view all = carry_;
  frame = {content_of(all.substr(0, headers_)), all.substr(0, headers_), all.substr(headers_ + 2)};
  carry_done_ = true;
  return true;
}

// Memory stays bounded whatever the peer sends: of an oversized block only what may begin a blank line is kept.
void EslFramer::keep_limit() {
  if (!skipping_ && carry_.size() > kMaxEslHeaders + 1) skipping_ = true, ++malformed_;
  if (skipping_) carry_.assign(carry_.ends_with('\n') ? "\n" : "-");
}

}  // namespace hf::pbx
