"""A bare Debian 12 with a running systemd in namespaces of its own: no network but loopback, nothing of ours in it. Needs root and systemd-nspawn."""
import pathlib
import shutil
import subprocess
import time

PACKAGES = "systemd,systemd-sysv,init-system-helpers,dbus"


def run(*command, limit=60, check=True):
    done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=limit)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}: {(done.stderr + done.stdout)[-2000:]}")
    return done


def wait_for(what, limit, condition):
    """The first true value of condition(), asked ten times a second."""
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {limit} s")
        time.sleep(0.1)


def base(cache, extra=""):
    """A folder with the unpacked system, made once."""
    packages = ",".join(filter(None, (PACKAGES, extra)))
    root = cache / f"debian12-{packages.replace(',', '-')}"
    if not (root.parent / f"{root.name}.ready").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.parent.mkdir(parents=True, exist_ok=True)
        run("debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", root, limit=1200)
        run("chroot", root, "apt-get", "clean")
        (root.parent / f"{root.name}.ready").touch()
    return root


class Box:
    """A copy of the base, booted. Commands run inside as root."""

    def __init__(self, root, copy):
        self.root = pathlib.Path(copy)
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.parent.mkdir(parents=True, exist_ok=True)
        run("cp", "-a", "--reflink=auto", root, self.root, limit=300)
        self.machine, self.leader = None, None

    def boot(self, limit=120):
        command = ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--console=pipe", "-D", str(self.root), "--boot"]
        self.machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        children = pathlib.Path(f"/proc/{self.machine.pid}/task/{self.machine.pid}/children")

        def first_process():  # a helper of nspawn's comes before it
            return next((c for c in children.read_text().split() if pathlib.Path(f"/proc/{c}/comm").read_text().strip() == "systemd"), None)

        self.leader = wait_for("the box's first process", 60, first_process)
        wait_for("the box's start", limit, lambda: self.do("systemctl", "is-system-running", check=False).stdout.strip() in ("running", "degraded"))

    def do(self, *command, limit=60, check=True):
        return run("nsenter", "-t", self.leader, "-m", "-u", "-i", "-n", "-p", "-C", "--root", "--wd=/", *command, limit=limit, check=check)

    def from_its_network(self, *command, limit=30, check=True):
        """A program of this machine in the box's network."""
        return run("nsenter", "-t", self.leader, "-n", *command, limit=limit, check=check)

    def close(self):
        if self.machine is None:
            return
        try:
            self.do("systemctl", "poweroff", check=False)
            self.machine.wait(20)
        except (subprocess.TimeoutExpired, RuntimeError):
            subprocess.run(["kill", "-KILL", self.leader], check=False)
            self.machine.wait(20)
        self.machine = None
        shutil.rmtree(self.root, ignore_errors=True)
