"""Decides whether a task's role allows what the task asks for, by the role's policies as the stack
has made them. moto itself looks at no resources. Root's keys may do anything."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from urllib.parse import parse_qs, unquote

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends
from werkzeug.wrappers import Request, Response

ARN = "arn:aws:{service}:{region}:{account}:{name}"


class Guard:
    """WSGI: lets through what is allowed, and answers 403 to the rest."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        request = Request(environ)
        policies = policies_of(access_key(request))
        if policies is not None:
            for action, resource in wanted(request):
                if not allowed(policies, action, resource):
                    return refusal(action, resource)(environ, start_response)
        return self.app(environ, start_response)


def refusal(action: str, resource: str) -> Response:
    told = f"not authorized to perform {action} on {resource}"
    print(f"AccessDenied: {told}", flush=True)
    body = f"<Error><Code>AccessDenied</Code><Message>{told}</Message></Error>"
    return Response(body, status=403, content_type="application/xml")


def access_key(request: Request) -> str | None:
    """Of the header, or of a signed link."""
    signed = request.headers.get("Authorization", "") + request.args.get("X-Amz-Credential", "")
    found = re.search(r"(AKIA|ASIA)[A-Z0-9]+", signed)
    return found[0] if found else None


def policies_of(key: str | None) -> list[dict] | None:
    """Those of the role that this key was given for; `None`: the key belongs to no role."""
    for assumed in sts_backends[DEFAULT_ACCOUNT_ID]["aws"].assumed_roles:
        if assumed.access_key_id == key:
            role = iam_backends[DEFAULT_ACCOUNT_ID]["aws"].get_role_by_arn(assumed.role_arn)
            return [
                json.loads(text) if isinstance(text, str) else text
                for text in role.policies.values()
            ]
    return None


def allowed(policies: list[dict], action: str, resource: str) -> bool:
    statements = [statement for policy in policies for statement in policy["Statement"]]
    return any(
        any(fnmatchcase(action, one) for one in as_list(statement["Action"]))
        and any(fnmatchcase(resource, one) for one in as_list(statement["Resource"]))
        for statement in statements
        if statement["Effect"] == "Allow"
    )


def as_list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def wanted(request: Request) -> Iterator[tuple[str, str]]:
    """What a request needs to be allowed: actions and resources."""
    if target := request.headers.get("X-Amz-Target"):
        service, operation = target.split(".")
        # Many at once need no other right than one.
        action = f"{service.removeprefix('Amazon').lower()}:{operation.removesuffix('Batch')}"
        yield action, queue_arn(request)
    else:
        yield from of_s3(request)


def body_of(request: Request) -> bytes:
    """Read, and left for moto to be read again."""
    body = request.get_data()
    request.environ["wsgi.input"] = io.BytesIO(body)
    return body


def queue_arn(request: Request) -> str:
    """The arn behind the queue's address; no other service is asked in JSON."""
    body = json.loads(body_of(request))
    name = body["QueueUrl"].rsplit("/", 1)[1] if "QueueUrl" in body else body["QueueName"]
    region = re.search(r"/(\w+-\w+-\d)/sqs/", request.headers["Authorization"])[1]
    return ARN.format(service="sqs", region=region, account=DEFAULT_ACCOUNT_ID, name=name)


OF_OBJECTS = {
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
    "POST": "PutObject",
    "DELETE": "DeleteObject",
}


def of_s3(request: Request) -> Iterator[tuple[str, str]]:
    """Names of buckets stand in the path. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"""
    bucket, _, key = unquote(request.path).lstrip("/").partition("/")
    query = parse_qs(request.query_string.decode(), keep_blank_values=True)
    arn = f"arn:aws:s3:::{bucket}"
    if not key and request.method == "POST" and "delete" in query:
        for found in re.findall(r"<Key>(.*?)</Key>", body_of(request).decode()):
            yield "s3:DeleteObject", f"{arn}/{found}"
    elif not key:
        yield ("s3:ListBucketMultipartUploads" if "uploads" in query else "s3:ListBucket"), arn
    elif "uploadId" in query and request.method in ("GET", "DELETE"):
        told = {"GET": "s3:ListMultipartUploadParts", "DELETE": "s3:AbortMultipartUpload"}
        yield told[request.method], f"{arn}/{key}"
    else:
        yield f"s3:{OF_OBJECTS[request.method]}", f"{arn}/{key}"
