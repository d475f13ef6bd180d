#!/usr/bin/env python3
"""holdfast-deviced under its own unit on a Debian 12 with a real systemd: real networkd, hostnamed, timedated and logind, and a RAUC of ours on the real system bus.
Prints what each step saw and, last, "[  PASSED  ] N tests."."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from debian_box import Box, base, run, wait_for  # noqa: E402

BUILD = ROOT / os.environ.get("HF_BUILD", "build/release")
OUT = ROOT / "build" / "device"
UNIT = "holdfast-deviced.service"
FIRST = "holdfast-firstboot.service"
POLICY = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><policy context="default"><allow send_destination="de.pengutronix.rauc"/></policy><policy user="root"><allow own="de.pengutronix.rauc"/></policy></busconfig>
"""


class DeviceTest:
    def __init__(self):
        self.box = Box(base(ROOT / "build" / "cache"), OUT / "box")
        root = self.box.root
        programs = (BUILD / "firmware/deviced/holdfast-deviced", BUILD / "firmware/first_boot/first_boot")
        (root / "usr/libexec/holdfast").mkdir(parents=True)
        libraries = root / "usr/lib/holdfast-libraries"
        libraries.mkdir()
        for program in programs:
            shutil.copy(program, root / "usr/libexec/holdfast")
            for parts in (line.split() for line in run("ldd", program).stdout.split("\n")):
                if "=>" in parts and not (root / parts[2].lstrip("/")).exists():
                    shutil.copy(parts[2], libraries / parts[0])
        for unit in ("holdfast-deviced.service", "holdfast-deviced.socket", FIRST):
            shutil.copy(ROOT / "firmware/units" / unit, root / "usr/lib/systemd/system")
        for part in ("sysusers.d", "tmpfiles.d"):
            shutil.copy(ROOT / f"firmware/units/{part}/holdfast.conf", root / f"usr/lib/{part}")
        # Libraries that only the test brings, and a watchdog that a test can wait for.
        for unit, more in ((UNIT, "WatchdogSec=8\n"), (FIRST, "")):
            extra = root / f"etc/systemd/system/{unit}.d"
            extra.mkdir(parents=True)
            (extra / "test.conf").write_text("[Service]\nEnvironment=LD_LIBRARY_PATH=/usr/lib/holdfast-libraries\n" + more)
        (root / "usr/share/dbus-1/system.d/de.pengutronix.rauc.conf").write_text(POLICY)
        self.log = OUT / "rauc.log"
        self.log.unlink(missing_ok=True)
        self.rauc = None
        self.box.boot()

    def start(self):
        box = self.box
        box.do("systemd-sysusers")
        box.do("systemd-tmpfiles", "--create", "holdfast.conf")
        box.do("mkdir", "-p", "-m", "0755", "/var/lib/holdfast-updates")
        box.from_its_network("ip", "link", "add", "hf0", "type", "veth", "peer", "name", "hf1")
        box.from_its_network("ip", "link", "set", "hf1", "up")
        box.do("systemctl", "start", "systemd-networkd.service", "holdfast-deviced.socket")
        bus = f"unix:path=/proc/{box.leader}/root/run/dbus/system_bus_socket"
        self.rauc = subprocess.Popen(["/usr/bin/python3", ROOT / "tests/device/fake_rauc.py", bus, self.log], stdin=subprocess.DEVNULL)
        wait_for("the fake RAUC", 20, self.log.exists)

    def close(self):
        if self.rauc:
            self.rauc.terminate()
            self.rauc.wait(10)
        self.box.close()

    def ask(self, request, uid=0, **fields):
        """Asks as a program in the box of this user would; the answer's fields."""
        text = f"holdfast-device 1\nrequest {request}\nactor tester\n" + "".join(f"{key} {value}\n" for key, value in fields.items())
        return self.send(text.encode(), uid)

    def send(self, message, uid=0):
        path = f"/proc/{self.box.leader}/root/run/holdfast/deviced.sock"
        ready, theirs = os.pipe()
        child = os.fork()
        if child == 0:  # the kernel tells the service this process's user
            try:
                sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                if uid:
                    os.setgroups([])
                    os.setresgid(uid, uid, uid)
                sock.settimeout(40)
                if uid:
                    os.setresuid(uid, uid, uid)
                sock.connect(path)
                sock.send(message)
                os.write(theirs, sock.recv(65536))
            except OSError as wrong:
                os.write(theirs, f"holdfast-device 1\nanswer none\nwhat {wrong}\n".encode())
            finally:
                os._exit(0)
        os.close(theirs)
        with os.fdopen(ready, "rb") as pipe:
            answer = pipe.read().decode()
        os.waitpid(child, 0)
        return dict(line.split(" ", 1) for line in answer.split("\n")[1:] if line)

    def done(self, request, **fields):
        answer = self.ask(request, **fields)
        assert answer.get("answer") == "done", answer
        return answer

    def refused(self, kind, request, **fields):
        answer = self.ask(request, **fields)
        assert answer.get("answer") == "failed" and answer["kind"] == kind, answer
        return answer["what"]

    def property(self, name):
        return self.box.do("systemctl", "show", "-p", name, "--value", UNIT).stdout.strip()

    # --- the tests, in this order

    def it_starts_when_asked_and_holds_no_capability(self):
        self.start()
        assert self.property("ActiveState") == "inactive"
        self.done("status")
        status = self.box.do("cat", f"/proc/{self.property('MainPID')}/status").stdout
        facts = dict(line.split(":\t", 1) for line in status.split("\n") if ":\t" in line)
        assert facts["CapEff"].strip("0") == "" and facts["CapBnd"].strip("0") == "", facts
        assert facts["NoNewPrivs"] == "1" and facts["Seccomp"] == "2"

    def strangers_are_refused(self):
        answer = self.ask("set_hostname", uid=65534, name="stolen")
        assert answer["answer"] == "none" and "ermission" in answer["what"], answer  # the socket's own mode
        assert self.box.do("uname", "-n").stdout.strip() != "stolen"

    def name_and_zone_are_set_and_come_back_after_a_restart(self):
        self.done("set_hostname", name="berlin-1")
        self.done("set_zone", zone="Europe/Berlin")
        assert self.box.do("uname", "-n").stdout.strip() == "berlin-1"
        assert os.readlink(self.box.root / "etc/localtime").endswith("Europe/Berlin")
        self.refused("invalid_input", "set_zone", zone="Europe/Nowhere")
        self.box.do("systemctl", "stop", "systemd-timedated.service")  # it remembers
        (self.box.root / "etc/localtime").unlink()  # as a start of the sealed box would
        self.box.do("systemctl", "restart", UNIT)
        self.done("status")
        wait_for("the zone", 10, lambda: os.path.islink(self.box.root / "etc/localtime"))

    def time_servers_are_written_for_the_time_service(self):
        self.refused("io", "set_time_servers", servers="192.0.2.1,ntp.site")  # this Debian has no time service to take them
        written = self.box.do("cat", "/run/systemd/timesyncd.conf.d/10-holdfast.conf").stdout
        assert "NTP=192.0.2.1 ntp.site" in written, written

    def addresses(self):
        return self.box.from_its_network("ip", "-br", "-4", "address", "show", "hf0").stdout

    def a_network_setting_is_confirmed_or_taken_back(self):
        setting = {"interface": "hf0", "dhcp": "no", "gateway": "", "dns": "", "confirm_within": 30}
        token = self.done("set_network", address="192.0.2.7/24", **setting)["token"]
        wait_for("the address", 20, lambda: "192.0.2.7" in self.addresses())
        self.done("confirm_network", token=token)
        self.done("set_network", address="198.51.100.9/24", **setting)
        started = time.monotonic()
        wait_for("the other address", 20, lambda: "198.51.100.9" in self.addresses())
        self.refused("denied", "confirm_network", token="0" * 32)
        wait_for("the way back", 60, lambda: "192.0.2.7" in self.addresses() and "198.51.100.9" not in self.addresses())
        print(f"report: an unconfirmed address was taken back after {time.monotonic() - started:.0f} s (limit 30 s)")

    def an_update_is_inspected_and_installed(self):
        good, forged = "/var/lib/holdfast-updates/good-1.2.0.raucb", "/var/lib/holdfast-updates/forged.raucb"
        for path in (good, forged):
            self.box.do("sh", "-c", f"echo bundle >{path}")
        assert self.done("inspect_update", path=good)["version"] == "1.2.0"
        assert "signature" in self.refused("io", "inspect_update", path=forged)
        self.refused("denied", "install_update", path="/etc/x.raucb") if (self.box.root / "etc/x.raucb").exists() else self.refused("not_found", "install_update", path="/etc/x.raucb")
        self.done("install_update", path=good)
        during = self.done("update_status")
        assert during["operation"] == "installing" and during["progress"] == "40", during
        after = wait_for("the installation", 20, lambda: (lambda s: s if s["operation"] == "idle" else None)(self.done("update_status")))
        assert after["slot.1.bundle.version"] == "1.2.0" and after["slot.0.state"] == "booted" and after["booted"] == "a", after
        self.done("install_update", path=forged)
        failed = wait_for("the refusal", 20, lambda: (lambda s: s if s["operation"] == "idle" else None)(self.done("update_status")))
        assert "signature" in failed["last_error"], failed

    def health_marks_the_running_slot(self):
        self.done("mark_booted", good="yes")
        self.done("mark_booted", good="no")
        assert [line for line in self.log.read_text().split("\n") if line.startswith("Mark")] == ["Mark good booted", "Mark bad booted"]

    def without_rauc_an_update_is_refused_in_words(self):
        self.rauc.terminate()
        self.rauc.wait(10)
        self.rauc = None
        assert "de.pengutronix.rauc" in self.refused("not_found", "update_status")

    def nonsense_does_not_stop_it(self):
        for message in (b"", b"\0" * 20000, b"\xff\xfe\n", b"holdfast-device 1\nrequest status\n", b"holdfast-device 9\n"):
            if message:
                assert self.send(message)["answer"] == "failed"
        pid = self.property("MainPID")
        self.done("status")
        time.sleep(10)  # longer than its watchdog's limit
        assert self.property("MainPID") == pid

    def its_log_tells_who_asked(self):
        log = (self.box.root / "var/lib/holdfast-device/audit.log").read_text()
        for words in ("actor=tester request=set_hostname name=berlin-1 result=begun", "request=install_update", "not confirmed and is taken back", "refused: "):
            assert words in log, words
        assert "uid=0 pid=" in log, log[:500]

    def a_reset_is_carried_out_at_the_next_start(self):
        root, box = self.box.root, self.box
        box.do("install", "-d", "-m", "0700", "-o", "holdfast", "-g", "holdfast", "/var/lib/holdfast", "/var/lib/holdfast/journal")
        box.do("install", "-m", "0600", "-o", "holdfast", "/dev/null", "/var/lib/holdfast/journal/day.db")
        box.do("install", "-d", "/efi/holdfast")
        (root / "efi/holdfast/label").write_text("holdfast-device 1\nserial HF-0001\nclaim 7ZK2M-04XQR-ABCDE-FGHJK\n")
        (root / "var/lib/holdfast-device/reset").write_text("data\n")
        box.do("rm", "-f", "/run/systemd/network/10-holdfast-hf0.network")
        box.do("systemctl", "start", FIRST)
        assert not list((root / "var/lib/holdfast").iterdir()) and not (root / "var/lib/holdfast-device/reset").exists()
        assert (root / "var/lib/holdfast-device/audit.log").exists(), "who asked must be known after a reset"
        assert box.do("stat", "-c", "%a %U %G", "/run/holdfast/claim").stdout.strip() == "640 root holdfast"
        assert "serial HF-0001" in box.do("journalctl", "-u", FIRST, "--no-pager").stdout

    def confirmed_network_settings_come_back_at_a_start(self):
        kept = self.box.root / "var/lib/holdfast-device/network"
        kept.mkdir(exist_ok=True)
        (kept / "10-holdfast-hf0.network").write_text("[Match]\nName=hf0\n")
        self.box.do("systemctl", "restart", FIRST)
        assert self.box.do("stat", "-c", "%a", "/run/systemd/network/10-holdfast-hf0.network").stdout.strip() == "644"

    def the_box_is_switched_off_in_its_window(self):
        now = int(time.time())
        self.done("shutdown", power_off="yes", not_before=now + 2, not_after=now + 120)
        self.refused("busy", "shutdown", power_off="no", not_before=now + 2, not_after=now + 120)
        self.box.machine.wait(60)

    TESTS = (it_starts_when_asked_and_holds_no_capability, strangers_are_refused, name_and_zone_are_set_and_come_back_after_a_restart,
             time_servers_are_written_for_the_time_service, a_network_setting_is_confirmed_or_taken_back,
             an_update_is_inspected_and_installed, health_marks_the_running_slot, without_rauc_an_update_is_refused_in_words, nonsense_does_not_stop_it, its_log_tells_who_asked,
             a_reset_is_carried_out_at_the_next_start, confirmed_network_settings_come_back_at_a_start, the_box_is_switched_off_in_its_window)


def main():
    test = DeviceTest()
    good = bad = 0
    try:
        for step in DeviceTest.TESTS:
            started = time.monotonic()
            try:
                step(test)
                good += 1
                print(f"good {step.__name__} ({time.monotonic() - started:.1f} s)", flush=True)
            except (AssertionError, RuntimeError, subprocess.TimeoutExpired, OSError, KeyError) as wrong:
                bad += 1
                print(f"error: {step.__name__}: {wrong!r}", flush=True)
        if bad:
            print(test.box.do("journalctl", "--no-pager", "-n", "60", check=False).stdout)
    finally:
        test.close()
    print(f"[  PASSED  ] {good} tests.")
    if bad:
        print(f"[  FAILED  ] {bad} tests.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
