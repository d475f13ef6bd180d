"""What the box is there for: it hears a contact centre, the simulated one inside it and a real PBX outside."""
import contextlib
import time

import machine
import page
import pbx_outside
import stick
import suite

CALLERS = 4
HOST = "10.0.2.2"  # the machine that QEMU runs on, as the guest's network shows it
SETTINGS = "/etc/holdfast/agent.toml"
GIVEN = "/usr/share/holdfast/agent.toml"
TOLD = "/run/holdfast-settings"


def ask(admin, path):
    status, said = admin.ask("GET", f"/api/v1/{path}")
    assert status == 200, (path, status, said)
    return said


def until(box, seconds, true, what):
    """What `true` says when it is something."""
    end = time.monotonic() + seconds * machine.SLOW
    while time.monotonic() < end:
        if said := true():
            return said
        box.guest.read_console(5)
    raise machine.Missing(f"not within {seconds * machine.SLOW:.0f} s: {what}")


def state(admin):
    return ask(admin, "sources")["sources"][0]["state"]


def calls_today(admin, line=""):
    """Calls that lines brought today; each is told when its minute has closed."""
    return sum(each["today"]["offered"] for each in ask(admin, "live")["lines"] if line in ("", each["id"]))


def it_captures_from_the_simulator_inside(box):
    box.on()
    admin, started, (_, before) = box.admin(), box.guest.age(), box.journal()
    assert state(admin) == "healthy", ask(admin, "sources")
    calls = until(box, 240, lambda: calls_today(admin), "a call on the live wall")
    _, after = box.journal()
    assert after > before, (before, after)
    box.figures["simulator inside"] = f"{calls} calls told, {after - before} entries in {box.guest.age() - started:.0f} s"


def press_settings(box, answer):
    """What a site's IT does at the box's screen; what it says then."""
    box.guest.until("systemctl is-active holdfast-console", 120)
    box.guest.ask("rm -f /run/holdfast-settings")
    box.guest.press("s", "y")
    said = box.guest.until(f"grep -E 'in use|wrong|No USB|does not start' {TOLD}", 300)
    assert answer in said, said


def it_captures_from_a_pbx_outside(box):
    """Connected as a site does it, before there is a user: settings on a stick, taken at the console."""
    box.guest.cut_power()
    try:
        with pbx_outside.PbxOutside(suite.ROOT / "build/live") as outside:
            settings = f'[pbx]\nkind = "ami"\nhost = "{HOST}"\nport = {outside.port}\nuser = "holdfast"\nsecret_file = "pbx-secret"\n'
            box.guest.extra = stick.with_settings(box.images / "settings.img", {"agent.toml": settings, "pbx-secret": outside.pbx.secret})
            box.guest.start()
            box.guest.wait_for_page(600)
            box.with_stick()
            press_settings(box, "are in use")
            box.guest.wait_for_page(300)
            admin = box.admin()
            until(box, 180, lambda: state(admin) == "healthy", "a source that is heard")
            served = outside.serve(CALLERS)
            assert served == CALLERS, f"{served} of {CALLERS} callers were answered"
            with contextlib.suppress(machine.Missing):  # what it says instead is the better message
                until(box, 180, lambda: calls_today(admin, pbx_outside.LINE) >= served, "as many calls as callers")
            told = calls_today(admin, pbx_outside.LINE)
            assert told == served, f"{served} callers were served, the box tells of {told}: {ask(admin, 'sources')}"
            box.figures[f"{outside.release} outside"] = f"{told} of {served} calls told"
    finally:
        box.guest.cut_power()
        box.insert_stick()


def a_reset_of_the_settings_forgets_users_and_keeps_the_data(box):
    guest = box.on()
    before = box.journal()
    guest.until("systemctl is-active holdfast-console", 120)
    guest.hear_from_now()
    guest.press("f", "1", *(f"shift-{letter}" for letter in "erase"))
    guest.wait("holdfast-initrd: root", 300)
    guest.wait_for_page(600)
    admin = page.Page(guest)
    assert admin.ask("POST", "/api/v1/login", {"user": page.USER, "password": page.PASSWORD}, seconds=120)[0] == 401, "a user outlived the reset"
    after = box.journal()
    assert after[0] == before[0] and after[1] >= before[1], (before, after)
    assert guest.ask(f"cmp {GIVEN} {SETTINGS}")[0] == 0, "the settings are not the factory's"


STEPS = [it_captures_from_a_pbx_outside, a_reset_of_the_settings_forgets_users_and_keeps_the_data, it_captures_from_the_simulator_inside]
