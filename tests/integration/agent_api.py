"""A holdfast-agent of the test's own, and its HTTPS API: set-up with the printed code, the session cookie, GET and POST as a browser sends them."""
import hashlib
import http.client
import json
import os
import pathlib
import signal
import ssl
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "seven quiet lanterns"


def binary():
    """The agent to test; HF_BIN names another build folder."""
    return pathlib.Path(os.environ.get("HF_BIN") or ROOT / "build/release") / "agent/app/holdfast-agent"


class Agent:
    """One agent on a state folder of its own, listening to the AMI at 127.0.0.1:port. Methods raise RuntimeError, OSError or TimeoutError; each is bounded."""

    def __init__(self, folder, secret, port=5038):
        self.folder, self.secret, self.port = pathlib.Path(folder), secret, port
        self.process = self.address = self.fingerprint = self.code = None
        self.cookie = self.csrf = ""

    def start(self):
        self.folder.mkdir(mode=0o700)
        (self.folder / "secret").touch(mode=0o600)
        (self.folder / "secret").write_text(self.secret)
        (self.folder / "agent.toml").write_text(
            'state_dir = "state"\n[web]\nport = 0\n' + self.pbx_settings())
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen([str(binary()), "--config", str(self.folder / "agent.toml")], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.read_greeting()
        session = self.request("POST", "/api/v1/setup", {"code": self.code, "user": "admin", "password": PASSWORD})
        self.csrf = session["csrf_token"]

    def pbx_settings(self):
        """The part of the configuration that tells of the PBX."""
        return f'[pbx]\nkind = "ami"\nhost = "127.0.0.1"\nport = {self.port}\nuser = "holdfast"\nsecret_file = "secret"\n'

    def read_greeting(self):
        until = time.monotonic() + 30
        while time.monotonic() < until and self.process.poll() is None:
            text = self.log()
            if "  state " in text:
                said = dict(line.strip().split("   ", 1) for line in text.splitlines() if "   " in line.strip())
                self.address = text.split("https://")[1].split("/")[0]
                self.fingerprint = said["certificate"].split()[-1].replace(":", "").lower()
                self.code = said["set-up code"].split()[0]
                return
            time.sleep(0.1)
        raise RuntimeError(f"the agent did not start: {self.log()[-2000:]}")

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def request(self, method, path, body=None):
        """Returns the JSON of a 2xx answer. The certificate must be the one whose fingerprint the agent printed."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # pinned below instead
        connection = http.client.HTTPSConnection(self.address, context=context, timeout=20)
        try:
            connection.connect()
            if hashlib.sha256(connection.sock.getpeercert(True)).hexdigest() != self.fingerprint:
                raise RuntimeError("the page's certificate is not the one that was printed")
            headers = {"Cookie": self.cookie} if self.cookie else {}
            if method != "GET":
                headers |= {"Origin": f"https://{self.address}", "Content-Type": "application/json", "Holdfast-CSRF": self.csrf}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.status == 401 and self.cookie:
                return self.log_in_again(method, path, body)
            if answer.status // 100 != 2:
                raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]}")
            if answer.getheader("Set-Cookie"):
                self.cookie = answer.getheader("Set-Cookie").split(";")[0]
            return json.loads(text) if text else {}
        finally:
            connection.close()

    def log_in_again(self, method, path, body):
        self.cookie = self.csrf = ""
        self.csrf = self.request("POST", "/api/v1/login", {"user": "admin", "password": PASSWORD})["csrf_token"]
        return self.request(method, path, body)

    def get(self, path):
        return self.request("GET", f"/api/v1/{path}")

    def source(self):
        return self.get("sources")["sources"][0]

    def healthy(self):
        return self.source()["state"] == "healthy"

    def holds(self):
        return [i for i in self.get("incidents")["incidents"] if i["kind"] == "artificial_hold"]

    def minutes(self, scope, name, begin):
        """Every minute of one queue or line since `begin` (unix seconds)."""
        return self.get(f"minutes?scope={scope}&id={name}&from={begin:.0f}&to={time.time() + 60:.0f}")["minutes"]

    def stop_reading(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def close(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.go_on()
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)
