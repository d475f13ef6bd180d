"""Bundles that a box must refuse, and how they are made: in the tools root, from the files of an image that images/build made."""
import os
import shutil
import subprocess

import suite

TWENTY = 20
# Run in the tools root: /content is the bundle's folder, /out takes the bundle, /keys signs it.
SIGN = "sed s/@MINIMUM@/0.0.0/ /project/images/rauc/system.conf >/keys/system.conf; rauc --conf=/keys/system.conf --cert=/keys/$1.crt --key=/keys/$1.key --keyring=/keys/$1-ca.crt bundle /content /out/$2 >/out/rauc.log 2>&1 || { cat /out/rauc.log; exit 1; }"
FOREIGN = """cd /keys; [ -e foreign.crt ] && exit 0
openssl req -quiet -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 -subj '/CN=Holdfast development updates CA' -addext 'basicConstraints=critical,CA:TRUE' \
  -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout foreign-ca.key -out foreign-ca.crt
openssl req -quiet -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj '/CN=Holdfast development updates' -keyout foreign.key -out foreign.csr
openssl x509 -req -in foreign.csr -CA foreign-ca.crt -CAkey foreign-ca.key -CAcreateserial -days 3650 -extfile update.ext -out foreign.crt 2>/dev/null"""


def enter(binds, command, *words):
    subprocess.run([str(suite.ROOT / "images/enter"), "bash", "-euc", command, "sh", *words], check=True,
                   env={**os.environ, "HOLDFAST_BINDS": " ".join(f"{outside}:{inside}" for inside, outside in binds.items())})


def keys_beside(folder):
    """The development keys with a second authority of the same name, whose key no box knows. A copy: the real ones stay as they are."""
    keys = folder / "keys"
    if not keys.exists():
        shutil.copytree(suite.ROOT / "build/keys", keys)
    enter({"/keys": keys}, FOREIGN)
    return keys


def content(image, version, folder):
    """The bundle's folder as images/make/bundle fills it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("root.img", "verity.img", "holdfast.efi", "roothash"):
        shutil.copy(image / name, folder)
    shutil.copy(suite.ROOT / "images/rauc/hook", folder)
    text = (suite.ROOT / "images/rauc/manifest.raucm").read_text()
    (folder / "manifest.raucm").write_text(text.replace("@VERSION@", version))
    return folder


def make(image, version, folder):
    """Bundles by name, each wrong in one way."""
    folder.mkdir(exist_ok=True)
    keys = keys_beside(folder)
    made = {name: folder / f"{name}.raucb" for name in ("foreign", "unlisted", "oversize", "other", "truncated")}

    def bundle(name, signer, change):
        if made[name].exists():
            return
        change(content(image, version, folder / "content"))
        enter({"/content": folder / "content", "/out": folder, "/keys": keys}, SIGN, signer, f"{name}.raucb")

    bundle("foreign", "foreign", lambda inside: None)
    bundle("unlisted", "update", lambda inside: (inside / "extra.sh").write_text("#!/bin/sh\n"))
    bundle("oversize", "update", lambda inside: subprocess.run(["truncate", "-s", "513M", str(inside / "root.img")], check=True))
    bundle("other", "update", lambda inside: (inside / "manifest.raucm").write_text((inside / "manifest.raucm").read_text().replace("holdfast-x86_64", "holdfast-arm64")))
    shutil.rmtree(folder / "content", ignore_errors=True)
    whole = (image / f"holdfast-{version}.raucb").read_bytes()
    made["truncated"].write_bytes(whole[: len(whole) * 2 // 3])
    return made


def offsets(bundle):
    """Twenty places of a bundle with what lies there: its header, what it carries, its hash tree, its manifest and signature, its last eight bytes."""
    data = bundle.read_bytes()
    size, signed = len(data), int.from_bytes(data[-8:], "big")
    begin = size - 8 - signed
    manifest = data.find(b"compatible=", begin)
    places = [("header", at) for at in (0, 40, 90)]
    places += [("payload", begin * part // 11) for part in range(1, 11)]
    places += [("hash tree", begin - at) for at in (100, 4096 * 20)]
    places += [("manifest", manifest + at) for at in (3, 40)]
    places += [("signature", begin + 4), ("signature", size - 40)]
    return places + [("length", size - 3)]
