"""The files of the site's pages, published for a CDN: in a bucket with what browsers are told of
them, in a folder for any server of files, and each of them where a page looks for it."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from pathlib import Path
from urllib.parse import urljoin

import boto3
import pytest
import requests

from client import Client
from cloud import PROGRAM
from player import publish
from stack import Stack

BUCKET = "anb-video-pages"
FOR_EVER = "public, max-age=31536000, immutable"
PAGES = ["/", "/rankings", "/sign-up", "/sign-in", "/rules", "/privacy", "/problems", "/nowhere"]
MEMBERS_PAGES = ["/", "/upload", "/me", "/me/videos"]
OF_ONE_STYLE_SHEET = {f"{name}.css" for name in ("tokens", "brand", "base", "components", "site")}
# What a style sheet or a module brings along.
BROUGHT_ALONG = {
    "css": r"""@import\s+(?:url\()?["']?([^"')\s;]+)|url\(["']?(?!data:|#)([^"')]+)""",
    "js": r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""",
}


class FileServer(http.server.SimpleHTTPRequestHandler):
    """Any server of files; it says what CDNs are asked to say."""

    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("cdn") / "public"


@pytest.fixture(scope="module")
def cdn(folder):
    handler = functools.partial(FileServer, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def site(cdn, tmp_path_factory):
    settings = {"ANB_SITE__ASSETS_URL": cdn, "ANB_SITE__ASSETS_BUCKET": BUCKET}
    folder = tmp_path_factory.mktemp("assets") / "stack"
    with Stack(folder, PROGRAM, settings=settings) as site:
        site.start("web", "web")
        yield site


@pytest.fixture(scope="module")
def published(site, folder) -> dict[str, bytes]:
    """Each file by its key, after publishing into the folder."""
    site.run("assets", "publish", "--folder", str(folder))
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def bucket(site):
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    s3 = boto3.client("s3", endpoint_url=site.endpoint, region_name="us-east-1", **keys)
    s3.create_bucket(Bucket=BUCKET)
    return s3


def told(summary: str) -> tuple[int, int]:
    """How many files were published, or are missing, and how many were there."""
    numbers = re.search(r": (\d+) files (?:published|missing) .*, (\d+) there already\.", summary)
    assert numbers, summary
    return int(numbers[1]), int(numbers[2])


# --- publishing ----------------------------------------------------------------------------------


def test_a_bucket_gets_every_file_with_its_headers_once(site, bucket, published):
    """Told where to by the setting."""
    assert told(site.run("assets", "publish", "--dry-run")) == (len(published), 0)
    assert "Contents" not in bucket.list_objects_v2(Bucket=BUCKET)

    assert told(site.run("assets", "publish")) == (len(published), 0)
    listed = bucket.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert {one["Key"] for one in listed} == set(published)
    for key, content in published.items():
        there = bucket.get_object(Bucket=BUCKET, Key=key)
        assert there["Body"].read() == content
        assert there["CacheControl"] == FOR_EVER
        assert there["ContentType"].split(";")[0] == kind(key), key

    assert told(site.run("assets", "publish", "--bucket", BUCKET)) == (0, len(published))
    assert told(site.run("assets", "publish", "--dry-run")) == (0, len(published))
    again = bucket.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert {one["LastModified"] for one in again} == {one["LastModified"] for one in listed}


def kind(key: str) -> str:
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png"}
    return kinds[key.rpartition(".")[2]]


def test_what_was_cut_off_is_sent_again(site, bucket, published):
    site.run("assets", "publish")
    gone, half, *_ = sorted(published)
    bucket.delete_object(Bucket=BUCKET, Key=gone)
    bucket.put_object(Bucket=BUCKET, Key=half, Body=published[half][:10])
    assert told(site.run("assets", "publish")) == (2, len(published) - 2)
    assert bucket.get_object(Bucket=BUCKET, Key=half)["Body"].read() == published[half]


def test_the_brand_is_no_part_of_it(site, bucket, published):
    """It changes while everything runs: the applications serve it themselves."""
    site.run("assets", "publish")
    other = site.run("assets", "publish", "--set", "showcase.brand.color=#7a1f5c")
    assert told(other) == (0, len(published))


# --- serving -------------------------------------------------------------------------------------


class Browser(requests.Session):
    """Keeps cookies, follows redirects, and sends forms from the site itself."""

    def __init__(self, site: Stack):
        super().__init__()
        self.site = f"http://localhost:{site.web_port}"
        self.headers.update({"Origin": self.site, "Accept": "text/html"})

    def request(self, method, url, **more):
        return super().request(method, self.site + url, **more)


@pytest.fixture(scope="module")
def member(site) -> Browser:
    browser = Browser(site)
    password = "aro-tablero-red"
    profile = {"first_name": "Ana", "last_name": "Ruiz", "city": "Bogotá", "country": "Colombia"}
    twice = {"password1": password, "password2": password}
    done = browser.post("/sign-up", profile | twice | {"email": "ana@example.com"})
    assert done.status_code == 200 and "anb_session" in browser.cookies, done.text
    return browser


def files_of(page: requests.Response) -> set[str]:
    """Every style sheet, script and picture that a page names."""
    linked = re.findall(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"', page.text)
    named = {address for address in linked if re.search(r"\.(css|js|svg|png)$", address)}
    return {urljoin(page.url, address) for address in named}


def is_of_the_brand(address: str) -> bool:
    return re.search(r"^http://localhost:\d+/brand/[0-9a-f]{16}/[a-z.]+$", address) is not None


def with_what_they_bring(addresses: set[str]) -> dict[str, requests.Response]:
    """The files at these addresses, and whatever they refer to."""
    fetched, open_ones = {}, set(addresses)
    while open_ones:
        address = open_ones.pop()
        answer = fetched[address] = requests.get(address)
        assert answer.status_code == 200, address
        pattern = BROUGHT_ALONG.get(address.rpartition(".")[2])
        for found in re.finditer(pattern, answer.text) if pattern else ():
            open_ones.add(urljoin(address, next(filter(None, found.groups()))))
        open_ones -= fetched.keys()
    return fetched


@pytest.mark.parametrize("path", PAGES)
def test_pages_find_all_their_files_at_the_cdn(site, cdn, published, path):
    complete(Browser(site).get(path), cdn)


@pytest.mark.parametrize("path", MEMBERS_PAGES)
def test_pages_of_members_do_so_too(site, cdn, published, member, path):
    answer = member.get(path)
    assert answer.url.endswith(path)
    complete(answer, cdn)


def complete(answer: requests.Response, cdn: str):
    files = files_of(answer)
    assert {address.rpartition(".")[2] for address in files} >= {"css", "svg"}
    elsewhere = {address for address in files if not address.startswith(f"{cdn}/")}
    assert elsewhere and all(map(is_of_the_brand, elsewhere)), elsewhere
    with_what_they_bring(files)
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in answer.headers["Content-Security-Policy"].split(";")
        if " " in directive.strip()
    )
    for directive in ("script-src", "style-src", "img-src"):
        assert cdn in policy[directive].split(), directive


@pytest.fixture(scope="module")
def video(site, tmp_path_factory) -> str:
    """The page of a published video."""
    worker = site.start("worker", "worker")
    publish(site.web_port, tmp_path_factory.mktemp("clip"), worker.log)
    _, (one, *_), _ = Client(site.web_port).ask("GET", "/api/public/videos")
    return f"/videos/{one['video_id']}"


def test_everything_that_is_published_is_of_use(site, cdn, published, member, video):
    """But for what the one style sheet of all pages is made of."""
    complete(member.get(video), cdn)
    named = set()
    for browser, paths in ((Browser(site), PAGES), (member, [*MEMBERS_PAGES, video])):
        for path in paths:
            named |= {file for file in files_of(browser.get(path)) if not is_of_the_brand(file)}
    reached = {address.removeprefix(f"{cdn}/") for address in with_what_they_bring(named)}
    assert reached <= set(published)
    left_over = {key.partition("/")[2] for key in set(published) - reached}
    assert left_over <= OF_ONE_STYLE_SHEET


def test_the_site_serves_the_same_files_itself(site, published):
    """For pages of its own, where no CDN is set up."""
    for key, content in published.items():
        answer = requests.get(f"http://localhost:{site.web_port}/assets/{key}")
        assert answer.content == content
        assert answer.headers["Content-Type"].split(";")[0] == kind(key), key
        assert answer.headers["Cache-Control"] == FOR_EVER
