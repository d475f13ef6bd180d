"""What can be said of a box without starting it: its root file system's modes, accounts and programs, and its lists of parts. In: a folder of images/build."""
import json
import pathlib
import re
import subprocess
import tempfile
import uuid

COMPILERS = re.compile(r"/(gcc|g\+\+|cc|c\+\+|clang|tcc|as|ld|make|perl|python3?|gdb|strace|tcpdump|nc|curl|wget)(-[0-9.]+)?$")
LISTENERS = re.compile(r"/(sshd|telnetd|dropbear|in\.[a-z]+d|avahi-daemon|cupsd|rpcbind|snmpd)$")
LINE = re.compile(r"^(\S{10})\s+(\d+)/(\d+)\s+.*?\s\d{4}-\d\d-\d\d \d\d:\d\d squashfs-root(\S*)")


def listing(image):
    said = subprocess.run(["unsquashfs", "-lln", str(image / "root.img")], check=True, capture_output=True, text=True).stdout
    return [match.groups() for match in map(LINE.match, said.split("\n")) if match]


def content(image, path):
    return subprocess.run(["unsquashfs", "-cat", str(image / "root.img"), path], check=True, capture_output=True, text=True).stdout


def no_program_has_the_rights_of_another(image):
    return [path for mode, _, _, path in listing(image) if "s" in mode.lower()[1:] and mode[0] == "-"]


def nothing_may_be_written_by_everybody(image):
    # /tmp is mounted over; links have no modes of their own.
    return [path for mode, _, _, path in listing(image) if mode[8] == "w" and mode[0] not in "lc" and path != "/tmp"]


def every_file_belongs_to_somebody(image):
    known = {line.split(":")[2] for line in content(image, "etc/passwd").split("\n") if line}
    return [f"{path} ({owner})" for _, owner, _, path in listing(image) if owner not in known]


def no_account_opens_with_a_password(image):
    return [line.split(":")[0] for line in content(image, "etc/shadow").split("\n") if line and line.split(":")[1] not in ("*", "!", "!*", "!!")]


def no_compiler_interpreter_or_remote_login(image):
    return [path for mode, _, _, path in listing(image) if mode[0] == "-" and "x" in mode and (COMPILERS.search(path) or LISTENERS.search(path))]


def no_login_on_any_console(image):
    masked = {path for mode, _, _, path in listing(image) if mode[0] == "l"}
    wanted = ("getty@.service", "serial-getty@.service", "console-getty.service", "debug-shell.service")
    return [unit for unit in wanted if f"/etc/systemd/system/{unit}" not in masked]


def no_key_is_in_the_root(image):
    """A private key in the image would be the same on every box."""
    said = subprocess.run(["grep", "-c", "-a", "PRIVATE KEY-----", "-"], input=b"".join(
        subprocess.run(["unsquashfs", "-cat", str(image / "root.img"), path.lstrip("/")], capture_output=True).stdout
        for mode, _, _, path in listing(image) if mode[0] == "-" and re.search(r"\.(key|pem|p12)$", path)), capture_output=True).stdout
    return [] if said.strip() in (b"0", b"") else ["a private key"]


def what_is_in_it_is_listed_with_its_licence(image):
    parts = json.loads((image / "sbom.json").read_text())["components"]
    names = {part["name"] for part in parts}
    lacking = [name for name in ("systemd", "libssl3t64", "preact", "holdfast-agent") if name not in names]
    return lacking + [part["name"] for part in parts if part["purl" if "purl" in part else "name"].startswith("pkg:") and not part.get("licenses")]


def the_hashes_are_those_of_the_files(image):
    said = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=image, capture_output=True, text=True)
    return said.stdout.split("\n")[:-1] if said.returncode else []


def auth(image, name):
    """A Secure Boot variable's change on the ESP: when, the signature as OpenSSL reads it, the certificates."""
    data = subprocess.run(["mtype", "-i", f"{image / 'disk.raw'}@@1M", f"::/loader/keys/auto/{name}.auth"], check=True, capture_output=True).stdout
    end = 16 + int.from_bytes(data[16:20], "little")
    signed = element(b"\x30", bytes.fromhex("06092a864886f70d010702") + element(b"\xa0", data[40:end]))
    return data[:16], signed, data[end:]


def element(kind, data):
    return kind + b"\x82" + len(data).to_bytes(2, "big") + data


def a_machine_in_setup_mode_would_take_our_keys(image):
    """Each variable's change is signed as UEFI says: over name, vendor, attributes (kept, for boot and system, by time), time and certificates; PK and KEK by PK, db by KEK."""
    wrong, owner = [], auth(image, "PK")[2][44:]
    for name, vendor, signer in (("PK", "8be4df61-93ca-11d2-aa0d-00e098032b8c", owner), ("KEK", "8be4df61-93ca-11d2-aa0d-00e098032b8c", owner),
                                 ("db", "d719b2cb-3d3a-4596-a3bc-dad00e67656f", auth(image, "KEK")[2][44:])):
        moment, signature, certificates = auth(image, name)
        with tempfile.TemporaryDirectory() as folder:
            files = {"content": name.encode("utf-16-le") + uuid.UUID(vendor).bytes_le + (0x27).to_bytes(4, "little") + moment + certificates, "signature": signature, "signer": signer}
            for file, data in files.items():
                (pathlib.Path(folder) / file).write_bytes(data)
            said = subprocess.run(["openssl", "smime", "-verify", "-inform", "DER", "-in", "signature", "-content", "content", "-binary", "-noverify", "-nointern", "-certfile", "signer"],
                                  cwd=folder, capture_output=True)
        wrong += [name] if said.returncode else []
    return wrong


CHECKS = [no_program_has_the_rights_of_another, nothing_may_be_written_by_everybody, every_file_belongs_to_somebody, no_account_opens_with_a_password,
          no_compiler_interpreter_or_remote_login, no_login_on_any_console, no_key_is_in_the_root, what_is_in_it_is_listed_with_its_licence,
          the_hashes_are_those_of_the_files, a_machine_in_setup_mode_would_take_our_keys]
