"""The signature in a WACZ: right, wrong and open, each with exactly what it proves."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from evidence.archives import CopyReading, Finding, Wanted
from evidence.archives.wacz import read_wacz
from tests.evidence.archives.made import LINK, wacz

KEY = ec.generate_private_key(ec.SECP384R1())


def read(content: bytes, folder: Path) -> CopyReading:
    path = folder / "copy.wacz"
    path.write_bytes(content)
    return read_wacz(path, Wanted(LINK))


def found(reading: CopyReading, key: str) -> Finding | None:
    return next((finding for finding in reading.findings if finding.key == key), None)


def spki(key: Any) -> str:
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def as_two_numbers(signature: bytes) -> bytes:
    """As browsers write it."""
    return b"".join(number.to_bytes(48, "big") for number in decode_dss_signature(signature))


def anonymous(text: str, **changed: Any) -> dict[str, Any]:
    signature = as_two_numbers(KEY.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return {
        "hash": text,
        "created": "2023-09-21T06:05:00Z",
        "software": "ArchiveWeb.page 0.11",
        "signature": base64.b64encode(signature).decode(),
        "publicKey": spki(KEY),
        **changed,
    }


def certificate(domain: str) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2023, 9, 1, tzinfo=UTC))
        .not_valid_after(datetime(2023, 9, 1, tzinfo=UTC) + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(domain)]), critical=False)
        .sign(KEY, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def domain_signed(text: str, *, named: str = "sign.example.org") -> dict[str, Any]:
    signature = KEY.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
    signed = {"domain": named, "domainCert": certificate("sign.example.org"), "publicKey": None}
    return anonymous(text, signature=base64.b64encode(signature).decode(), **signed)


def test_an_anonymous_signature_fits_and_says_nothing_of_who_signed(tmp_path: Path) -> None:
    reading = read(wacz(sign=anonymous), tmp_path)
    signature, signer = found(reading, "signature"), found(reading, "signer")
    assert signature is not None
    assert signer is not None
    assert (signature.verdict, signer.verdict) == ("right", "open")
    assert "secp384r1" in signature.sentence
    assert "Who signed is not known" in signer.sentence
    assert reading.said["signature"]["key_sha256"] in signer.sentence
    assert reading.said["signature"]["created"] == "2023-09-21T06:05:00Z"


def test_rsa_is_read_too(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def sign(text: str) -> dict[str, Any]:
        signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return anonymous(text, publicKey=spki(key), signature=base64.b64encode(signature).decode())

    signature = found(read(wacz(sign=sign), tmp_path), "signature")
    assert signature is not None
    assert (signature.verdict, "RSA" in signature.sentence) == ("right", True)


def test_a_domains_certificate_is_named_and_not_vouched_for(tmp_path: Path) -> None:
    signer = found(read(wacz(sign=domain_signed), tmp_path), "signer")
    assert signer is not None
    assert signer.verdict == "open"
    assert "sign.example.org, valid from 2023-09-01 to 2023-11-30" in signer.sentence
    assert "not checked here" in signer.sentence


def test_a_certificate_for_another_domain_is_wrong(tmp_path: Path) -> None:
    reading = read(wacz(sign=lambda text: domain_signed(text, named="newsroom.example")), tmp_path)
    signer = found(reading, "signer")
    assert signer is not None
    assert signer.verdict == "wrong"


def test_a_signature_by_another_key_is_wrong_and_names_no_signer(tmp_path: Path) -> None:
    other = spki(ec.generate_private_key(ec.SECP384R1()))
    reading = read(wacz(sign=lambda text: anonymous(text, publicKey=other)), tmp_path)
    signature = found(reading, "signature")
    assert signature is not None
    assert signature.verdict == "wrong"
    assert found(reading, "signer") is None


def test_a_signature_of_another_list_is_wrong(tmp_path: Path) -> None:
    reading = read(wacz(sign=lambda text: anonymous("sha256:" + "0" * 64)), tmp_path)
    signature = found(reading, "signature")
    assert signature is not None
    assert signature.verdict == "wrong"
    assert "another digest" in signature.sentence


@pytest.mark.parametrize(
    "changed",
    [
        {"publicKey": "not base64!"},
        {"publicKey": base64.b64encode(b"no key").decode()},
        {"publicKey": None},
        {"publicKey": None, "domainCert": "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----"},
        {"signature": "%%%"},
        {"publicKey": spki(ed25519.Ed25519PrivateKey.generate())},
        {"publicKey": "A" * 30_000},
    ],
    ids=range(7),
)
def test_what_cannot_be_read_stays_open(tmp_path: Path, changed: dict[str, Any]) -> None:
    signature = found(read(wacz(sign=lambda text: anonymous(text, **changed)), tmp_path), "signature")
    assert signature is not None
    assert signature.verdict == "open"


@pytest.mark.parametrize("signed", [["a list"], "a text", 7])
def test_a_signature_of_another_shape_stays_open(tmp_path: Path, signed: object) -> None:
    signature = found(read(wacz(sign=lambda text: signed), tmp_path), "signature")
    assert signature is not None
    assert signature.verdict == "open"


def test_a_changed_part_is_found_though_the_signature_fits(tmp_path: Path) -> None:
    reading = read(wacz(listed={"archive/data.warc.gz": b"another"}, sign=anonymous), tmp_path)
    parts, signature = found(reading, "parts"), found(reading, "signature")
    assert parts is not None
    assert signature is not None
    assert (parts.verdict, signature.verdict) == ("wrong", "right")
