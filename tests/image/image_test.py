#!/usr/bin/env python3
"""The sealed box, from its files to a machine that comes back by itself: one guest at a time, in QEMU.
image_test.py [--only NAME] [--from NAME] [--images FOLDER]    steps in the order below; --from goes on with the machine that an earlier run left
Makes three versions first (1.0.0, 1.1.0 and 1.2.0, whose agent ends at once), with a laboratory shell, and one release to look at without starting it."""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import time
import traceback

import machine
import static_checks
import stick

ROOT = pathlib.Path(__file__).resolve().parents[2]
RELEASE, FIRST, SECOND, BROKEN = "1.0.0", "1.0.0", "1.1.0", "1.2.0"
MEANT_TO_LISTEN = {("tcp", "80"), ("tcp", "443"), ("udp", "68"), ("udp", "546")}
# The box mounts a stick by itself, so that it can only be read.
STICK_IS_THERE = "for i in $(seq 60); do mountpoint -q /run/holdfast-usb && break; sleep 1; done; grep /run/holdfast-usb /proc/mounts"


class Suite:
    def __init__(self, images):
        self.images, self.figures = images, {}
        self.guest = machine.Machine(self.image(FIRST), images / "machine")

    def image(self, version, kind="lab"):
        return self.images / f"{kind}-{version}"

    def bundle(self, version):
        return self.image(version) / f"holdfast-{version}.raucb"

    def build(self):
        for version, kind, flags in ((RELEASE, "release", []), (FIRST, "lab", ["--lab"]), (SECOND, "lab", ["--lab"]), (BROKEN, "lab", ["--bad"])):
            started = time.monotonic()
            subprocess.run([str(ROOT / "images/build"), *flags, version, str(self.image(version, kind))], check=True)
            self.figures[f"built {kind} {version}"] = f"{time.monotonic() - started:.0f} s"
        release = self.image(RELEASE, "release")
        for name in ("disk.raw", "root.img", "holdfast.efi", f"holdfast-{RELEASE}.raucb"):
            self.figures[name] = f"{(release / name).stat().st_size / 1e6:.0f} MB"

    def insert_stick(self):
        bad = stick.changed(self.bundle(SECOND), self.images / "changed.raucb", self.bundle(SECOND).stat().st_size // 2)
        self.guest.extra = stick.make(self.images / "stick.img", {"first.raucb": self.bundle(FIRST), "second.raucb": self.bundle(SECOND),
                                                                  "broken.raucb": self.bundle(BROKEN), "changed.raucb": bad})

    # --- helpers that ask the guest
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
        guest = self.on()
        _, mounted = guest.ask(STICK_IS_THERE, 120)
        assert all(word in mounted for word in ("ro,", "nosuid", "nodev", "noexec")), mounted
        return guest.ask(f"rauc install /run/holdfast-usb/{name}.raucb 2>&1 | tail -n 5; test ${{PIPESTATUS[0]}} = 0", seconds)

    def wait_until_good(self, seconds=400):
        """Until the running version's kernel has no counter any more: the health check has found it good."""
        until = time.monotonic() + seconds * machine.SLOW
        while time.monotonic() < until:
            slot = self.on().ask("/usr/libexec/holdfast/boot-slots get-current")[1]
            if f"holdfast-{slot}.efi" in self.kernels():
                return slot
            self.guest.read_console(5)
        raise machine.Missing(f"not found good within {seconds} s; health says: {self.guest.ask('systemctl status --no-pager -n 20 holdfast-health')[1]}")

    def reboot(self):
        self.guest.tell("systemctl reboot")
        self.guest.wait(r"holdfast-initrd: root", 400)
        self.guest.wait_for_page(600)

    # --- the steps
    def files_are_as_they_should_be(self):
        release = self.image(RELEASE, "release")
        wrong = [f"{check.__name__}: {found[:5]}" for check in static_checks.CHECKS if (found := check(release))]
        assert not wrong, "\n".join(wrong)
        subprocess.run([str(ROOT / "images/check_sbom"), str(release)], check=True)

    def first_start_brings_the_page(self):
        self.guest.forget()
        self.insert_stick()
        self.guest.start()
        self.guest.wait(r"set-up code +\S+", 600)
        status, body = self.guest.wait_for_page(100)
        self.figures["power to page, first start"] = f"{self.guest.age():.0f} s"
        assert status == 200 and b"Holdfast" in body, (status, body[:200])

    def it_is_sealed(self):
        guest = self.on()
        _, said = guest.ask("bootctl status --no-pager 2>/dev/null | head -n 8", 120)
        assert "Secure Boot: enabled (user)" in said and "Measured UKI: yes" in said, said
        assert guest.ask("cat /run/holdfast-data/protection")[1] == "tpm2"
        _, tokens = guest.ask("cryptsetup luksDump /dev/disk/by-partlabel/data", 60)
        assert "systemd-tpm2" in tokens and "systemd-recovery" in tokens and re.search(r"tpm2-hash-pcrs: +7\n", tokens) and re.search(r"tpm2-pubkey-pcrs: +11\n", tokens), tokens
        status, said = guest.ask("cryptsetup open --test-passphrase --token-only /dev/disk/by-partlabel/data </dev/null", 120)
        assert status != 0, f"the running system could ask the TPM for the key again: {said}"
        assert guest.ask("grep -c lockdown=integrity /proc/cmdline; cat /sys/kernel/security/lockdown")[1].count("integrity") >= 1

    def nothing_listens_that_should_not(self):
        _, said = self.on().ask("ss -tulnH", 60)
        heard = {(line.split()[0], line.split()[4].rpartition(":")[2]) for line in said.split("\n") if line and "127.0.0." not in line.split()[4]}
        assert heard and heard <= MEANT_TO_LISTEN, said
        _, rules = self.guest.ask("nft list chain inet holdfast input", 60)
        assert "policy drop" in rules, rules

    def nothing_failed_at_the_start(self):
        _, said = self.on().ask("systemctl --failed --no-legend --plain", 60)
        assert said == "", said

    def a_changed_byte_is_refused(self):
        status, said = self.install("changed")
        assert status != 0, said
        assert not any(name.startswith("holdfast-b") for name in self.kernels()), self.kernels()

    def an_update_is_installed_and_found_good(self):
        self.on().ask("echo kept >/var/tmp/kept; sync")
        started = self.guest.age()
        status, said = self.install("second")
        assert status == 0, said
        self.figures["install"] = f"{self.guest.age() - started:.0f} s"
        assert "holdfast-b+3.efi" in self.kernels(), self.kernels()
        started = self.guest.age()
        self.reboot()
        assert self.version() == SECOND
        assert self.wait_until_good() == "b"
        self.figures["reboot to good"] = f"{self.guest.age() - started:.0f} s"
        assert self.guest.ask("cat /var/tmp/kept")[1] == "kept"

    def a_downgrade_is_refused(self):
        status, said = self.install("first")
        assert status != 0 and "downgrade from 1.1.0 to 1.0.0 refused" in said, said

    def a_bad_version_gives_way_by_itself(self):
        status, said = self.install("broken")
        assert status == 0, said
        started = self.guest.age()
        self.guest.tell("systemctl reboot")
        for _ in range(4):  # three tries of the broken one, then the old one
            self.guest.wait(r"holdfast-initrd: root", 1000)
        self.guest.wait_for_page(600)
        self.figures["bad version to the old one"] = f"{self.guest.age() - started:.0f} s"
        assert self.version() == SECOND
        assert any(name.startswith("holdfast-a+0") for name in self.kernels()), self.kernels()

    def a_hung_kernel_is_reset_by_the_watchdog(self):
        self.on().tell("sysctl -w kernel.panic=0 kernel.panic_on_oops=1 kernel.sysrq=1; echo c >/proc/sysrq-trigger")
        self.guest.wait("Kernel panic", 60)
        started = self.guest.age()
        self.guest.wait(r"BdsDxe: starting", 200)
        self.figures["panic to reset"] = f"{self.guest.age() - started:.0f} s"
        self.guest.wait_for_page(600)

    def a_power_cut_while_it_captures_loses_nothing_acknowledged(self):
        self.on().ask("echo before-the-cut >/var/tmp/cut; sync -f /var/tmp/cut")
        self.guest.cut_power()
        self.guest.start()
        self.guest.wait_for_page(600)
        assert self.guest.ask("cat /var/tmp/cut")[1] == "before-the-cut"
        _, said = self.guest.ask("journalctl -b -u holdfast-agent --no-pager | grep -ciE 'corrupt|malformed'", 120)
        assert said == "0", said

    def a_power_cut_while_it_installs_leaves_what_ran(self):
        guest, version = self.on(), self.version()
        guest.ask(STICK_IS_THERE, 120)
        guest.tell("rauc install /run/holdfast-usb/broken.raucb >/dev/null 2>&1 &")
        time.sleep(8 * machine.SLOW)
        guest.cut_power()
        guest.start()
        guest.wait_for_page(600)
        assert self.version() == version

    def without_a_tpm_it_starts_all_the_same_and_says_so(self):
        self.guest.cut_power()
        bare = machine.Machine(self.image(FIRST), self.images / "machine-without-tpm", tpm=False)
        bare.forget()
        try:
            bare.start()
            bare.wait(r"WEAKER: this machine has no TPM", 600)
            bare.wait_for_page(600)
            assert bare.ask("cat /run/holdfast-data/protection")[1] == "key-file"
        finally:
            bare.forget()

    STEPS = [files_are_as_they_should_be, first_start_brings_the_page, it_is_sealed, nothing_listens_that_should_not, nothing_failed_at_the_start,
             a_changed_byte_is_refused, an_update_is_installed_and_found_good, a_downgrade_is_refused, a_bad_version_gives_way_by_itself,
             a_hung_kernel_is_reset_by_the_watchdog, a_power_cut_while_it_captures_loses_nothing_acknowledged, a_power_cut_while_it_installs_leaves_what_ran,
             without_a_tpm_it_starts_all_the_same_and_says_so]


def chosen(options):
    names = [step.__name__ for step in Suite.STEPS]
    for name in (options.only, options.start):
        if name and name not in names:
            sys.exit(f"image_test.py: no step {name}; there are: {' '.join(names)}")
    if options.only:
        return [step for step in Suite.STEPS if step.__name__ == options.only]
    return Suite.STEPS[names.index(options.start) if options.start else 0:]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only")
    parser.add_argument("--from", dest="start")
    parser.add_argument("--images", default=str(ROOT / "build/image-test"), type=str)
    options = parser.parse_args()
    folder = pathlib.Path(options.images)
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < 8 << 30:
        sys.exit("image_test.py: 8 GB of disk are needed")
    suite, passed, failed = Suite(folder), 0, 0
    try:
        if not options.only and not options.start:
            suite.build()
        for step in chosen(options):
            started = time.monotonic()
            try:
                step(suite)
                passed += 1
                print(f"image: good {step.__name__} ({time.monotonic() - started:.0f} s)", flush=True)
            except (AssertionError, machine.Missing, OSError, subprocess.SubprocessError) as why:
                failed += 1
                print(f"image: bad {step.__name__} ({time.monotonic() - started:.0f} s): {str(why)[:1500]}", flush=True)
                traceback.print_exc()
    finally:
        suite.guest.cut_power()
    for name, value in suite.figures.items():
        print(f"report: {name}: {value}")
    print(f"[  PASSED  ] {passed} tests.")
    if failed or not passed:
        print(f"[  FAILED  ] {max(failed, 1)} tests.")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
