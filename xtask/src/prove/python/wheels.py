"""Makes the packages of the laboratory: FOLDER NAME VERSION SAYS, and prints md5, sha256 and size."""

import hashlib
import pathlib
import sys
import zipfile

folder, name, version, says = sys.argv[1:]
about = f"{name}-{version}.dist-info"
files = {
    "leaf.py": f"print({says!r})\n",
    f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
    f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: lab\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
files[f"{about}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{about}/RECORD"])

path = pathlib.Path(folder) / f"{name}-{version}-py3-none-any.whl"
path.parent.mkdir(parents=True, exist_ok=True)
with zipfile.ZipFile(path, "w") as wheel:
    for file, text in files.items():
        wheel.writestr(zipfile.ZipInfo(file, (2026, 1, 1, 0, 0, 0)), text)

body = path.read_bytes()
print(hashlib.md5(body).hexdigest(), hashlib.sha256(body).hexdigest(), len(body))
