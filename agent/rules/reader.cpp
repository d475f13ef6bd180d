#include "agent/rules/reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "hal/platform/nearest.hpp"

namespace hf::rules {

namespace {

constexpr std::array<std::string_view, 16> kReserved{"of", "over", "for", "while", "and", "or", "not", "clear", "any", "queue", "line", "s", "min", "h", "%", "service_level"};
constexpr double kLargest = 1e9, kLeastFactor = 0.05, kMostFactor = 20;

bool upside(Op op) { return op == Op::over || op == Op::at_least; }

}  // namespace

std::expected<RuleText, Problem> Reader::read() {
  RuleText text;
  const bool good = any(text.when, 0);
  if (good && take("while")) {
    Node both{Node::Kind::all, {}, {std::move(text.when), {}}};
    if (any(both.parts[1], 0)) text.when = std::move(both);
  }
  if (!problem_) ends(text);
  if (problem_) return std::unexpected(*problem_);
  text.instances = any_;
  return text;
}

bool Reader::ends(RuleText& out) {
  const Token at = here();
  if (take("for") && (!time(out.hold) || (out.hold > kMaxFor && wrong("for_range", at)))) return false;
  if (out.hold > kMaxFor) return false;
  if (take("clear") && !clear(out)) return false;
  if (here().kind == TokenKind::end) return true;
  return wrong("left_over", here(), nearest(here().text, {"and", "or", "while", "for", "clear"}));
}

bool Reader::clear(RuleText& out) {
  const Token at = here();
  if (here().kind == TokenKind::sign && !is("(")) {
    Comparison back = first_;
    if (!sign(back.op) || !amount(back)) return false;
    if (back.usual != first_.usual) return wrong("clear_contradicts", at);
    const bool above = upside(first_.op);
    if (upside(back.op) == above || (above ? back.threshold > first_.threshold : back.threshold < first_.threshold)) return wrong("clear_contradicts", at);
    out.clear = Node{Node::Kind::comparison, back, {}};
  } else if (!any(out.clear.emplace(), 0)) {
    return false;
  }
  const Token word = here();
  if (take("for") && !time(out.clear_hold)) return false;
  return out.clear_hold <= kMaxFor || wrong("for_range", word);
}

bool Reader::joined(Node& out, size_t depth, std::string_view word, Node::Kind kind, bool (Reader::*part)(Node&, size_t)) {
  Node first;
  if (!(this->*part)(first, depth)) return false;
  if (!is(word)) return out = std::move(first), true;
  out.kind = kind;
  out.parts.push_back(std::move(first));
  while (take(word))
    if (!(this->*part)(out.parts.emplace_back(), depth)) return false;
  return true;
}

bool Reader::any(Node& out, size_t depth) { return joined(out, depth, "or", Node::Kind::any, &Reader::all); }
bool Reader::all(Node& out, size_t depth) { return joined(out, depth, "and", Node::Kind::all, &Reader::one); }

bool Reader::one(Node& out, size_t depth) {
  if (depth > kMaxDepth) return wrong("too_deep", here());
  if (take("not")) {
    out.kind = Node::Kind::negated;
    return one(out.parts.emplace_back(), depth + 1);
  }
  if (!take("(")) return comparison(out.comparison);
  if (!any(out, depth + 1)) return false;
  return take(")") || wrong("bracket_expected", here());
}

bool Reader::comparison(Comparison& out) {
  const size_t begin = here().column;
  if (++comparisons_ > kMaxComparisons) return wrong("too_many", here());
  if (!measure(out) || !scope(out) || !over(out) || !sign(out.op) || !amount(out)) return false;
  out.column = begin;
  out.length = tokens_[at_ - 1].end() - begin;
  if (comparisons_ == 1) first_ = out;
  return true;
}

bool Reader::measure(Comparison& out) {
  const Token at = here();
  if (at.kind != TokenKind::word) return wrong("measure_expected", at);
  std::vector<std::string_view> names;
  for (const auto& one : all_measures()) {
    names.push_back(one.name);
    if (one.name != at.text) continue;
    ++at_;
    out.measure = one.measure;
    return one.measure != Measure::service_level || service_level(out);
  }
  if (std::find(kReserved.begin(), kReserved.end(), at.text) != kReserved.end()) return wrong("measure_expected", at);
  return wrong("unknown_measure", at, nearest(at.text, names));
}

bool Reader::service_level(Comparison& out) {
  if (!take("(")) return wrong("bracket_expected", here(), "service_level(20 s, negative)");
  if (!time(out.within)) return false;
  if (!take(",")) return wrong("comma_expected", here(), "service_level(20 s, negative)");
  for (const auto formula : {Formula::ignore, Formula::negative, Formula::positive, Formula::handled}) {
    if (!take(to_string(formula))) continue;
    out.formula = formula;
    return take(")") || wrong("bracket_expected", here());
  }
  return wrong("unknown_formula", here(), nearest(here().text, {"ignore", "negative", "positive", "handled"}));
}

bool Reader::scope(Comparison& out) {
  if (!take("of")) {
    if (comparisons_ > 1) return true;
    return wrong("scope_expected", here(), here().text == "off" || here().text == "for" ? "of" : "of any queue");
  }
  if (take("any")) {
    out.whose = is("queue") ? Whose::any_queue : is("line") ? Whose::any_line : Whose::before;
    if (out.whose == Whose::before) return wrong("scope_expected", here(), "any queue");
    if (any_ != Whose::before && any_ != out.whose) return wrong("two_any", here());
    any_ = out.whose;
    ++at_;
    return true;
  }
  out.whose = take("queue") ? Whose::queue : take("line") ? Whose::line : Whose::either;
  const Token at = here();
  const bool reserved = at.kind == TokenKind::word && std::find(kReserved.begin(), kReserved.end(), at.text) != kReserved.end();
  if (reserved || (at.kind != TokenKind::word && at.kind != TokenKind::number && at.kind != TokenKind::quoted)) return wrong("scope_expected", at);
  out.name = at.text;
  ++at_;
  if (at.kind == TokenKind::number && here().kind == TokenKind::word && here().column == at.end()) out.name += here().text, ++at_;  // "2nd_line"
  return known_name(out, at, tokens_[at_ - 1].end() - at.column);
}

std::vector<std::string_view> Reader::known(bool queues, bool lines) const {
  std::vector<std::string_view> all;
  const auto add = [&all](const auto& from) {
    for (const auto& [id, label] : from) {
      all.push_back(id);
      if (!label.empty()) all.push_back(label);
    }
  };
  if (queues) add(names_->queues);
  if (lines) add(names_->lines);
  return all;
}

bool Reader::known_name(Comparison& out, const Token& at, size_t length) {
  if (!names_) return true;
  const bool queues = out.whose != Whose::line, lines = out.whose != Whose::queue;
  if (queues && !id_of(names_->queues, out.name).empty()) return true;
  if (lines && !id_of(names_->lines, out.name).empty()) return true;
  std::string meant = nearest(out.name, known(queues, lines));
  if (meant.find(' ') != std::string::npos) meant = '"' + meant + '"';
  problem_ = Problem{queues && lines ? "unknown_name" : queues ? "unknown_queue" : "unknown_line", out.name, std::move(meant), at.column, length};
  return false;
}

bool Reader::over(Comparison& out) {
  const Token at = here();
  const bool looks_back = facts(out.measure).over;
  if (looks_back) out.over = kDefaultOver;
  if (!take("over")) return true;
  if (!looks_back) return wrong("moment_has_no_over", at);
  const Token number = here();
  if (!time(out.over)) return false;
  return (out.over >= std::chrono::minutes(1) && out.over <= kMaxOver) || wrong("over_range", number);
}

bool Reader::sign(Op& out) {
  for (const auto op : {Op::over, Op::at_least, Op::under, Op::at_most}) {
    if (!take(to_string(op))) continue;
    out = op;
    return true;
  }
  return wrong("sign_expected", here(), nearest(here().text, {"over", "of"}));
}

bool Reader::amount(Comparison& out) {
  const Token* const next = here().kind == TokenKind::number ? &tokens_[at_ + 1] : nullptr;
  out.usual = next && next->kind == TokenKind::word && next->text == "x";
  return out.usual ? usual(out) : number(facts(out.measure).unit, out.threshold);
}

// "1.5 x usual": no unit, since usual has the measure's.
bool Reader::usual(Comparison& out) {
  const Token at = here();
  const auto read = std::from_chars(at.text.data(), at.text.data() + at.text.size(), out.threshold);
  if (read.ec != std::errc{} || out.threshold < kLeastFactor || out.threshold > kMostFactor) return wrong("factor_range", at);
  at_ += 2;
  if (!take("usual")) return wrong("usual_expected", here(), "usual");
  if (facts(out.measure).usual) return true;
  const bool wait = facts(out.measure).name.starts_with("wait.") || out.measure == Measure::longest_wait;
  Token measure = at;
  measure.text = facts(out.measure).name;
  return wrong("no_usual", measure, wait ? "wait.mean" : out.measure == Measure::answered ? "arrivals" : "");
}

bool Reader::number(Unit unit, double& out) {
  const Token at = here();
  if (at.kind != TokenKind::number) return wrong("number_expected", at);
  if (unit == Unit::seconds) {
    Duration d{};
    if (!time(d)) return false;
    out = seconds(d);
    return true;
  }
  const auto read = std::from_chars(at.text.data(), at.text.data() + at.text.size(), out);
  if (read.ec != std::errc{} || out > kLargest) return wrong("number_too_large", at);
  ++at_;
  const bool percent = take("%");
  if (unit == Unit::share && !percent) return wrong("percent_expected", here(), at.text + " %");
  if (unit == Unit::count && (percent || is("s") || is("min") || is("h"))) return --at_, wrong("count_expected", percent ? tokens_[at_] : tokens_[at_ + 1], at.text);
  if (unit == Unit::share) out /= 100;
  return true;
}

bool Reader::time(Duration& out) {
  const Token at = here();
  if (at.kind != TokenKind::number) return wrong("duration_expected", at);
  double number = 0;
  const auto read = std::from_chars(at.text.data(), at.text.data() + at.text.size(), number);
  if (read.ec != std::errc{} || number > 1e6) return wrong("number_too_large", at);
  ++at_;
  const double unit = take("s") ? 1 : take("min") ? 60 : take("h") ? 3600 : 0;
  if (unit == 0) return wrong("duration_expected", here(), at.text + " min");
  out = from_seconds(number * unit);
  return true;
}

bool Reader::take(std::string_view word) {
  if (!is(word)) return false;
  ++at_;
  return true;
}

bool Reader::wrong(std::string id, const Token& at, std::string suggestion) {
  if (problem_) return false;
  if (at.kind == TokenKind::wrong) id = "unreadable", suggestion.clear();
  problem_ = Problem{std::move(id), at.text.substr(0, 64), std::move(suggestion), at.column, std::max<size_t>(at.length, 1)};
  return false;
}

std::string id_of(const std::vector<std::pair<std::string, std::string>>& known, std::string_view name) {
  for (const auto& [id, label] : known)
    if (id == name) return id;
  for (const auto& [id, label] : known)
    if (label.size() == name.size() && edits(label, name) == 0 && !label.empty()) return id;
  return {};
}

std::expected<RuleText, Problem> read_text(std::string_view text, const Names* names) {
  if (text.size() > kMaxText) return std::unexpected(Problem{"too_long", "", "", kMaxText + 1, text.size() - kMaxText});
  return Reader(text, names).read();
}

}  // namespace hf::rules
