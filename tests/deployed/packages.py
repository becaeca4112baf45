"""What infra/package makes of programs that are built: the same bytes for the same programs, and lists of what is linked into them."""

import json
import os
import subprocess
import unittest
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from cyclonedx.schema import SchemaVersion
from cyclonedx.spdx import is_expression
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = [folder.name for folder in (ROOT / "functions").iterdir() if folder.is_dir()]
AGENT = "spapi-auth-agent"


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.one, cls.other = (cls.packed(cls.enterClassContext(TemporaryDirectory()), time) for time in (1_000_000_000, 1_700_000_000))

    @classmethod
    def packed(cls, target, time):
        """The folder of packages of programs that are programs by their first bytes only, written at this time."""
        for name in [*FUNCTIONS, AGENT]:
            program = Path(target) / "lambda" / name / "bootstrap"
            program.parent.mkdir(parents=True)
            program.write_bytes(b"\x7fELF".ljust(18, b"\0") + b"\x3e\0 GLIBC_2.34 " + name.encode())
            os.utime(program, (time, time))
        subprocess.run([ROOT / "infra" / "package", "--skip-build"], env=os.environ | {"CARGO_TARGET_DIR": target}, check=True)
        return Path(target) / "lambda" / "packages"

    def bill(self, name):
        return json.loads((self.one / f"{name}.cdx.json").read_text())

    def test_the_same_programs_make_the_same_packages_in_another_folder_at_another_time(self):
        made = sorted(file.name for file in self.one.iterdir())
        self.assertEqual(made, sorted(file.name for file in self.other.iterdir()))
        self.assertEqual(len(made), 2 * (len(FUNCTIONS) + 1) + 1)
        for name in made:
            self.assertEqual((self.one / name).read_bytes(), (self.other / name).read_bytes(), name)

    def test_sha256sum_checks_every_package_and_every_bill(self):
        checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=self.one, capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        self.assertEqual(len(checked.stdout.splitlines()), 2 * (len(FUNCTIONS) + 1))

    def test_a_package_is_one_program_that_lambda_may_start(self):
        for name in [*FUNCTIONS, AGENT]:
            with zipfile.ZipFile(self.one / f"{name}.zip") as package:
                [entry] = package.infolist()
            self.assertEqual(entry.filename, f"extensions/{AGENT}" if name == AGENT else "bootstrap")
            self.assertEqual((entry.create_system, entry.external_attr >> 16), (3, 0o100755), name)

    def test_every_bill_is_cyclonedx_and_holds_no_folder_of_this_machine(self):
        validator = JsonStrictValidator(SchemaVersion.V1_6)
        for name in [*FUNCTIONS, AGENT]:
            bill = (self.one / f"{name}.cdx.json").read_text()
            self.assertIsNone(validator.validate_str(bill), name)
            for folder in (str(ROOT), str(Path.home()), "file:", "path+"):
                self.assertNotIn(folder, bill, name)

    def test_a_bill_lists_what_is_linked_and_nothing_that_only_builds_or_tests(self):
        for name in [*FUNCTIONS, AGENT]:
            named = {component["name"]: component for component in self.bill(name)["components"]}
            self.assertLessEqual({"aws-lc-sys", "rustls", "tokio"}, named.keys(), name)
            # The C library is linked, and what compiles it is not; macros run in the compiler.
            self.assertTrue(named.keys().isdisjoint({"cc", "cmake", "proptest", "serde_derive", "syn", "local", "dynoxide-rs"}), name)
            for component in named.values():
                ours = component["name"] == "shared"
                self.assertTrue(is_expression(component["licenses"][0]["expression"]), component)
                self.assertEqual("purl" in component and "hashes" in component, not ours, component)
        self.assertIn("shared", [component["name"] for component in self.bill("get-access-token")["components"]])
        self.assertNotIn("shared", [component["name"] for component in self.bill(AGENT)["components"]])


if __name__ == "__main__":
    unittest.main()
