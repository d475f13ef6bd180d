#!/usr/bin/env python3
"""The systemd units of firmware/units without a running systemd: they parse, each service is sandboxed and limited, and each exception says why.
Prints a line per broken rule and, last, "[  PASSED  ] N tests." / "[  FAILED  ] N tests." as the C++ programs do."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import rules  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNITS = ROOT / "firmware" / "units"
MOST_EXPOSED = 1.5
PROGRAMS = "/usr/libexec/holdfast"
# Debian's, for what only they know how to ask: disks, and chrony.
ASKED = ("/usr/sbin/smartctl", "/usr/bin/chronyc")
# What a sandbox has here. A service that says anything else must say so in a line of its own, under a comment with its reason.
SANDBOX = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes", "PrivateUsers": "yes",
    "ProtectKernelTunables": "yes", "ProtectKernelModules": "yes", "ProtectKernelLogs": "yes", "ProtectControlGroups": "yes", "ProtectClock": "yes",
    "ProtectHostname": "yes", "ProtectProc": "invisible", "RestrictNamespaces": "yes", "RestrictRealtime": "yes", "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes", "MemoryDenyWriteExecute": "yes", "CapabilityBoundingSet": "", "AmbientCapabilities": "", "SystemCallArchitectures": "native",
    "UMask": "0077",
}


def services():
    return sorted(UNITS.glob("*.service"))


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **more)


def keys_of(path):
    """(key, value, the comment right above it) of each line; lines of one exception share the comment above the first."""
    found, comment = [], ""
    for line in path.read_text().split("\n"):
        if line.startswith("#"):
            comment = line
        elif "=" in line:
            key, value = line.split("=", 1)
            found.append((key, value, comment))
            if SANDBOX.get(key) == value:
                comment = ""
        else:
            comment = ""
    return found


def value_of(path, key):
    values = [v for k, v, _ in keys_of(path) if k == key]
    return values[-1] if values else None


def they_parse():
    """systemd-analyze verify on copies whose programs are there."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        programs = set()
        for path in [p for p in UNITS.iterdir() if p.is_file() and p.suffix != ".conf"]:
            text = path.read_text()
            programs |= set(re.findall(rf"^Exec\w+=[-+!]*({PROGRAMS}/\S+)", text, re.M))
            (folder / path.name).write_text(text.replace(PROGRAMS, str(folder / "libexec")).replace("Documentation=man:systemd.service(5)\n", ""))
        (folder / "libexec").mkdir()
        for program in programs:
            copy = folder / "libexec" / pathlib.Path(program).name
            copy.write_text("")
            copy.chmod(0o755)
        names = [p.name.replace("@.", "@eth1.") for p in folder.iterdir() if p.is_file()]
        checked = run("systemd-analyze", "verify", *(str(folder / n) for n in sorted(names)), env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"})
        yield from (line for line in (checked.stderr + checked.stdout).split("\n") if str(folder) in line or "holdfast" in line)
        if checked.returncode:
            yield f"systemd-analyze verify ends with {checked.returncode}"


def they_are_not_exposed():
    for path in services():
        judged = run("systemd-analyze", "security", "--offline=yes", "--no-pager", f"--threshold={MOST_EXPOSED * 10:.0f}", str(path))
        overall = re.search(r"Overall exposure level for .*: ([\d.]+)", judged.stdout)
        if not overall:
            yield f"{path.name}: no verdict: {judged.stderr.strip()[:200]}"
            continue
        print(f"report: {path.name:28} exposure {overall[1]}")
        if judged.returncode or float(overall[1]) > MOST_EXPOSED:
            yield f"{path.name}: exposure {overall[1]}, at most {MOST_EXPOSED}"


def exceptions_have_reasons():
    for path in services():
        for key, value, comment in keys_of(path):
            if key in SANDBOX and value != SANDBOX[key] and not comment:
                yield f"{path.name}: {key}={value} without a reason above it"
        for key, value in SANDBOX.items():
            if value and value_of(path, key) is None:
                yield f"{path.name}: no {key}={value}"


def they_are_limited():
    for path in services():
        for key in ("MemoryMax", "TasksMax", "LimitNOFILE"):
            if value_of(path, key) in (None, "infinity"):
                yield f"{path.name}: no {key}="


def nobody_but_deviced_and_first_boot_is_root():
    for path in services():
        if value_of(path, "User") in (None, "root") and value_of(path, "DynamicUser") != "yes" and path.name not in ("holdfast-deviced.service", "holdfast-firstboot.service"):
            yield f"{path.name}: runs as root"
    if value_of(UNITS / "holdfast-deviced.service", "RestrictAddressFamilies") != "AF_UNIX":
        yield "holdfast-deviced.service: must have no address family but AF_UNIX"


def watchdogs_are_chained():
    hardware = value_of(UNITS / "system.conf.d" / "10-holdfast-watchdog.conf", "RuntimeWatchdogSec")
    if not hardware:
        yield "PID 1 does not feed the hardware's watchdog"
    for name in ("holdfast-agent.service", "holdfast-deviced.service"):
        path = UNITS / name
        if not value_of(path, "WatchdogSec") or value_of(path, "Type") != "notify" or not value_of(path, "Restart"):
            yield f"{name}: not watched"


# Bug: PID 1 makes the file of StandardOutput=truncate: by the unit's UMask, so the agent could not read what smartctl said.
def what_a_unit_leaves_for_others_can_be_read():
    for path in services():
        left = value_of(path, "StandardOutput") or ""
        if left.startswith(("truncate:", "file:", "append:")) and value_of(path, "UMask") != "0022":
            yield f"{path.name}: nobody but root could read {left.split(':', 1)[1]}"


def every_program_is_ours():
    for path in services():
        for key, value, _ in keys_of(path):
            program = value.lstrip("-+!").split(" ")[0]
            if key.startswith("Exec") and not program.startswith(PROGRAMS + "/") and program not in ASKED:
                yield f"{path.name}: {key} runs something outside of {PROGRAMS}"


def users_and_folders_can_be_made():
    with tempfile.TemporaryDirectory() as folder:
        for known in ("etc", "run"):
            os.mkdir(f"{folder}/{known}")
        made = run("systemd-sysusers", f"--root={folder}", str(UNITS / "sysusers.d" / "holdfast.conf"))
        if made.returncode:
            yield f"systemd-sysusers: {made.stderr.strip()[:300]}"
            return
        users = pathlib.Path(folder, "etc/passwd").read_text()
        for path in services():
            user = value_of(path, "User") or "root"
            if user != "root" and not re.search(rf"^{user}:", users, re.M):
                yield f"{path.name}: no user {user} is made"
        if re.search(r"^holdfast.*:(?!/usr/sbin/nologin$|/sbin/nologin$)[^:]*$", users, re.M):
            yield "a user has a shell"
        made = run("systemd-tmpfiles", f"--root={folder}", "--create", str(UNITS / "tmpfiles.d" / "holdfast.conf"))
        place = pathlib.Path(folder, "run/holdfast")
        if made.returncode or not place.is_dir() or place.stat().st_mode & 0o7777 != 0o1770:
            yield f"systemd-tmpfiles: {made.stderr.strip()[:300] or 'run/holdfast is not 1770'}"


RULES = [they_parse, they_are_not_exposed, exceptions_have_reasons, they_are_limited, nobody_but_deviced_and_first_boot_is_root, watchdogs_are_chained,
         what_a_unit_leaves_for_others_can_be_read, every_program_is_ours, users_and_folders_can_be_made]


if __name__ == "__main__":
    sys.exit(rules.run(RULES))
