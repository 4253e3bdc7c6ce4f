"""Signed pictures for tests, by a made-up authority, a signer and a time-stamp authority on loopback."""

from __future__ import annotations

import io
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)
from PIL import Image

FROM, TO = datetime(2024, 1, 1, tzinfo=UTC), datetime(2044, 1, 1, tzinfo=UTC)
AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
CAMERA = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
ACTIONS = [
    {"action": "c2pa.created", "digitalSourceType": CAMERA},
    {
        "action": "c2pa.color_adjustments",
        "when": "2024-05-01T10:00:00Z",
        "softwareAgent": {"name": "Test Editor", "version": "3"},
        "parameters": {"name": "brightness"},
    },
    {"action": "c2pa.cropped"},
]


@dataclass(frozen=True)
class Authority:
    """A root, and one signer and one time-stamper under it; all PEM."""

    root: bytes
    signer_chain: bytes
    signer_key: bytes
    stamper: bytes
    stamper_key: bytes


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        ]
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(signs, False, False, False, False, not signs, not signs, False, False)


def _certificate(
    subject: x509.Name, key: Any, issuer: x509.Name, issuer_key: Any, usage: Any, ocsp_url: str = ""
) -> Any:
    """A root if ``usage`` is None, else a certificate for that one extended use."""
    is_root = usage is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(TO)
        .add_extension(x509.BasicConstraints(is_root, None), True)
        .add_extension(_usage(signs=not is_root), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)
    )
    if not is_root:
        critical = usage == ExtendedKeyUsageOID.TIME_STAMPING
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ObjectIdentifier(usage.dotted_string)]), critical
        )
    if ocsp_url:
        where = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp_url)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([where]), False)
    return builder.sign(issuer_key, hashes.SHA256())


def _pem(key: Any) -> bytes:
    return bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


@cache
def authority(ocsp_url: str = "") -> Authority:
    """Made anew for each run; nothing secret is kept."""
    root_key, signer_key, stamper_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root_name = _name("Test Root", "Test Authority")
    root = _certificate(root_name, root_key, root_name, root_key, None)
    mails, stamps = ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.TIME_STAMPING
    signer = _certificate(
        _name("Test Signer", "Test Newsroom"), signer_key, root_name, root_key, mails, ocsp_url
    )
    stamper = _certificate(_name("Test Stamper", "Test Clock"), stamper_key, root_name, root_key, stamps)
    root_pem, signer_pem, stamper_pem = (
        each.public_bytes(serialization.Encoding.PEM) for each in (root, signer, stamper)
    )
    return Authority(root_pem, signer_pem + root_pem, _pem(signer_key), stamper_pem, _pem(stamper_key))


def picture(mime_type: str = "image/jpeg") -> bytes:
    """A small picture that says nothing."""
    kind = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/tiff": "TIFF"}[mime_type]
    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 200)).convert("RGB").save(out, kind)
    return out.getvalue()


def signed(
    content: bytes | None = None,
    *,
    mime_type: str = "image/jpeg",
    actions: list[dict[str, Any]] | None = None,
    parent: bytes | None = None,
    remote_url: str = "",
    stamp_url: str | None = None,
    ocsp_url: str = "",
) -> bytes:
    """The content with credentials in it, or, with ``remote_url``, naming where they are."""
    keys = authority(ocsp_url) if ocsp_url else authority()
    manifest = {
        "claim_generator_info": [{"name": "Test Camera", "version": "1.0"}],
        "title": "A signed picture",
        "format": mime_type,
        "assertions": [
            {"label": "c2pa.actions", "data": {"actions": ACTIONS if actions is None else actions}}
        ],
    }
    settings = {"builder": {"thumbnail": {"enabled": False}}, "verify": {"verify_after_sign": False}}
    builder = c2pa.Builder(manifest, c2pa.Context(c2pa.Settings.from_dict(settings)))
    if parent is not None:
        ingredient = {"title": "The picture before", "relationship": "parentOf"}
        builder.add_ingredient(ingredient, "image/jpeg", io.BytesIO(parent))
    if remote_url:
        builder.set_no_embed()
        builder.set_remote_url(remote_url)
    signer = c2pa.Signer.from_info(
        c2pa.C2paSignerInfo(b"es256", keys.signer_chain, keys.signer_key, stamp_url)
    )
    out = io.BytesIO()
    builder.sign(signer, mime_type, io.BytesIO(picture(mime_type) if content is None else content), out)
    return out.getvalue()


def changed_pixel(content: bytes) -> bytes:
    """One bit of the picture changed after signing."""
    spoiled = bytearray(content)
    spoiled[-40] ^= 0x01
    return bytes(spoiled)


def changed_claim(content: bytes) -> bytes:
    """One letter of what was signed changed after signing."""
    return content.replace(b"Test Camera", b"Best Camera", 1)


def ruined_store(content: bytes) -> bytes:
    """The first boxes of the credentials overwritten with zeros."""
    at = content.index(b"jumb") + 60
    return content[:at] + bytes(340) + content[at + 340 :]


@contextmanager
def stamping(folder: Path) -> Iterator[str]:
    """A time-stamp authority (RFC 3161) on loopback, by openssl; yields its address."""
    keys = authority()
    for name, content in {
        "tsa.pem": keys.stamper, "tsa.key": keys.stamper_key, "root.pem": keys.root, "serial": b"01\n",
        "tsa.cnf": (
            b"[tsa]\ndefault_tsa=own\n[own]\nserial=serial\nsigner_cert=tsa.pem\ncerts=root.pem\nsigner_key=tsa.key\n"
            b"signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256,sha384,sha512\nordering=yes\n"
            b"tsa_name=yes\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n"
        ),
    }.items():  # fmt: skip
        (folder / name).write_bytes(content)

    class Stamper(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "own"]
            subprocess.run(
                [*command, "-queryfile", "query", "-out", "reply"],
                cwd=folder,
                check=True,
                capture_output=True,
            )
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write((folder / "reply").read_bytes())

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Stamper)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
