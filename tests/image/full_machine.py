"""The page Machine of a real box: clock, name, a network setting on trial, a start anew, diagnostics, the device service's own log. Each thing is asked of the page and looked at inside."""
import contextlib
import http.client
import time

import machine
import page
import stick

ZONE, NAME, SERVERS = "Asia/Yekaterinburg", "berlin-1", ["192.0.2.123", "ntp.site.example"]
# In the guest's own network (10.0.2.0/24, its router 10.0.2.2): one setting that is kept, one that nobody keeps.
KEPT, LOST = "10.0.2.77", "10.0.2.78"
NOW = "date +%s"


class Desk:
    """The page's admin at the machine's routes. Logs in anew whenever the address or the agent is another."""

    def __init__(self, guest):
        self.guest = guest
        self.admin = page.Page(guest).log_in()

    def log_in(self):
        self.admin = page.Page(self.guest).log_in()
        return self

    def ask(self, method, path="", body=None):
        return self.admin.ask(method, "/api/v1/machine" + path, body)

    def now(self):
        status, said = self.ask("GET")
        assert status == 200 and said["present"] and said["problem"] == "", (status, said)
        return said

    def does(self, method, path, body=None, status=204):
        answer = self.ask(method, path, body)
        assert answer[0] == status, (method, path, body, answer)
        return answer[1]

    def tries(self, setting, within):
        """Puts a network setting on trial. The answer may never arrive: the address that it comes from goes."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, said = self.admin.ask("PUT", "/api/v1/machine/network", {**setting, "confirm_within": within}, seconds=15)
            assert status == 202, (status, said)

    def until(self, fits, seconds):
        end, said = time.monotonic() + seconds * machine.SLOW, None
        while time.monotonic() < end:
            said = self.now()
            if fits(said):
                return said
            self.guest.read_console(2)
        raise machine.Missing(f"the page's machine after {seconds * machine.SLOW:.0f} s: {said}")


def interface_of(guest):
    return guest.ask("ip -4 -o address show scope global | cut -d ' ' -f 2 | head -n 1")[1]


def setting(guest, address):
    fixed = {"dhcp": False, "address": f"{address}/24", "gateway": "10.0.2.2", "dns": ["10.0.2.3"]}
    return {"interface": interface_of(guest), **(fixed if address else {"dhcp": True, "address": "", "gateway": "", "dns": []})}


def has(guest, address, seconds=120):
    guest.until(f"ip -4 -o address show scope global | grep -F ' {address}/'", seconds)


def clock_zone_and_name_are_the_machines(box):
    guest, desk = box.on(), Desk(box.on())
    seen = desk.now()
    assert [one["addresses"] for one in seen["interfaces"]] and seen["gateway"] == "10.0.2.2" and seen["trial"] is None, seen
    assert any("10.0.2.15/24" in one["addresses"] for one in seen["interfaces"]), seen
    status, said = desk.ask("PUT", "/zone", {"zone": "Europe/Nowhere"})
    assert status in (400, 409) and "zone" in str(said), (status, said)
    desk.does("PUT", "/zone", {"zone": ZONE})
    assert guest.ask("readlink /etc/localtime; date +%z")[1].split("\n") == [f"../usr/share/zoneinfo/{ZONE}", "+0500"]
    desk.does("PUT", "/hostname", {"name": NAME})
    assert guest.ask("cat /proc/sys/kernel/hostname")[1] == NAME
    # A clock set by hand: refused while servers keep it, and then it is what was said.
    desk.does("PUT", "/time-servers", {"servers": SERVERS})
    asked = guest.until("timedatectl show-timesync -p SystemNTPServers --value | grep .", 60)
    assert asked.split() == SERVERS, asked
    ahead = int(guest.ask(NOW)[1]) + 7200
    assert desk.ask("PUT", "/time", {"at": ahead})[0] == 409
    desk.does("PUT", "/time-servers", {"servers": []})
    guest.until("! systemctl is-active -q systemd-timesyncd", 60)
    desk.does("PUT", "/time", {"at": ahead})
    assert ahead <= int(guest.ask(NOW)[1]) < ahead + 300 * machine.SLOW
    desk.log_in().does("PUT", "/time", {"at": int(time.time())})
    desk.log_in().does("PUT", "/time-servers", {"servers": SERVERS})
    seen = desk.now()
    assert (seen["zone"], seen["hostname"], seen["time_servers"]) == (ZONE, NAME, SERVERS), seen
    its_log_names_the_admin(desk, "set_zone", "set_hostname", "set_time_servers", "set_time")


def a_network_setting_is_kept_over_the_new_address_or_goes_by_itself(box):
    guest, old = box.on(), box.guest.port
    new = guest.forward(KEPT)
    desk = Desk(guest)
    desk.tries(setting(guest, KEPT), 600)
    has(guest, KEPT)
    guest.port = new
    try:
        seen = desk.log_in().until(lambda now: now["trial"] and now["trial"]["reached"], 120)
        assert seen["trial"]["setting"]["address"] == f"{KEPT}/24" and seen["trial"]["token"], seen
        desk.does("POST", "/network/confirm", {"token": seen["trial"]["token"]})
        seen = desk.now()
        assert seen["last_trial"]["end"] == "kept" and [one["address"] for one in seen["settings"]] == [f"{KEPT}/24"] and seen["gateway"] == "10.0.2.2", seen
        begun = guest.age()
        desk.tries(setting(guest, LOST), 30)
        has(guest, LOST)
        has(guest, KEPT, 180)
        box.figures["network setting on trial to its end by itself"] = f"{guest.age() - begun:.0f} s of 30"
        seen = desk.log_in().now()
        assert (seen["last_trial"]["end"], seen["last_trial"]["setting"]["address"], seen["trial"]) == ("taken_back", f"{LOST}/24", None), seen
        it_all_outlives_a_start(box, desk)
    except BaseException:
        guest.port = old
        raise
    desk.tries(setting(guest, ""), 600)
    has(guest, "10.0.2.15")
    guest.port = old
    seen = desk.log_in().until(lambda now: now["trial"] and now["trial"]["reached"], 120)
    desk.does("POST", "/network/confirm", {"token": seen["trial"]["token"]})
    assert desk.now()["settings"][0]["dhcp"], desk.now()
    its_log_names_the_admin(desk, "set_network", "confirm_network", "shutdown")


def it_all_outlives_a_start(box, desk):
    """Started anew by the page; what was set is there before anybody asks for it."""
    guest = box.guest
    guest.hear_from_now()
    desk.does("POST", "/power", {"what": "restart", "when": "now"}, 200)
    guest.wait("Welcome to Holdfast", 400)
    guest.wait_for_page(600)
    seen = desk.log_in().now()
    assert (seen["zone"], seen["hostname"], seen["time_servers"]) == (ZONE, NAME, SERVERS), seen
    assert guest.ask("cat /proc/sys/kernel/hostname; date +%z")[1].split("\n") == [NAME, "+0500"]
    assert any(f"{KEPT}/24" in one["addresses"] for one in seen["interfaces"]), seen


def its_log_names_the_admin(desk, *requests):
    lines = desk.does("GET", "/audit", None, 200)["lines"]
    for request in requests:
        assert any(f" request={request} " in line and f" actor={page.USER}@10.0.2.2 " in line and " result=done" in line for line in lines), (request, lines)
    assert not any("token=" in line for line in lines), lines


def diagnostics_are_asked_for_on_the_page(box):
    box.guest.cut_power()
    guest, image = box.guest, box.images / "diagnostics.img"
    guest.extra = stick.empty(image)
    guest.start()
    guest.wait_for_page(600)
    box.with_stick()
    desk = Desk(guest)
    desk.does("POST", "/diagnostics")
    said = desk.until(lambda now: now["diagnostics"] and "being written" not in now["diagnostics"], 300)["diagnostics"]
    assert "on the stick; it may be pulled out" in said, said
    its_log_names_the_admin(desk, "write_diagnostics")
    guest.cut_power()
    names = list(stick.texts_on(image))
    assert len(names) == 1 and names[0].startswith("holdfast-diagnostics-"), names
    box.insert_stick()


STEPS = [clock_zone_and_name_are_the_machines, a_network_setting_is_kept_over_the_new_address_or_goes_by_itself, diagnostics_are_asked_for_on_the_page]
