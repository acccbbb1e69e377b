"""What AWS would run, on this machine: the stack made by the AWS CLI in moto, its database in a
PostgreSQL that takes nothing but TLS, and the program with the environment of its task definitions
and the keys of its roles."""

from __future__ import annotations

import datetime
import os
import pwd
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import cfn
from stack import REGION, ROOT, TOOLS, Child, Stack, free_port

PROGRAM = ROOT / "target" / "debug" / "anb-video"
STAGING = "anb-video-templates"
FAKE_AWS = Path(__file__).parent / "fake_aws"
# What `certify` has made, for PostgreSQL.
TLS = ["--ssl=on", "--ssl_cert_file=server.crt", "--ssl_key_file=server.key"]


class Cloud(Stack):
    """`with Cloud(folder)`: everything around the platform; `create` makes the stack."""

    def __init__(self, folder: Path):
        super().__init__(folder, PROGRAM)
        self.database_port = free_port()
        self.worker_port = free_port()

    # --- what it consists of ---

    def moto_command(self) -> list:
        return [TOOLS / "python", FAKE_AWS, str(self.moto_port)]

    def furnish(self) -> None:
        """Where the CLI puts templates that are too long for a request; the rest is the stack's."""
        self.cli("s3", "mb", f"s3://{STAGING}")

    def postgres_options(self, data: Path) -> list[str]:
        """TLS or nothing, as `rds.force_ssl` has it."""
        certify(data, pwd.getpwnam("postgres").pw_uid if os.getuid() == 0 else os.getuid())
        (data / "pg_hba.conf").write_text(
            "local all postgres trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n"
        )
        return [
            f"--port={self.database_port}",
            "--listen_addresses=127.0.0.1",
            *TLS,
        ]

    def cli(self, *words: str) -> str:
        """The AWS CLI, as root; what it prints."""
        done = self.aws_cli(self.aws, *words)
        assert done.returncode == 0, f"aws {' '.join(words)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def as_role(self, role_arn: str, *words: str) -> subprocess.CompletedProcess[str]:
        return self.aws_cli(self.aws | self.keys(role_arn), *words)

    @staticmethod
    def aws_cli(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            # Named, because for queues it goes by the queue's address otherwise.
            [TOOLS / "aws", "--endpoint-url", env["AWS_ENDPOINT_URL"], *words],
            env=os.environ | env,
            input="",
            capture_output=True,
            text=True,
        )

    def ask(self, service: str, operation: str, /, **arguments) -> dict:
        """What the CLI would be told, but in a tenth of its time."""
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        client = boto3.client(service, endpoint_url=self.endpoint, region_name=REGION, **keys)
        return getattr(client, operation)(**arguments)

    # --- the stack ---

    def deploy(self, name: str, *parameters: str) -> dict[str, str]:
        """Creates or updates a stack; its outputs."""
        overrides = ["--parameter-overrides", *parameters] if parameters else []
        self.cli(
            "cloudformation",
            "deploy",
            "--stack-name",
            name,
            "--template-file",
            str(cfn.TEMPLATE),
            "--s3-bucket",
            STAGING,
            "--capabilities",
            "CAPABILITY_NAMED_IAM",
            *overrides,
        )
        (stack,) = self.ask("cloudformation", "describe_stacks", StackName=name)["Stacks"]
        assert stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), stack
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def secret(self, arn: str) -> str:
        return self.ask("secretsmanager", "get_secret_value", SecretId=arn)["SecretString"]

    def make_database(self, url: str) -> None:
        """What RDS would have made: the owner with the stack's password, and the database."""
        parts = urlsplit(url)
        for statement in (
            f"CREATE ROLE {parts.username} LOGIN PASSWORD '{parts.password}'",
            f"CREATE DATABASE {parts.path[1:]} OWNER {parts.username}",
        ):
            self.psql(statement)

    def psql(self, statement: str) -> str:
        """As the server's owner, through its socket."""
        place = ["-h", self.socket, "-p", str(self.database_port), "-U", "postgres"]
        done = subprocess.run(
            ["psql", "-qXAt", *place, "-c", statement],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout.strip()

    # --- its tasks ---

    def container(self, task_definition: str) -> dict:
        """As ECS would start it, its secrets handed over."""
        told = self.ask("ecs", "describe_task_definition", taskDefinition=task_definition)
        (container,) = told["taskDefinition"]["containerDefinitions"]
        plain = {entry["name"]: entry["value"] for entry in container["environment"]}
        secrets = {entry["name"]: self.secret(entry["valueFrom"]) for entry in container["secrets"]}
        return container | {"env": plain | secrets}

    def keys(self, role_arn: str) -> dict[str, str]:
        """As ECS hands them to a task with this role."""
        told = self.ask("sts", "assume_role", RoleArn=role_arn, RoleSessionName="task")
        keys = told["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }

    def moved_here(self, env: dict[str, str], name: str) -> dict[str, str]:
        """What is different on this machine, and nothing else: where AWS is, where the database is
        and who vouches for it, and the ports and folder of the process."""
        url = urlsplit(env["DATABASE_URL"])
        host = f"{url.username}:{url.password}@localhost:{self.database_port}"
        return env | {
            "AWS_ENDPOINT_URL": self.endpoint,
            "DATABASE_URL": url._replace(netloc=host).geturl(),
            "ANB_DATABASE__CA_FILE": str(self.socket / "data" / "ca.crt"),
            "ANB_DATA_DIR": str(self.folder / f"{name}-data"),
            "ANB_WEB__LISTEN": f"127.0.0.1:{self.web_port}",
            "ANB_CONSOLE__LISTEN": f"127.0.0.1:{self.console_port}",
            "ANB_WORKER__LISTEN": f"127.0.0.1:{self.worker_port}",
        }

    def start_task(
        self, name: str, task_definition: str, role_arn: str, command: list[str] | None = None
    ) -> Child:
        """With another command: a one-off task."""
        container = self.container(task_definition)
        env = self.moved_here(container["env"], name) | self.keys(role_arn)
        env |= {"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"}
        child = Child(
            name, [self.program, *(command or container["command"])], self.folder, env=env
        )
        self.children.append(child)
        return child


def certify(folder: Path, owner: int) -> None:
    """A certificate for `localhost`, and the authority that signed it."""
    authority, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    is_authority = x509.BasicConstraints(ca=True, path_length=None)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    private = server.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for name, content, mode in (
        ("ca.crt", signed(issuer, authority, is_authority, issuer, authority), 0o644),
        ("server.crt", signed(subject, server, names, issuer, authority), 0o644),
        ("server.key", private, 0o600),
    ):
        path = folder / name
        path.write_bytes(content)
        path.chmod(mode)
        os.chown(path, owner, -1)


def signed(subject, key, extension, issuer, issuer_key) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    )
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
