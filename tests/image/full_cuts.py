"""Power cuts at moments drawn by lot: the box always starts, runs what ran or what was wholly written, and has every entry that it had acknowledged."""
import os
import random
import time

import suite

CUTS = int(os.environ.get("HOLDFAST_CUTS", "30"))
SEED = int(os.environ.get("HOLDFAST_SEED", "1"))


def start_again(box):
    """The version that started, whole."""
    box.guest.start()
    box.guest.wait_for_page(600)
    assert box.guest.ask("systemctl is-active holdfast-agent")[1] == "active"
    complaints = box.guest.ask("journalctl -b -u holdfast-agent --no-pager | grep -iE 'corrupt|malformed|unreadable' | head -n 3", 120)[1]
    assert complaints == "", complaints
    return box.version()


def new_machine(box):
    box.guest.forget()
    assert box.version() == suite.FIRST, box.version()
    assert box.wait_until_good() == "a"


def begin_install(box):
    box.with_stick().ask(f"rauc install /run/holdfast-usb/{suite.SECOND}.raucb >/dev/null 2>&1 &")
    return box.guest.age()


def seconds_of_install(box):
    """From RAUC's start to the new kernel's name, which is its last write: moments drawn from these meet all of an install and nothing but it."""
    begun = begin_install(box)
    box.guest.until("ls /efi/EFI/Linux/holdfast-b+3.efi", 600)
    return box.guest.age() - begun


def cuts_while_it_installs(box):
    lot, ended, worst = random.Random(SEED), 0, 0.0
    new_machine(box)
    whole = seconds_of_install(box)
    for number in range(CUTS):
        if number == 0 or version != suite.FIRST:
            new_machine(box)
        begin_install(box)
        moment = lot.uniform(0, whole)
        time.sleep(moment)
        box.guest.cut_power()
        # An install that had got as far as its kernel's name was whole.
        version = start_again(box)
        assert version in (suite.FIRST, suite.SECOND), version
        ended += version == suite.SECOND
        worst = max(worst, box.guest.age())
        print(f"image: cut {number + 1} after {moment:.1f} of {whole:.1f} s of an install: {version} started", flush=True)
    box.figures["power cuts during an install"] = f"{CUTS}, seed {SEED}, {ended} of them after its last write; the slowest start took {worst:.0f} s"


def cuts_while_it_captures(box):
    lot = random.Random(SEED)
    box.on()
    version = box.version()
    for number in range(CUTS):
        time.sleep(lot.uniform(1, 30))
        before = box.journal()
        box.guest.cut_power()
        assert start_again(box) == version, box.version()
        after = box.journal()
        assert after[0] == before[0] and after[1] >= before[1], f"entry {before} had been acknowledged, after the cut the last one is {after}"
        print(f"image: cut {number + 1} at entry {before[1]}: started, {after[1]}", flush=True)
    box.figures["power cuts while it captures"] = f"{CUTS}, seed {SEED}"


# The machine of the steps before has an admin, whom the journal is asked as; an install is cut in new ones.
STEPS = [cuts_while_it_captures, cuts_while_it_installs]
