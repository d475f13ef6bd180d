"""What the image suites share: versions that are built, questions to the guest, and the running of steps in their order."""
import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback

import machine
import page
import stick

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIRST, SECOND = "1.0.0", "1.1.0"
# The box mounts a stick by itself.
STICK_IS_THERE = "grep /run/holdfast-usb /proc/mounts"
# A built-in disk beside the box's own, which can be asked for its health; nothing is on it.
SECOND_DISK = ["-blockdev", "driver=null-co,node-name=second,size=67108864,read-zeroes=on", "-device", "nvme,drive=second,serial=second"]


class Box:
    """A guest with its images. A suite adds the steps and says in BUILDS what they need: version, kind, flags of images/build."""
    ARCH = "amd64"

    def __init__(self, images):
        self.images, self.figures = images, {}
        self.guest = machine.Machine(self.image(FIRST), images / "machine", arch=self.ARCH)

    def image(self, version, kind="lab"):
        return self.images / f"{kind}-{version}"

    def bundle(self, version):
        return self.image(version) / f"holdfast-{version}.raucb"

    def keys(self, kind):
        """What images/build is told of the keys for images of that kind: nothing, so it takes the development keys."""
        return {}

    def build(self):
        for version, kind, flags in self.BUILDS:
            started = time.monotonic()
            subprocess.run([str(ROOT / "images/build"), "--arch", self.ARCH, *flags, version, str(self.image(version, kind))], check=True, env={**os.environ, **self.keys(kind)})
            self.figures[f"built {kind} {version}"] = f"{time.monotonic() - started:.0f} s"

    def on_the_stick(self):
        """What a suite's stick carries: a file by its name."""
        raise NotImplementedError

    def insert_stick(self):
        self.guest.extra = stick.make(self.images / "stick.img", self.on_the_stick()) + SECOND_DISK

    # --- questions
    def on(self):
        if self.guest.process is None:
            self.insert_stick()
            self.guest.start()
            self.guest.wait_for_page(600)
        return self.guest

    def version(self):
        return self.on().ask("sed -n s/^IMAGE_VERSION=//p /usr/lib/os-release")[1]

    def kernels(self):
        return self.on().ask("ls /efi/EFI/Linux", 120)[1].split()

    def install(self, name, seconds=600):
        """Exit status and last words of RAUC at the stick's bundle `name`, past the page: what holds when nobody has looked before."""
        return self.with_stick().ask(f"rauc install /run/holdfast-usb/{name}.raucb 2>&1 | tail -n 5; test ${{PIPESTATUS[0]}} = 0", seconds)

    def with_stick(self):
        mounted = self.on().until(STICK_IS_THERE, 120)
        assert all(word in mounted for word in ("ro,", "nosuid", "nodev", "noexec")), mounted
        return self.guest

    def admin(self):
        return page.Page(self.on()).log_in()

    def bring_from_stick(self, name, version):
        """An admin has the stick's bundle inspected and written, and lets the box start anew with it."""
        self.with_stick()
        admin = self.admin()
        bundle = admin.inspect(name)
        assert (bundle["verdict"], bundle["version"]) == ("good", version), bundle
        attempt = admin.install(f"usb.{name}.raucb")
        assert attempt["outcome"] == "under_way", attempt
        self.guest.hear_from_now()
        admin.restart()

    def refusal(self, name):
        """Why the page says that the stick's bundle is refused: when it is inspected, at the latest when it is written."""
        self.with_stick()
        admin = self.admin()
        said = admin.inspect(name)
        if said["verdict"] == "good":
            said = admin.install(f"usb.{name}.raucb")
            assert said["outcome"] == "failed", said
        return said["reason"], said["detail"]

    def came_back(self, version):
        """What the page tells of a version that gave way by itself."""
        last = self.admin().wait_for(120, lambda now: now["history"] and now["history"][0]["outcome"] != "under_way")["history"][0]
        assert (last["version"], last["outcome"]) == (version, "given_back"), last
        return last["reason"], last["detail"]

    def health(self):
        """What the page tells of the box."""
        status, said = self.admin().ask("GET", "/api/v1/health")
        assert status == 200, (status, said)
        return said

    def problems(self):
        """What the page says is wrong with the box, by their ids."""
        return {problem["id"] for problem in self.health()["problems"]}

    def journal(self):
        """The journal's name and its last entry, as the page tells them."""
        said = self.health()
        return said["journal_epoch"], said["journal_sequence"]

    def wait_until_good(self, seconds=400):
        """Until the running version's kernel has no counter any more: the health check has found it good."""
        until = time.monotonic() + seconds * machine.SLOW
        while time.monotonic() < until:
            slot = self.on().ask("/usr/libexec/holdfast/boot-slots get-current")[1]
            if f"holdfast-{slot}.efi" in self.kernels():
                return slot
            self.guest.read_console(5)
        raise machine.Missing(f"not found good within {seconds} s; health says: {self.guest.ask('systemctl status --no-pager -n 20 holdfast-health')[1]}")

    def wait_for_start(self, seconds=400):
        """Until the initrd of the next start has found its root."""
        return self.guest.wait(r"holdfast-initrd: root", seconds)

    def wait_for_version(self, version, seconds):
        """Until that version has come up, whatever was tried before it. Tries are not counted: an emulated kernel may lose one by itself."""
        self.guest.wait(rf"Welcome to Holdfast {re.escape(version)}!", seconds)
        self.guest.wait_for_page(600)

    def spend_all_tries_but_this(self, version):
        """The version on trial, once it has come up, has its last try: three take a quarter of an hour."""
        self.guest.wait(rf"Welcome to Holdfast {re.escape(version)}!", 900)
        # An answer may be lost and the question asked again, so it must bear that.
        status, said = self.guest.ask('cd /efi/EFI/Linux && last=holdfast-$(/usr/libexec/holdfast/boot-slots get-current)+0-3.efi && { [ -e "$last" ] || mv holdfast-[ab]+*.efi "$last"; } && sync -f . && ls', 400)
        assert status == 0, said

    def failures(self):
        """Units that failed in this start and are not about to be tried again."""
        return self.on().ask("systemctl --failed --no-legend --plain", 60)[1]


def chosen(steps, options):
    names = [step.__name__ for step in steps]
    for name in (options.only, options.start):
        if name and name not in names:
            sys.exit(f"no step {name}; there are: {' '.join(names)}")
    if options.only:
        return [step for step in steps if step.__name__ == options.only]
    return steps[names.index(options.start) if options.start else 0:]


def run_step(box, step):
    started = time.monotonic()
    try:
        step(box)
        print(f"image: good {step.__name__} ({time.monotonic() - started:.0f} s)", flush=True)
        return True
    except (AssertionError, machine.Missing, OSError, RuntimeError, subprocess.SubprocessError) as why:
        print(f"image: bad {step.__name__} ({time.monotonic() - started:.0f} s): {str(why)[:1500]}", flush=True)
        traceback.print_exc()
        # A guest that does not answer is no ground for the next step.
        if not isinstance(why, AssertionError):
            box.guest.cut_power()
        return False


def main(kind, folder, text):
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="this step alone, with the machine that an earlier run left")
    parser.add_argument("--from", dest="start", help="this step and those after it")
    parser.add_argument("--images", default=str(ROOT / "build" / folder))
    options = parser.parse_args()
    images = pathlib.Path(options.images)
    images.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(images).free < 8 << 30:
        sys.exit("image suites need 8 GB of disk")
    # Ended from outside it takes its guest along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    box, good, steps = kind(images), 0, chosen(kind.STEPS, options)
    try:
        if not options.only and not options.start:
            box.build()
        for step in steps:
            good += run_step(box, step)
    finally:
        box.guest.cut_power()
        for name, value in box.figures.items():
            print(f"report: {name}: {value}")
    print(f"[  PASSED  ] {good} tests.")
    if good < len(steps):
        print(f"[  FAILED  ] {len(steps) - good} tests.")
    return 0 if good == len(steps) else 1
