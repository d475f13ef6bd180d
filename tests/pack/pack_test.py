#!/usr/bin/env python3
"""images/pack for real: the archive onto a bare Debian 12 that has a running systemd and no network, the agent under its unit, its page over TLS, a hang that the
watchdog ends, and everything away again. Prints what each step saw and, last, "[  PASSED  ] N tests."."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from debian_box import Box, base, run, wait_for  # noqa: E402

OUT = ROOT / "build" / "pack"
AGENT = "holdfast-agent.service"
# What a running system writes by itself.
ITS_OWN = re.compile(r"^(var/log|var/cache|var/lib/(dpkg|apt|systemd)|var/tmp|run|tmp|proc|sys|dev|root/archive|etc/machine-id|etc/.*-$|etc/\.pwd\.lock|etc/.updated|var/.updated)")


def files_of(root):
    """Path -> what it is, of all that an installation could leave behind."""
    found = {}
    for folder, folders, files in os.walk(root):
        inside = os.path.relpath(folder, root)
        folders[:] = [f for f in folders if not ITS_OWN.match(os.path.normpath(f"{inside}/{f}"))]
        for name in files + folders:
            path = os.path.normpath(f"{inside}/{name}")
            whole = os.path.join(folder, name)
            if ITS_OWN.match(path):
                continue
            if os.path.islink(whole):
                found[path] = "link " + os.readlink(whole)
            elif os.path.isfile(whole):
                found[path] = hashlib.sha256(pathlib.Path(whole).read_bytes()).hexdigest() if path.startswith("etc/") else f"{os.path.getsize(whole)} bytes"
            else:
                found[path] = "folder"
    return found


def left_behind(before, after):
    return sorted(f"{p}: {before.get(p, 'was not there')} -> {after.get(p, 'is gone')}" for p in before.keys() | after.keys() if before.get(p) != after.get(p))


class PackTest:
    def __init__(self):
        made = os.environ.get("HF_ARCHIVE")  # one that is there already
        self.archive = pathlib.Path(made or run(ROOT / "images" / "pack", OUT, limit=3600).stdout.strip().split("\n")[-1])
        self.box = Box(base(ROOT / "build" / "cache"), OUT / "box")
        self.before = files_of(self.box.root)
        run("tar", "-C", self.box.root / "root", "-xf", self.archive)
        (self.box.root / "root" / self.archive.name.removesuffix(".tar.gz")).rename(self.box.root / "root" / "archive")
        self.box.boot()

    def install(self, *options, check=True):
        return self.box.do("/root/archive/install", *options, limit=120, check=check)

    def property(self, name, unit=AGENT):
        return self.box.do("systemctl", "show", "-p", name, "--value", unit).stdout.strip()

    # --- the tests, in this order

    def the_box_has_no_network(self):
        names = self.box.from_its_network("ip", "-br", "link").stdout.split("\n")
        assert [n.split()[0] for n in names if n] == ["lo"], names

    def a_changed_archive_is_refused(self):
        deb = self.box.root / "root/archive/holdfast.deb"
        whole = deb.read_bytes()
        deb.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        refused = self.install(check=False)
        assert refused.returncode != 0 and "damaged" in refused.stderr, refused
        assert self.box.do("dpkg", "-s", "holdfast", check=False).returncode != 0, "something was installed"
        deb.write_bytes(whole)

    def it_installs_and_starts_nothing(self):
        self.install()
        assert "install ok installed" in self.box.do("dpkg", "-s", "holdfast").stdout
        assert self.box.do("systemctl", "is-active", AGENT, check=False).stdout.strip() == "inactive"
        missing = self.box.do("sh", "-c", "for p in /usr/libexec/holdfast/* /usr/bin/holdfast; do ldd $p; done").stdout
        assert "not found" not in missing, missing
        assert self.box.do("holdfast", "check-config", "/etc/holdfast/agent.toml").stdout

    def the_agent_runs_in_its_cage(self):
        self.install("--start")
        wait_for("the agent", 60, lambda: self.property("ActiveState") == "active" or None)
        status = self.box.do("cat", f"/proc/{self.property('MainPID')}/status").stdout
        facts = dict(line.split(":\t", 1) for line in status.split("\n") if ":\t" in line)
        assert facts["CapEff"].strip("0") == "" and facts["CapBnd"].strip("0") == "", "it holds a capability"
        assert facts["NoNewPrivs"] == "1" and facts["Seccomp"] == "2", facts["Seccomp"]
        assert facts["Uid"].split()[0] != "0", "it is root"

    def its_page_answers_over_tls(self):
        certificate = self.box.root / "var/lib/holdfast/web.crt"
        page = self.box.from_its_network("curl", "-sS", "--compressed", "--max-time", "20", "--cacert", certificate, "https://localhost/")
        assert "<html" in page.stdout.lower(), page.stdout[:300]
        moved = self.box.from_its_network("curl", "-sS", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", "http://localhost/x")
        assert moved.stdout == "308 https://localhost/x", moved.stdout
        heard = self.box.from_its_network("ss", "-Hltn").stdout
        ports = sorted({line.split()[3].rsplit(":", 1)[1] for line in heard.split("\n") if line})
        assert ports == ["443", "80"], f"listens on {ports}"

    def its_health_is_told_thing_by_thing(self):
        def check():
            return self.box.do("setpriv", "--reuid=holdfast", "--regid=holdfast", "--clear-groups", "/usr/libexec/holdfast/health_check", check=False)
        well = wait_for("good health", 60, lambda: (lambda c: c if c.returncode == 0 else None)(check()))
        assert re.findall(r"^good +(\w+)", well.stdout, re.M) == ["agent", "database", "source", "page", "clock", "disk", "protection"], well.stdout
        self.box.do("systemctl", "start", "holdfast-health.service", limit=60)
        assert '"good":true' in (self.box.root / "var/lib/holdfast/health.json").read_text()
        self.box.do("systemctl", "stop", AGENT, "holdfast-agent.socket", "holdfast-redirect.socket", limit=90)
        ill = check()
        assert ill.returncode == 1 and re.search(r"^BAD +page ", ill.stdout, re.M), ill.stdout
        self.install("--start")
        wait_for("the agent", 60, lambda: self.property("ActiveState") == "active" or None)

    def a_hang_is_ended_by_the_watchdog(self):
        self.box.do("mkdir", "-p", f"/run/systemd/system/{AGENT}.d")
        self.box.do("sh", "-c", f"printf '[Service]\\nWatchdogSec=6\\n' >/run/systemd/system/{AGENT}.d/short.conf")
        self.box.do("systemctl", "daemon-reload")
        self.box.do("systemctl", "restart", AGENT, limit=90)
        first = self.property("MainPID")
        time.sleep(15)  # more than two limits: an agent that did not beat would be gone
        assert self.property("MainPID") == first, "an agent that is well was restarted"
        self.box.do("systemctl", "kill", "--signal=STOP", "--kill-whom=main", AGENT)
        started = time.monotonic()
        wait_for("the restart", 60, lambda: self.property("MainPID") not in ("0", first) and self.property("ActiveState") == "active")
        print(f"report: hung agent restarted after {time.monotonic() - started:.0f} s (limit 6 s)")
        assert "watchdog" in self.box.do("journalctl", "-u", AGENT, "--no-pager").stdout.lower()

    def removed_and_installed_again_it_has_its_data(self):
        fingerprint = (self.box.root / "var/lib/holdfast/web.crt").read_bytes()
        self.install("--remove")
        assert not (self.box.root / "usr/libexec/holdfast").exists()
        assert not self.box.from_its_network("ss", "-Hltn").stdout.strip(), "something still listens"
        self.install("--start")
        wait_for("the agent", 60, lambda: self.property("ActiveState") == "active" or None)
        assert (self.box.root / "var/lib/holdfast/web.crt").read_bytes() == fingerprint

    def purged_it_leaves_nothing(self):
        self.install("--purge")
        left = left_behind(self.before, files_of(self.box.root))
        assert not left, "\n".join(left[:20])
        assert not self.box.do("sh", "-c", "ls -d /run/holdfast 2>/dev/null || true").stdout.strip()

    TESTS = (the_box_has_no_network, a_changed_archive_is_refused, it_installs_and_starts_nothing, the_agent_runs_in_its_cage, its_page_answers_over_tls, its_health_is_told_thing_by_thing,
             a_hang_is_ended_by_the_watchdog, removed_and_installed_again_it_has_its_data, purged_it_leaves_nothing)


def main():
    for program in ("systemd-nspawn", "debootstrap", "curl", "ip", "ss"):
        if shutil.which(program) is None:
            print(f"error: {program} is not there\n[  FAILED  ] 1 tests.")
            return 1
    test = PackTest()
    print(f"report: {test.archive.name} {test.archive.stat().st_size >> 20} MB")
    good = bad = 0
    try:
        for step in PackTest.TESTS:
            started = time.monotonic()
            try:
                step(test)
                good += 1
                print(f"good {step.__name__} ({time.monotonic() - started:.1f} s)", flush=True)
            except (AssertionError, RuntimeError, subprocess.TimeoutExpired, OSError) as wrong:
                bad += 1
                print(f"error: {step.__name__}: {wrong}", flush=True)
    finally:
        test.box.close()
    print(f"[  PASSED  ] {good} tests.")
    if bad:
        print(f"[  FAILED  ] {bad} tests.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
