"""The images of deploy/docker, built by buildah and started without a container engine.

buildah needs no daemon. Its `chroot` isolation works wherever root may mount, in a container as
well; its storage is `overlay` where the kernel allows that, and otherwise `vfs`, which copies a
whole root for each step and takes 15 GB meanwhile (STORAGE_DRIVER=vfs asks for it).

The images that the Dockerfile begins with cannot be fetched everywhere, so they are made here:
Debian by debootstrap, from the package source of this machine, and on top of it a compiler, or
Node.js with npm. Rust's toolchain, crates and what cargo has built come in as volumes, which no
layer keeps; so does whoever vouches for this machine's npm registry.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import subprocess
from functools import cached_property
from pathlib import Path

from cloud import TLS, certify
from stack import ROOT, Child, Stack, answers, free_port

DOCKERFILE = ROOT / "deploy" / "docker" / "Dockerfile"
TOOLS = ROOT / "target" / "tools"
FOLDER = ROOT / "target" / "images"
COMPILED = FOLDER / "cargo"
TARGETS = ("web", "console", "worker")
NPM = re.search(r"need_npm_package npm ([\d.]+)", (ROOT / "script/setup").read_text())[1]
DEBIAN, RUST = "localhost/anb-debian", "localhost/anb-rust"
NODE = f"localhost/anb-node:npm-{NPM}"
# Unoptimised builds are shared with the tests; `release` measures what is shipped.
PROFILE = os.environ.get("IMAGE_PROFILE", "dev")
# Said by those who have had them built just before.
READY = "IMAGES_READY" in os.environ
# What decides whether cargo takes what was built with it.
AS_OUTSIDE = {
    name: os.environ[name]
    for name in ("CARGO_INCREMENTAL", "CARGO_PROFILE_DEV_CODEGEN_UNITS")
    if name in os.environ
}
CARGO_HOME = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))


def output(*command: str | Path, **more) -> str:
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, **more
    ).stdout.strip()


def buildah(*words: str | Path) -> str:
    storage = ("--root", FOLDER / "storage", "--runroot", FOLDER / "run")
    return output("buildah", *storage, *words, env=os.environ | {"BUILDAH_ISOLATION": "chroot"})


def known(image: str) -> bool:
    return buildah("images", "--quiet", "--filter", f"reference={image}") != ""


class Working:
    """A container to change: kept as an image by `commit`, and removed at the end."""

    def __init__(self, image: str):
        self.name = buildah("from", "--pull-never", image)

    def __enter__(self) -> Working:
        return self

    def __exit__(self, *_) -> None:
        buildah("rm", self.name)

    @cached_property
    def root(self) -> Path:
        return Path(buildah("mount", self.name))

    def run(self, *command: str) -> None:
        buildah("run", self.name, "--", *command)

    def install(self, *packages: str) -> None:
        self.run("apt-get", "update", "-qq")
        self.run("apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages)
        self.run("sh", "-c", "apt-get clean && rm -r /var/lib/apt/lists/*")

    def commit(self, image: str) -> None:
        buildah("commit", "--quiet", self.name, image)


def package_source() -> str:
    """Where this machine gets Debian's packages from."""
    wanted = ("Created-By: Packages", "Codename: bookworm", "Component: main")
    return output("apt-get", "indextargets", "--format", "$(REPO_URI)", *wanted).splitlines()[0]


def make_debian() -> None:
    with Working("scratch") as debian:
        subprocess.run(
            ["debootstrap", "--variant=minbase", "bookworm", debian.root, package_source()],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        debian.run("apt-get", "clean")
        debian.commit(DEBIAN)


def make_rust() -> None:
    """What the official image has beside the toolchain, which is a volume."""
    with Working(DEBIAN) as rust:
        rust.install("gcc", "libc6-dev")
        environment = {
            "PATH": "/opt/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
            "CARGO_HOME": CARGO_HOME,
            "CARGO_NET_OFFLINE": "true",
            # Or nothing would fit that is built outside.
            **AS_OUTSIDE,
        }
        buildah(
            "config", *(f"--env={name}={value}" for name, value in environment.items()), rust.name
        )
        rust.commit(RUST)


def make_node() -> None:
    """What the official image has: Debian's npm would bring some three hundred packages."""
    with Working(DEBIAN) as node:
        node.install("nodejs")
        npm = node.root / "usr/local/lib/node_modules/npm"
        npm.mkdir(parents=True)
        unpack = ("tar", "xzf", TOOLS / f"npm-{NPM}.tgz", "--no-same-owner", "--strip-components=1")
        output(*unpack, "--directory", npm)
        (node.root / "usr/local/bin/npm").symlink_to("../lib/node_modules/npm/bin/npm-cli.js")
        node.commit(NODE)


def npm_config(key: str) -> str:
    """As this machine's npm has it; nothing where that has a default."""
    told = output("npm", "config", "get", key, "--loglevel=error")
    return "" if told in ("null", "undefined") else told


def borrow_compiled() -> None:
    """Saves the minutes of compiling what is compiled already outside. Cargo takes from it what
    fits and compiles the rest."""
    # The folder of `dev` has another name.
    profile = "debug" if PROFILE == "dev" else PROFILE
    source, copy = ROOT / "target" / profile, COMPILED / profile
    if not source.exists():
        return
    shutil.rmtree(copy, ignore_errors=True)
    for folder in (".fingerprint", "build", "deps"):
        # Compilers replace what they have made and never write into it: links do.
        one = os.link if folder == "deps" else shutil.copy2
        shutil.copytree(source / folder, copy / folder, copy_function=one)


def build(target: str) -> None:
    """The real Dockerfile, with everything that it leaves open."""
    vouching, registry_ca = npm_config("cafile"), "/run/npm-registry.crt"
    arguments = {
        "RUST_IMAGE": RUST,
        "DEBIAN_IMAGE": DEBIAN,
        "NODE_IMAGE": NODE,
        "npm_config_registry": npm_config("registry"),
        "npm_config_cafile": vouching and registry_ca,
        "CARGO_PROFILE": PROFILE,
        "REVISION": "0123456789abcdef",
        "SOURCE": "https://git.example.com/anb-video",
    }
    sysroot = output("rustc", "--print", "sysroot")
    volumes = (
        f"{sysroot}:/opt/rust:ro",
        f"{CARGO_HOME}/registry:{CARGO_HOME}/registry",
        f"{COMPILED}:/src/target",
        # Where what was borrowed looks for what its build scripts have made.
        f"{ROOT / 'target'}:{ROOT / 'target'}:ro",
        *([f"{vouching}:{registry_ca}:ro"] if vouching else []),
    )
    buildah(
        # HEALTHCHECK is not known to the OCI's own format.
        "build",
        "--format",
        "docker",
        "--layers",
        "--pull-never",
        "--file",
        DOCKERFILE,
        "--target",
        target,
        *(f"--build-arg={name}={value}" for name, value in arguments.items()),
        *(f"--volume={volume}" for volume in volumes),
        "--tag",
        f"localhost/anb-{target}",
        ROOT,
    )


def build_all() -> dict[str, Image]:
    if READY:
        return {target: Image(target) for target in TARGETS}
    assert os.geteuid() == 0, "building and opening images takes root: sudo script/test"
    # Left by a run that was cut off.
    buildah("rm", "--all")
    for image, make in ((DEBIAN, make_debian), (RUST, make_rust), (NODE, make_node)):
        if not known(image):
            make()
    COMPILED.mkdir(parents=True, exist_ok=True)
    borrow_compiled()
    for target in TARGETS:
        build(target)
    # What the steps have left: they are repeated when the code changes. By force, because a build
    # that failed holds on to it.
    buildah("rmi", "--prune", "--force")
    return {target: Image(target) for target in TARGETS}


class Image:
    """A built image: what it says of itself, and its layers as a registry would get them."""

    def __init__(self, target: str):
        self.name = f"localhost/anb-{target}"
        self.target = target

    @cached_property
    def config(self) -> dict:
        return json.loads(buildah("inspect", "--type", "image", self.name))["Docker"]["config"]

    @cached_property
    def layers(self) -> list[Path]:
        """The compressed layers."""
        folder = FOLDER / "pushed" / self.target
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        buildah("push", "--quiet", self.name, f"dir:{folder}")
        manifest = json.loads((folder / "manifest.json").read_text())
        return [folder / layer["digest"].removeprefix("sha256:") for layer in manifest["layers"]]

    @property
    def compressed_mb(self) -> float:
        return sum(layer.stat().st_size for layer in self.layers) / 1e6

    def files(self) -> set[str]:
        """Every path in the image."""
        listed = (output("tar", "tzf", layer).splitlines() for layer in self.layers)
        return {"/" + name.strip("./") for layer in listed for name in layer}


# Mounts what an engine would, makes the rest read-only, and becomes the image's user.
LAUNCH = """
root=$1 user=$2 volumes=$3
shift 3
mkdir -p "$root/proc" "$root/dev"
touch "$root/etc/hosts" "$root/etc/resolv.conf"
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /etc/hosts "$root/etc/hosts"
mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
for volume in $volumes; do
  mount -t tmpfs -o "mode=0700,uid=${user%:*},gid=${user#*:}" tmpfs "$root$volume"
done
mount -o remount,bind,ro "$root"
exec /usr/sbin/chroot --userspec="$user" "$root" "$@"
"""


class Container:
    """A process in an image's root, with its user, environment and volumes, and nothing else
    writable. The network is the machine's."""

    def __init__(self, image: Image, settings: dict[str, str]):
        self.image, self.working = image, Working(image.name)
        own = dict(pair.split("=", 1) for pair in image.config["Env"])
        self.env = own | settings
        self.child: Child | None = None

    def command(self, *words: str) -> list[str]:
        """What starts the image, with `words` in place of its command."""
        config = self.image.config
        volumes = " ".join(config.get("Volumes") or {})
        inside = [*config["Entrypoint"], *(words or config["Cmd"])]
        launch = ["unshare", "--mount", "sh", "-ec", LAUNCH, "launch"]
        return [*launch, str(self.working.root), config["User"], volumes, *inside]

    def start(self, folder: Path) -> Child:
        self.child = Child(self.image.target, self.command(), folder, env=self.env)
        return self.child

    def run(self, *words: str) -> str:
        """A subcommand to its end; what it prints."""
        return output(*self.command(*words), env=self.env)

    def attempt(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The same, whatever its end."""
        return subprocess.run(self.command(*words), env=self.env, capture_output=True, text=True)

    def execute(self, *words: str) -> subprocess.CompletedProcess:
        """Any program beside the running one, as an engine's `exec` does."""
        user, group = self.image.config["User"].split(":")
        enter = [
            "nsenter",
            "--target",
            str(self.child.process.pid),
            "--mount",
            "--root",
            "--wd=/",
            "--setuid",
            user,
            "--setgid",
            group,
        ]
        return subprocess.run([*enter, *words], env=self.env, capture_output=True, text=True)

    def remove(self) -> None:
        if self.child:
            self.child.stop()
        self.working.__exit__()


class ImageStack(Stack):
    """PostgreSQL and moto, and the platform from its images."""

    def __init__(self, folder: Path, images: dict[str, Image]):
        super().__init__(folder, program=Path(shutil.which("buildah")))
        self.images = images
        self.database_port, self.worker_port = free_port(), free_port()
        self.more = {"ANB_WORKER__LISTEN": f"127.0.0.1:{self.worker_port}"}
        self.containers: list[Container] = []

    def postgres_options(self, data: Path) -> list[str]:
        """No socket leads into a container. TLS is for whoever asks."""
        certify(data, pwd.getpwnam("postgres").pw_uid)
        return [f"--port={self.database_port}", "--listen_addresses=127.0.0.1", *TLS]

    @property
    def database_url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.database_port}/postgres"

    def container(self, role: str, **settings: str) -> Container:
        container = Container(self.images[role], self.settings | settings)
        self.containers.append(container)
        return container

    def up(self, role: str, port: int) -> Container:
        """A running container that answers on `port`."""
        container = self.container(role)
        child = container.start(self.folder)
        self.children.append(child)
        child.wait_until(lambda: answers(port, "/health"))
        return container

    def __exit__(self, *_) -> None:
        super().__exit__()
        for container in self.containers:
            container.remove()
