#!/usr/bin/env python3
"""images/make/signed_variable.py VARIABLE LIST CERTIFICATE KEY OUT: a list of certificates as a change of a Secure Boot variable that the firmware takes. Run in the tools root.
KEY is a file or a token's "pkcs11:.." URI. What is signed, by UEFI 2.10, 8.2.2: the variable's name in UTF-16 without an end, its vendor, its attributes, the time, the list.
sbvarsign is not used: it signs four bytes for each letter of the name, and the attribute of appending, which the boot loader does not set; a machine in setup mode refuses its PK."""
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import uuid

GLOBAL, IMAGES = uuid.UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c"), uuid.UUID("d719b2cb-3d3a-4596-a3bc-dad00e67656f")
VENDOR = {"PK": GLOBAL, "KEK": GLOBAL, "db": IMAGES}
NON_VOLATILE, BOOT, RUNTIME, BY_TIME = 1, 2, 4, 0x20
PKCS7 = uuid.UUID("4aafd29d-68df-49ee-8aa9-347d375665a7")
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # the object id that the firmware does not want around the signature


def inside(data):
    """What one DER element holds."""
    if data[1] < 0x80:
        return data[2:]
    return data[2 + (data[1] & 0x7F):]


def signature(content, certificate, key):
    token = ["-engine", "pkcs11", "-keyform", "engine"] if key.startswith("pkcs11:") else []
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        # Without attributes: nothing in it depends on the hour.
        made = subprocess.run(["openssl", "smime", "-sign", "-binary", "-noattr", "-md", "sha256", "-outform", "DER", "-in", file.name, "-signer", certificate, *token, "-inkey", key],
                              check=True, capture_output=True).stdout
    whole = inside(made)
    assert whole.startswith(SIGNED_DATA), whole[:16].hex()
    return inside(whole[len(SIGNED_DATA):])


def main(variable, listed, certificate, key, out):
    now = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))
    moment = struct.pack("<HBBBBBBIhBB", *now[:6], 0, 0, 0, 0, 0)
    certificates = pathlib.Path(listed).read_bytes()
    attributes = struct.pack("<I", NON_VOLATILE | BOOT | RUNTIME | BY_TIME)
    signed = signature(variable.encode("utf-16-le") + VENDOR[variable].bytes_le + attributes + moment + certificates, certificate, key)
    head = struct.pack("<IHH", 8 + 16 + len(signed), 0x0200, 0x0EF1) + PKCS7.bytes_le  # revision and kind of a certificate: WIN_CERT_TYPE_EFI_GUID
    pathlib.Path(out).write_bytes(moment + head + signed + certificates)


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
