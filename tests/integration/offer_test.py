#!/usr/bin/env python3
"""A version from HQ to a box over real mutual TLS: held and offered at HQ, fetched by the agent, installed by itself through a device service on a real socket, and told
to HQ. Loopback alone. HF_BIN: the build folder."""
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("HF_BIN", ROOT / "build/release"))
HQ, AGENT = str(BIN / "hq/holdfast-hq"), str(BIN / "agent/app/holdfast-agent")
AGENT_SETTINGS = """state_dir = "{at}/agent"
[web]
port = 0
[simulator]
backfill_days = 0
[site]
id = "berlin-1"
[updates]
folder = "{at}/updates"
usb = "{at}/usb"
device_socket = "{at}/deviced.sock"
window = "00:00-00:00"
from_hq = "installed"
[hq]
url = "{ingest}"
ca_file = "{at}/ca.crt"
certificate_file = "{at}/site.crt"
key_file = "{at}/site.key"
"""


class Story:
    def __init__(self, at):
        self.at, self.running = at, []

    def start(self, command, *patterns):
        out = self.at / f"out-{len(self.running)}"
        with out.open("w") as log:
            self.running.append(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT))
        return self.wait(60, f"{command[0]} to start", lambda: (lambda found: [f[1] for f in found] if all(found) else None)([re.search(p, out.read_text()) for p in patterns]))

    @staticmethod
    def wait(seconds, what, look):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := look():
                return found
            time.sleep(0.3)
        raise AssertionError(f"waited {seconds} s for {what}")

    def enrol(self):
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.at / "site.key", "-out", self.at / "site.csr", "-subj", "/CN=x"],
                       check=True, capture_output=True)
        (self.at / "site.key").chmod(0o600)
        ask = [HQ, "enrol", "--state-dir", self.at / "hq", "--csr", self.at / "site.csr", "--site", "berlin-1", "--label", "Berlin", "--out", self.at / "site.crt", "--ca-out", self.at / "ca.crt"]
        shown = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()
        subprocess.run([*ask, "--fingerprint", shown], check=True, capture_output=True)

    def report(self):
        with sqlite3.connect(f"file:{self.at}/hq/updates.db?mode=ro", uri=True) as database:
            return database.execute("SELECT runs, target, stage FROM reports WHERE site = 'berlin-1'").fetchone()

    def run(self):
        (self.at / "hq.toml").write_text(f'state_dir = "{self.at}/hq"\n[web]\nport = 0\n[ingest]\nport = 0\n')
        (ingest,) = self.start([HQ, "run", "--config", str(self.at / "hq.toml")], r"for sites:\s+(\S+)")
        self.enrol()
        bundle = b"holdfast 1.1.0 " + os.urandom(700_000)
        (self.at / "new.raucb").write_bytes(bundle)
        subprocess.run([HQ, "add-update", "--state-dir", self.at / "hq", "--bundle", self.at / "new.raucb", "--version", "1.1.0"], check=True, capture_output=True)
        subprocess.run([HQ, "offer", "--state-dir", self.at / "hq", "--site", "berlin-1", "--version", "1.1.0"], check=True, capture_output=True)
        (self.at / "facts").write_text("version 1.0.0\nconfirmed yes\n")
        self.start(["python3", str(ROOT / "tests/e2e/fake_deviced.py"), str(self.at / "deviced.sock"), str(self.at / "facts")], r"ready socket (\S+)")
        (self.at / "agent.toml").write_text(AGENT_SETTINGS.format(at=self.at, ingest=ingest))
        started = time.monotonic()
        self.start([AGENT, "--config", str(self.at / "agent.toml")], r"set-up code\s+(\S+)")
        log = self.at / "facts.log"
        self.wait(60, "the installing", lambda: log.exists() and "request=install_update actor=HQ" in log.read_text())
        print(f"report: an offer of 700 kB was fetched and its installing begun {time.monotonic() - started:.0f} s after the agent's start")
        (fetched,) = (self.at / "updates").glob("hq-*.raucb")
        assert fetched.read_bytes() == bundle, "other bytes than HQ holds"
        self.wait(90, "HQ to hear of it", lambda: self.report() == ("1.0.0", "1.1.0", "installing"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        story = Story(pathlib.Path(folder))
        try:
            story.run()
        except AssertionError as why:
            print(f"offer_test: {why}\n[  FAILED  ] 1 tests.")
            return 1
        finally:
            for one in story.running:
                one.terminate()
            for one in story.running:
                one.wait(20)
    print("[  PASSED  ] 1 tests.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
