#!/usr/bin/env python3
"""The sealed box, from its files to a machine that comes back by itself: one guest at a time, in QEMU.
image_test.py [--only NAME] [--from NAME] [--images FOLDER]    steps in the order below; --from goes on with the machine that an earlier run left
Makes three versions first (1.0.0, 1.1.0 and 1.2.0, whose agent ends at once), with a laboratory shell, and one release, by keys in a token, to look at without starting it."""
import re
import subprocess
import sys

import machine
import page
import static_checks
import stick
import suite
import token_keys as token

RELEASE, FIRST, SECOND, BROKEN = "1.0.0", suite.FIRST, suite.SECOND, "1.2.0"
MEANT_TO_LISTEN = {("tcp", "80"), ("tcp", "443"), ("udp", "68"), ("udp", "546")}


class Suite(suite.Box):
    # The release last: its keys are the development keys, which the first image makes where there are none, in a token.
    BUILDS = [(FIRST, "lab", ["--lab"]), (SECOND, "lab", ["--lab"]), (BROKEN, "lab", ["--bad", "exits"]), (RELEASE, "release", [])]

    def keys(self, kind):
        return {"HOLDFAST_KEYS": str(token.make(self.images / "token"))} if kind == "release" else {}

    def on_the_stick(self):
        bad = stick.changed(self.bundle(SECOND), self.images / "changed.raucb", self.bundle(SECOND).stat().st_size // 2)
        return {"first.raucb": self.bundle(FIRST), "broken.raucb": self.bundle(BROKEN), "changed.raucb": bad}

    def files_are_as_they_should_be(self):
        release = self.image(RELEASE, "release")
        for name in ("disk.raw", "root.img", "holdfast.efi", f"holdfast-{RELEASE}.raucb"):
            self.figures[name] = f"{(release / name).stat().st_size / 1e6:.0f} MB"
        wrong = [f"{check.__name__}: {found[:5]}" for check in static_checks.CHECKS if (found := check(release))]
        assert not wrong, "\n".join(wrong)
        subprocess.run([str(suite.ROOT / "images/check_sbom"), str(release)], check=True)

    def keys_in_a_token_sign_as_those_in_files_do(self):
        assert token.signed_as_it_should_be(self.image(RELEASE, "release"), RELEASE) == []

    def first_start_brings_the_page(self):
        self.guest.forget()
        self.insert_stick()
        self.guest.start()
        code = self.guest.wait(r"set-up code +((?:[0-9A-Z]{5}-){3}[0-9A-Z]{5})", 600)[1]
        status, body = self.guest.wait_for_page(100)
        self.figures["power to page, first start"] = f"{self.guest.age():.0f} s"
        assert status == 200 and b"Holdfast" in body, (status, body[:200])
        page.Page(self.guest).set_up(code)

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
        assert self.failures() == "", self.failures()

    def settings_are_changed_on_the_page(self):
        admin, started = self.admin(), self.guest.age()
        factory = admin.settings()["text"]
        admin.save_settings(factory.replace('"simulator"', '"syslog"'))
        self.figures["settings saved to page"] = f"{self.guest.age() - started:.0f} s"
        self.guest.until("nft list set inet holdfast udp_in | grep 5514", 60)
        assert self.admin().ask("GET", "/api/v1/sources")[1]["sources"][0]["kind"] == "syslog"
        self.admin().save_settings(factory)
        self.guest.until("! nft list set inet holdfast udp_in | grep 5514", 60)
        assert self.failures() == "", self.failures()

    def a_built_in_disk_is_asked_how_it_is(self):
        self.on().ask("systemctl start holdfast-disk@nvme0n1")  # as its timer does, an hour after the last time
        disks = {disk["name"]: disk for disk in self.health()["board"]["disks"]}
        assert (disks["nvme0n1"]["failing"], disks["nvme0n1"]["worn_percent"]) == (False, 0), disks
        assert self.guest.ask("systemctl is-active holdfast-disk@nvme0n1.timer")[1] == "active"

    def a_changed_byte_is_refused(self):
        assert self.refusal("changed")[0] == "damaged", self.admin().ask("GET", "/api/v1/updates")
        assert not any(name.startswith("holdfast-b") for name in self.kernels()), self.kernels()

    def bring(self, version):
        """A version comes in as an admin brings it, and the box starts anew with it."""
        admin = self.admin()
        started = self.guest.age()
        admin.upload(self.bundle(version))
        self.figures["bundle uploaded"] = f"{self.guest.age() - started:.0f} s"
        bundle = admin.judged("upload")
        assert (bundle["verdict"], bundle["version"]) == ("good", version), bundle
        self.guest.hear_from_now()
        admin.do("/api/v1/updates/bundles/upload/install", {"restart": "now"})

    def an_update_is_brought_and_found_good(self):
        self.on().ask("echo kept >/var/tmp/kept; sync")
        started = self.guest.age()
        self.bring(SECOND)
        self.wait_for_start(900)
        self.figures["update brought to its start"] = f"{self.guest.age() - started:.0f} s"
        started = self.guest.age()
        self.guest.wait_for_page(600)
        assert self.version() == SECOND, self.version()
        assert self.wait_until_good() == "b"
        self.figures["start to good"] = f"{self.guest.age() - started:.0f} s"
        assert self.guest.ask("cat /var/tmp/kept")[1] == "kept"
        last = self.admin().wait_for(120, lambda now: now["confirmed"] and now["history"])["history"][0]
        assert (last["version"], last["outcome"]) == (SECOND, "good"), last

    def a_downgrade_is_refused(self):
        assert self.refusal("first")[0] == "downgrade"
        status, said = self.install("first")
        assert status != 0 and "downgrade from 1.1.0 to 1.0.0 refused" in said, said

    def a_bad_version_gives_way_by_itself(self):
        self.bring_from_stick("broken", BROKEN)
        started = self.guest.age()
        self.spend_all_tries_but_this(BROKEN)
        self.wait_for_version(SECOND, 1500)
        self.figures["bad version to the old one"] = f"{self.guest.age() - started:.0f} s"
        assert self.version() == SECOND, self.version()
        assert any(name.startswith("holdfast-a+0") for name in self.kernels()), self.kernels()
        reason, detail = self.came_back(BROKEN)
        assert reason == "health" and "agent" in detail, (reason, detail)

    def a_hung_kernel_is_reset_by_the_watchdog(self):
        self.on().hear_from_now()
        # Without the kernel's own new start after a panic only the watchdog is left.
        assert self.guest.ask("echo 0 >/proc/sys/kernel/panic && cat /proc/sys/kernel/panic") == (0, "0")
        self.guest.tell("echo c >/proc/sysrq-trigger")
        self.guest.wait("Kernel panic", 60)
        started = self.guest.age()
        self.guest.wait(r"BdsDxe: starting", 200)
        self.figures["panic to reset"] = f"{self.guest.age() - started:.0f} s"
        self.guest.wait_for_page(600)
        assert "board_reset" in self.problems(), self.health()["problems"]

    def a_power_cut_while_it_captures_loses_nothing_acknowledged(self):
        before = self.journal()
        assert before[1] > 0, before
        self.guest.cut_power()
        self.guest.start()
        self.guest.wait_for_page(600)
        after = self.journal()
        assert after[0] == before[0] and after[1] >= before[1], (before, after)
        _, said = self.guest.ask("journalctl -b -u holdfast-agent --no-pager | grep -ciE 'corrupt|malformed'", 120)
        assert said == "0", said

    def a_power_cut_while_it_installs_leaves_what_ran(self):
        guest, version = self.with_stick(), self.version()
        slot = self.wait_until_good()
        guest.ask("rauc install /run/holdfast-usb/broken.raucb >/dev/null 2>&1 &")
        # The other slot's kernel is gone for good before the first block of its root is written.
        other = f"$(basename $(readlink -f /dev/disk/by-partlabel/root-{'a' if slot == 'b' else 'b'}))"
        guest.until(f"awk -v root={other} '$3 == root && $10 > 0 {{ written = 1 }} END {{ exit !written }}' /proc/diskstats", 300)
        guest.cut_power()
        guest.start()
        guest.wait_for_page(600)
        assert self.version() == version, self.version()
        assert self.kernels() == [f"holdfast-{slot}.efi"], self.kernels()

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

    STEPS = [files_are_as_they_should_be, keys_in_a_token_sign_as_those_in_files_do, first_start_brings_the_page, it_is_sealed, nothing_listens_that_should_not, nothing_failed_at_the_start,
             settings_are_changed_on_the_page, a_built_in_disk_is_asked_how_it_is, a_changed_byte_is_refused, an_update_is_brought_and_found_good, a_downgrade_is_refused, a_bad_version_gives_way_by_itself,
             a_hung_kernel_is_reset_by_the_watchdog, a_power_cut_while_it_captures_loses_nothing_acknowledged, a_power_cut_while_it_installs_leaves_what_ran,
             without_a_tpm_it_starts_all_the_same_and_says_so]


if __name__ == "__main__":
    sys.exit(suite.main(Suite, "image-test", __doc__))
