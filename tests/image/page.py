"""The box's page as its admin's browser uses it: set-up, login, a version brought in pieces."""
import contextlib
import hashlib
import http.client
import json
import ssl
import time
import urllib.parse

import machine

USER, PASSWORD = "admin", "correct horse 4711 battery"
PIECE = 1 << 20
PATIENCE = 5  # how often what a busy box did not answer in time is asked again


class Page:
    """Talks to the forwarded port of a guest. The guest's certificate is its own and new, so it is not checked here."""

    def __init__(self, guest):
        self.guest, self.cookie, self.csrf = guest, "", ""

    def line(self, seconds=60):
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        return contextlib.closing(http.client.HTTPSConnection("127.0.0.1", self.guest.port, timeout=seconds * machine.SLOW, context=trust))

    def ask(self, method, path, body=None, seconds=60):
        with self.line(seconds) as line:
            return self.ask_on(line, method, path, body)

    def ask_on(self, line, method, path, body, kind="application/json"):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        line.request(method, path, data, {"Origin": f"https://127.0.0.1:{self.guest.port}", "Cookie": self.cookie, "Holdfast-CSRF": self.csrf, "Content-Type": kind})
        answer = line.getresponse()
        text = answer.read()
        if answer.headers["Set-Cookie"]:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer.status, json.loads(text) if text.startswith(b"{") else text

    def begin(self, path, body):
        """What came of opening a session. A box that starts on busy cores answers 503 when a minute went by, or hangs up, and may have done it all the same."""
        for _ in range(PATIENCE):
            try:
                status, said = self.ask("POST", path, body, seconds=120)
            except (http.client.RemoteDisconnected, ConnectionError, TimeoutError) as why:
                status, said = 503, str(why)
            if status != 503:
                break
        if status in (200, 201):
            self.csrf = said["csrf_token"]
        return status, said

    def set_up(self, code):
        status, said = self.begin("/api/v1/setup", {"code": code, "user": USER, "password": PASSWORD})
        if status == 401:
            status, said = self.begin("/api/v1/login", {"user": USER, "password": PASSWORD})
        assert status in (200, 201), (status, said)
        return self

    def log_in(self):
        """As the admin; before anybody was set up, by the code that the box keeps for its console."""
        status, _ = self.begin("/api/v1/login", {"user": USER, "password": PASSWORD})
        if status != 200:
            return self.set_up(self.guest.ask("grep -oE '([0-9A-Z]{5}-){3}[0-9A-Z]{5}' /run/holdfast/greeting")[1])
        return self

    def upload(self, bundle):
        """Brings the file in pieces, as the page does."""
        data = bundle.read_bytes()
        begun = {"name": bundle.name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        status, said = self.ask("POST", "/api/v1/updates/upload", begun)
        assert status in (200, 201), (status, said)
        at = said["offset"]
        with self.line() as line:
            while at < len(data):
                status, said = self.ask_on(line, "PUT", f"/api/v1/updates/upload?offset={at}", data[at : at + PIECE], "application/octet-stream")
                assert status == 200, (at, status, said)
                at = said["offset"]

    def do(self, path, body=None, seconds=120):
        """Asked again while the box is busy, as it is after a start until its device service has answered."""
        until, status = time.monotonic() + seconds * machine.SLOW, 503
        while status == 503 and time.monotonic() < until:
            status, said = self.ask("POST", path, body)
            if status == 503:
                self.guest.read_console(2)
        assert status == 202, (path, status, said)

    def judged(self, bundle, seconds=120):
        """The bundle of that id when the box has looked at it."""

        def found(now):
            return [each for each in now["bundles"] if each["id"] == bundle and each["verdict"] not in ("unchecked", "checking")]

        return found(self.wait_for(seconds, found))[0]

    def inspect(self, name):
        """What the box says of the stick's bundle `name`."""
        bundle = f"usb.{name}.raucb"
        self.do(f"/api/v1/updates/bundles/{urllib.parse.quote(bundle)}/inspect")
        return self.judged(bundle)

    def install(self, bundle, seconds=900):
        """The attempt, when the bundle is written or was refused."""
        self.do(f"/api/v1/updates/bundles/{urllib.parse.quote(bundle)}/install", {"restart": "later"})
        return self.wait_for(seconds, lambda now: now["stage"] != "installing")["history"][0]

    def restart(self):
        self.do("/api/v1/updates/restart", {"restart": "now"})

    def settings(self):
        status, said = self.ask("GET", "/api/v1/settings")
        assert status == 200 and said["locked"] is None, (status, said)
        return said

    def save_settings(self, text, seconds=120):
        """The box's settings become `text`; back when its page has started anew, for which this login is none any more."""
        status, said = self.ask("PUT", "/api/v1/settings", {"text": text, "mark": self.settings()["mark"]})
        assert status == 202, (status, said)
        until = time.monotonic() + seconds * machine.SLOW
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/api/v1/session")[0] == 401:
                    return
            self.guest.read_console(1)
        raise machine.Missing(f"the page did not start anew within {seconds * machine.SLOW:.0f} s")

    def wait_for(self, seconds, fits):
        """What the page tells of versions, when `fits` says that it is what was waited for."""
        until, said = time.monotonic() + seconds * machine.SLOW, None
        while time.monotonic() < until:
            status, said = self.ask("GET", "/api/v1/updates")
            if status == 200 and fits(said):
                return said
            self.guest.read_console(2)
        raise machine.Missing(f"the page's versions after {seconds * machine.SLOW:.0f} s: {said}")
