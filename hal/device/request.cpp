#include "hal/device/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace hf::device {

namespace {

constexpr size_t kMaxActor = 120;

constexpr std::array<std::pair<board::LampState, std::string_view>, 5> kLamps{{{board::LampState::off, "off"},
                                                                               {board::LampState::calm, "calm"},
                                                                               {board::LampState::warning, "warning"},
                                                                               {board::LampState::incident, "incident"},
                                                                               {board::LampState::box_ill, "box_ill"}}};
constexpr std::array<std::pair<ResetLevel, std::string_view>, 3> kLevels{
    {{ResetLevel::settings, "settings"}, {ResetLevel::data, "data"}, {ResetLevel::everything, "everything"}}};
constexpr std::array<std::string_view, 10> kKinds{"not_found", "invalid_input", "denied", "busy", "timed_out", "closed", "io", "corrupt", "unsupported", "internal"};

// Fields of a request into text.
class Writer {
 public:
  explicit Writer(Fields& out) : out_(out) {}
  void operator()(const char* key, const std::string& value) { out_.emplace_back(key, value); }
  void operator()(const char* key, bool value) { out_.emplace_back(key, value ? "yes" : "no"); }
  void operator()(const char* key, uint32_t value) { out_.emplace_back(key, std::to_string(value)); }
  void operator()(const char* key, Seconds value) { out_.emplace_back(key, std::to_string(value.count())); }
  void operator()(const char* key, Moment value) { out_.emplace_back(key, std::to_string(value.time_since_epoch().count())); }
  void operator()(const char* key, const Words& words) {
    std::string joined;
    for (const auto& word : words) joined += (joined.empty() ? "" : ",") + word;
    out_.emplace_back(key, joined);
  }
  void operator()(const char* key, board::LampState value) { name(key, value, kLamps); }
  void operator()(const char* key, ResetLevel value) { name(key, value, kLevels); }

 private:
  template <class E, class Table>
  void name(const char* key, E value, const Table& table) {
    const auto found = std::ranges::find(table, value, &Table::value_type::first);
    out_.emplace_back(key, found == table.end() ? "none" : std::string(found->second));
  }
  Fields& out_;
};

// Text into the fields of a request. A field that is missing is wrong, and so is one that no request has.
class Reader {
 public:
  explicit Reader(const Fields& in) : in_(in) {}
  void operator()(const char* key, std::string& value) { take(key, [&](std::string_view text) { return value = text, true; }); }
  void operator()(const char* key, bool& value) {
    take(key, [&](std::string_view text) { return value = text == "yes", value || text == "no"; });
  }
  void operator()(const char* key, uint32_t& value) { take(key, [&](std::string_view text) { return number(text, value); }); }
  void operator()(const char* key, Seconds& value) {
    take(key, [&](std::string_view text) {
      uint32_t count = 0;
      const bool good = number(text, count);
      value = Seconds(count);
      return good;
    });
  }
  void operator()(const char* key, Moment& value) {
    take(key, [&](std::string_view text) {
      uint32_t count = 0;  // until 2106
      const bool good = number(text, count);
      value = Moment(Seconds(count));
      return good;
    });
  }
  void operator()(const char* key, Words& words) {
    take(key, [&](std::string_view text) {
      while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(','));
        if (word.empty() || words.size() >= 16) return false;
        words.emplace_back(word);
        text.remove_prefix(std::min(word.size() + 1, text.size()));
      }
      return true;
    });
  }
  void operator()(const char* key, board::LampState& value) { name(key, value, kLamps); }
  void operator()(const char* key, ResetLevel& value) { name(key, value, kLevels); }

  Status done(size_t others) const {
    if (!wrong_.empty()) return fail(ErrorKind::invalid_input, wrong_);
    if (taken_ + others != in_.size()) return fail(ErrorKind::invalid_input, "the request holds a field that it does not have");
    return {};
  }

 private:
  template <class T>
  static bool number(std::string_view text, T& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
  }
  template <class E, class Table>
  void name(const char* key, E& value, const Table& table) {
    take(key, [&](std::string_view text) {
      const auto found = std::ranges::find(table, text, &Table::value_type::second);
      if (found != table.end()) value = found->first;
      return found != table.end();
    });
  }
  template <class F>
  void take(const char* key, F read) {
    const auto text = find(in_, key);
    if (text) ++taken_;
    if (wrong_.empty() && !text) wrong_ = fmt::format("{}: is missing", key);
    if (wrong_.empty() && !read(*text)) wrong_ = fmt::format("{}: cannot be read", key);
  }
  const Fields& in_;
  size_t taken_ = 0;
  std::string wrong_;
};

template <size_t I = 0>
Result<Request> read_request(std::string_view name, const Fields& fields) {
  if constexpr (I == std::variant_size_v<Request>) return fail(ErrorKind::unsupported, "no such request");
  else {
    std::variant_alternative_t<I, Request> request;
    if (request.kName != name) return read_request<I + 1>(name, fields);
    Reader reader(fields);
    request.fields(reader);
    if (auto good = reader.done(2); !good) return fail(std::move(good.error()));
    return request;
  }
}

}  // namespace

std::string_view name_of(const Request& request) {
  return std::visit([](const auto& r) { return r.kName; }, request);
}

Result<Ask> parse_ask(std::string_view message) {
  auto fields = parse_fields(message);
  if (!fields) return fail(std::move(fields.error()));
  const auto name = find(*fields, "request"), actor = find(*fields, "actor");
  if (!name || !actor || actor->empty() || actor->size() > kMaxActor) return fail(ErrorKind::invalid_input, "request and actor must be told");
  auto request = read_request(*name, *fields);
  if (!request) return fail(std::move(request.error()));
  if (auto good = check(*request); !good) return fail(std::move(good.error()));
  return Ask{std::string(*actor), std::move(*request)};
}

std::string write_ask(const Ask& ask) {
  Fields fields{{"request", std::string(name_of(ask.request))}, {"actor", ask.actor}};
  Writer writer(fields);
  std::visit([&](auto request) { request.fields(writer); }, ask.request);
  return write_fields(fields);
}

std::string write_answer(const Result<Fields>& answer) {
  if (!answer) return write_fields({{"answer", "failed"}, {"kind", std::string(to_string(answer.error().kind))}, {"what", answer.error().what}});
  Fields fields{{"answer", "done"}};
  fields.insert(fields.end(), answer->begin(), answer->end());
  return write_fields(fields);
}

Result<Fields> parse_answer(std::string_view message) {
  auto fields = parse_fields(message);
  if (!fields) return fields;
  const auto answer = find(*fields, "answer");
  if (answer == "done") {
    std::erase_if(*fields, [](const auto& field) { return field.first == "answer"; });
    return fields;
  }
  const auto kind = find(*fields, "kind"), what = find(*fields, "what");
  if (answer != "failed" || !kind || !what) return fail(ErrorKind::corrupt, "the device service's answer cannot be read");
  const auto found = std::ranges::find(kKinds, *kind);
  return fail(found == kKinds.end() ? ErrorKind::internal : static_cast<ErrorKind>(found - kKinds.begin()), std::string(*what));
}

}  // namespace hf::device
