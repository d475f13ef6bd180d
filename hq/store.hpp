// What HQ knows: sites and their keys, minutes, incidents, labels, and which messages were dealt with. One SQLite file
// (WAL, FULL). Belongs to one thread at a time; another process (the command line) may work on the same file.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/metrics/minute.hpp"
#include "agent/metrics/survey_sum.hpp"
#include "agent/wire/answer.hpp"
#include "agent/wire/decode.hpp"
#include "hal/platform/files.hpp"
#include "hal/platform/result.hpp"
#include "hal/platform/sqlite.hpp"
#include "hq/handled.hpp"
#include "hq/join.hpp"

namespace hf::hq {

struct Site {
  std::string site, label;
  Time enrolled{};
  bool revoked = false;
  std::optional<Time> last_contact, newest_data, complete_until;
  uint64_t waiting_sequences = 0;  // made at the site, not here
  std::optional<std::array<uint16_t, 3>> agent;
  uint64_t open_incidents = 0, refused_messages = 0;
};

struct GapRow {
  wire::GapReason why{};
  Time from{}, to{};
  uint64_t messages = 0;
};

struct RefusedRow {
  Time at{};
  uint64_t epoch = 0, sequence = 0;
  wire::RefusedReason why{};
};

struct NamedId {
  wire::Scope scope{};
  wire::Id id;
  auto operator<=>(const NamedId&) const = default;
};
using LabelTable = std::map<NamedId, std::string>;

struct MinutesWanted {
  std::string site;
  NamedId what;
  Time from{}, to{};  // [from, to)
  std::chrono::seconds step{3600};
};

class Store {
 public:
  // Creates the file when there is none. Fails with corrupt, unsupported (a newer program's file), io.
  static Result<Store> open(const Path& file);

  // Site table. A site has one key at a time: enrolling it again replaces the key. Fails with invalid_input (site,
  // label), busy when the key belongs to another site already.
  Status enrol(const std::string& site, const std::string& label, const std::string& key, Time now);
  Status revoke(std::string_view site);  // deletes the key; not_found
  Result<std::optional<std::string>> site_of_key(std::string_view key);
  Result<std::vector<Site>> sites();
  Result<Site> site(std::string_view name);  // not_found

  // One batch in one transaction, committed when it returns. What was dealt with before is acknowledged again and not
  // applied.
  Result<wire::Answer> take(const std::string& site, const wire::Head& head, const std::vector<std::string_view>& lines,
                            Time now);
  uint64_t revision() const { return revision_; }  // grows with each batch that brought something

  Result<std::vector<SiteIncident>> incidents(std::optional<std::string> site, bool open_only,
                                              size_t limit);  // newest first
  Result<std::vector<HqIncident>> hq_incidents();
  Result<LabelTable> labels(std::string_view site);
  Result<std::vector<NamedId>> seen(std::string_view site);  // lines and queues of the last 30 days
  Result<std::vector<GapRow>> gaps(std::string_view site);
  Result<std::vector<RefusedRow>> refused(std::string_view site);
  // Merged into steps that begin at multiples of `step`; start is the step's. Steps without data are left out.
  Result<std::vector<metrics::Minute>> minutes(const MinutesWanted& wanted);

  // Of days that begin in [from, to), added up by queue, question and scale. `queue` is the id's 16 digits, empty where
  // none was told.
  Result<std::vector<metrics::SurveySum>> surveys(std::string_view site, Time from, Time to);

  Status forget_before(Time minutes, Time incidents);  // retention

 private:
  struct Stream {
    std::string site;
    uint64_t epoch = 0;
    Handled handled;
    uint64_t newest = 0;
    Time newest_data{};
    bool fresh = false;  // something was applied
  };
  explicit Store(sqlite::Database db) : db_(std::move(db)) {}
  Result<Stream> load_stream(const std::string& site, const wire::Head& head);
  Status save_stream(const Stream& stream, uint64_t old_floor, const wire::Head& head, Time now);
  Status take_line(Stream& stream, std::string_view line, Time now, wire::Answer& answer, std::vector<uint64_t>& acked);
  Status refuse(const Stream& stream, uint64_t sequence, wire::RefusedReason why, Time now, wire::Answer& answer);
  Result<bool> same_bytes(const Stream& stream, uint64_t sequence, std::string_view digest);
  Result<Time> apply(Stream& stream, const wire::Message& message, Time now, uint32_t& ignored);
  Result<Time> apply_minutes(const std::string& site, const wire::Minutes& minutes, uint32_t& ignored);
  Status apply_summary(const std::string& site, const wire::Summary& summary, uint32_t& ignored);
  Status insert_summary(const std::string& site, const wire::Summary& summary);
  Status apply_incident(const std::string& site, const wire::Incident& incident, Time now);
  Status apply_labels(const Stream& stream, uint64_t sequence, const wire::Labels& labels);
  Status apply_surveys(const std::string& site, const wire::Surveys& surveys);
  Status apply_gap(const Stream& stream, const wire::Message& message, const wire::Gap& gap);

  sqlite::Database db_;
  uint64_t revision_ = 1;
};

}  // namespace hf::hq
