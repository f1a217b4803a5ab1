"""Keys and certificates of a cluster that speaks TLS, in DIR/tls: a CA of its own, and what it signed.

ca.pem      what clients trust
server.pem  of all name servers and brokers; names localhost, 127.0.0.1 and ::1
client.pem  for clients, where the cluster demands one
Each has its private key beside it, as .key."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from pathlib import Path

from errors import ClusterError

DIRECTORY = "tls"

_DAYS = "3650"
_SERVER_NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"


def make(cluster_directory: Path) -> None:
    """Makes what is not there yet; an earlier cluster's files are kept, because clients may have copies."""
    directory = cluster_directory / DIRECTORY
    if (directory / "client.pem").exists():
        return
    if shutil.which("openssl") is None:
        raise ClusterError("--tls needs the command openssl, which is not on the PATH; install openssl")
    directory.mkdir(exist_ok=True)
    _make_key(directory, "ca")
    _openssl(directory, "req", "-x509", "-new", "-key", "ca.key", "-out", "ca.pem", "-days", _DAYS, "-subj", "/CN=RocketMQ test CA",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    for name, extension in (("server", _SERVER_NAMES), ("client", "extendedKeyUsage=clientAuth")):
        _make_key(directory, name)
        (directory / f"{name}.ext").write_text(extension + "\n", encoding="ascii")
        _openssl(directory, "req", "-new", "-key", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN=RocketMQ test {name}")
        _openssl(directory, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
                 f"{name}.pem", "-days", _DAYS, "-extfile", f"{name}.ext")
    for path in directory.iterdir():
        if path.suffix not in (".pem", ".key"):
            path.unlink()


def client_context(cluster_directory: Path) -> ssl.SSLContext:
    """For this script's own connections to the cluster."""
    directory = cluster_directory / DIRECTORY
    context = ssl.create_default_context(cafile=str(directory / "ca.pem"))
    context.load_cert_chain(directory / "client.pem", directory / "client.key")
    return context


def properties(cluster_directory: Path, client_auth: bool) -> dict[str, str]:
    """RocketMQ's tls.properties: as a server, and as a client of other servers of the cluster."""
    directory = cluster_directory / DIRECTORY
    return {
        "tls.test.mode.enable": "false",
        "tls.server.certPath": str(directory / "server.pem"),
        "tls.server.keyPath": str(directory / "server.key"),
        "tls.server.need.client.auth": "require" if client_auth else "none",
        "tls.server.authClient": "true" if client_auth else "false",
        "tls.server.trustCertPath": str(directory / "ca.pem"),
        "tls.client.certPath": str(directory / "client.pem"),
        "tls.client.keyPath": str(directory / "client.key"),
        "tls.client.authServer": "true",
        "tls.client.trustCertPath": str(directory / "ca.pem"),
    }


def _make_key(directory: Path, name: str) -> None:
    path = directory / f"{name}.key"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    _openssl(directory, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path.name)


def _openssl(directory: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ClusterError(f"openssl {arguments[0]} failed: {done.stderr.strip()}")
