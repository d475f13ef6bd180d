"""A real Asterisk from Debian packages, in a root of its own and a network namespace that has only loopback."""
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SUITES = {"16": "bullseye", "22": "sid"}
PHONES = {f"10{n:02d}": f"127.0.0.{20 + n}" for n in range(1, 8)}


def run(*command, limit=60, check=True):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


def build_root(version, folder):
    """Unpacks Debian with Asterisk into folder/asterisk-VERSION, once. RuntimeError or TimeoutExpired when the packages cannot be had today."""
    root = folder / f"asterisk-{version}"
    if (root / ".ready").exists():
        return root
    shutil.rmtree(root, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    run("debootstrap", "--variant=minbase", SUITES[version], root, limit=900)
    (root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")  # start no service in there
    (root / "usr/sbin/policy-rc.d").chmod(0o755)
    for name in ("resolv.conf", "hosts"):
        if os.path.exists(f"/etc/{name}"):
            shutil.copyfile(f"/etc/{name}", root / "etc" / name)
    install = ("mount --bind /proc \"$0/proc\" && DEBIAN_FRONTEND=noninteractive chroot \"$0\" sh -c "
               "'apt-get -o Acquire::Check-Valid-Until=false update -q && apt-get install -y -q --no-install-recommends asterisk asterisk-modules asterisk-config && apt-get clean'")
    run("unshare", "--mount", "sh", "-c", install, root, limit=900)  # the mount ends with the command
    (root / ".ready").touch()
    return root


class Asterisk:
    """`space` names a namespace that another process has prepared already: then this one drives the PBX, and that one closes."""

    def __init__(self, version, root, secret, space=None):
        self.version, self.root, self.secret = version, pathlib.Path(root), secret
        self.space = space or f"hf-live-{version}-{os.getpid()}"
        self.inside = f"/srv/{self.space}"
        self.folder = self.root / self.inside.lstrip("/")
        self.process = None

    def prepare(self):
        """Makes the network namespace, the configuration and the sounds."""
        run("ip", "netns", "add", self.space)
        run("ip", "-n", self.space, "link", "set", "lo", "up")
        # Small buffers, so that the PBX feels a reader who stops within a minute; in the field they hold up to 36 MiB. Where /proc/sys cannot be written they stay large.
        small = "cd /proc/sys/net/ipv4 && echo 4096 65536 131072 >tcp_rmem && echo 4096 16384 65536 >tcp_wmem"
        run("ip", "netns", "exec", self.space, "sh", "-c", small, check=False)
        for part in ("etc", "lib", "log", "spool", "run", "tmp", "data/sounds/en", "data/moh"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        for shared in (self.root / "usr/share/asterisk").iterdir():
            if shared.name not in ("sounds", "moh", "conf"):
                (self.folder / "data" / shared.name).symlink_to(f"/usr/share/asterisk/{shared.name}")
        modules = next(p for p in (self.root / "usr/lib").rglob("modules") if p.parent.name == "asterisk")
        phones = "".join(f"[{number}](phone)\naors = {number}\n[{number}]\ntype = aor\ncontact = sip:{number}@{ip}:5060\n" for number, ip in PHONES.items())
        account = (HERE.parent.parent / "config/asterisk-manager.conf").read_text().replace("= KEY", f"= {self.secret}").replace("HOLDFAST/", "127.0.0.1/")
        values = {"@ACCOUNT@": account, "@DIR@": self.inside, "@MODULES@": f"/{modules.relative_to(self.root)}", "@PHONES@": phones}
        for source in (HERE / "conf").glob("*.conf"):
            text = source.read_text()
            for name, value in values.items():
                text = text.replace(name, value)
            (self.folder / "etc" / source.name).write_text(text)
        silence = b"\xff" * 8000
        (self.folder / "data/sounds/en/welcome.ulaw").write_bytes(silence * 3)
        (self.folder / "data/moh/silence.ulaw").write_bytes(silence * 30)
        self.write_policy(0)

    def write_policy(self, hold):
        (self.folder / "etc/policy.conf").write_text(f"HOLD={hold}\n")

    def set_hold(self, hold):
        """What an administrator does on the day the measure starts or ends."""
        self.write_policy(hold)
        self.cli("dialplan reload")

    def start(self):
        mounts = "mount --bind /proc \"$0/proc\"; mount --bind /dev \"$0/dev\"; exec chroot \"$0\" asterisk -f -C \"$1/etc/asterisk.conf\""
        log = open(self.folder / "log/console", "ab")
        self.process = subprocess.Popen(["ip", "netns", "exec", self.space, "unshare", "--mount", "sh", "-c", mounts, self.root, self.inside],
                                        stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        log.close()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if "fully booted" in self.cli("core waitfullybooted", check=False):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.3)
        raise RuntimeError(f"Asterisk {self.version} did not start: {(self.folder / 'log/console').read_text(errors='replace')[-2000:]}")

    def cli(self, command, check=True):
        return run("ip", "netns", "exec", self.space, "chroot", self.root, "asterisk", "-C", f"{self.inside}/etc/asterisk.conf", "-rx", command, limit=30, check=check)

    def release(self):
        return self.cli("core show version").split("built")[0].strip()

    def memory(self):
        """Resident bytes of the running PBX."""
        for line in open(f"/proc/{self.pid()}/status", encoding="ascii"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("no VmRSS")

    def pid(self):
        return int((self.folder / "run/asterisk.pid").read_text())

    def crash(self):
        os.kill(self.pid(), 9)
        self.process.wait(timeout=10)
        for name in ("asterisk.pid", "asterisk.ctl"):
            (self.folder / "run" / name).unlink(missing_ok=True)

    def queue_log(self):
        path = self.folder / "log/queue_log"
        return [line.split("|") for line in path.read_text(errors="replace").splitlines()] if path.exists() else []

    def restart(self):
        """What an administrator types; the process stays, everything in it begins again."""
        self.cli("core restart now", check=False)

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.cli("core stop now", check=False)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.crash()

    def close(self):
        """Ends the PBX, then whatever else still runs in the namespace: only what this test started is in there."""
        try:
            self.stop()
            for pid in run("ip", "netns", "pids", self.space, check=False).split():
                os.kill(int(pid), 9)
        finally:
            run("ip", "netns", "del", self.space, check=False)
            shutil.rmtree(self.folder, ignore_errors=True)


def in_a_space_of_its_own(version, program, configure, limit):
    """What `program` printed, run beside one Asterisk in a network namespace that both are alone in. `configure` changes the PBX's files before it starts."""
    root = build_root(version, HERE.parent.parent / "build/live")
    pbx = Asterisk(version, root, secrets.token_hex(12))
    try:
        pbx.prepare()
        configure(pbx)
        command = ["ip", "netns", "exec", pbx.space, sys.executable, program, version, str(root), pbx.space, str(pbx.folder), pbx.secret]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit, check=True).stdout
    finally:
        pbx.close()


def of_each_version(word, run_version):
    """Runs the versions of HF_LIVE_VERSIONS, prints what they say and counts their "WORD: good" and "WORD: bad"; the exit code. A version that cannot be had today
    fails nothing unless none could."""
    text, ran = "", False
    for version in (os.environ.get("HF_LIVE_VERSIONS") or "16 22").split():
        try:
            text += run_version(version)
            ran = True
        except (RuntimeError, OSError, subprocess.SubprocessError) as why:
            print(f"{word}: Asterisk {version}: {str(why)[-600:]} {getattr(why, 'stderr', '') or ''}")
    print(text, end="")
    passed, failed = text.count(f"{word}: good"), text.count(f"{word}: bad") + (not ran)
    print(f"[  PASSED  ] {passed} tests.")
    if failed:
        print(f"[  FAILED  ] {failed} tests.")
    return int(failed > 0)
