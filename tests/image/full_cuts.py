"""Power cuts at moments drawn by lot: the box always starts, runs what ran, and has every entry that it had acknowledged."""
import os
import random
import time

import full_comebacks
import machine

CUTS = int(os.environ.get("HOLDFAST_CUTS", "30"))
SEED = int(os.environ.get("HOLDFAST_SEED", "1"))


def start_again(box, version):
    box.guest.start()
    box.guest.wait_for_page(600)
    assert box.version() == version, box.version()
    assert box.guest.ask("systemctl is-active holdfast-agent")[1] == "active"
    complaints = box.guest.ask("journalctl -b -u holdfast-agent --no-pager | grep -iE 'corrupt|malformed|unreadable' | head -n 3", 120)[1]
    assert complaints == "", complaints


def cuts_while_it_installs(box):
    lot = random.Random(SEED)
    box.on()
    version, worst = box.version(), 0.0
    for number in range(CUTS):
        box.with_stick().ask(f"rauc install /run/holdfast-usb/{full_comebacks.BAD['exits']}.raucb >/dev/null 2>&1 &")
        moment = lot.uniform(0, 45) * machine.SLOW
        time.sleep(moment)
        box.guest.cut_power()
        start_again(box, version)
        worst = max(worst, box.guest.age())
        print(f"image: cut {number + 1} after {moment:.1f} s of an install: started", flush=True)
    box.figures["power cuts during an install"] = f"{CUTS}, seed {SEED}; the slowest start took {worst:.0f} s"


def cuts_while_it_captures(box):
    lot = random.Random(SEED)
    box.on()
    version = box.version()
    for number in range(CUTS):
        time.sleep(lot.uniform(1, 30))
        before = box.journal()
        box.guest.cut_power()
        start_again(box, version)
        after = box.journal()
        assert after[0] == before[0] and after[1] >= before[1], f"entry {before} had been acknowledged, after the cut the last one is {after}"
        print(f"image: cut {number + 1} at entry {before[1]}: started, {after[1]}", flush=True)
    box.figures["power cuts while it captures"] = f"{CUTS}, seed {SEED}"


STEPS = [cuts_while_it_installs, cuts_while_it_captures]
