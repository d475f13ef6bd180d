#include "agent/wire/decode.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <charconv>

#include "agent/wire/json_reader.hpp"
#include "agent/wire/label_rules.hpp"

namespace hf::wire {
namespace {

// Takes `expected` or a number off the front; false leaves the rest as it was.
bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

bool take(std::string_view& text, uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || out > INT64_MAX) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

std::optional<uint64_t> take_sequence(std::string_view& line) {
  uint64_t sequence = 0;
  if (!take(line, "{\"seq\":") || !take(line, sequence) || sequence == 0) return std::nullopt;
  return sequence;
}

// [[a,b],[c,d]]: rising, both ends included, with at least one number between two ranges, all below `before`.
std::optional<std::vector<Range>> take_ranges(std::string_view& line, uint64_t before) {
  std::vector<Range> ranges;
  uint64_t least = 1;
  if (!take(line, "[")) return std::nullopt;
  do {
    Range r;
    if (!take(line, "[") || !take(line, r.first) || !take(line, ",") || !take(line, r.second) || !take(line, "]"))
      return std::nullopt;
    if (r.first < least || r.second < r.first || r.second >= before || ranges.size() >= kMaxRanges) return std::nullopt;
    least = r.second + 2;
    ranges.push_back(r);
  } while (take(line, ","));
  if (!take(line, "]")) return std::nullopt;
  return ranges;
}

Result<Head> decode_head(std::string_view line) {
  const auto version = version_of(line);
  if (!version) return fail(version.error());
  auto object = parse_object(line, kMaxLineBytes);
  if (!object) return fail(std::move(object.error()));
  JsonReader in(*object);
  Head head;
  head.version = *version;
  head.site = in.text("site");
  head.epoch = in.hex("epoch", 16, 16);
  const auto& agent = in.list("agent", 3);
  for (size_t i = 0; i < 3; ++i) {
    const auto part = i < agent.size() ? integer_in(agent[i], 0, UINT16_MAX) : std::nullopt;
    if (!part) in.fault("agent", "is not three numbers");
    head.agent[i] = static_cast<uint16_t>(part.value_or(0));
  }
  head.oldest = static_cast<uint64_t>(in.integer("oldest", 0, INT64_MAX));
  head.newest = static_cast<uint64_t>(in.integer("newest", 0, INT64_MAX));
  if (auto good = check_site(head.site); !good) in.fault("site", good.error().what);
  if (auto good = in.status(); !good) return fail(std::move(good.error()));
  return head;
}

}  // namespace

Result<std::string> unpack(std::string_view request) {
  if (request.size() > kMaxRequestBytes) return fail(ErrorKind::invalid_input, "a request of more than 1 MiB");
  const auto size = ZSTD_getFrameContentSize(request.data(), request.size());
  if (size == ZSTD_CONTENTSIZE_ERROR) return fail(ErrorKind::invalid_input, "not zstd");
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMaxBatchBytes)
    return fail(ErrorKind::invalid_input, "the zstd frame states no size, or more than 4 MiB");
  const size_t frame = ZSTD_findFrameCompressedSize(request.data(), request.size());
  if (ZSTD_isError(frame) || frame != request.size())
    return fail(ErrorKind::invalid_input, "not exactly one zstd frame");
  std::string text(static_cast<size_t>(size), '\0');
  const size_t got = ZSTD_decompress(text.data(), text.size(), request.data(), request.size());
  if (ZSTD_isError(got) || got != text.size()) return fail(ErrorKind::invalid_input, "a damaged zstd frame");
  return text;
}

Result<Lines> split(std::string_view text) {
  if (text.size() > kMaxBatchBytes || !text.ends_with('\n'))
    return fail(ErrorKind::invalid_input, "a batch that does not end in a line feed, or is too long");
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (end > kMaxLineBytes || lines.size() > kMaxMessages)
      return fail(ErrorKind::invalid_input, "too long a line or too many");
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  auto head = decode_head(lines.front());
  if (!head) return fail(std::move(head.error()).context("the head of the batch"));
  lines.erase(lines.begin());
  return Lines{std::move(*head), std::move(lines)};
}

Result<uint64_t> sequence_of(std::string_view line) {
  const auto sequence = take_sequence(line);
  if (!sequence) return fail(ErrorKind::invalid_input, "a message without a sequence at its front");
  return *sequence;
}

Result<Message> decode(std::string_view line) {
  if (line.size() > kMaxLineBytes) return fail(ErrorKind::invalid_input, "a line of more than 256 KiB");
  Message message;
  const auto sequence = take_sequence(line);
  if (!sequence) return fail(ErrorKind::invalid_input, "a message without a sequence at its front");
  message.sequence = *sequence;
  if (take(line, ",\"replaces\":")) {
    auto ranges = take_ranges(line, message.sequence);
    if (!ranges)
      return fail(ErrorKind::invalid_input, "\"replaces\" is not a list of rising ranges below the sequence");
    message.replaces = std::move(*ranges);
  }
  if (!take(line, ",\"m\":") || !line.ends_with('}')) return fail(ErrorKind::invalid_input, "a message without a body");
  auto body = decode_body(line.substr(0, line.size() - 1));
  if (!body) return fail(std::move(body.error()).context(fmt::format("message {}", message.sequence)));
  message.body = std::move(*body);
  return message;
}

}  // namespace hf::wire
