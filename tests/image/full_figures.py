"""First starts: what a box shows of itself and keeps for itself, what listens, how large it is, and how long it takes beside a plain Debian."""
import contextlib
import errno
import json
import re
import resource
import select
import socket
import subprocess
import time

import machine
import suite

SECRETS = {"machine id": "cat /etc/machine-id", "data partition": "cryptsetup luksUUID /dev/disk/by-partlabel/data", "file system": "blkid -s UUID -o value /dev/mapper/data",
           "certificate": "sha256sum </var/lib/holdfast/web.crt", "its key": "sha256sum </var/lib/holdfast/web.key", "set-up code": "cat /run/holdfast/greeting",
           "data key": "cryptsetup luksDump --dump-json-metadata /dev/disk/by-partlabel/data | sha256sum"}
MEANT = {80, 443}


def first_start(guest, disk=None):
    """Starts a new machine, its disk that of the image or the file `disk`; what it shows and keeps, by name."""
    guest.forget()
    if disk:
        guest.folder.mkdir(parents=True)
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", str(disk), "-F", disk.suffix[1:], str(guest.folder / "disk.qcow2")], check=True)
    guest.start()
    key = guest.wait(r"recovery key, shown once[^:]*: ([a-z-]{71})", 900)[1]
    guest.wait_for_page(600)
    secrets = {name: guest.ask(command, 120)[1] for name, command in SECRETS.items()}
    return {**secrets, "recovery key": key}


def the_first_start_is_timed_and_kept(box):
    box.insert_stick()
    secrets = first_start(box.guest)
    box.figures["power to page, first start"] = f"{box.guest.age():.0f} s"
    (box.images / "secrets.json").write_text(json.dumps(secrets))
    for name in ("root.img", "holdfast.efi", f"holdfast-{suite.FIRST}.raucb"):
        box.figures[name] = f"{(box.image(suite.FIRST) / name).stat().st_size / 1e6:.0f} MB"


def two_boxes_of_one_image_share_no_secret(box):
    """The second is made from the VMDK, as a site with a hypervisor makes it; the qcow2 holds the same."""
    box.guest.cut_power()
    image = box.image(suite.FIRST)
    subprocess.run([str(suite.ROOT / "images/compress"), str(image)], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["qemu-img", "compare", "-q", str(image / "holdfast.qcow2"), str(image / "holdfast.vmdk")], check=True)
    for name in ("holdfast.qcow2", "holdfast.vmdk"):
        box.figures[name] = f"{(image / name).stat().st_size / 1e6:.0f} MB"
    one = json.loads((box.images / "secrets.json").read_text())
    other = machine.Machine(box.image(suite.FIRST), box.images / "machine-other")
    try:
        two = first_start(other, image / "holdfast.vmdk")
        box.figures["power to page, first start from the VMDK"] = f"{other.age():.0f} s"
    finally:
        other.forget()
    assert all(one.values()) and all(two.values()), (one, two)
    shared = [name for name in one if one[name] == two[name]]
    assert not shared, shared
    box.figures["compared between two boxes"] = f"{len(one)} ids, keys and codes: none shared"


AT_ONCE = 8000  # calls


def begun(address, port):
    """A call on its way. One that this machine cannot make is no silence of the other: an OSError."""
    call = socket.socket()
    call.setblocking(False)
    code = call.connect_ex((address, port))
    if code in (0, errno.EINPROGRESS, errno.ECONNREFUSED):
        return call
    call.close()
    raise OSError(code, f"{address}:{port} cannot be called")


def answering(address, ports, seconds=5):
    """Those of the TCP ports where anything answers, be it by refusing. The firewall drops what is not meant."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, AT_ONCE + 200), hard))
    left, found = list(ports), set()
    while left:
        batch, left = left[:AT_ONCE], left[AT_ONCE:]
        with contextlib.ExitStack() as calls, select.epoll() as wait:
            asked = {}
            for port in batch:
                call = calls.enter_context(begun(address, port))
                asked[call.fileno()] = (call, port)
                wait.register(call, select.EPOLLOUT | select.EPOLLONESHOT)
            until = time.monotonic() + seconds
            while asked and (rest := until - time.monotonic()) > 0:
                for number, _ in wait.poll(rest):
                    call, port = asked.pop(number)
                    if call.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) in (0, errno.ECONNREFUSED):
                        found.add(port)
    return found


def only_what_is_meant_answers_from_outside(box):
    """All TCP ports of a second network card, over a tap of the host's own."""
    box.guest.cut_power()
    box.insert_stick()
    subprocess.run(["ip", "tuntap", "add", "hfscan", "mode", "tap"], check=True)
    try:
        subprocess.run(["ip", "address", "add", "198.51.100.1/30", "dev", "hfscan"], check=True)
        subprocess.run(["ip", "link", "set", "hfscan", "up"], check=True)
        box.guest.extra += ["-netdev", "tap,id=scan,ifname=hfscan,script=no,downscript=no", "-device", "virtio-net-pci,netdev=scan"]
        box.guest.start()
        box.guest.wait_for_page(600)
        name = box.guest.ask("ls /sys/class/net | grep -v lo | tail -n 1")[1]
        box.guest.ask(f"ip address add 198.51.100.2/30 dev {name}; ip link set {name} up")
        assert answering("198.51.100.2", [443]), "the scan's network does not reach the box"
        started = time.monotonic()
        found = answering("198.51.100.2", range(1, 65536))
        box.figures["port scan"] = f"{time.monotonic() - started:.0f} s"
        assert found == MEANT, found
        box.figures["TCP ports that answer"] = ", ".join(map(str, sorted(found)))
    finally:
        box.guest.cut_power()
        subprocess.run(["ip", "link", "delete", "hfscan"], check=False)


def plain_debian(folder):
    """Kernel, initrd and disk of a Debian with systemd and nothing else; made once."""
    disk = folder / "plain.img"
    if not disk.exists():
        root = subprocess.run([str(suite.ROOT / "images/root"), "plain"], check=True, capture_output=True, text=True).stdout.strip()
        for name, to in (("vmlinuz", "plain.kernel"), ("initrd.img", "plain.initrd")):
            subprocess.run(["cp", "-L", f"{root}/{name}", str(folder / to)], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-d", root, str(disk), "2G"], check=True)
    return ["-kernel", str(folder / "plain.kernel"), "-initrd", str(folder / "plain.initrd"), "-append", "root=/dev/vda rw console=ttyS0", "-drive", f"file={disk},format=raw,if=virtio,snapshot=on"]


def time_of_plain_debian(box):
    """Power to login prompt, in the same QEMU and in the same hour."""
    log = box.images / "plain.log"
    with open(log, "wb") as out:
        started = time.monotonic()
        guest = subprocess.Popen(["qemu-system-x86_64", "-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", "Westmere", "-smp", "2", "-m", "1024", "-display", "none", "-serial", "stdio",
                                  *plain_debian(box.images)], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            while b"login:" not in log.read_bytes():
                assert guest.poll() is None and time.monotonic() < started + 600 * machine.SLOW, log.read_text(errors="replace")[-500:]
                time.sleep(0.5)
            return time.monotonic() - started
        finally:
            guest.kill()
            guest.wait()


def its_start_beside_a_plain_debian(box):
    box.guest.cut_power()
    plain_debian(box.images)
    plain = time_of_plain_debian(box)
    box.on()
    box.guest.wait_for_page(600)
    sealed = box.guest.age()
    box.figures["power to page, later start"] = f"{sealed:.0f} s"
    box.figures["power to login, plain Debian"] = f"{plain:.0f} s"
    box.figures["ratio"] = f"{sealed / plain:.2f} (aim: at most 2.5)"


def modes_and_units_inside(box):
    guest = box.on()
    _, said = guest.ask("find / -xdev \\( -type f -o -type d \\) -perm -0002 ! -perm -1000 2>/dev/null; find / -xdev -type f -perm /6000 2>/dev/null", 300)
    assert said == "", said
    _, said = guest.ask("for unit in holdfast-agent holdfast-deviced holdfast-health holdfast-console holdfast-firstboot; do systemd-analyze security --no-pager $unit.service | tail -n 1; done", 300)
    scores = [float(score) for score in re.findall(r"(\d+\.\d) ", said)]
    box.figures["exposure inside"] = " ".join(map(str, scores))
    assert len(scores) == 5, said


STEPS = [the_first_start_is_timed_and_kept, two_boxes_of_one_image_share_no_secret, its_start_beside_a_plain_debian, only_what_is_meant_answers_from_outside, modes_and_units_inside]
