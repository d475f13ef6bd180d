#!/usr/bin/env python3
"""The same sources by g++ 14 with Boost 1.83, as Debian 13 has them (images/compile): the programs are whole, and the tool makes of every recorded PBX what that of Debian 12 makes of it."""
import pathlib
import re
import subprocess
import unittest

import outcome

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = re.search(r"^programs: (.*)$", (ROOT / "images/packages").read_text(), re.M)[1].split()
CAPTURES = sorted(path.relative_to(ROOT) for path in [*ROOT.glob("tests/golden/captures/*/*"), *ROOT.glob("tests/golden/freeswitch/*/*")] if path.is_dir())


def enter(script, *words):
    """What a shell in the tools root says, where the project is the current folder."""
    return subprocess.run([ROOT / "images/enter", "bash", "-euc", script, "trixie", *map(str, words)], check=True, capture_output=True, text=True).stdout


def program(build, name):
    found = [path for path in (ROOT / build).rglob(name) if path.is_file() and path.stat().st_mode & 0o100]
    assert len(found) == 1, f"{build} has {found} for {name}"
    return found[0].relative_to(ROOT)


class Trixie(unittest.TestCase):
    def test_each_program_is_of_the_newer_compiler_and_lacks_no_library(self):
        for name in PROGRAMS:
            said = enter('readelf -p .comment "$1"; ldd "$1"', program("build/trixie", name))
            self.assertIn("GCC: (Debian 14", said, name)
            self.assertNotIn("not found", said, name)

    def test_a_recorded_pbx_tells_both_builds_the_same(self):
        here, there = program("build/release", "holdfast"), program("build/trixie", "holdfast")
        mark = "-- the next one\n"
        told = enter(f'tool=$1; shift; for capture; do "$tool" replay "$capture"; printf %s "{mark}"; done', there, *CAPTURES).split(mark)[:-1]
        self.assertGreater(len(CAPTURES), 10)
        for capture, new in zip(CAPTURES, told, strict=True):
            old = subprocess.run([ROOT / here, "replay", capture], check=True, capture_output=True, text=True, cwd=ROOT).stdout
            self.assertTrue(old, capture)
            self.assertEqual(old, new, capture)


if __name__ == "__main__":
    outcome.main()
