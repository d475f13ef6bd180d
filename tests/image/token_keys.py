"""Keys that stay in a token, as a release's do: the development keys moved into one of SoftHSM2, so that nothing but their certificates is left as files."""
import os
import shutil
import subprocess

import suite

NAMES = ("PK", "KEK", "db", "pcr", "update")
# Run in the tools root; /from holds the development keys, /keys becomes the folder that images/build takes. softhsm2-util wants PKCS#8.
MOVE = """cd /keys; umask 077; mkdir tokens
printf 'directories.tokendir = /keys/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' >softhsm2.conf
module=$(find /usr/lib -name libsofthsm2.so | head -n 1)
printf 'export SOFTHSM2_CONF=/keys/softhsm2.conf PKCS11_MODULE_PATH=%s RAUC_PKCS11_MODULE=%s\n' "$module" "$module" >token
. ./token
printf %s 4711 >pin
softhsm2-util --init-token --free --label holdfast --so-pin 0815 --pin "$(cat pin)" >/dev/null
id=10
for name in "$@"; do
  openssl pkcs8 -topk8 -nocrypt -in /from/$name.key -out /tmp/$name.p8
  softhsm2-util --import /tmp/$name.p8 --token holdfast --label $name --id $id --pin "$(cat pin)" >/dev/null
  printf 'pkcs11:token=holdfast;object=%s;type=private?pin-source=file:/keys/pin' $name >$name.uri
  id=$((id + 1))
done
cp /from/PK.crt /from/KEK.crt /from/db.crt /from/update.crt /from/update-ca.crt /from/owner .
openssl req -quiet -x509 -key /from/pcr.key -days 7300 -subj '/CN=Holdfast development pcr' -out pcr.crt
touch complete"""


def enter(binds, command, *words):
    return subprocess.run([str(suite.ROOT / "images/enter"), "bash", "-euc", command, "sh", *words], check=True, capture_output=True, text=True,
                          env={**os.environ, "HOLDFAST_BINDS": " ".join(f"{outside}:{inside}" for inside, outside in binds.items())}).stdout


def make(folder):
    """The folder that HOLDFAST_KEYS names; made anew, since it is made of the development keys as they are."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    enter({"/keys": folder, "/from": suite.ROOT / "build/keys"}, MOVE, *NAMES)
    left = [path.name for path in folder.glob("*.key")]
    assert not left, left
    return folder


def signed_as_it_should_be(image, version):
    """What in an image is not signed by the keys whose certificates lie in build/keys."""
    # By pefile, which ukify brings along: objcopy knows the programs of its own processor alone.
    check = """cd /image; wrong() { echo "$1"; }
part() { python3 -c 'import pefile, sys
for part in pefile.PE(sys.argv[1], fast_load=True).sections:
    if part.Name.rstrip(b"\\0") == sys.argv[2].encode(): sys.stdout.buffer.write(part.get_data(length=part.Misc_VirtualSize))' holdfast.efi "$1"; }
sbverify --cert /keys/db.crt holdfast.efi >/dev/null 2>&1 || wrong 'the kernel'
mcopy -i disk.raw@@1M '::/EFI/BOOT/*.EFI' /tmp/loader.efi; sbverify --cert /keys/db.crt /tmp/loader.efi >/dev/null 2>&1 || wrong 'the boot loader'
part .pcrpkey >/tmp/pcr.pub; openssl pkey -pubin -in /tmp/pcr.pub -outform DER | cmp -s - <(openssl pkey -in /keys/pcr.key -pubout -outform DER) || wrong 'whose measured boots count'
part .pcrsig >/tmp/pcr.sig; grep -q sha256 /tmp/pcr.sig || wrong 'the measured boot'
sed 's/@MINIMUM@/1.0.0/' /project/images/rauc/system.conf >/tmp/system.conf
rauc --conf=/tmp/system.conf --keyring=/keys/update-ca.crt info holdfast-$1.raucb >/dev/null 2>&1 || wrong 'the bundle'"""
    return enter({"/image": image, "/keys": suite.ROOT / "build/keys"}, check, version).split("\n")[:-1]
