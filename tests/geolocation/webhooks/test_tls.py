"""HTTPS: the certificate is checked against the name that was given, whatever address was looked up."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from geolocation.webhooks.sending import post

NAME = "receiver.example"


def certificate(folder: Path) -> Path:
    """A key and a certificate of its own for NAME, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "receiver.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Quiet(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust the certificate hangs up; that is what is tested."""


@pytest.fixture
def port(tmp_path, monkeypatch) -> Iterator[int]:
    """A receiver that speaks TLS as NAME; every name leads to it."""
    file = certificate(tmp_path)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(file)
    server = Quiet(("127.0.0.1", 0), Handler)
    server.socket = served.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.server_port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_kinds: found)
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def trusting(tmp_path, monkeypatch) -> None:
    """This machine trusts the receiver's certificate."""
    real = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: real(cafile=str(tmp_path / "receiver.pem")))


def test_a_certificate_that_is_trusted_and_of_this_name_is_taken(port, trusting):
    outcome = post(f"https://{NAME}:{port}/", body=b"{}", headers={}, loopback=True)
    assert (outcome.status, outcome.failure) == (200, "")


def test_a_certificate_of_another_name_is_not(port, trusting):
    outcome = post(f"https://other.example:{port}/", body=b"{}", headers={}, loopback=True)
    assert (outcome.status, outcome.failure) == (None, "tls")


def test_a_certificate_that_nobody_vouches_for_is_not(port):
    outcome = post(f"https://{NAME}:{port}/", body=b"{}", headers={}, loopback=True)
    assert (outcome.status, outcome.failure) == (None, "tls")
