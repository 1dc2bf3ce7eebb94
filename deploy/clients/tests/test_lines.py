"""README's blocks, run as they stand there, with the paths of a daemon of the test's own."""
import os
import re
import shutil
import subprocess
import time
import unittest
from pathlib import Path

from daemon import Daemon, binary
from provider import HEADER, OUTPUT, PROMPT, Provider

README = Path(__file__).resolve().parents[1] / "README.md"
# 1,000 × 2 = 2,000 millionths of a dollar.
LINE = '{"team":"search","provider":"acme","model":"m","status":200,"units":{"input":1000}}\n'


def block(name):
    found = re.search(rf"^### {re.escape(name)}\n(?:(?!^#).*\n)*?```[a-z-]*\n((?:(?!```).*\n)*)```",
                      README.read_text(), re.MULTILINE)
    if not found:
        raise AssertionError(f"README.md has no block under '{name}'")
    return found[1]


def needs(*programs):
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    missing = [name for name in programs if not shutil.which(name, path=path)]
    return unittest.skipIf(missing, f"{', '.join(missing)} is not installed")


class LineTests(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon()
        self.addCleanup(self.daemon.remove)
        self.daemon.start()
        self.calls = self.daemon.folder / "calls.ndjson"
        self.environment = {**self.daemon.environment,
                            "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin:" + str(Path(binary()).parent)}

    def text(self, name):
        return (block(name).replace("/run/tollbook/", f"{self.daemon.data}/")
                .replace("/var/log/app/calls.ndjson", str(self.calls)))

    def sh(self, name):
        run = subprocess.run(["sh", "-c", self.text(name)], env=self.environment, capture_output=True, text=True,
                             timeout=60)
        self.assertEqual(run.returncode, 0, run.stderr)

    def booked(self, calls, cost, unpriced=0):
        total = self.daemon.wait_for_calls(calls)
        self.assertEqual((total["calls"], total.get("unpriced"), total.get("cost")), (calls, unpriced, cost))
        for name, data in self.daemon.files().items():
            for canary in (PROMPT, OUTPUT, HEADER):
                self.assertNotIn(canary.encode(), data, name)

    def spawn(self, *arguments):
        log = open(self.daemon.folder / "program.log", "wb")
        self.addCleanup(log.close)
        process = subprocess.Popen(arguments, env=self.environment, stdout=log, stderr=log)

        def end():
            process.kill()
            process.wait()

        self.addCleanup(end)
        return process

    @needs("nc")
    def test_nc(self):
        self.sh("nc")
        self.booked(1, "0.002000000")

    @needs("socat")
    def test_socat(self):
        self.sh("socat")
        self.booked(1, "0.002000000")

    @needs("logger")
    def test_logger(self):
        self.sh("logger")
        self.booked(1, "0.002000000")

    @needs("curl")
    def test_curl(self):
        self.sh("curl")
        self.booked(1, "0.002000000")

    def test_ingest(self):
        self.calls.write_text(LINE * 3)
        self.sh("tollbook ingest")
        self.booked(3, "0.006000000")

    @needs("rsyslogd")
    def test_rsyslog(self):
        configuration = self.daemon.folder / "rsyslog.conf"
        configuration.write_text(f'global(workDirectory="{self.daemon.folder}")\n' + self.text("rsyslog"))
        self.calls.write_text(LINE * 3)
        self.spawn("rsyslogd", "-n", "-f", str(configuration), "-i", str(self.daemon.folder / "rsyslog.pid"))
        self.booked(3, "0.006000000")

    @needs("syslog-ng")
    def test_syslog_ng(self):
        folder = self.daemon.folder
        configuration = folder / "syslog-ng.conf"
        configuration.write_text(self.text("syslog-ng"))
        self.calls.write_text(LINE * 3)
        self.spawn("syslog-ng", "--foreground", "--no-caps", "-f", str(configuration), "-R", str(folder / "persist"),
                   "-c", str(folder / "control"), "-p", str(folder / "pid"))
        self.booked(3, "0.006000000")

    @needs("nginx", "curl")
    def test_nginx(self):
        provider = Provider()
        self.addCleanup(provider.server_close)
        self.addCleanup(provider.shutdown)
        folder = self.daemon.folder
        configuration, door = folder / "nginx.conf", folder / "nginx.sock"
        configuration.write_text(
            f"pid {folder}/nginx.pid; error_log stderr; daemon off; master_process off; events {{ }}\n"
            f"http {{\n{self.text('nginx')}"
            + "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in (
                "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            + f"server {{ listen unix:{door}; location / {{ proxy_pass {provider.address}; }} }} }}\n")
        self.spawn("nginx", "-e", "stderr", "-c", str(configuration), "-p", str(folder))
        for _ in range(500):
            if door.exists():
                break
            time.sleep(0.01)
        for path in ("/v1/chat/completions", "/v1/chat/completions", "/favicon.ico"):
            subprocess.run(["curl", "-s", "-o", "/dev/null", "--unix-socket", str(door), "-d",
                            f'{{"model":"m","messages":"{PROMPT}"}}', f"http://localhost{path}?key={HEADER}"],
                           check=True)
        self.booked(2, "0.000000000", unpriced=2)


if __name__ == "__main__":
    unittest.main()
