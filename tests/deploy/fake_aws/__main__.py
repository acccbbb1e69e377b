"""moto, with the resource types that its CloudFormation lacks, and with roles that count.

AWS_ENDPOINT_URL=http://127.0.0.1:5000 python tests/deploy/fake_aws 5000
"""

from __future__ import annotations

import sys

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple

import permissions
import resource_types
import updates


def main() -> None:
    resource_types.add_to_moto()
    updates.add_to_moto()
    moto = DomainDispatcherApplication(create_backend_app)
    run_simple(
        "127.0.0.1",
        int(sys.argv[1]),
        permissions.Guard(moto),
        threaded=True,
        request_handler=MotoRequestHandler,
    )


if __name__ == "__main__":
    main()
