#include "agent/machine/desk.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hf::machine {

namespace {

constexpr auto kSoon = std::chrono::minutes(10);  // "now" may wait for a busy device service
constexpr size_t kMaxTold = 300;

Error no_service() { return {ErrorKind::denied, "this machine is kept by its own administrator: it has no device service"}; }

device::Moment moment(Time t) { return std::chrono::floor<std::chrono::seconds>(t); }

// "2001:DB8:0::7/64" is "2001:db8::7".
std::string host_of(const std::string& address) {
  std::string host = address.substr(0, address.find('/'));
  for (const int family : {AF_INET, AF_INET6}) {
    std::array<uint8_t, 16> bytes{};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::inet_pton(family, host.c_str(), bytes.data()) == 1 && ::inet_ntop(family, bytes.data(), text.data(), text.size()) != nullptr) return text.data();
  }
  return host;
}

bool holds(const std::vector<std::string>& addresses, const std::string& host) {
  return std::ranges::any_of(addresses, [&](const std::string& one) { return host_of(one) == host; });
}

}  // namespace

bool reached_by(const std::string& own, const Setting& trial, const Network& network) {
  const std::string host = host_of(own);
  if (host.empty()) return false;
  if (holds(network.own, host) || (!trial.dhcp && host_of(trial.address) == host)) return true;
  const auto at = std::ranges::find_if(network.interfaces, [&](const Interface& one) { return holds(one.addresses, host); });
  return at != network.interfaces.end() && (trial.dhcp || at->name != trial.interface);
}

Desk::Desk(DeskParts parts) : parts_(std::move(parts)), window_(updates::read_window(parts_.window).value_or(updates::DailyWindow{})) {}

template <class T>
void Desk::at_worker(std::function<Result<T>()> slow, const Done<T>& then) {
  const bool taken = parts_.worker.post([&home = parts_.home, slow = std::move(slow), then] {
    home.resume([then, result = std::make_shared<Result<T>>(slow())] { then(std::move(*result)); });
  });
  if (!taken) then(fail(ErrorKind::busy, "the device service is still at what it was asked before"));
}

Result<View> Desk::see(const Visit& visit) const {
  View view;
  if (auto status = parts_.device.ask(visit.actor, device::GetStatus{})) view = read_view(*status);
  else view.problem = status.error().what;
  view.present = true;
  view.network = parts_.see();
  view.diagnostics = read_file(parts_.diagnostics, kMaxTold).value_or(std::string());
  while (!view.diagnostics.empty() && view.diagnostics.back() == '\n') view.diagnostics.pop_back();
  if (view.trial) view.trial->reached = reached_by(visit.own_address, view.trial->setting, view.network);
  return view;
}

View Desk::finish(View view) {
  view.window = parts_.window, view.next_window = updates::next_window(window_, parts_.zone, parts_.clock.now());
  if (!view.problem.empty()) return view;
  if (!view.trial) held_.reset();
  else if (held_ && view.trial->reached && held_->interface == view.trial->setting.interface && held_->address == view.trial->setting.address) view.trial->token = held_->token;
  return view;
}

void Desk::look(const Visit& visit, const Done<View>& done) {
  if (!present()) return done(View{});
  at_worker<View>([this, visit] { return see(visit); }, [this, done](Result<View> view) {
    if (!view) return done(std::move(view));
    done(finish(std::move(*view)));
  });
}

// A setting is confirmed to say that the box can still be reached, and that is known only of who came by a way that stays.
Status Desk::may_confirm(const Visit& visit) const {
  auto status = parts_.device.ask(visit.actor, device::GetStatus{});
  if (!status) return fail(std::move(status.error()));
  const auto trial = read_view(*status).trial;
  if (!trial) return fail(ErrorKind::not_found, "no network setting is on trial");
  if (reached_by(visit.own_address, trial->setting, parts_.see())) return {};
  return fail(ErrorKind::denied, trial->setting.dhcp ? "open the page at the address that the box got, and keep the setting there" : "open the page at the new address, and keep the setting there");
}

void Desk::ask(const Visit& visit, device::Request request, const Done<device::Fields>& done) {
  if (!present()) return done(fail(no_service()));
  if (auto good = device::check(request); !good) return done(fail(std::move(good.error())));
  std::optional<Held> setting;
  if (const auto* set = std::get_if<device::SetNetwork>(&request)) setting = Held{set->interface, set->address, {}};
  auto slow = [this, visit, request = std::move(request)]() -> Result<device::Fields> {
    if (std::holds_alternative<device::ConfirmNetwork>(request))
      if (auto may = may_confirm(visit); !may) return fail(std::move(may.error()));
    return parts_.device.ask(visit.actor, request);
  };
  at_worker<device::Fields>(std::move(slow), [this, setting, done](Result<device::Fields> answer) {
    if (setting && answer) held_ = Held{setting->interface, setting->address, std::string(device::find(*answer, "token").value_or(std::string_view()))};
    done(std::move(answer));
  });
}

void Desk::shut_down(const Visit& visit, bool power_off, updates::Restart when, const Done<updates::Window>& done) {
  const Time now = parts_.clock.now();
  if (when == updates::Restart::later) return done(fail(ErrorKind::invalid_input, "when: must be now or window"));
  const updates::Window window = when == updates::Restart::now ? updates::Window{now, now + kSoon} : updates::next_window(window_, parts_.zone, now);
  ask(visit, device::Shutdown{power_off, moment(window.from), moment(window.to)}, [done, window](const Result<device::Fields>& answer) {
    done(answer ? Result<updates::Window>(window) : fail(answer.error()));
  });
}

}  // namespace hf::machine
