#!/usr/bin/env python3
"""The box's shell scripts on files of their own: what RAUC is told of the slots, what an update's hook refuses, which settings are taken, which ports are opened."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import outcome

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOX = ROOT / "images/overlay/usr/libexec/holdfast"


class Box(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = pathlib.Path(kept.name)
        self.entries = self.folder / "EFI/Linux"
        self.entries.mkdir(parents=True)
        self.environment = dict(os.environ, HOLDFAST_ESP=str(self.folder), HOLDFAST_EFIVARS=str(self.folder), HOLDFAST_RELEASE=str(self.folder / "os-release"),
                                HOLDFAST_RAUC=str(self.folder / "system.conf"), PATH=f"{self.folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        (self.folder / "bin").mkdir()

    def program(self, name, text):
        path = self.folder / "bin" / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)
        return path

    def kernels(self, *names):
        for name in names:
            (self.entries / name).touch()

    def names(self):
        return sorted(path.name for path in self.entries.iterdir())

    def run_script(self, script, *words, **more):
        return subprocess.run(["sh", str(script), *words], env={**self.environment, **more}, capture_output=True, text=True, timeout=20)


class BootSlots(Box):
    def ask(self, *words):
        answer = self.run_script(BOX / "boot-slots", *words)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return answer.stdout.strip()

    def test_a_slot_is_good_on_trial_bad_or_empty_by_its_kernels_name(self):
        for name, state in (("holdfast-a.efi", "good"), ("holdfast-a+3.efi", "good"), ("holdfast-a+1-2.efi", "good"), ("holdfast-a+0-3.efi", "bad"), (None, "bad")):
            for path in self.entries.iterdir():
                path.unlink()
            if name:
                self.kernels(name)
            self.assertEqual(self.ask("get-state", "a"), state, name)

    def test_marking_good_takes_the_counter_away_and_leaves_the_other_slot(self):
        self.kernels("holdfast-a+2-1.efi", "holdfast-b.efi")
        self.ask("set-state", "a", "good")
        self.assertEqual(self.names(), ["holdfast-a.efi", "holdfast-b.efi"])
        self.ask("set-state", "a", "good")
        self.assertEqual(self.names(), ["holdfast-a.efi", "holdfast-b.efi"])

    def test_marking_bad_leaves_no_try_and_an_empty_slot_can_be_marked(self):
        self.kernels("holdfast-a.efi")
        self.ask("set-state", "a", "bad")
        self.ask("set-state", "b", "bad")
        self.assertEqual(self.names(), ["holdfast-a+0-1.efi"])

    def test_a_bad_slot_that_becomes_primary_has_its_tries_again(self):
        self.kernels("holdfast-a+0-3.efi")
        self.ask("set-primary", "a")
        self.assertEqual(self.names(), ["holdfast-a+3.efi"])

    def test_the_running_slot_is_the_one_that_the_boot_loader_chose(self):
        (self.folder / "LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f").write_bytes(b"\x06\0\0\0" + "holdfast-b+3.efi".encode("utf-16-le"))
        self.assertEqual(self.ask("get-current"), "b")

    def test_the_primary_is_the_first_that_is_not_bad(self):
        self.program("bootctl", """echo '[{"path":"/efi/EFI/Linux/holdfast-b+0-3.efi"},{"path":"/efi/EFI/Linux/holdfast-a.efi"}]'\n""")
        self.assertEqual(self.ask("get-primary"), "a")

    def test_only_a_version_on_trial_is_given_back(self):
        (self.folder / "LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f").write_bytes("holdfast-b.efi".encode("utf-16-le"))
        self.program("systemctl", f"echo \"$@\" >>{self.folder}/asked\n")
        self.kernels("holdfast-a+1-2.efi", "holdfast-b.efi")
        self.run_script(BOX / "give-back")
        self.assertFalse((self.folder / "asked").exists())
        (self.entries / "holdfast-b.efi").rename(self.entries / "holdfast-b+2-1.efi")
        self.run_script(BOX / "give-back")
        self.assertEqual((self.folder / "asked").read_text(), "reboot\n")


class Bundle(Box):
    FILES = ("hook", "holdfast.efi", "root.img", "verity.img", "roothash")

    def fill(self, running="1.0.0", version="1.1.0", more=(), sizes=(), made_for="holdfast-x86_64", hooks=""):
        bundle = self.folder / "bundle"
        bundle.mkdir(exist_ok=True)
        for name in (*self.FILES, *more):
            (bundle / name).write_bytes(b"")
        for name, size in sizes:
            os.truncate(bundle / name, size)
        (bundle / "manifest.raucm").write_text(f"[update]\ncompatible={made_for}\nversion={version}\n[hooks]\n{hooks}")
        (self.folder / "os-release").write_text(f"IMAGE_VERSION={running}\n")
        (self.folder / "system.conf").write_text("[system]\ncompatible=holdfast-x86_64\n")
        return bundle

    def check(self, running="1.0.0", version="1.1.0", **more):
        """What RAUC's pre-install handler says."""
        answer = self.run_script(BOX / "check-bundle", RAUC_BUNDLE_MOUNT_POINT=str(self.fill(running, version, **more)))
        return answer.returncode, answer.stderr.strip()

    def ask_hook(self, **more):
        """What both say of a bundle with our hook: first the handler, then the hook, of which RAUC tells the last line."""
        bundle = self.fill(hooks="filename=hook\nhooks=install-check\n", **more)
        (bundle / "hook").write_text((ROOT / "images/rauc/hook").read_text())
        handler = self.run_script(BOX / "check-bundle", RAUC_BUNDLE_MOUNT_POINT=str(bundle))
        asked = self.run_script(bundle / "hook", "install-check", RAUC_MF_VERSION=more.get("version", "1.1.0"), RAUC_MF_COMPATIBLE=more.get("made_for", "holdfast-x86_64"),
                                RAUC_SYSTEM_COMPATIBLE="holdfast-x86_64", HOLDFAST_BOX=str(BOX))
        return handler.returncode, asked.returncode, asked.stderr.strip()

    def test_a_newer_bundle_with_the_right_files_is_taken(self):
        self.assertEqual(self.check(), (0, ""))

    def test_the_running_version_refuses_an_older_one_whatever_the_bundles_hook_says(self):
        self.assertEqual(self.check("1.10.0", "1.9.0"), (10, "downgrade from 1.10.0 to 1.9.0 refused"))

    def test_why_a_bundle_is_refused_is_said_by_its_hook_whose_words_rauc_passes_on(self):
        self.assertEqual(self.ask_hook(), (0, 0, ""))
        self.assertEqual(self.ask_hook(running="1.10.0", version="1.9.0"), (0, 10, "downgrade from 1.10.0 to 1.9.0 refused"))
        self.assertEqual(self.ask_hook(made_for="holdfast-arm64"), (0, 10, "the bundle is not compatible: made for holdfast-arm64, and this is holdfast-x86_64"))
        self.assertEqual(self.ask_hook(sizes=[("root.img", (512 << 20) + 1)]), (0, 10, "the bundle's root.img is larger than its partition: 536870913 bytes"))
        self.assertEqual(self.ask_hook(more=["extra.sh"]), (0, 10, "the bundle holds a file that is none of an update's: extra.sh"))

    def test_a_hook_that_does_not_ask_the_running_version_does_not_save_a_bundle(self):
        self.assertEqual(self.check(hooks="filename=hook\nhooks=install-check\n", made_for="holdfast-arm64"),
                         (10, "the bundle is not compatible: made for holdfast-arm64, and this is holdfast-x86_64"))
        self.assertEqual(self.check("1.10.0", "1.9.0", hooks="filename=hook\nhooks=install-check\n"), (10, "downgrade from 1.10.0 to 1.9.0 refused"))

    def test_a_bundle_without_a_version_is_refused(self):
        self.assertEqual(self.check(version="")[0], 10)

    def test_a_file_that_no_update_has_is_named(self):
        for name in ("extra.sh", ".hidden"):
            self.assertEqual(self.check(more=[name]), (10, f"the bundle holds a file that is none of an update's: {name}"))
            (self.folder / "bundle" / name).unlink()

    def test_images_larger_than_their_partitions_are_named(self):
        self.assertEqual(self.check(sizes=[("root.img", (512 << 20) + 1)]), (10, "the bundle's root.img is larger than its partition: 536870913 bytes"))

    def test_a_kernel_that_does_not_fit_is_refused_before_anything_is_written(self):
        self.program("df", "printf 'Avail\\n4000\\n'\n")
        self.assertEqual(self.check(sizes=[("holdfast.efi", 20 << 20)]), (10, "the kernel needs 21504 kB, the boot partition has 4000"))


class Hook(Box):
    def check(self, running, offered):
        (self.folder / "os-release").write_text(f"ID=debian\nIMAGE_VERSION={running}\n")
        answer = self.run_script(ROOT / "images/rauc/hook", "install-check", RAUC_MF_VERSION=offered, RAUC_MF_COMPATIBLE="x", RAUC_SYSTEM_COMPATIBLE="x", HOLDFAST_BOX="/nonexistent")
        return answer.returncode, answer.stderr.strip()

    def test_newer_versions_are_taken(self):
        for running, offered in (("1.0.0", "1.0.1"), ("1.9.0", "1.10.0"), ("0.9.9", "1.0.0")):
            self.assertEqual(self.check(running, offered), (0, ""))

    def test_older_and_equal_ones_are_refused_with_their_reason(self):
        self.assertEqual(self.check("1.10.0", "1.9.0"), (10, "downgrade from 1.10.0 to 1.9.0 refused"))
        self.assertEqual(self.check("1.1.0", "1.1.0"), (10, "1.1.0 is what runs already"))

    def test_a_slot_that_is_written_cannot_be_booted(self):
        self.kernels("holdfast-a.efi", "holdfast-b.efi", "holdfast-b+1-2.efi")
        answer = self.run_script(ROOT / "images/rauc/hook", "slot-pre-install", RAUC_SLOT_NAME="rootfs.1")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(self.names(), ["holdfast-a.efi"])


class StickForWriting(Box):
    """One stick, that the box has mounted to be read."""

    def setUp(self):
        super().setUp()
        self.run_folder = self.folder / "run"
        self.run_folder.mkdir()
        self.mounts = self.folder / "mounts"
        self.mounts.write_text(f"proc /proc proc rw 0 0\n/dev/sdb1 {self.run_folder}/holdfast-usb vfat ro,nosuid,nodev,noexec 0 0\n")
        self.asked = self.folder / "asked"
        self.program("umount", f'echo "umount $@" >>{self.asked}\n')
        self.failed(False)
        self.program("mount", f'echo "mount $@" >>{self.asked}\necho "/dev/sdb1 {self.run_folder}/holdfast-stick vfat rw 0 0" >{self.mounts}\n')

    def failed(self, writing):
        self.program("systemctl", f'[ "$1" = is-failed ] && exit {0 if writing else 1}\necho "systemctl $@" >>{self.asked}\n')

    def do(self, word):
        answer = self.run_script(BOX / "stick-for-writing", word, HOLDFAST_RUN=str(self.run_folder), HOLDFAST_MOUNTS=str(self.mounts))
        return answer.returncode, (self.run_folder / "holdfast-diagnostics").read_text().strip()

    def test_it_is_mounted_to_be_written_only_while_it_is_written(self):
        self.assertEqual(self.do("begin"), (0, "The stick is being written; do not pull it out."))
        self.assertEqual(self.do("end"), (0, "The diagnostics are on the stick; it may be pulled out."))
        self.assertEqual(self.asked.read_text().split("\n"),
                         ["systemctl stop holdfast-usb@sdb1.service", f"mount -o rw,nosuid,nodev,noexec,uid=holdfast,gid=holdfast,umask=0077 /dev/sdb1 {self.run_folder}/holdfast-stick",
                          f"umount {self.run_folder}/holdfast-stick", "systemctl start --no-block holdfast-usb@sdb1.service", ""])

    def test_without_a_stick_it_says_so(self):
        self.mounts.write_text("proc /proc proc rw 0 0\n")
        self.assertEqual(self.do("begin"), (1, "No USB stick is there, or it is none with FAT or exFAT."))
        self.assertEqual(self.do("end"), (0, "No USB stick is there, or it is none with FAT or exFAT."))
        self.assertFalse(self.asked.exists())

    def test_a_stick_that_is_protected_or_read_from_is_there_to_be_read_again(self):
        self.program("mount", "exit 32\n")
        status, said = self.do("begin")
        self.assertEqual(status, 1)
        self.assertIn("cannot be written", said)
        self.assertIn("systemctl start --no-block holdfast-usb@sdb1.service", self.asked.read_text())

    def test_a_full_stick_is_told(self):
        self.do("begin")
        self.failed(True)
        self.assertEqual(self.do("end"), (0, "The diagnostics could not be written: is the stick full?"))


class TakeSettings(Box):
    """A stick with settings, and a box whose agent takes any."""

    PBX = '[pbx]\nkind = "ami"\nsecret_file = "pbx-secret"\n'

    def setUp(self):
        super().setUp()
        self.stick, self.used = self.folder / "holdfast-usb/holdfast-settings", self.folder / "holdfast-config"
        self.stick.mkdir(parents=True)
        self.used.mkdir()
        (self.used / "agent.toml").write_text("before")
        self.given = self.folder / "given.toml"
        self.given.write_text('[web]\naddress = "0.0.0.0"\nport = 443\n\n[pbx]\nkind = "simulator"\n')
        self.program("setpriv", 'while [ "${1#--}" != "$1" ]; do shift; done\nexec "$@"\n')
        self.program("install", 'for last; do to=$from; from=$last; done\nexec cp "$to" "$last"\n')
        self.program("chown", "")
        # This Debian's mv cannot exchange.
        self.program("mv", 'if [ "$1" != --exchange ]; then exec /bin/mv "$@"; fi\n/bin/mv "$3" "$3.tmp" && /bin/mv "$4" "$3" && /bin/mv "$3.tmp" "$4"\n')
        self.program("systemctl", f'echo "$@" >>{self.folder}/asked\n')
        self.check(True)
        self.agent = self.program("agent", "echo 'state_dir = \"/var/lib/holdfast\"'\n")

    def check(self, good):
        self.program("holdfast", f"echo \"$2:3:1: no such key\"; exit {0 if good else 1}\n")

    def write(self, **files):
        for name, text in files.items():
            (self.stick / name.replace("_toml", ".toml").replace("_", "-")).write_text(text)

    def take(self):
        answer = self.run_script(BOX / "take-settings", HOLDFAST_RUN=str(self.folder), HOLDFAST_VAR=str(self.folder), HOLDFAST_GIVEN=str(self.given), HOLDFAST_AGENT=str(self.agent))
        self.assertFalse((self.folder / "holdfast-config.new").exists(), answer.stderr)
        return answer.returncode, (self.folder / "holdfast-settings").read_text().strip()

    def test_settings_and_the_files_they_name_are_taken_and_the_page_stays_where_it_is(self):
        self.write(agent_toml=f'[web]\naddress = "127.0.0.1"\n{self.PBX}', pbx_secret="hush")
        self.assertEqual(self.take(), (0, "The settings of the stick are in use; it may be pulled out."))
        self.assertEqual((self.used / "agent.toml").read_text(), f'#\n#\n{self.PBX}[web]\naddress = "0.0.0.0"\nport = 443\n\n')
        self.assertEqual((self.used / "pbx-secret").read_text(), "hush")
        self.assertEqual((self.folder / "asked").read_text(), "restart holdfast-agent.service\n")

    def refused(self, words):
        status, said = self.take()
        self.assertEqual((status, (self.used / "agent.toml").read_text()), (1, "before"), said)
        self.assertIn(words, said)

    def test_what_is_wrong_is_named_and_nothing_is_taken(self):
        self.refused("No USB stick")
        self.write(agent_toml=self.PBX)
        self.check(False)
        self.refused("The settings are wrong: agent.toml:3:1: no such key")
        self.check(True)
        self.agent = self.program("agent", "echo 'state_dir = \"/elsewhere\"'\n")
        self.refused("keeps its state in /var/lib/holdfast")
        self.write(large="x" * 65537)
        self.refused("holdfast-settings/large is larger than 64 KB")
        (self.stick / "large").unlink()
        (self.stick / "folder").mkdir()
        self.refused("holdfast-settings/folder is no file")

    def test_an_agent_that_does_not_start_with_them_has_those_of_before_again(self):
        self.write(agent_toml=self.PBX)
        self.program("systemctl", f'echo "$@" >>{self.folder}/asked\n[ $(wc -l <{self.folder}/asked) -gt 1 ]\n')
        self.refused("The agent does not start with these settings")
        self.assertEqual((self.folder / "asked").read_text(), "restart holdfast-agent.service\n" * 2)


class RecoveryKey(unittest.TestCase):
    def test_the_start_waits_for_the_data_longer_than_the_console_asks_for_the_recovery_key(self):
        """It gave up after five minutes of the ten that it promised, and the box started anew under the fingers of whoever typed."""
        asked = int(re.search(r"ask-password .*--timeout=(\d+)", (BOX / "data-partition").read_text())[1])
        waits = int(re.search(r"/dev/mapper/data .*device-timeout=(\d+) ", (ROOT / "images/overlay/etc/fstab").read_text())[1])
        self.assertGreaterEqual(waits, asked + 240)  # what comes before the question


class TimeServers(Box):
    def test_those_that_the_page_sets_count_and_not_the_images_own(self):
        """systemd reads drop-ins by their names: the image's "holdfast.conf" came last and took the servers away again, so a box never asked them."""
        name = re.search(r'folder / "([^"]+)", fmt::format\("\[Time\]', (ROOT / "firmware/deviced/service_requests.cpp").read_text())[1]
        shutil.copytree(ROOT / "images/overlay/etc/systemd/timesyncd.conf.d", self.folder / "etc/systemd/timesyncd.conf.d")
        (self.folder / "run/systemd/timesyncd.conf.d").mkdir(parents=True)
        (self.folder / "run/systemd/timesyncd.conf.d" / name).write_text("[Time]\nNTP=ntp.site\n")
        said = subprocess.run(["systemd-analyze", f"--root={self.folder}", "cat-config", "systemd/timesyncd.conf"], check=True, capture_output=True, text=True).stdout
        self.assertEqual([line for line in said.split("\n") if line.startswith("NTP=")][-1], "NTP=ntp.site", said)


class OpenPorts(Box):
    def opened(self, settings):
        agent = self.program("agent", f"cat {self.folder}/settings\n")
        (self.folder / "settings").write_text(settings)
        self.program("nft", f"echo \"$@\" >>{self.folder}/rules\n")
        self.program("setpriv", 'while [ "${1#--}" != "$1" ]; do shift; done\nexec "$@"\n')
        answer = self.run_script(BOX / "open-ports", HOLDFAST_AGENT=str(agent))
        self.assertEqual(answer.returncode, 0, answer.stderr)
        rules = (self.folder / "rules").read_text().split("\n")
        return sorted(" ".join(rule.split()[4:]) for rule in rules if rule.startswith("add element"))

    def test_a_source_that_calls_the_pbx_opens_nothing_more(self):
        self.assertEqual(self.opened('[pbx]\nkind = "ami"\nport = 5038\n[sip]\nport = 9060\n[syslog]\nlisten_port = 5514\n'), ["tcp_in { 80, 443 }"])

    def test_each_listening_source_opens_its_own_ports(self):
        self.assertEqual(self.opened('[pbx.one]\nkind = "hep"\n[pbx.two]\nkind = "syslog"\n[pbx.three]\nkind = "smdr"\nhost = ""\n[sip]\nport = 9060\ntls_port = 0\n'
                                     '[syslog.two]\nlisten_port = 5515\ntls_port = 6514\n[smdr]\nlisten_port = 9001\ndevice = ""\n'),
                         ["tcp_in { 5515 }", "tcp_in { 6514 }", "tcp_in { 80, 443 }", "tcp_in { 9001 }", "tcp_in { 9060 }", "udp_in { 5515 }", "udp_in { 9060 }"])

    def test_a_serial_line_opens_nothing(self):
        self.assertEqual(self.opened('[pbx]\nkind = "smdr"\nhost = ""\n[smdr]\nlisten_port = 9001\ndevice = "/dev/ttyS0"\n'), ["tcp_in { 80, 443 }"])


if __name__ == "__main__":
    outcome.main()
