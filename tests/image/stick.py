"""A USB stick as QEMU takes it: a FAT file with the bundles that a test carries to the guest."""
import subprocess


def words_of(path, writable=False):
    """QEMU's words for it."""
    return ["-device", "qemu-xhci", "-drive", f"file={path},format=raw,if=none,id=stick,readonly={'off' if writable else 'on'}", "-device", "usb-storage,drive=stick,removable=on"]


def make(path, files):
    """`files`: what lies on it, by name. The stick is as large as it must be, and the old one serves while nothing on it has changed."""
    words = words_of(path)
    made_from, listed = "".join(f"{name} {source.stat().st_mtime_ns}\n" for name, source in sorted(files.items())), path.with_suffix(".files")
    if path.exists() and listed.exists() and listed.read_text() == made_from:
        return words
    listed.unlink(missing_ok=True)
    size = sum(source.stat().st_size for source in files.values()) // (1 << 20) + 16
    path.unlink(missing_ok=True)
    with open(path, "wb") as image:
        image.truncate(size << 20)
    subprocess.run(["mformat", "-i", str(path), "-F", "-v", "HOLDFAST", "::"], check=True)
    for name, source in files.items():
        subprocess.run(["mcopy", "-i", str(path), str(source), f"::/{name}"], check=True)
    listed.write_text(made_from)
    return words


def empty(path):
    """A small one that can be written."""
    path.unlink(missing_ok=True)
    with open(path, "wb") as image:
        image.truncate(64 << 20)
    subprocess.run(["mformat", "-i", str(path), "-F", "-v", "HOLDFAST", "::"], check=True)
    return words_of(path, writable=True)


def with_settings(path, texts):
    """A small one with a folder of settings: a file's text by its name."""
    words = empty(path)
    subprocess.run(["mmd", "-i", str(path), "::/holdfast-settings"], check=True)
    for name, text in texts.items():
        subprocess.run(["mcopy", "-i", str(path), "-", f"::/holdfast-settings/{name}"], check=True, input=text, text=True)
    return words


def texts_on(path):
    """What the text files on it hold, by name."""
    names = [name.rsplit("/", 1)[-1] for name in subprocess.run(["mdir", "-b", "-i", str(path), "::/"], check=True, capture_output=True, text=True).stdout.split()]
    return {name: subprocess.run(["mtype", "-i", str(path), f"::/{name}"], check=True, capture_output=True, text=True).stdout for name in names if name.endswith(".txt")}


def changed(source, path, offset):
    """A copy of `source` in which the byte at `offset` is another; made anew when `source` is newer."""
    if path.exists() and path.stat().st_mtime_ns > source.stat().st_mtime_ns:
        return path
    data = bytearray(source.read_bytes())
    data[offset] ^= 0x5A
    path.write_bytes(data)
    return path
