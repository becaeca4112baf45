"""Runs each program of the guide, infra/agent/README.md, as it stands there; each has to list the example seller's marketplaces.

A program begins with a comment that says whose it is. Only the ports are replaced, by those of this run: AGENT in place of 2774, AMAZON of 9001, AWS of 9002.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "target" / "clients"
PORTS = {"2774": os.environ["AGENT"], "9001": os.environ["AMAZON"], "9002": os.environ["AWS"]}
RUNS = {
    "python": ("guide.py", [PLACE / "python" / "bin" / "python"]),
    "js": ("guide.mjs", ["node", "--require", ROOT / "infra" / "agent" / "lwa-to-agent.cjs"]),
}

guide = (ROOT / "infra" / "agent" / "README.md").read_text()
pins = re.findall(r"^(\S+==\S+)$", (ROOT / "tests" / "clients" / "requirements.txt").read_text(), re.MULTILINE)
packages = json.loads((ROOT / "tests" / "clients" / "package.json").read_text())["dependencies"]
for pin in [*pins, *(f"{name}@{version}" for name, version in packages.items())]:
    assert f" {pin}" in guide, f"the guide installs another version than the tests: {pin}"
programs = re.findall(r"^```(python|js)\n((?:#|//) .*?)^```$", guide, re.DOTALL | re.MULTILINE)
assert len(programs) >= 9, f"{len(programs)} programs were found in the guide"
for language, program in programs:
    name, command = RUNS[language]
    heading = program.splitlines()[0].lstrip("#/ ")
    for documented, running in PORTS.items():
        program = program.replace(f"127.0.0.1:{documented}", f"127.0.0.1:{running}")
    (PLACE / name).write_text(program)
    done = subprocess.run([*command, PLACE / name], capture_output=True, text=True, timeout=60)
    if done.returncode or "ATVPDKIKX0DER" not in done.stdout:
        sys.exit(f"the guide's program fails: {heading}\n{done.stdout}{done.stderr}")
    print(f"ok  guide: {heading}")
