#include "firmware/console/menu.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <charconv>

#include "hal/platform/json_reading.hpp"
#include "hal/platform/log.hpp"

namespace hf::console {

namespace {

namespace json = boost::json;

constexpr size_t kMaxFile = 1 << 20;
constexpr auto kHeldLately = std::chrono::seconds(60);
constexpr auto kWindow = std::chrono::minutes(10);

// The value of "key value" in a file of lines.
std::string line_of(const std::string& text, std::string_view key) {
  const std::string begin = std::string(key) + " ";
  size_t at = text.starts_with(begin) ? 0 : text.find("\n" + begin);
  if (at == std::string::npos) return {};
  at += (at == 0 && text.starts_with(begin) ? 0 : 1) + begin.size();
  return text.substr(at, text.find('\n', at) - at);
}

void read_health(const std::string& bytes, Facts& facts) {
  boost::system::error_code wrong;
  const auto value = json::parse(bytes, wrong);
  if (wrong || !value.is_object()) return;
  facts.health_known = true, facts.good = flag_of(value.get_object(), "good");
  for (const auto& check : list_of(value.get_object(), "checks"))
    if (check.is_object() && !flag_of(check.get_object(), "good") && facts.problems.size() < 10)
      facts.problems.push_back(fmt::format("{}: {}", text_of(check.get_object(), "name"), text_of(check.get_object(), "what")));
}

std::string outcome(const Result<device::Fields>& answer, std::string_view done) { return answer ? std::string(done) : "This did not work: " + answer.error().what; }

}  // namespace

Facts read_facts(const Places& places, std::vector<std::string> addresses, std::vector<std::string> interfaces) {
  Facts facts;
  facts.addresses = std::move(addresses), facts.interfaces = std::move(interfaces);
  if (const auto greeting = read_file(places.desk / "greeting", kMaxFile)) {
    facts.fingerprint = line_of(*greeting, "fingerprint");
    facts.code = line_of(*greeting, "code");
    if (facts.code == "-") facts.code.clear();
  }
  if (const auto health = read_file(places.state / "health.json", kMaxFile)) read_health(*health, facts);
  if (const auto told = read_file(places.diagnostics, kMaxFile)) facts.diagnostics = told->substr(0, told->find('\n'));
  if (const auto told = read_file(places.settings, kMaxFile)) facts.settings = told->substr(0, told->find('\n'));
  return facts;
}

std::string Menu::screen() const {
  const Facts f = desk_.facts();
  std::string text = "Holdfast\n\n";
  const auto row = [&text](std::string_view name, std::string_view value) { text += fmt::format("  {:<13}{}\n", name, escape_for_log(value)); };
  if (f.addresses.empty()) row("page", "no address yet; is a cable plugged in?");
  for (const auto& address : f.addresses) row("page", fmt::format(fmt::runtime(address.find(':') == std::string::npos ? "https://{}/" : "https://[{}]/"), address));
  row("certificate", f.fingerprint.empty() ? "not made yet" : "SHA-256 " + f.fingerprint);
  if (!f.code.empty()) row("set-up code", f.code + "   (once, within 24 hours; dead once there is a user)");
  row("health", !f.health_known ? "not looked at yet" : f.good ? "good" : "NOT GOOD");
  for (const auto& problem : f.problems) row("", problem);
  if (!f.diagnostics.empty()) row("diagnostics", f.diagnostics);
  if (!f.settings.empty()) row("settings", f.settings);
  text += "\n  n  network back to DHCP      u  forget all users (hold the button first)\n  r  start anew                o  power off\n  f  factory reset             d  diagnostics onto a USB stick\n  s  settings from a USB stick\n\n";
  if (const auto asked = question(); !asked.empty()) text += "  " + asked + "\n";
  else if (!said_.empty()) text += "  " + escape_for_log(said_) + "\n";
  return text;
}

std::string Menu::question() const {
  if (level_ != device::ResetLevel::none) return "Type ERASE: " + typed_;
  if (want_ == Want::reset) return "Erase what? 1 = settings, 2 = settings, users and all data, 3 = the keys of the disk, so that nothing on it can be read again";
  return want_ == Want::nothing ? std::string() : "Sure? y = yes, any other key = no";
}

void Menu::key(char pressed) {
  if (level_ != device::ResetLevel::none) return type(pressed);
  if (want_ == Want::reset) return choose_level(pressed);
  if (want_ != Want::nothing) {
    const Want want = std::exchange(want_, Want::nothing);
    said_.clear();
    if (pressed == 'y') carry_out(want);
    return;
  }
  said_.clear();
  switch (pressed) {
    case 'n': want_ = Want::network; break;
    case 'u': want_ = Want::users; break;
    case 's': want_ = Want::settings; break;
    case 'r': want_ = Want::restart; break;
    case 'o': want_ = Want::power_off; break;
    case 'f': want_ = Want::reset; break;
    case 'd': said_ = outcome(desk_.ask(device::WriteDiagnostics{}), "Looking at the box."); break;  // changes nothing: asked for at once
    default: break;
  }
}

void Menu::choose_level(char pressed) {
  using enum device::ResetLevel;
  want_ = Want::nothing;
  typed_.clear();
  level_ = pressed == '1' ? settings : pressed == '2' ? data : pressed == '3' ? everything : none;
}

void Menu::type(char pressed) {
  constexpr std::string_view kWord = "ERASE";
  typed_ += pressed;
  if (kWord.starts_with(typed_) && typed_ != kWord) return;
  const auto level = std::exchange(level_, device::ResetLevel::none);
  if (typed_ == kWord) said_ = outcome(desk_.ask(device::FactoryReset{level, typed_}), "It is erased, and the box starts anew.");
}

void Menu::carry_out(Want want) {
  switch (want) {
    case Want::nothing:
    case Want::reset: return;  // has questions of its own
    case Want::network: said_ = reset_network(); return;
    case Want::users: said_ = reset_users(); return;
    case Want::settings: said_ = take_settings(); return;
    case Want::restart: said_ = shut_down(false); return;
    case Want::power_off: said_ = shut_down(true); return;
  }
}

// Whoever stands here sees whether it works: it is confirmed at once.
std::string Menu::reset_network() {
  (void)desk_.ask(device::RevertNetwork{});  // what is on trial gives way
  for (const auto& interface : desk_.facts().interfaces) {
    device::SetNetwork setting;
    setting.interface = interface, setting.dhcp = true;
    const auto set = desk_.ask(setting);
    if (!set) return outcome(set, {});
    const auto confirmed = desk_.ask(device::ConfirmNetwork{std::string(device::find(*set, "token").value_or(""))});
    if (!confirmed) return outcome(confirmed, {});
  }
  return "The network is set to DHCP.";
}

// Empty when the button was held lately; else what to do.
std::string Menu::why_not_held(std::string_view without_button, char key) {
  const auto board = desk_.ask(device::BoardState{});
  if (!board) return outcome(board, {});
  const std::string_view ago = device::find(*board, "button_pressed_ago").value_or("");
  int64_t seconds = 0;
  const bool told = std::from_chars(ago.data(), ago.data() + ago.size(), seconds).ec == std::errc() && !ago.empty();
  if (device::find(*board, "button") == "none") return std::string(without_button);
  if (!told || seconds > kHeldLately.count()) return fmt::format("Hold the button for five seconds, then press {} within a minute.", key);
  return {};
}

std::string Menu::reset_users() {
  if (auto why = why_not_held("This box has no button: only a factory reset gives it back.", 'u'); !why.empty()) return why;
  if (auto left = desk_.forget_users(); !left) return "This did not work: " + left.error().what;
  return shut_down(false);
}

// Settings say whom the box speaks to. From the first user on nobody changes that unseen: the button is held, or a reset of the settings forgets the users.
std::string Menu::take_settings() {
  if (desk_.facts().code.empty())
    if (auto why = why_not_held("This box has users and no button: reset the settings first (f, 1); its data stays.", 's'); !why.empty()) return why;
  return outcome(desk_.ask(device::TakeSettings{}), "Taking the settings from the stick.");
}

std::string Menu::shut_down(bool power_off) {
  const auto now = desk_.now();
  return outcome(desk_.ask(device::Shutdown{power_off, now, now + kWindow}), power_off ? "Powering off." : "Starting anew.");
}

}  // namespace hf::console
