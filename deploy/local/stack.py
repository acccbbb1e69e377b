"""PostgreSQL, moto and the platform's processes on this machine, all ended
with us."""

from __future__ import annotations

import ctypes
import http.client
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "target" / "tools" / "venv" / "bin"
REGION = "us-east-1"
BUCKET = "anb-video-local"
QUEUE = "anb-video-processing-queue"
DEAD_LETTERS = "anb-video-processing-dlq"
START_LIMIT_S = 60
STOP_LIMIT_S = 40


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent() -> None:
    """Linux: ends this child when its parent ends, however that happens."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Child:
    """A process with its log."""

    def __init__(self, name: str, command: list, folder: Path, env: dict | None = None, user: str | None = None):
        self.name, self.log = name, folder / f"{name}.log"
        log = open(self.log, "ab")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, user=user,
            # Its own group: Ctrl-C reaches it through us, in good order.
            process_group=0, preexec_fn=die_with_parent,
        )

    def wait_until(self, ready) -> None:
        began = time.monotonic()
        while not ready():
            if self.process.poll() is not None or time.monotonic() - began > START_LIMIT_S:
                sys.exit(f"{self.name} does not start:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                print(f"{self.name} does not end; killed", file=sys.stderr)
                self.process.kill()
                self.process.wait()

    def resident_mb(self) -> float:
        """Resident memory of the process itself, its children not counted."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def answers(port: int, path: str = "/") -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


class Stack:
    """Everything but the platform itself from `with` on; `start` adds to it."""

    def __init__(self, folder: Path, program: Path, web_port: int = 0, moto_port: int = 0, console_port: int = 0, settings: dict | None = None):
        self.folder, self.program = folder, program
        self.web_port, self.moto_port = web_port or free_port(), moto_port or free_port()
        self.console_port = console_port or free_port()
        self.database_port = 5432
        self.more = settings or {}
        self.children: list[Child] = []
        self.socket: Path | None = None
        self.secret_key = secrets.token_hex(32)

    def __enter__(self) -> Stack:
        if not self.program.exists():
            sys.exit(f"{self.program} is missing: build it first")
        self.folder.mkdir(parents=True)
        try:
            self.start_postgres()
            self.start_moto()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        """The platform first, all at once, then what it depends on."""
        ours = [child for child in self.children if child.name not in ("postgres", "moto")]
        for child in ours:
            if child.process.poll() is None:
                child.process.terminate()
        for child in ours:
            child.stop()
        for child in self.children:
            # SIGINT is PostgreSQL's fast shutdown.
            child.stop(signal.SIGINT if child.name == "postgres" else signal.SIGTERM)
        if self.socket:
            shutil.rmtree(self.socket, ignore_errors=True)

    def start_postgres(self) -> None:
        versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
        newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
        programs = newest.parent if newest else Path(shutil.which("postgres") or sys.exit("script/setup --test")).parent
        # PostgreSQL refuses to be root; its Debian package brings a user for it.
        user = "postgres" if os.getuid() == 0 else None
        # In the temp folder: its user must get there, and the kernel takes no
        # long path of a socket.
        self.socket = Path(tempfile.mkdtemp(prefix="anb-local-"))
        data = self.socket / "data"
        if user:
            owner = pwd.getpwnam(user)
            os.chown(self.socket, owner.pw_uid, owner.pw_gid)
        subprocess.run(
            [programs / "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "-D", data],
            check=True, user=user, stdout=subprocess.DEVNULL, cwd="/",
        )
        command = [programs / "postgres", "-D", data, "-k", self.socket, "-c", "fsync=off", *self.postgres_options(data)]
        child = Child("postgres", command, self.folder, user=user)
        self.children.append(child)
        ready = [programs / "pg_isready", "-q", "-h", self.socket, "-p", str(self.database_port)]
        child.wait_until(lambda: subprocess.run(ready).returncode == 0)

    def postgres_options(self, data: Path) -> list[str]:
        """How it can be reached, besides its socket: not at all."""
        return ["-c", "listen_addresses="]

    @property
    def database_url(self) -> str:
        return f"postgres://postgres@localhost/postgres?host={self.socket}"

    def start_moto(self) -> None:
        child = Child("moto", self.moto_command(), self.folder, env=os.environ | self.aws)
        self.children.append(child)
        child.wait_until(lambda: answers(self.moto_port, "/moto-api/"))
        self.furnish()

    def moto_command(self) -> list:
        return [TOOLS / "moto_server", "--host", "127.0.0.1", "--port", str(self.moto_port)]

    def furnish(self) -> None:
        """Bucket and queues."""
        origin = f"http://localhost:{self.web_port}"
        made = subprocess.run(
            [TOOLS / "python", ROOT / "deploy/local/aws.py", BUCKET, QUEUE, DEAD_LETTERS, origin],
            check=True, env=os.environ | self.aws, stdout=subprocess.PIPE, text=True,
        )
        self.queue_url, self.dlq_url = made.stdout.split()

    @property
    def endpoint(self) -> str:
        return f"http://localhost:{self.moto_port}"

    @property
    def aws(self) -> dict[str, str]:
        """What every program that talks to AWS is told; moto checks no key."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def settings(self) -> dict[str, str]:
        """What the platform is told."""
        return self.aws | {
            "DATABASE_URL": self.database_url, "SECRET_KEY": self.secret_key,
            "ANB_STORAGE__KIND": "s3", "AWS_S3_BUCKET": BUCKET,
            "ANB_QUEUE__KIND": "sqs", "SQS_QUEUE_URL": self.queue_url, "SQS_DLQ_URL": self.dlq_url,
            "ANB_WEB__LISTEN": f"127.0.0.1:{self.web_port}",
            "ANB_WEB__PUBLIC_URL": f"http://localhost:{self.web_port}",
            "ANB_CONSOLE__LISTEN": f"127.0.0.1:{self.console_port}",
            "ANB_LOG__FORMAT": "json",
        } | self.more

    def start(self, role: str, name: str) -> Child:
        """`anb-video web`, `console` or `worker`, on a data folder of its own."""
        env = os.environ | self.settings | {"ANB_DATA_DIR": str(self.folder / f"{name}-data")}
        child = Child(name, [self.program, role], self.folder, env=env)
        self.children.append(child)
        port = {"web": self.web_port, "console": self.console_port}.get(role)
        if port:
            child.wait_until(lambda: answers(port, "/health"))
        return child

    def run(self, *arguments: str) -> str:
        """A subcommand to its end; what it prints."""
        env = os.environ | self.settings | {"ANB_DATA_DIR": str(self.folder / "tool-data")}
        done = subprocess.run([self.program, *arguments], check=True, env=env, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def watch(self) -> Child:
        """Waits until one of the processes ends, which none should."""
        while True:
            for child in self.children:
                if child.process.poll() is not None:
                    return child
            time.sleep(0.2)


def main() -> None:
    profile, port = sys.argv[1], int(sys.argv[2])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if not sys.stdout.isatty():
        sys.stdout.reconfigure(line_buffering=True)
    folder = ROOT / "target" / "aws-local"
    # moto forgets everything when it ends: rows without objects are no use.
    shutil.rmtree(folder, ignore_errors=True)
    program = ROOT / "target" / profile / "anb-video"
    try:
        pretty = {"ANB_LOG__FORMAT": "pretty"}
        with Stack(folder, program, web_port=port, moto_port=5000, console_port=port + 1, settings=pretty) as stack:
            stack.start("web", "web")
            stack.start("console", "console")
            for number in (1, 2):
                stack.start("worker", f"worker-{number}")
            print(f"""
Site      http://localhost:{stack.web_port}       its API is at /docs
Console   http://localhost:{stack.console_port}/console
Database  psql '{stack.database_url}'
S3, SQS   {stack.endpoint}       bucket {BUCKET}, any credentials
Queue     {stack.queue_url}
Logs      {folder.relative_to(ROOT)}/*.log

The five lines of the README work against it. Ctrl-C stops everything.""")
            ended = stack.watch()
            sys.exit(f"{ended.name} has ended; see {ended.log.relative_to(ROOT)}")
    except KeyboardInterrupt:
        print("stopped")


if __name__ == "__main__":
    main()
