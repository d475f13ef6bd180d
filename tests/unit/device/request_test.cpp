#include "hal/device/request.hpp"

#include <gtest/gtest.h>

namespace hf::device {
namespace {

using namespace std::chrono_literals;

SetNetwork fixed_address() { return {"eth0", false, "192.0.2.7/24", "192.0.2.1", {"192.0.2.53", "2001:db8::53"}, 120s}; }

Ask asked(Request request) { return {"admin@192.0.2.9", std::move(request)}; }

TEST(Ask, comes_back_as_it_was_written) {
  const auto back = parse_ask(write_ask(asked(fixed_address())));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->actor, "admin@192.0.2.9");
  const auto& network = std::get<SetNetwork>(back->request);
  EXPECT_EQ(network.interface, "eth0");
  EXPECT_EQ(network.address, "192.0.2.7/24");
  EXPECT_EQ(network.dns, (Words{"192.0.2.53", "2001:db8::53"}));
  EXPECT_EQ(network.confirm_within, 120s);
}

TEST(Ask, knows_every_request_by_its_name) {
  const Moment day{Moment::duration(1'800'000'000)};
  const std::vector<Request> all{GetStatus{}, fixed_address(), ConfirmNetwork{std::string(32, 'a')}, RevertNetwork{}, SetTime{day}, SetTimeServers{{"ntp.site"}}, SetZone{"Europe/Berlin"},
                                 SetHostname{"berlin-1"}, InspectUpdate{"/var/lib/x/a.raucb"}, InstallUpdate{"/var/lib/x/a.raucb"}, UpdateStatus{}, MarkBooted{true}, Shutdown{true, day, day + 60s},
                                 CancelShutdown{}, FactoryReset{ResetLevel::data, "ERASE"}, SetLamp{board::LampState::incident}, SetRelay{true, 60s}, BoardState{}, WriteDiagnostics{}, TakeSettings{}, ReadAudit{10}};
  ASSERT_EQ(all.size(), std::variant_size_v<Request>);
  for (const auto& request : all) {
    const auto back = parse_ask(write_ask(asked(request)));
    ASSERT_TRUE(back) << name_of(request) << ": " << back.error().what;
    EXPECT_EQ(back->request.index(), request.index()) << name_of(request);
    EXPECT_EQ(write_ask(*back), write_ask(asked(request)));
  }
}

TEST(Ask, refuses_a_field_that_is_missing_or_more_than_asked_for) {
  EXPECT_EQ(parse_ask("holdfast-device 1\nrequest set_hostname\nactor a\n").error().what, "name: is missing");
  EXPECT_EQ(parse_ask("holdfast-device 1\nrequest status\nactor a\nname x\n").error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(parse_ask("holdfast-device 1\nrequest status\n").error().kind, ErrorKind::invalid_input) << "nobody asks";
  EXPECT_EQ(parse_ask("holdfast-device 1\nrequest fly\nactor a\n").error().kind, ErrorKind::unsupported);
  EXPECT_EQ(parse_ask("holdfast-device 2\nrequest status\nactor a\n").error().kind, ErrorKind::unsupported);
}

TEST(Ask, refuses_what_is_no_line_of_key_and_value) {
  const std::string good = "holdfast-device 1\nrequest status\nactor a\n";
  ASSERT_TRUE(parse_ask(good));
  for (const std::string& wrong : {std::string(), good.substr(0, good.size() - 1), good + "\n", good + "x\n", good + "Key v\n", good + "request status\n", good + "k \x01\n", good + "k \xff\n",
                                   good + "k " + std::string(kMaxMessage, 'x') + "\n"})
    EXPECT_EQ(parse_ask(wrong).error().kind, ErrorKind::invalid_input) << wrong.substr(0, 80);
}

TEST(Check, refuses_what_could_mean_something_else_to_the_machine) {
  const auto refused = [](Request r) { return !check(r); };
  for (const char* name : {"", "-a", "a-", "a b", "a.b", "a\nb", "ä", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg"}) EXPECT_TRUE(refused(SetHostname{name})) << name;
  for (const char* zone : {"", "../etc/passwd", "Europe/Ber lin", "/etc/x"}) EXPECT_TRUE(refused(SetZone{zone})) << zone;
  for (const char* path : {"", "a.raucb", "/a/../b.raucb", "/a//b.raucb", "/a/./b.raucb", "/a/b.img", "/a/-b c.raucb", "https://x/b.raucb", "/a/b.raucb/"})
    EXPECT_TRUE(refused(InstallUpdate{path})) << path;
  EXPECT_TRUE(refused(FactoryReset{ResetLevel::data, ""}));
  EXPECT_TRUE(refused(FactoryReset{ResetLevel::none, "ERASE"}));
  EXPECT_TRUE(refused(SetTime{Moment{}}));
  EXPECT_TRUE(refused(Shutdown{}));
  EXPECT_TRUE(refused(SetRelay{true, 2h}));
}

TEST(Check, refuses_a_network_that_cannot_be) {
  EXPECT_TRUE(check(fixed_address()));
  const auto with = [](auto change) {
    SetNetwork r = fixed_address();
    change(r);
    return check(r);
  };
  EXPECT_FALSE(with([](SetNetwork& r) { r.address = "192.0.2.7"; }));
  EXPECT_FALSE(with([](SetNetwork& r) { r.address = "192.0.2.7/33"; }));
  EXPECT_FALSE(with([](SetNetwork& r) { r.address = "192.0.2.7/24\nDHCP=yes"; }));
  EXPECT_FALSE(with([](SetNetwork& r) { r.interface = "eth0\n[Match]"; }));
  EXPECT_FALSE(with([](SetNetwork& r) { r.interface = "../x"; }));
  EXPECT_FALSE(with([](SetNetwork& r) { r.dhcp = true; })) << "an address and DHCP";
  EXPECT_FALSE(with([](SetNetwork& r) { r.dns = {"dns.site"}; }));
  EXPECT_FALSE(with([](SetNetwork& r) { r.confirm_within = 5s; }));
  EXPECT_TRUE(with([](SetNetwork& r) { r.dhcp = true, r.address.clear(), r.gateway.clear(); }));
  EXPECT_TRUE(with([](SetNetwork& r) { r.address = "2001:db8::7/64", r.gateway.clear(); }));
}

TEST(Answer, carries_facts_or_the_kind_of_error) {
  const auto facts = parse_answer(write_answer(Fields{{"slot.0.name", "rootfs.0"}, {"step", ""}}));
  ASSERT_TRUE(facts) << facts.error().what;
  EXPECT_EQ(find(*facts, "slot.0.name"), "rootfs.0");
  const auto error = parse_answer(write_answer(fail(ErrorKind::busy, "another\none waits")));
  EXPECT_EQ(error.error().kind, ErrorKind::busy);
  EXPECT_EQ(error.error().what, "another one waits");
  EXPECT_EQ(parse_answer("holdfast-device 1\n").error().kind, ErrorKind::corrupt);
  for (const auto kind : {ErrorKind::not_found, ErrorKind::denied, ErrorKind::timed_out, ErrorKind::internal, ErrorKind::unsupported, ErrorKind::io})
    EXPECT_EQ(parse_answer(write_answer(fail(kind, "x"))).error().kind, kind);
}

}  // namespace
}  // namespace hf::device
