#!/usr/bin/env python3
"""images/make/inventory.py VERSION OUT: what the box consists of. Run in the tools root.
Out: sbom.json (CycloneDX 1.5), licences.txt (a line per part), copyright.txt.xz (their full texts), manifest.json (sizes, hashes, inputs)."""
import datetime
import gzip
import hashlib
import json
import lzma
import os
import pathlib
import re
import sys
import uuid

BASE = pathlib.Path("/base")  # the packages, unpacked
LICENCE = re.compile(r"^License:[ \t]*(\S[^\n]*)$", re.M)


def packages():
    """Debian's packages in the image, by name: dicts of their control fields."""
    for entry in (BASE / "var/lib/dpkg/status").read_text(encoding="utf-8").split("\n\n"):
        fields = dict(re.findall(r"^([A-Z][\w-]*): (.*)$", entry, re.M))
        if fields.get("Status") == "install ok installed":
            yield fields


def copyright_of(name):
    folder = BASE / "usr/share/doc" / name
    for path in (folder / "copyright", folder / "copyright.gz"):
        if path.is_file():
            return (gzip.open(path, "rt", errors="replace") if path.suffix == ".gz" else open(path, errors="replace")).read()
    return ""


def licences_of(text):
    """The short names of a machine-readable copyright file, or "see copyright.txt"."""
    names = sorted({name.strip() for name in LICENCE.findall(text)})
    return names or ["see copyright.txt"]


def debian_component(fields):
    name, version, arch = fields["Package"], fields["Version"], fields["Architecture"]
    quoted = version.replace("+", "%2B").replace(":", "%3A").replace("~", "%7E")
    where = f"pkg:deb/debian/{name}@{quoted}?arch={arch}&distro=trixie"
    source = re.sub(r" \(.*", "", fields.get("Source", name))
    licences = [{"license": {"name": licence}} for licence in licences_of(copyright_of(name))]
    return {"type": "library", "bom-ref": where, "name": name, "version": version, "purl": where, "licenses": licences,
            "properties": [{"name": "debian:source", "value": source}]}


def library_components():
    """The libraries of Debian 12 that came with our programs (images/programs)."""
    for line in pathlib.Path("/programs/libraries.txt").read_text(encoding="utf-8").split("\n"):
        if line:
            name, version, soname = line.split()
            text = pathlib.Path("/programs/copyright", name).read_text(encoding="utf-8", errors="replace")
            where = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={os.environ['HOLDFAST_ARCH']}&distro=bookworm"
            yield {"type": "library", "bom-ref": f"{where}#{soname}", "name": name, "version": version, "purl": where,
                   "licenses": [{"license": {"name": licence}} for licence in licences_of(text)]}


def page_components():
    """The npm packages whose code is in the page: the lock file's, less those that only build or test."""
    lock = json.loads(pathlib.Path("agent/web/ui/package-lock.json").read_text(encoding="utf-8"))
    for path, entry in sorted(lock["packages"].items()):
        if not path or entry.get("dev") or entry.get("optional"):
            continue
        name = path.rpartition("node_modules/")[2]
        where = f"pkg:npm/{name.replace('@', '%40')}@{entry['version']}"
        component = {"type": "library", "bom-ref": where, "name": name, "version": entry["version"], "purl": where}
        if entry.get("license"):
            component["licenses"] = [{"license": {"name": entry["license"]}}]
        yield component


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def own_components(out, version):
    for path in sorted((out / "parts/tree/usr/libexec/holdfast").iterdir()):
        if path.is_file():
            yield {"type": "application", "bom-ref": f"holdfast:{path.name}", "name": path.name, "version": version, "hashes": [{"alg": "SHA-256", "content": sha256(path)}]}


def write(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def main(version, out):
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    made = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    installed = sorted(packages(), key=lambda fields: fields["Package"])
    components = [*(debian_component(fields) for fields in installed), *library_components(), *page_components(), *own_components(out, version)]
    roothash = (out / "roothash").read_text().strip()
    write(out / "sbom.json", {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, roothash)}",
        "metadata": {"timestamp": made, "component": {"type": "operating-system", "bom-ref": "holdfast", "name": "holdfast", "version": version}},
        "components": components})
    lines = [f"{c['name']}\t{c['version']}\t{', '.join(entry['license']['name'] for entry in c.get('licenses', [])) or 'Holdfast'}" for c in components]
    (out / "licences.txt").write_text("part\tversion\tlicences\n" + "\n".join(lines) + "\n", encoding="utf-8")
    with lzma.open(out / "copyright.txt.xz", "wt", encoding="utf-8", preset=6) as file:
        for fields in installed:
            file.write(f"===== {fields['Package']} {fields['Version']}\n{copyright_of(fields['Package'])}\n")
    listed = "\n".join(f"{fields['Package']} {fields['Version']}" for fields in installed)
    files = [path for path in sorted(out.iterdir()) if path.is_file() and path.name not in ("manifest.json", "SHA256SUMS")]
    hashes = {path.name: sha256(path) for path in files}
    write(out / "manifest.json", {
        "version": version, "made_at": made, "root_hash": roothash, "packages": len(installed), "packages_sha256": hashlib.sha256(listed.encode()).hexdigest(),
        "files": {path.name: {"bytes": path.stat().st_size, "sha256": hashes[path.name]} for path in files}})
    hashes["manifest.json"] = sha256(out / "manifest.json")
    (out / "SHA256SUMS").write_text("".join(f"{value}  {name}\n" for name, value in hashes.items()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
