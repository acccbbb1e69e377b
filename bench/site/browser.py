"""What a browser loads, on one connection that stays open."""

from __future__ import annotations

import http.client
import re
import sys
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

# What pages, style sheets and modules load of ours; not where they lead to.
LOADED = {
    "text/html": re.compile(r'<(?:link|script|img|source)\b[^>]*?\b(?:href|src)="(/assets/[^"]+)"'),
    "text/css": re.compile(r"""(?:@import|url\()\s*["']?([^"')]+)["']?\)?"""),
    "text/javascript": re.compile(r"""\b(?:from|import)\s*\(?["']([^"']+)["']"""),
}


@dataclass
class Answer:
    kind: str
    body: bytes
    ms: float
    encoding: str | None


class Browser:
    def __init__(self, port: int):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, encoding: str = "br, gzip") -> Answer:
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"Accept-Encoding": encoding, "Accept": "text/html", "Accept-Language": "es"})
        answer = self.connection.getresponse()
        body = answer.read()
        ms = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            sys.exit(f"{path} answers {answer.status}: {body[:500]!r}")
        kind = answer.headers.get_content_type()
        return Answer(kind, body, ms, answer.headers.get("Content-Encoding"))

    def text(self, path: str) -> str:
        return self.get(path, "identity").body.decode()

    def weight(self, path: str) -> dict[str, int]:
        """Compressed bytes of a page and of all that it loads of ours, each."""
        weights, waiting = {}, [path]
        while waiting:
            path = waiting.pop()
            if path in weights:
                continue
            answer = self.get(path)
            weights[path] = len(answer.body)
            loads = LOADED.get(answer.kind)
            if loads:
                found = (urljoin(path, link) for link in loads.findall(self.text(path)))
                waiting += [link for link in found if not urlsplit(link).scheme]
        return weights
