// What the page asks of the desk, and what it shows.
#include "agent/updates/desk.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "agent/updates/judge.hpp"
#include "hal/platform/log.hpp"

namespace hf::updates {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUpload = "upload", kOffer = "hq", kStick = "usb.", kKind = ".raucb";
constexpr size_t kMaxOnStick = 32, kMaxRecord = 256 * 1024, kMaxName = 100;
constexpr mode_t kOpenFolder = 0755;

bool plain(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '+'; });
}

Status open_folder(const Path& folder) {
  if (auto made = make_folder(folder, kOpenFolder); !made) return made;
  // The umask narrows what was made, and the device service must get in.
  return ::chmod(folder.c_str(), kOpenFolder) == 0 ? Status{} : fail(file_error(folder, errno));
}

}  // namespace

Desk::Desk(DeskParts parts)
    : parts_(std::move(parts)),
      window_(read_window(parts_.window).value_or(DailyWindow{})),
      upload_(parts_.places.folder, std::string(kUpload), parts_.limits, parts_.clock),
      offer_(parts_.places.folder, std::string(kOffer), parts_.limits, parts_.clock) {
  const auto record = read_file(parts_.places.record, kMaxRecord);
  auto course = record ? read_course(*record) : record.error().kind == ErrorKind::not_found ? Result<Course>(Course{}) : Result<Course>(fail(record.error()));
  if (course) course_ = std::move(*course);
  else folder_problem_ = course.error().what;
  if (!parts_.device.present()) return;  // nothing can be installed here: nothing is brought
  for (const auto& opened : {open_folder(parts_.places.folder), upload_.open(), offer_.open()})
    if (!opened && folder_problem_.empty()) folder_problem_ = opened.error().what;
}

void Desk::tick() {
  {
    const std::lock_guard lock(mutex_);
    if (scheduled_ || parts_.clock.steady() < due_) return;
    scheduled_ = true;
  }
  if (parts_.worker.post([this] { work(); })) return;
  const std::lock_guard lock(mutex_);
  scheduled_ = false;
}

// With the next tick.
void Desk::look_soon() { due_ = {}, again_ = scheduled_; }

Status Desk::usable() const {
  if (keeper_ == Keeper::unknown) return fail(ErrorKind::busy, "the device service has not answered yet");
  if (keeper_ == Keeper::packages) return fail(ErrorKind::denied, "this machine takes new versions by its package manager");
  for (const auto& problem : {folder_problem_, record_problem_})
    if (!problem.empty()) return fail(ErrorKind::denied, problem);
  return {};
}

Shelf* Desk::shelf_of(std::string_view id) { return id == kUpload ? &upload_ : id == kOffer ? &offer_ : nullptr; }

Result<Path> Desk::path_of(std::string_view id) {
  if (const Shelf* shelf = shelf_of(id)) {
    auto path = shelf->bundle();
    return path ? Result<Path>(std::move(*path)) : fail(ErrorKind::not_found, "no such bundle");
  }
  if (!id.starts_with(kStick)) return fail(ErrorKind::not_found, "no such bundle");
  const std::string_view name = id.substr(kStick.size());
  if (!plain(name) || !name.ends_with(kKind)) return fail(ErrorKind::invalid_input, "its name holds signs that a bundle's name may not hold");
  std::error_code none;
  Path path = parts_.places.usb / name;
  if (!fs::is_regular_file(fs::symlink_status(path, none))) return fail(ErrorKind::not_found, "no such bundle");
  return path;
}

Bundle Desk::with_verdict(Bundle bundle) const {
  const auto known = judged_.find(bundle.id);
  if (known == judged_.end() || known->second.size != bundle.size) return bundle;
  Bundle told = known->second.bundle;
  told.name = std::move(bundle.name);
  return told;
}

void Desk::add_shelf(const Shelf& shelf, const std::string& id, std::vector<Bundle>& bundles) {
  const auto origin = id == kUpload ? Origin::upload : Origin::hq;
  if (const auto& transfer = shelf.transfer(); transfer && (shelf.bundle() || shelf.complete())) {
    Bundle bundle{id, transfer->name, {}, {}, {}, transfer->size, origin, Verdict::checking, Reason::none};
    bundles.push_back(with_verdict(std::move(bundle)));
  } else if (transfer && origin == Origin::hq) {  // offered, and not here yet
    bundles.push_back({id, transfer->name, offered_, {}, {}, transfer->size, origin, Verdict::unchecked, Reason::none});
  } else if (const auto refused = judged_.find(id); !transfer && refused != judged_.end()) {
    bundles.push_back(refused->second.bundle);  // did not arrive as it was sent
  }
}

void Desk::add_stick(std::vector<Bundle>& bundles) const {
  std::error_code error;
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(parts_.places.usb, error)) {
    const std::string name = entry.path().filename().string();
    std::error_code none;
    if (!name.ends_with(kKind) || !entry.is_regular_file(none) || entry.is_symlink(none) || ++count > kMaxOnStick) continue;
    Bundle bundle{std::string(kStick) + name, name, {}, {}, {}, entry.file_size(none), Origin::usb, Verdict::unchecked, Reason::none};
    if (!plain(name)) bundle.verdict = Verdict::refused, bundle.reason = Reason::name;
    bundles.push_back(with_verdict(std::move(bundle)));
  }
}

std::optional<Bundle> Desk::found(std::string_view id) {
  std::vector<Bundle> bundles;
  if (Shelf* shelf = shelf_of(id)) add_shelf(*shelf, std::string(id), bundles);
  else add_stick(bundles);
  const auto at = std::ranges::find(bundles, id, &Bundle::id);
  return at == bundles.end() ? std::nullopt : std::optional(std::move(*at));
}

Overview Desk::overview() {
  const std::lock_guard lock(mutex_);
  Overview o;
  o.keeper = keeper_, o.problem = !problem_.empty() ? problem_ : !folder_problem_.empty() ? folder_problem_ : record_problem_;
  if (keeper_ == Keeper::packages) o.problem.clear();
  o.version = seen_.version, o.compatible = seen_.compatible, o.confirmed = seen_.confirmed;
  o.stage = course_.stage;
  if (o.stage == Stage::installing) o.percent = seen_.operation == "installing" ? seen_.percent : uint8_t{0}, o.step = seen_.step;
  if (keeper_ != Keeper::packages) {
    add_shelf(upload_, std::string(kUpload), o.bundles);
    add_shelf(offer_, std::string(kOffer), o.bundles);
    add_stick(o.bundles);
    if (!upload_.bundle() && !upload_.complete()) o.upload = upload_.transfer();
    o.window = parts_.window, o.next_window = next_window(window_, parts_.zone, parts_.clock.now());
    o.max_size = parts_.limits.max_size;
  }
  o.restart = restart_;
  o.history.assign(course_.attempts.rbegin(), course_.attempts.rend());
  return o;
}

Result<Transfer> Desk::begin_upload(const std::string& name, uint64_t size, const std::string& sha256, const std::string& who) {
  const std::lock_guard lock(mutex_);
  if (auto good = usable(); !good) return fail(std::move(good.error()));
  if (course_.stage == Stage::installing && upload_.bundle()) return fail(ErrorKind::denied, "a version is being installed; wait for its end");
  auto begun = upload_.begin(name, size, sha256, who);
  if (begun && begun->offset == 0) judged_.erase(std::string(kUpload));
  if (begun) look_soon();  // it may lie here whole already
  return begun;
}

Result<Transfer> Desk::begin_offer(const std::string& name, const std::string& version, uint64_t size, const std::string& sha256) {
  const std::lock_guard lock(mutex_);
  if (auto good = usable(); !good) return fail(std::move(good.error()));
  if (course_.stage == Stage::installing) return fail(ErrorKind::denied, "a version is being installed; wait for its end");
  const auto& old = offer_.transfer();
  if (old && old->sha256 != sha256)
    if (auto gone = offer_.discard(); !gone) return fail(std::move(gone.error()));
  auto begun = offer_.begin(name, size, sha256, "HQ");
  if (begun) offered_ = version;
  if (begun && begun->offset == 0) judged_.erase(std::string(kOffer));
  return begun;
}

Result<Transfer> Desk::appended(Shelf& shelf, uint64_t offset, std::string_view bytes) {
  auto now = shelf.append(offset, bytes);
  if (now && shelf.complete()) look_soon();
  return now;
}

Result<Transfer> Desk::append(uint64_t offset, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  return appended(upload_, offset, bytes);
}

Result<Transfer> Desk::append_offer(uint64_t offset, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  return appended(offer_, offset, bytes);
}

Status Desk::discard(std::string_view id) {
  const std::lock_guard lock(mutex_);
  Shelf* shelf = shelf_of(id);
  if (shelf == nullptr) return fail(ErrorKind::not_found, "no such bundle");
  const bool known = judged_.erase(std::string(id)) > 0;
  if (!shelf->transfer()) return known ? Status{} : fail(ErrorKind::not_found, "no such bundle");
  if (course_.stage == Stage::installing) return fail(ErrorKind::denied, "a version is being installed; wait for its end");
  return shelf->discard();
}

Status Desk::inspect(std::string_view id, const std::string& who) {
  const std::lock_guard lock(mutex_);
  if (auto good = usable(); !good) return good;
  if (auto path = path_of(id); !path) return fail(std::move(path.error()));
  const auto bundle = found(id);
  if (!bundle) return fail(ErrorKind::not_found, "no such bundle");
  Judged& known = judged_[std::string(id)];
  known = {*bundle, bundle->size};
  known.bundle.verdict = Verdict::checking, known.bundle.reason = Reason::none, known.bundle.detail.clear();
  asked_.inspections.emplace(id);
  asked_.who = who;
  look_soon();
  return {};
}

Status Desk::install(std::string_view id, Restart restart, const std::string& who) {
  const std::lock_guard lock(mutex_);
  if (auto good = usable(); !good) return good;
  if (course_.under_way() != nullptr && course_.stage != Stage::installed) return fail(ErrorKind::denied, "another version is on its way; wait for its end");
  auto path = path_of(id);
  if (!path) return fail(std::move(path.error()));
  const auto bundle = found(id);
  if (!bundle || bundle->verdict != Verdict::good) return fail(ErrorKind::denied, "only a bundle that was inspected and found good can be installed");
  course_.end(Outcome::failed, Reason::replaced, {}, parts_.clock.now());  // one that waited for its start
  course_.begin({bundle->version, seen_.version, who, {}, parts_.clock.now(), std::nullopt, bundle->origin, Outcome::under_way, Reason::none}, restart);
  keep();
  asked_.install = std::move(*path), asked_.who = who, asked_.cancel_restart = restart_.has_value();
  restart_.reset();
  look_soon();
  return {};
}

Status Desk::restart(Restart when, const std::string& who) {
  const std::lock_guard lock(mutex_);
  if (auto good = usable(); !good) return good;
  if (course_.stage != Stage::installed) return fail(ErrorKind::denied, "no new version waits for a start");
  asked_.cancel_restart = restart_.has_value(), asked_.who = who;
  restart_.reset();
  course_.wanted = when;
  keep();
  look_soon();
  return {};
}

void Desk::keep() {
  const auto written = write_file(parts_.places.record, write_course(course_));
  if (!written) log_error("updates", "{}", written.error().what);
  record_problem_ = written ? std::string() : written.error().what;
}

}  // namespace hf::updates
