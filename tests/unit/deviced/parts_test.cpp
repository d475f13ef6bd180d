#include <gmock/gmock.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <atomic>
#include <thread>

#include "fake_machine.hpp"
#include "firmware/deviced/key_eraser.hpp"
#include "firmware/deviced/server.hpp"
#include "hal/device/client.hpp"
#include "tests/support/fake_gpio.hpp"

namespace hf::deviced {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// --- network

TEST_F(ServiceTest, a_network_setting_that_nobody_confirms_is_taken_back) {
  const Path live = places_.live_network / "10-holdfast-eth0.network";
  ASSERT_TRUE(ask(device::SetNetwork{"eth0", false, "192.0.2.7/24", "192.0.2.1", {}, 60s}));
  EXPECT_THAT(read_file(live, 1000).value(), HasSubstr("Address=192.0.2.7/24\nGateway=192.0.2.1\n"));
  EXPECT_EQ(service_->next_tick(), clock_.steady() + 60s);
  clock_.advance(59s);
  service_->tick();
  EXPECT_TRUE(std::filesystem::exists(live));
  clock_.advance(1s);
  service_->tick();
  EXPECT_FALSE(std::filesystem::exists(live)) << "there was none of ours before";
  EXPECT_THAT(machine_.done, ElementsAre("network", "network"));
  EXPECT_THAT(audit(), HasSubstr("not confirmed"));
}

TEST_F(ServiceTest, a_confirmed_network_setting_stays_and_the_next_trial_falls_back_to_it) {
  const Path live = places_.live_network / "10-holdfast-eth0.network", kept = places_.state / "network" / "10-holdfast-eth0.network";
  auto set = ask(device::SetNetwork{"eth0", true, "", "", {}, 60s});
  ASSERT_TRUE(set);
  EXPECT_FALSE(std::filesystem::exists(kept)) << "a power cut now must undo it";
  EXPECT_EQ(ask(device::ConfirmNetwork{std::string(32, '0')}).error().kind, ErrorKind::denied);
  ASSERT_TRUE(ask(device::ConfirmNetwork{std::string(*device::find(*set, "token"))}));
  ASSERT_TRUE(std::filesystem::exists(kept));
  ASSERT_TRUE(ask(device::SetNetwork{"eth0", false, "192.0.2.7/24", "", {}, 60s}));
  EXPECT_EQ(ask(device::SetNetwork{"eth1", true, "", "", {}, 60s}).error().kind, ErrorKind::busy);
  ASSERT_TRUE(ask(device::RevertNetwork{}));
  EXPECT_THAT(read_file(live, 1000).value(), HasSubstr("DHCP=yes"));
  EXPECT_EQ(ask(device::RevertNetwork{}).error().kind, ErrorKind::not_found);
}

TEST_F(ServiceTest, a_network_that_cannot_be_loaded_leaves_nothing_on_trial) {
  machine_.fails = true;
  EXPECT_FALSE(ask(device::SetNetwork{"eth0", true, "", "", {}, 60s}));
  machine_.fails = false;
  EXPECT_FALSE(std::filesystem::exists(places_.live_network / "10-holdfast-eth0.network"));
  EXPECT_TRUE(ask(device::SetNetwork{"eth0", true, "", "", {}, 60s}));
}

// --- audit

TEST(AuditFile, shows_a_line_that_was_changed_removed_or_added) {
  const test::TempFolder folder;
  const std::string zeros(64, '0');
  auto audit = AuditFile::open(folder / "log").value();
  for (const char* text : {"one", "two", "three"}) ASSERT_TRUE(audit.add(Time{}, text));
  const std::string good = read_file(folder / "log", 10000).value();
  EXPECT_TRUE(AuditFile::verify(good, zeros));
  std::string changed = good;
  changed[changed.find("two")] = 'T';
  EXPECT_EQ(AuditFile::verify(changed, zeros).error().kind, ErrorKind::corrupt);
  const size_t second = good.find('\n', good.find("one")) + 1, third = good.find('\n', good.find("two")) + 1;
  EXPECT_FALSE(AuditFile::verify(good.substr(0, second) + good.substr(third), zeros)) << "a line is gone";
  EXPECT_FALSE(AuditFile::verify(good + "x " + zeros + "\n", zeros));
}

TEST(AuditFile, sets_aside_what_somebody_changed_and_says_so) {
  const test::TempFolder folder;
  ASSERT_TRUE(AuditFile::open(folder / "log").value().add(Time{}, "one"));
  std::string text = read_file(folder / "log", 10000).value();
  text[text.find("one")] = 'O';
  ASSERT_TRUE(write_file(folder / "log", text));
  auto audit = AuditFile::open(folder / "log");
  ASSERT_TRUE(audit);
  EXPECT_THAT(audit->newest(10).value(), ElementsAre(HasSubstr("changed by somebody else")));
  EXPECT_TRUE(std::filesystem::exists(folder / "log.broken"));
}

TEST(AuditFile, goes_on_after_a_line_that_a_power_cut_tore) {
  const test::TempFolder folder;
  auto audit = AuditFile::open(folder / "log").value();
  ASSERT_TRUE(audit.add(Time{}, "one"));
  const std::string text = read_file(folder / "log", 10000).value();
  ASSERT_TRUE(write_file(folder / "log", text + "1970-01-01T00:00"));
  auto again = AuditFile::open(folder / "log").value();
  ASSERT_TRUE(again.add(Time{}, "two\nforged"));
  EXPECT_THAT(again.newest(10).value(), ElementsAre(HasSubstr("one"), HasSubstr("two\\x0aforged")));
  EXPECT_TRUE(AuditFile::verify(read_file(folder / "log", 10000).value(), std::string(64, '0')));
}

TEST(AuditFile, keeps_its_chain_over_the_change_to_a_new_file) {
  const test::TempFolder folder;
  auto audit = AuditFile::open(folder / "log").value();
  for (int i = 0; i < 700; ++i) ASSERT_TRUE(audit.add(Time{}, std::string(1700, 'x')));
  ASSERT_TRUE(std::filesystem::exists(folder / "log.old"));
  const std::string old = read_file(folder / "log.old", 2 << 20).value(), fresh = read_file(folder / "log", 2 << 20).value();
  const auto last = AuditFile::verify(old, std::string(64, '0'));
  ASSERT_TRUE(last);
  EXPECT_THAT(fresh, HasSubstr("chain " + *last));
  EXPECT_TRUE(AuditFile::verify(fresh, *last));
}

// --- keys

std::string luks_like(size_t size, const std::string& json) {
  std::string disk(size, 'd');
  disk.replace(0, 8, std::string("LUKS\xba\xbe\x00\x02", 8));
  disk.replace(4096, json.size(), json);
  return disk;
}

TEST(KeyEraser, leaves_nothing_of_headers_and_slots_and_does_not_touch_the_data) {
  const test::TempFolder folder;
  const size_t offset = 2 << 20;
  ASSERT_TRUE(write_file(folder / "disk", luks_like(4 << 20, R"({"keyslots":{},"segments":{"0":{"type":"crypt","offset":"2097152","size":"dynamic"}}})")));
  SeededRandom random(3);
  ASSERT_TRUE(erase_keys(folder / "disk", random));
  const std::string disk = read_file(folder / "disk", 8 << 20).value();
  EXPECT_EQ(disk.find("LUKS"), std::string::npos);
  EXPECT_EQ(disk.find("keyslots"), std::string::npos);
  EXPECT_EQ(disk.substr(offset), std::string((4 << 20) - offset, 'd')) << "without the key it is noise already";
  EXPECT_EQ(disk.substr(0, offset).find(std::string(32, 'd')), std::string::npos);
}

TEST(KeyEraser, refuses_what_is_no_encrypted_partition) {
  const test::TempFolder folder;
  SeededRandom random(3);
  ASSERT_TRUE(write_file(folder / "disk", std::string(1 << 20, 'd')));
  EXPECT_EQ(erase_keys(folder / "disk", random).error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(read_file(folder / "disk", 2 << 20), std::string(1 << 20, 'd'));
  EXPECT_EQ(erase_keys(folder / "none", random).error().kind, ErrorKind::not_found);
}

// --- board

TEST(Board, reads_what_its_image_says) {
  const auto board = parse_board("holdfast-device 1\nlamp_led /sys/class/leds/red\nrelay_gpio /dev/gpiochip0 18 low\nbutton /dev/input/event0 116\n");
  ASSERT_TRUE(board) << board.error().what;
  EXPECT_EQ(board->lamp_led, Path("/sys/class/leds/red"));
  EXPECT_TRUE(board->relay->active_low);
  EXPECT_EQ(board->relay->line, 18u);
  EXPECT_EQ(parse_board("holdfast-device 1\nrelay_gpio /dev/gpiochip0 RELAY low\n")->relay->name, "RELAY");
  EXPECT_EQ(board->button_code, 116);
  for (const char* wrong : {"lamp_led /etc/passwd", "relay_gpio /dev/gpiochip0 low", "relay_gpio /etc 1 low", "button /dev/input/event0", "siren yes"})
    EXPECT_FALSE(parse_board(std::string("holdfast-device 1\n") + wrong + "\n")) << wrong;
}

TEST(Board, blinks_a_lamp_from_the_loop) {
  const test::TempFolder folder;
  std::filesystem::create_directories(folder / "led");
  ASSERT_TRUE(write_file(folder / "led" / "max_brightness", "1\n"));
  ASSERT_TRUE(write_file(folder / "led" / "brightness", "0\n"));
  test::ManualClock clock;
  BoardSetting setting;
  setting.lamp_led = folder / "led";
  BoardDevices board(setting, clock);
  ASSERT_TRUE(board.show(board::LampState::warning));
  std::string seen;
  for (int tenth = 0; tenth < 40; ++tenth) {
    board.tick();
    seen += read_file(folder / "led" / "brightness", 10).value().starts_with("0") ? '0' : '1';
    clock.advance(100ms);
  }
  EXPECT_THAT(seen, HasSubstr("10"));
  EXPECT_THAT(seen, HasSubstr("01"));
}

// What the lines of the chip do through `time`, a sign for each 50 ms: both, lamp, relay, none.
std::string watch(BoardDevices& board, test::ManualClock& clock, const test::FakeGpio& chip, Duration time) {
  std::string seen;
  for (Duration at{}; at < time; at += 50ms, clock.advance(50ms)) {
    board.tick();
    seen += "-LRB"[(chip.lines[0].level ? 1 : 0) + (chip.lines[1].level ? 2 : 0)];
  }
  return seen;
}

class BoardWithGpio : public testing::Test {
 protected:
  static BoardSetting setting() {
    BoardSetting s;
    s.lamp_gpio = {"/dev/gpiochip0", 0, "LAMP", false}, s.relay = {"/dev/gpiochip0", 1, {}, false};
    return s;
  }
  test::FakeGpio chip_{{{"LAMP"}, {"RELAY"}}};
  test::ManualClock clock_;
  BoardDevices board_{setting(), clock_, chip_};
};

TEST_F(BoardWithGpio, shows_the_states_on_a_line_while_a_relay_is_on_for_its_time) {
  ASSERT_TRUE(board_.show(board::LampState::incident));
  ASSERT_TRUE(board_.set_relay(true, 1s));
  EXPECT_EQ(watch(board_, clock_, chip_, 2s), "BBBRRRBBBRRRRRRRRRRR--------------------") << "two quick flashes, and the relay for a second";
  ASSERT_TRUE(board_.show(board::LampState::calm));
  EXPECT_EQ(watch(board_, clock_, chip_, 200ms), "LLLL");
  ASSERT_TRUE(board_.show(board::LampState::box_ill));
  EXPECT_EQ(watch(board_, clock_, chip_, 2s), std::string(34, 'L') + "------");
}

// The relay stayed on for good when the one try to switch it off failed.
TEST_F(BoardWithGpio, switches_a_relay_off_that_was_away_when_its_time_was_over) {
  ASSERT_TRUE(board_.set_relay(true, 1s));
  chip_.lines[1].gone = true, chip_.there = false;
  EXPECT_EQ(watch(board_, clock_, chip_, 3s).back(), 'R');
  chip_.lines[1].gone = false, chip_.there = true;
  EXPECT_EQ(watch(board_, clock_, chip_, 5s).back(), '-');
}

TEST_F(BoardWithGpio, names_the_line_that_cannot_be_had) {
  chip_.lines[1].consumer = "kernel fan";
  EXPECT_EQ(board_.set_relay(true, 1s).error().what, "/dev/gpiochip0: line 1 is in use by \"kernel fan\"");
  EXPECT_TRUE(board_.show(board::LampState::calm)) << "the lamp is another line";
}

// --- the socket

class SocketTest : public ServiceTest {
 protected:
  void SetUp() override {
    auto listener = listen_at(folder_ / "socket");
    ASSERT_TRUE(listener) << listener.error().what;
    loop_ = std::jthread([this, socket = std::move(*listener)]() mutable {
      // Whoever runs the test asks as himself; as root he may, and so he may here.
      Service service(places_, {::getuid()}, machine_, board_, clock_, random_, AuditFile::open(places_.state / "audit2.log").value());
      Server server(std::move(socket), service, clock_);
      ended_ = server.run(stop_, 20ms, [this] { ++beats_; });
    });
  }
  void TearDown() override {
    stop_.trigger();
    if (loop_.joinable()) loop_.join();
    EXPECT_TRUE(ended_);
  }
  net::Interrupt stop_;
  std::atomic<int> beats_ = 0;
  Status ended_;
  std::jthread loop_;
};

TEST_F(SocketTest, answers_over_the_socket_and_knows_who_asked) {
  const auto facts = device::ask(folder_ / "socket", {"tester", device::GetStatus{}}, 5s);
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(device::find(*facts, "service_version"), "1");
  const std::string log = read_file(places_.state / "audit2.log", 10000).value();
  EXPECT_THAT(log, HasSubstr(fmt::format("uid={} pid={} ", ::getuid(), ::getpid())));
  EXPECT_THAT(log, HasSubstr("actor=tester request=status"));
}

TEST_F(SocketTest, outlives_a_flood_of_nonsense_and_silent_connections) {
  std::vector<Descriptor> silent;
  for (int i = 0; i < 6; ++i) {
    silent.emplace_back(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (folder_ / "socket").string();
    path.copy(address.sun_path, path.size());
    ASSERT_EQ(::connect(silent.back().get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    const std::string noise(i % 2 == 0 ? 60'000 : 10, '\xff');
    (void)::send(silent.back().get(), noise.data(), noise.size(), MSG_NOSIGNAL);
  }
  EXPECT_TRUE(device::ask(folder_ / "socket", {"tester", device::GetStatus{}}, 5s));
  EXPECT_GT(beats_, 0);
}

TEST(Client, tells_a_machine_without_the_service) {
  const test::TempFolder folder;
  EXPECT_EQ(device::ask(folder / "none", {"x", device::GetStatus{}}, 1s).error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace hf::deviced
