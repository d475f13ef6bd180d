#include "hal/board/survey.hpp"

#include <sys/statvfs.h>
#include <sys/timex.h>
#include <time.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <fstream>

namespace hf::board {

namespace {

constexpr size_t kMaxFile = 4096, kMaxOfAKind = 64, kMaxTold = size_t{1} << 20;
constexpr size_t kMaxReference = 255;  // the longest name of a host
constexpr double kMostOffset = 1e9;     // seconds: thirty years
constexpr auto kOld = std::chrono::hours(3);  // disks are asked every hour

// The first line of a small file; empty when there is none.
std::string line_of(const Path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  if (line.size() > kMaxFile) line.resize(kMaxFile);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
  return line;
}

std::optional<int64_t> number_in(const Path& file) {
  const std::string text = line_of(file);
  int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

std::vector<Path> entries(const Path& folder) {
  std::vector<Path> found;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end && found.size() < kMaxOfAKind; at.increment(error)) found.push_back(at->path());
  std::ranges::sort(found);
  return found;
}

std::string sensor_name(const Path& chip, const std::string& input) {
  const std::string label = line_of(chip / (input + "_label")), name = line_of(chip / "name");
  return (name.empty() ? chip.filename().string() : name) + " " + (label.empty() ? input : label);
}

// Calls f(chip, "temp1") for each "temp1_input" of every hwmon chip.
template <class F>
void each_input(const Path& sys, std::string_view kind, F f) {
  constexpr std::string_view kEnd = "_input";
  for (const Path& chip : entries(sys / "class/hwmon"))
    for (const Path& file : entries(chip)) {
      const std::string name = file.filename();
      if (name.starts_with(kind) && name.ends_with(kEnd)) f(chip, name.substr(0, name.size() - kEnd.size()));
    }
}

uint64_t count_in(const Path& file) { return static_cast<uint64_t>(std::max<int64_t>(0, number_in(file).value_or(0))); }

// "0x02 0x01": estimated life of two parts of an eMMC in steps of ten per cent, 0x0b = beyond it (JEDEC eMMC 5.1, EXT_CSD 268 and 269).
std::optional<uint8_t> emmc_worn(const std::string& text) {
  std::optional<uint8_t> worn;
  for (size_t at = text.find("0x"); at != text.npos; at = text.find("0x", at + 2)) {
    unsigned step = 0;
    const char* from = text.data() + at + 2;
    if (std::from_chars(from, text.data() + text.size(), step, 16).ec != std::errc{} || step == 0 || step > 11) continue;
    worn = std::max(worn.value_or(0), static_cast<uint8_t>(step * 10));
  }
  return worn;
}

DiskKind kind_of(const std::string& name) {
  if (name.starts_with("mmcblk")) return DiskKind::emmc;
  if (name.starts_with("nvme")) return DiskKind::nvme;
  return name.starts_with("sd") ? DiskKind::sata : DiskKind::other;
}

std::optional<uint64_t> kibibytes(const Path& file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const size_t digit = line.find_first_of("0123456789");
    uint64_t n = 0;
    if (digit != line.npos && std::from_chars(line.data() + digit, line.data() + line.size(), n).ec == std::errc{}) return n << 10;
  }
  return {};
}

std::optional<bool> battery_low(const Path& sys) {
  for (const Path& rtc : entries(sys / "class/rtc"))
    if (const auto low = number_in(rtc / "device/battery_low")) return *low != 0;
  return {};
}

// What a program wrote there; nothing when it stopped doing so.
std::optional<std::string> told_lately(const Path& file) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(file, error);
  if (error || std::filesystem::file_time_type::clock::now() - written > kOld) return {};
  auto text = read_file(file, kMaxTold);
  return text ? std::optional(std::move(*text)) : std::nullopt;
}

// Bit 5 is WDIOF_CARDRESET: the card was reset by its watchdog.
std::optional<bool> reset_by_watchdog(const Path& sys) {
  constexpr int64_t kCardReset = 0x20;
  std::optional<bool> reset;
  for (const Path& dog : entries(sys / "class/watchdog"))
    if (const auto status = number_in(dog / "bootstatus")) reset = reset.value_or(false) || (*status & kCardReset) != 0;
  return reset;
}

std::optional<Duration> since_start() {
  timespec up{};
  if (::clock_gettime(CLOCK_BOOTTIME, &up) != 0) return {};
  return std::chrono::seconds(up.tv_sec);
}

std::optional<std::string> tpm_in(const Path& sys) {
  for (const Path& tpm : entries(sys / "class/tpm")) {
    const std::string major = line_of(tpm / "tpm_version_major");
    return major.empty() ? "unknown version" : major == "2" ? "2.0" : "1.2";
  }
  return {};
}

}  // namespace

std::vector<Temperature> temperatures_in(const Path& sys) {
  std::vector<Temperature> found;
  each_input(sys, "temp", [&](const Path& chip, const std::string& input) {
    const auto milli = number_in(chip / (input + "_input")), limit = number_in(chip / (input + "_crit"));
    if (!milli) return;
    Temperature t{sensor_name(chip, input), static_cast<double>(*milli) / 1000, {}};
    if (limit) t.limit = static_cast<double>(*limit) / 1000;
    found.push_back(std::move(t));
  });
  return found;
}

std::vector<Fan> fans_in(const Path& sys) {
  std::vector<Fan> found;
  each_input(sys, "fan", [&](const Path& chip, const std::string& input) {
    if (const auto rpm = number_in(chip / (input + "_input"))) found.push_back({sensor_name(chip, input), static_cast<uint32_t>(std::max<int64_t>(0, *rpm))});
  });
  return found;
}

// Real links alone: those that a device stands behind.
std::vector<Link> links_in(const Path& sys) {
  std::vector<Link> found;
  for (const Path& link : entries(sys / "class/net")) {
    if (!std::filesystem::exists(link / "device")) continue;
    Link l;
    l.name = link.filename();
    l.up = line_of(link / "operstate") == "up";
    if (const auto speed = number_in(link / "speed"); speed && *speed > 0) l.mbps = static_cast<uint32_t>(*speed);
    const Path counts = link / "statistics";
    l.errors = count_in(counts / "rx_errors") + count_in(counts / "tx_errors");
    l.dropped = count_in(counts / "rx_dropped") + count_in(counts / "tx_dropped");
    found.push_back(std::move(l));
  }
  return found;
}

std::vector<Disk> disks_in(const Path& sys) {
  std::vector<Disk> found;
  for (const Path& block : entries(sys / "block")) {
    if (!std::filesystem::exists(block / "device")) continue;  // loop, ram, device mapper
    Disk d;
    d.name = block.filename();
    d.kind = kind_of(d.name);
    d.worn_percent = emmc_worn(line_of(block / "device/life_time"));
    if (d.worn_percent) d.failing = line_of(block / "device/pre_eol_info") == "0x03";
    found.push_back(std::move(d));
  }
  return found;
}

std::vector<Disk> disks_of(const Places& places) {
  auto disks = disks_in(places.sys);
  for (Disk& disk : disks)
    if (const auto told = told_lately(places.told / (disk.name + ".json"))) (void)add_smart(*told, disk);
  return disks;
}

ClockState clock_in(const Path& sys) {
  ClockState state;
  state.source = line_of(sys / "devices/system/clocksource/clocksource0/current_clocksource");
  timex kernel{};
  if (::adjtimex(&kernel) < 0) return state;
  state.synchronised = (kernel.status & STA_UNSYNC) == 0;
  if (*state.synchronised) state.error = std::chrono::microseconds(kernel.maxerror);
  return state;
}

Space space_at(const Path& path) {
  struct statvfs about {};
  if (::statvfs(path.c_str(), &about) != 0) return {};
  return {uint64_t{about.f_blocks} * about.f_frsize, uint64_t{about.f_bavail} * about.f_frsize};
}

Facts survey(const Places& places) {
  Facts facts;
  facts.temperatures = temperatures_in(places.sys), facts.fans = fans_in(places.sys);
  facts.links = links_in(places.sys), facts.disks = disks_of(places), facts.clock = clock_in(places.sys);
  if (const auto told = told_lately(places.told / "chrony.csv")) (void)add_tracking(*told, facts.clock);
  facts.memory_total = kibibytes(places.proc / "meminfo", "MemTotal:"), facts.memory_available = kibibytes(places.proc / "meminfo", "MemAvailable:");
  const Space space = space_at(places.state);
  facts.disk_total = space.total, facts.disk_free = space.free;
  facts.clock_battery_low = battery_low(places.sys), facts.tpm = tpm_in(places.sys);
  facts.reset_by_watchdog = reset_by_watchdog(places.sys), facts.up = since_start();
  return facts;
}

Status add_smart(std::string_view smartctl_json, Disk& disk) {
  namespace json = boost::json;
  boost::system::error_code bad;
  const json::value all = json::parse(smartctl_json, bad);
  if (bad || !all.is_object() || !all.get_object().contains("smartctl")) return fail(ErrorKind::invalid_input, disk.name + ": this is no answer of smartctl --json");
  const auto number = [&](std::string_view pointer) -> std::optional<int64_t> {
    boost::system::error_code none;
    const json::value* v = all.find_pointer(pointer, none);
    return v && v->is_int64() ? std::optional(v->get_int64()) : std::nullopt;
  };
  boost::system::error_code none;
  if (const json::value* passed = all.find_pointer("/smart_status/passed", none); passed && passed->is_bool()) disk.failing = !passed->get_bool();
  auto worn = number("/nvme_smart_health_information_log/percentage_used");
  if (!worn) worn = number("/endurance_used/current_percent");
  if (worn && *worn >= 0) disk.worn_percent = static_cast<uint8_t>(std::min<int64_t>(*worn, 255));
  return {};
}

// Fields by number: 0 the reference's id, 1 its name or address, 2 the stratum, 4 how far the clock stands from it in seconds, 13 the leap status
// (chronyc(1), "tracking", in the order of its lines).
Status add_tracking(std::string_view chrony_csv, ClockState& clock) {
  constexpr size_t kFields = 14, kReference = 1, kOffset = 4, kLeap = 13;
  std::vector<std::string_view> fields;
  for (std::string_view rest = chrony_csv.substr(0, chrony_csv.find('\n')); fields.size() < kFields;) {
    const size_t comma = rest.find(',');
    fields.push_back(rest.substr(0, comma));
    if (comma == rest.npos) break;
    rest.remove_prefix(comma + 1);
  }
  double offset = 0;
  if (fields.size() < kFields || std::from_chars(fields[kOffset].begin(), fields[kOffset].end(), offset).ec != std::errc{} || !std::isfinite(offset))
    return fail(ErrorKind::invalid_input, "this is no answer of chronyc -c tracking");
  clock.synchronised = fields[kLeap] != "Not synchronised";
  clock.reference.clear(), clock.offset.reset();
  if (!*clock.synchronised) return {};
  clock.reference = fields[kReference].substr(0, kMaxReference);
  clock.offset = from_seconds(std::min(std::abs(offset), kMostOffset));
  return {};
}

}  // namespace hf::board
