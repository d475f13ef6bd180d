#include "hal/pbx/smdr/smdr_assist.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>

#include "hal/pbx/pbx_text.hpp"
#include "hal/pbx/smdr/smdr_columns.hpp"
#include "hal/pbx/smdr/smdr_records.hpp"

namespace hf::pbx {

namespace {

using F = SmdrField;

constexpr size_t kFewest = 10;

// Words that headings of call records use, in the order in which they are tried.
struct HeadWord {
  std::string_view word;
  SmdrField field;
};
constexpr auto kHeadWords = std::to_array<HeadWord>({
    {"queue wait", F::queue_wait}, {"ring", F::ring}, {"connected time", F::talk}, {"talk", F::talk}, {"billsec", F::talk}, {"answer", F::answered_at}, {"direction", F::direction},
    {"call start", F::start}, {"start", F::start}, {"end", F::end}, {"call id", F::call}, {"callid", F::call}, {"callee", F::dialled}, {"called", F::dialled}, {"dialled", F::dialled},
    {"dialed", F::dialled}, {"caller", F::caller}, {"calling", F::caller}, {"queue", F::queue}, {"group", F::queue}, {"hold", F::hold}, {"park", F::park}, {"duration", F::total},
    {"ext", F::device}, {"agent", F::device}, {"name", F::name}});

bool fits(SmdrField field, ColumnLook look) {
  switch (field) {
    case F::start: case F::end: case F::answered_at: return look == ColumnLook::moment;
    case F::ring: case F::talk: case F::total: case F::hold: case F::park: case F::queue_wait: return look == ColumnLook::duration || look == ColumnLook::extension || look == ColumnLook::clock;
    case F::direction: return look == ColumnLook::direction;
    default: return look != ColumnLook::empty && look != ColumnLook::duration;
  }
}

class Assistant {
 public:
  explicit Assistant(PastedTable table) : table_(std::move(table)) {}

  SmdrProposal propose() {
    how_.id = "proposed", how_.label = "Proposed from pasted lines", how_.document = "lines pasted into the assistant; not checked against a document";
    how_.separator = table_.separator;
    for (const std::string& begin : table_.skip) how_.skip += (how_.skip.empty() ? "" : "|") + begin;
    doubt(SmdrDoubt::fixed_width, table_.separator.empty());
    doubt(SmdrDoubt::few_lines, table_.records < kFewest);
    by_headings();
    marked();
    times();
    durations();
    people();
    direction();
    return {std::move(how_), std::move(doubts_), {}};
  }

 private:
  void doubt(SmdrDoubt what, bool so = true) {
    if (so) doubts_.push_back(what);
  }
  void give(PastedColumn& column, SmdrField field) {
    how_.columns[static_cast<size_t>(field)] = column.place;
    column.look = ColumnLook::empty;  // taken
  }
  std::vector<PastedColumn*> of(ColumnLook look) {
    std::vector<PastedColumn*> found;
    for (PastedColumn& c : table_.columns)
      if (c.look == look) found.push_back(&c);
    return found;
  }

  void by_headings() {
    for (PastedColumn& c : table_.columns)
      if (c.look == ColumnLook::moment || c.look == ColumnLook::date) dates_ = &c;
    if (dates_ != nullptr) {
      const Dates dates = date_order_of(*dates_);
      how_.date_order = dates.order;
      doubt(SmdrDoubt::date_order, !dates.sure);
    }
    for (const HeadWord& h : kHeadWords)
      for (PastedColumn& c : table_.columns)
        if (!how_.has(h.field) && !c.head.empty() && c.head.find(h.word) != c.head.npos && fits(h.field, c.look)) {
          if (h.field == F::direction) read_direction(c);
          give(c, h.field);
        }
  }

  // A caller's number behind a mark: both are in one column.
  void marked() {
    const auto found = of(ColumnLook::marked_number);
    if (found.empty() || how_.has(F::caller)) return;
    PastedColumn& column = *found[0];
    for (const std::string_view v : column.values) {
      const std::string_view mark = v.substr(0, v.find('>') + 1);
      if (!mark.starts_with("<I") && !mark.starts_with("<D")) continue;
      how_.caller_after = mark;
      how_.inbound = mark == "<I>" ? "<I>|<D>" : std::string(mark);
      break;
    }
    if (how_.inbound.empty()) return;
    SmdrColumn mark = column.place;
    if (mark.width > 0) mark.width = static_cast<uint32_t>(how_.caller_after.size());
    how_.columns[static_cast<size_t>(F::direction)] = mark;
    give(column, F::caller);
  }

  void times() {
    const auto moments = of(ColumnLook::moment), days = of(ColumnLook::date), clocks = of(ColumnLook::clock);
    if (how_.has(F::start) || how_.has(F::end)) return;
    if (moments.size() >= 3) return give(*moments[0], F::start), give(*moments[1], F::answered_at), give(*moments[2], F::end);
    if (moments.size() == 2) return give(*moments[0], F::start), give(*moments[1], F::end);
    if (moments.size() == 1) return give(*moments[0], F::start), doubt(SmdrDoubt::which_end);
    if (days.empty() || clocks.empty()) return doubt(SmdrDoubt::no_time);
    give(*days[0], F::start_date), give(*clocks[0], F::start_time);
    if (clocks.size() == 1) return doubt(SmdrDoubt::which_end);
    how_.columns[static_cast<size_t>(F::end_date)] = how_.column(F::start_date);
    give(*clocks[1], F::end_time);
  }

  static Duration middle(const PastedColumn& column) {
    std::vector<Duration> all;
    for (const std::string_view v : column.values)
      if (const auto d = to_smdr_duration(v)) all.push_back(*d);
    std::ranges::sort(all);
    return all.empty() ? Duration{} : all[all.size() / 2];
  }

  // Callers mostly wait for less time than they talk.
  void durations() {
    auto all = of(ColumnLook::duration);
    if (how_.has(F::ring) || how_.has(F::answered_at)) {
      if (!all.empty() && !how_.has(F::talk) && !how_.has(F::total) && !how_.has(F::answered_at)) give(*all[0], F::talk), doubt(SmdrDoubt::guessed_durations);
      return;
    }
    if (all.size() == 1 && !how_.has(F::talk)) return give(*all[0], F::total), doubt(SmdrDoubt::one_duration);
    if (all.empty()) return;
    doubt(SmdrDoubt::guessed_durations);
    std::ranges::stable_sort(all, {}, [](const PastedColumn* c) { return middle(*c); });
    give(*all.front(), F::ring);
    if (!how_.has(F::talk) && all.size() > 1) give(*all.back(), F::talk);
  }

  void people() {
    const auto numbers = of(ColumnLook::number), extensions = of(ColumnLook::extension), counters = of(ColumnLook::counter);
    if (!how_.has(F::caller) && !numbers.empty()) {
      give(*numbers[0], F::caller);
      doubt(SmdrDoubt::guessed_numbers, numbers.size() > 1);
      if (!how_.has(F::dialled) && numbers.size() > 1) give(*numbers[1], F::dialled);
    }
    if (!how_.has(F::device) && !extensions.empty()) give(*extensions[0], F::device);
    if (!how_.has(F::call) && !counters.empty()) give(*counters[0], F::call);
  }

  void read_direction(const PastedColumn& column) {
    for (const std::string_view v : column.values) {
      if (v.empty() || (v.front() != 'I' && v.front() != 'i' && !v.starts_with("<I") && !v.starts_with("<D") && v != "rx" && v != "RX")) continue;
      how_.inbound = std::string(v);
      return;
    }
  }

  void direction() {
    const auto found = of(ColumnLook::direction);
    if (!how_.has(F::direction) && !found.empty()) {
      read_direction(*found[0]);
      if (!how_.inbound.empty()) give(*found[0], F::direction);
    }
    doubt(SmdrDoubt::no_direction, how_.inbound.empty());
  }

  PastedTable table_;
  SmdrTemplate how_;
  std::vector<SmdrDoubt> doubts_;
  const PastedColumn* dates_ = nullptr;
};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < kMaxPasted) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") != line.npos) lines.push_back(line);
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

// The sign with which further lines of records begin: no letter or digit, behind most of the lines that do not begin with it.
std::string continued_by(const std::vector<std::string_view>& lines) {
  std::map<char, size_t> behind;
  for (size_t i = 1; i < lines.size(); ++i) {
    const char c = lines[i].front();
    const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '"' || c == '<';
    if (!letter && lines[i - 1].front() != c) ++behind[c];
  }
  for (const auto& [sign, count] : behind) {
    const size_t firsts = static_cast<size_t>(std::ranges::count_if(lines, [sign = sign](std::string_view l) { return l.front() != sign; }));
    if (count >= kFewest / 2 && 10 * count >= 6 * firsts) return {sign};
  }
  return {};
}

std::vector<std::string> records_of(const std::vector<std::string_view>& lines, const std::string& continued) {
  SmdrTemplate how;
  how.continued = continued;
  if (!continued.empty()) {
    std::vector<std::string_view> firsts;
    std::ranges::copy_if(lines, std::back_inserter(firsts), [&](std::string_view l) { return !l.starts_with(continued); });
    how.separator = split_pasted(firsts).separator;
  }
  SmdrRecords joined(how);
  std::vector<std::string> records;
  records.reserve(lines.size());
  for (const std::string_view line : lines)
    if (auto record = joined.take(line)) records.push_back(std::move(*record));
  if (auto last = joined.end()) records.push_back(std::move(*last));
  return records;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kDoubts{{
    {"no_time", "nothing looks like a date with a time: the template cannot be used yet"},
    {"one_duration", "one duration is printed: it is taken as the whole call, and the wait is not told"},
    {"guessed_durations", "ring and talk are told apart by their usual lengths: look at a call that you know"},
    {"guessed_numbers", "which number is the caller's was guessed from their order"},
    {"date_order", "day and month cannot be told apart in these lines: look at date_order"},
    {"which_end", "one time is printed: it is taken as the start of the call; if it is the end, rename the columns to end"},
    {"no_direction", "no column tells calls from outside: every line counts as one"},
    {"clipped", "a duration stands at the highest value that its column can hold: such calls were as long, or longer"},
    {"unread", "some lines cannot be read with it"},
    {"few_lines", "fewer than ten records: paste some fifty, of a busy hour, with missed calls among them"},
    {"fixed_width", "no separator was found: columns were cut where all lines are blank; give them their full width"},
    {"several_lines", "lines that begin alike were taken for further lines of the record above"},
}};

}  // namespace

std::string_view to_string(SmdrDoubt doubt) { return kDoubts[static_cast<size_t>(doubt)].first; }
std::string_view in_words(SmdrDoubt doubt) { return kDoubts[static_cast<size_t>(doubt)].second; }

Result<SmdrProposal> propose_smdr(std::string_view text, const TimeZone& zone) {
  const auto pasted = lines_of(text);
  const std::string continued = continued_by(pasted);
  const std::vector<std::string> records = records_of(pasted, continued);
  const std::vector<std::string_view> lines(records.begin(), records.end());
  PastedTable table = split_pasted(lines);
  if (table.records == 0) return fail(ErrorKind::invalid_input, "none of these lines looks like a call record: one has a date, a time, a duration and a number");
  SmdrProposal proposal = Assistant(std::move(table)).propose();
  proposal.how.continued = continued;
  if (!continued.empty()) proposal.doubts.push_back(SmdrDoubt::several_lines);
  proposal.lines.reserve(lines.size());
  bool unread = false, clipped = false;
  for (const std::string_view line : lines) {
    SmdrLineRead read;
    read.line = clean_text(line);
    read.verdict = read_smdr(line, proposal.how, zone, SipKey{}, read.record, read.problem);
    unread = unread || read.verdict == SmdrVerdict::malformed, clipped = clipped || read.record.clipped;
    proposal.lines.push_back(std::move(read));
  }
  if (unread) proposal.doubts.push_back(SmdrDoubt::unread);
  if (clipped) proposal.doubts.push_back(SmdrDoubt::clipped);
  return proposal;
}

}  // namespace hf::pbx
