"""Versions that are bad in one way each: every one gives way to the version before by itself, and the box says why."""
import json

import suite

# Folder of images/overlay-bad and the version that is made of it.
BAD = {"exits": "1.2.0", "hangs": "1.2.1", "page": "1.2.2", "panics": "1.2.3"}


def comes_back(box, kind):
    box.on()
    before = box.version()
    box.wait_until_good()
    status, said = box.install(BAD[kind])
    assert status == 0, said
    started = box.guest.age()
    box.guest.tell("systemctl reboot")
    for _ in range(4):  # three tries, then the old one
        box.wait_for_start(1300)
    box.guest.wait_for_page(600)
    box.figures[f"bad version ({kind}) to the old one"] = f"{box.guest.age() - started:.0f} s"
    assert box.version() == before, box.version()
    assert any("+0" in name for name in box.kernels()), box.kernels()
    record = box.guest.ask("cat /var/lib/holdfast/health.json")[1]
    box.figures[f"why ({kind})"] = json.loads(record).get("failed", "")[:200]


def an_agent_that_ends_gives_way(box):
    comes_back(box, "exits")


def an_agent_that_stands_still_gives_way(box):
    comes_back(box, "hangs")


def a_page_that_does_not_answer_gives_way(box):
    comes_back(box, "page")


def a_kernel_that_panics_gives_way(box):
    comes_back(box, "panics")


def a_hung_agent_is_restarted_by_its_watchdog(box):
    guest = box.on()
    before = guest.ask("systemctl show -P MainPID holdfast-agent")[1]
    guest.ask(f"kill -STOP {before}")
    started = guest.age()
    other = f"p=$(systemctl show -P MainPID holdfast-agent); [ $p != 0 ] && [ $p != {before} ]"
    status, said = guest.ask(f"for i in $(seq 100); do if {other}; then break; fi; sleep 2; done; {other}", 300)
    assert status == 0, said
    box.figures["hung agent to its restart"] = f"{guest.age() - started:.0f} s"
    assert "watchdog" in guest.ask("journalctl -b -u holdfast-agent --no-pager | grep -i watchdog")[1].lower()
    guest.wait_for_page(300)


def an_update_from_the_stick_keeps_the_data(box):
    box.on()
    box.guest.ask("echo kept >/var/tmp/kept; sync")
    status, said = box.install(suite.SECOND)
    assert status == 0, said
    box.reboot()
    assert box.version() == suite.SECOND
    box.wait_until_good()
    assert box.guest.ask("cat /var/tmp/kept")[1] == "kept"


STEPS = [an_update_from_the_stick_keeps_the_data, an_agent_that_ends_gives_way, an_agent_that_stands_still_gives_way, a_page_that_does_not_answer_gives_way,
         a_kernel_that_panics_gives_way, a_hung_agent_is_restarted_by_its_watchdog]
