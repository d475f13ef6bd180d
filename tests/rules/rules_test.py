#!/usr/bin/env python3
"""Checks the house against its own rules: arrows between folders, where foreign libraries may be used, budgets, words that must not be there.
Prints one line per broken rule and, last, "[  PASSED  ] N tests." / "[  FAILED  ] N tests." as the C++ programs do."""
import pathlib
import posixpath
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import rules  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PURE = ("agent/calls", "agent/metrics", "agent/forecast", "agent/detect", "agent/incidents", "agent/rules", "agent/core")

# A -> B: files in A may include files of B (and of A). The same list as the CMake links; README.md shows it.
MAY_USE = {
    "hal/platform": [],
    "hal/net": ["hal/platform"],
    "hal/pbx": ["hal/net", "hal/platform"],
    "hal/pbx/asterisk": ["hal/pbx", "hal/net", "hal/platform"],
    "hal/pbx/freeswitch": ["hal/pbx", "hal/net", "hal/platform"],
    "hal/pbx/sip": ["hal/pbx", "hal/net", "hal/platform"],
    "hal/pbx/smdr": ["hal/pbx", "hal/net", "hal/platform"],
    "hal/pbx/simulated": ["hal/pbx", "hal/net", "hal/platform"],
    "hal/pbx/recorded": ["hal/pbx/asterisk", "hal/pbx/freeswitch", "hal/pbx/sip", "hal/pbx", "hal/net", "hal/platform"],
    "hal/board": ["hal/net", "hal/platform"],
    "hal/device": ["hal/board/lamp_state.hpp", "hal/platform"],
    "hal/tap": ["hal/pbx/sip/packet_feed.hpp", "hal/pbx/sip/hep_frame.hpp", "hal/platform"],
    "agent/calls": ["hal/pbx/call_event.hpp", "hal/platform"],
    "agent/metrics": ["agent/calls", "hal/platform"],
    "agent/forecast": ["agent/metrics", "agent/calls", "hal/platform"],
    "agent/detect": ["agent/metrics", "agent/calls", "hal/pbx/call_event.hpp", "hal/platform"],
    "agent/incidents": ["agent/detect", "agent/metrics", "agent/calls", "hal/platform"],
    "agent/rules": ["agent/metrics", "agent/calls", "hal/platform"],
    "agent/journal": ["hal/platform"],
    "agent/store": ["hal/platform", "agent/rules", "agent/metrics", "agent/incidents", "agent/calls", "hal/pbx/call_event.hpp"],
    "agent/settings": ["hal/platform", "hal/pbx/smdr/smdr_template.hpp"],
    "agent/notify": ["hal/platform", "hal/net"],
    "agent/wire": ["hal/platform", "agent/metrics/minute.hpp", "agent/incidents/incident.hpp"],
    "agent/http": ["hal/net", "hal/platform"],
    "agent/access": ["hal/platform"],
    "agent/sync": ["agent/http", "agent/wire", "agent/store", "agent/metrics/minute.hpp", "agent/metrics/survey_sum.hpp", "agent/incidents/incident.hpp", "hal/platform", "hal/net"],
    "agent/updates": ["hal/device", "hal/board", "hal/net", "hal/platform"],
    "agent/machine": ["agent/updates/updates.hpp", "agent/updates/device.hpp", "agent/updates/window.hpp", "hal/device", "hal/platform"],
    "agent/web": ["agent/http", "agent/machine", "agent/updates/updates.hpp", "agent/access", "agent/store", "agent/incidents", "agent/detect/catalogue.hpp", "agent/forecast", "agent/rules", "agent/metrics", "agent/calls", "hal/board/facts.hpp", "hal/platform"],
    "firmware": ["hal"],
    "agent/core": ["agent/calls", "agent/metrics", "agent/forecast", "agent/detect", "agent/incidents", "agent/rules", "hal/pbx/call_event.hpp", "hal/platform"],
    "agent/app": ["agent", "hal"],
    "agent/tool": ["agent", "hal"],
    "hq": ["agent/http", "agent/access", "agent/wire", "agent/metrics/minute.hpp", "agent/metrics/survey_sum.hpp", "agent/incidents/incident.hpp", "agent/settings", "agent/web/ui", "hal"],
}
# Foreign headers at home: everywhere else they are refused.
HOMES = {
    r"boost/(beast|asio)": ["agent/http"],
    r"openssl/": ["hal/net"],
    r"sqlite3\.h": ["hal/platform/sqlite"],
    r"sodium": ["agent/access"],
    r"curl/": ["agent/notify"],
    r"toml\+\+": ["agent/settings"],
    r"zstd\.h": ["agent/wire"],
}
IMPURE = re.compile(r"#include <(thread|mutex|atomic|fstream|iostream|filesystem|future|condition_variable|unordered_map|unordered_set|random|spdlog.*)>"
                    r"|_clock::now\(|system_clock\(\)|std::rand\b|getenv\(")
SHELL = re.compile(r"(?<![\w.:>])(system|popen)\s*\(|/bin/sh|execlp?\(")


def tracked(*patterns):
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [p for p in out.split("\n") if p and (ROOT / p).is_file()]


def folder_of(path):
    fitting = [f for f in MAY_USE if path.startswith(f + "/")]
    return max(fitting, key=len) if fitting else None


def allows(home, included):
    """Whether a file of `home` may include `included`: an entry that is itself a folder of the list means that folder alone."""
    if folder_of(included) == "agent/tool" != home:
        return False
    return any(included == entry or (folder_of(included) == entry if entry in MAY_USE else included.startswith(entry + "/")) for entry in [home, *MAY_USE[home]])


def product_files():
    return [p for p in tracked("hal", "agent", "hq", "firmware") if p.endswith((".cpp", ".hpp"))]


def text(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def arrows():
    for path in product_files():
        home = folder_of(path)
        if home is None:
            yield f"{path}: its folder is not in the list of arrows"
            continue
        for number, line in enumerate(text(path).split("\n"), 1):
            found = re.match(r'#include "([^"]+)"', line)
            if found and not found[1].startswith("generated/") and not allows(home, found[1]):
                yield f"{path}:{number}: {home} may not use {found[1]}"
            if found and not (ROOT / found[1]).is_file() and not found[1].startswith("generated/"):
                yield f"{path}:{number}: {found[1]} is not rooted at the project"


def foreign_headers():
    for path in product_files():
        for number, line in enumerate(text(path).split("\n"), 1):
            found = re.match(r"#include <([^>]+)>", line)
            for pattern, homes in HOMES.items():
                if found and re.match(pattern, found[1]) and not any(path.startswith(h) for h in homes):
                    yield f"{path}:{number}: <{found[1]}> may be used in {', '.join(homes)} only"


def pure_core():
    for path in product_files():
        if path.startswith(PURE):
            for number, line in enumerate(text(path).split("\n"), 1):
                if IMPURE.search(line):
                    yield f"{path}:{number}: the core is pure: {line.strip()}"


def no_shell():
    for path in product_files():
        for number, line in enumerate(text(path).split("\n"), 1):
            if SHELL.search(line.split("//")[0]):
                yield f"{path}:{number}: no shell: {line.strip()}"


def code_files():
    return [p for p in tracked() if re.search(r"\.(cpp|hpp|ts|tsx|py|sh|css|mjs|js)$", p) and not re.search(r"(^|/)(golden|corpus|node_modules)/", p)]


def file_length():
    for path in code_files():
        lines = text(path).count("\n")
        if lines > 400:
            yield f"{path}: {lines} lines, at most 400"


def function_length():
    """A function is a line at column 0 to 2 that ends in '{' and has ')' before it; its end is the '}' at the same column."""
    for path in product_files():
        start, column = None, 0
        for number, line in enumerate(text(path).split("\n"), 1):
            opening = re.match(r"^( {0,2})[\w:~<].*\)[\w\s&>:,(){}-]*\{$", line)
            if start is None and opening and not re.match(r"^\s*(namespace|class|struct|enum|if|for|while|switch)\b", line):
                start, column = number, len(opening[1])
            elif start is not None and re.match(rf"^ {{{column}}}\}}", line):
                if number - start > 40:
                    yield f"{path}:{start}: function of {number - start + 1} lines, at most 40"
                start = None


def words():
    bad = re.compile(r"/wor[k]/|/tmp/h[f]|TOD[O]\b|FIXM[E]|XX[X]\b|not implemente[d]|deb\.debia[n]\.org|registry\.npmj[s]")
    for path in tracked():
        if re.search(r"(^|/)(golden|corpus|node_modules)/|package-lock\.json$|\.gz$", path):
            continue
        for number, line in enumerate(text(path).split("\n"), 1):
            if bad.search(line):
                yield f"{path}:{number}: must not be in the tree: {line.strip()[:100]}"


def readmes():
    for folder in MAY_USE:
        if any(p.startswith(folder + "/") for p in product_files()) and not (ROOT / folder / "README.md").is_file():
            yield f"{folder}: no README.md"


def readme_places():
    """What a README links to, or names from the project's root, is there."""
    files = set(tracked())
    folders = {str(parent) for path in files for parent in pathlib.PurePosixPath(path).parents}
    for path in sorted(p for p in files if p.endswith("README.md")):
        body, home = text(path), pathlib.PurePosixPath(path).parent
        linked = [(name, posixpath.normpath(str(home / name))) for name in re.findall(r"\]\(([^)#:]+)\)", body)]
        named = [(name, name.rstrip("/")) for name in re.findall(r"`((?:agent|hal|hq|tests|firmware|images|cross|config)/[\w./-]+)`", body)]
        for name, place in linked + named:
            if place not in folders and not any(f == place or f.startswith(place) for f in files):
                yield f"{path}: there is no {name}"


def test_ratio():
    def lines(paths):
        return sum(1 for p in paths for line in text(p).split("\n") if line.strip() and not line.strip().startswith(("//", "#", "*")))
    product = lines(product_files())
    tests = lines([p for p in tracked("tests") if re.search(r"\.(cpp|hpp|py|mjs|ts|sh)$", p)])
    print(f"test code / product code = {tests}/{product} = {tests / max(product, 1):.2f}")
    return iter(())


def one_manager_account():
    """The account for an Asterisk is the same in the file, the README, on the page and in the live tests: what is shown is what is tested."""
    block = [line for line in text("config/asterisk-manager.conf").split("\n") if line and not line.startswith(";")]
    for path, lines in (("hal/pbx/asterisk/README.md", "\n".join(block)), ("agent/web/ui/src/pages/source_setup.tsx", "\\n".join(block) + '"')):
        if lines not in text(path):
            yield f"{path}: does not show the account of config/asterisk-manager.conf"
    if "secret" in text("tests/integration/conf/manager.conf"):
        yield "tests/integration/conf/manager.conf: has an account of its own"


def inserts_name_their_columns():
    """An older program goes on with a table to which a newer one gave a column."""
    for path in product_files():
        for number, line in enumerate(text(path).split("\n"), 1):
            if re.search(r"INTO \w+ VALUES", line):
                yield f"{path}:{number}: an insert that does not name its columns"


RULES = [arrows, foreign_headers, pure_core, no_shell, file_length, function_length, words, readmes, readme_places, inserts_name_their_columns, one_manager_account, test_ratio]


if __name__ == "__main__":
    sys.exit(rules.run(RULES))
