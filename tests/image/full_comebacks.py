"""Versions that are bad in one way each: every one gives way to the version before by itself, and the box says why."""
import suite

# Folder of images/overlay-bad and the version that is made of it.
BAD = {"exits": "1.2.0", "hangs": "1.2.1", "page": "1.2.2", "panics": "1.2.3"}
# What the page says of it: a kernel that panics leaves no words.
WHY = {"exits": "health", "hangs": "health", "page": "health", "panics": "never_up"}


# What is known of them after five minutes of each try alone: they start with their last one, since how tries are counted is seen with the others.
SLOW_TO_TELL = ("hangs", "page")


def comes_back(box, kind):
    box.on()
    before = box.version()
    box.wait_until_good()
    box.bring_from_stick(BAD[kind], BAD[kind])
    started = box.guest.age()
    if kind in SLOW_TO_TELL:
        box.spend_all_tries_but_this(BAD[kind])
    is_back(box, kind, before, started)


def is_back(box, kind, before, started):
    box.wait_for_version(before, 4000)
    box.figures[f"bad version ({kind}) to the old one"] = f"{box.guest.age() - started:.0f} s"
    assert box.version() == before, box.version()
    assert any("+0" in name for name in box.kernels()), box.kernels()
    reason, detail = box.came_back(BAD[kind])
    assert reason == WHY[kind], (reason, detail)
    box.figures[f"why ({kind})"] = f"{reason}: {detail[:200]}"


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
    guest.until(other, 300)
    box.figures["hung agent to its restart"] = f"{guest.age() - started:.0f} s"
    assert "watchdog" in guest.ask("journalctl -b -u holdfast-agent --no-pager | grep -i watchdog")[1].lower()
    guest.wait_for_page(300)
    assert "agent_restarted" in box.problems(), box.health()["problems"]


def an_update_from_the_stick_keeps_the_data(box):
    box.on()
    box.guest.ask("echo kept >/var/tmp/kept; sync")
    box.bring_from_stick(suite.SECOND, suite.SECOND)
    box.wait_for_start(600)
    box.guest.wait_for_page(600)
    assert box.version() == suite.SECOND
    box.wait_until_good()
    assert box.guest.ask("cat /var/tmp/kept")[1] == "kept"


STEPS = [an_update_from_the_stick_keeps_the_data, an_agent_that_ends_gives_way, an_agent_that_stands_still_gives_way, a_page_that_does_not_answer_gives_way,
         a_kernel_that_panics_gives_way, a_hung_agent_is_restarted_by_its_watchdog]
