#!/usr/bin/env python3
"""Live against real Asterisk: both versions at once, each in its own root and network namespace (asterisk.py, live_case.py).
A version whose packages cannot be had today is told and does not fail the run so long as the other ran."""
import concurrent.futures
import os
import pathlib
import secrets
import subprocess
import sys

import asterisk

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build/live"


def run_version(version):
    """Returns (ran, passed, failed, text)."""
    try:
        root = asterisk.build_root(version, FOLDER)
    except (RuntimeError, subprocess.TimeoutExpired, OSError) as why:
        return False, 0, 0, f"Asterisk {version}: cannot be had today: {str(why)[-600:]}"
    pbx = asterisk.Asterisk(version, root, secrets.token_hex(12))
    try:
        pbx.prepare()
        case = [sys.executable, str(ROOT / "tests/integration/live_case.py"), version, str(root), pbx.space, str(pbx.folder), pbx.secret]
        text, status = run_case(["ip", "netns", "exec", pbx.space, *case], FOLDER / f"case-{version}.log")
        passed, failed = ("\n" + text).count("\nlive: good "), ("\n" + text).count("\nlive: bad ")
        return True, passed, failed + (failed == 0 and (status != 0 or passed == 0)), text
    finally:
        pbx.close()


def run_case(command, log):
    """Returns (text, exit status). The log can be read while the case runs."""
    with open(log, "wb") as out:
        try:
            status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=1500).returncode
        except subprocess.TimeoutExpired:
            status = 124
    return log.read_text(errors="replace"), status


def main():
    versions = (os.environ.get("HF_LIVE_VERSIONS") or "16 22").split()
    with concurrent.futures.ThreadPoolExecutor(len(versions)) as pool:
        results = list(pool.map(run_version, versions))
    for _, _, _, text in results:
        print(text)
    passed, failed = sum(r[1] for r in results), sum(r[2] for r in results)
    if not any(r[0] for r in results):
        print("no Asterisk could be had: this suite did not run")
        failed += 1
    print(f"[  PASSED  ] {passed} tests.")
    if failed:
        print(f"[  FAILED  ] {failed} tests.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
