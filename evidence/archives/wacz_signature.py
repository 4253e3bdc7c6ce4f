"""The signature in a WACZ: what can be told of it offline, and no more.

``datapackage-digest.json`` may hold ``signedData``: a signature over the written digest of the list of parts,
and either the public key itself or a certificate for a domain. Source: WACZ Signing and Verification 0.1.0
(specs.webrecorder.net). That a signature fits says that the digest was not changed since whoever has the
private key signed it. Whose key it is, no file can say of itself: no chain of certificates and no time stamp
is judged.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from evidence.archives.base import Finding, shortened

_MOST_CHARACTERS = 20_000
_WRONG_INPUT = (ValueError, TypeError, UnsupportedAlgorithm, x509.ExtensionNotFound)
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


@dataclass(frozen=True, slots=True)
class SignatureReading:
    """What was found, and what the signature says of itself (unchecked)."""

    findings: tuple[Finding, ...]
    said: Mapping[str, Any] = field(default_factory=dict)


def read_package_digest(text: bytes, *, package_sha256: str) -> SignatureReading:
    """Judge a whole ``datapackage-digest.json``; ``package_sha256`` is of the list of parts in the file."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or _digest(said) != package_sha256:
        sentence = "The list of parts is not the one whose digest was written down."
        return SignatureReading((Finding("package_digest", "wrong", sentence),))
    right = Finding("package_digest", "right", "The digest of the list of parts is right.")
    if not said.get("signedData"):
        return SignatureReading((right,))
    signature = read_signature(said["signedData"], package_sha256=package_sha256)
    return SignatureReading((right, *signature.findings), signature.said)


def _digest(said: Mapping[str, Any]) -> str:
    return _text(said, "hash").lower().removeprefix("sha256:")


def read_signature(signed: Any, *, package_sha256: str) -> SignatureReading:
    """Judge ``signedData`` over the digest of the list of parts."""
    if not isinstance(signed, dict):
        return _open("The list of parts has a signature of a kind that is not read here.")
    written = _text(signed, "hash")
    if _digest(signed) != package_sha256:
        sentence = "What is signed is another digest than that of the list of parts."
        return SignatureReading((Finding("signature", "wrong", sentence),))
    certificate = None
    try:
        if _text(signed, "publicKey"):
            key = serialization.load_der_public_key(_decoded(signed, "publicKey"))
        elif _text(signed, "domainCert"):
            certificate = x509.load_pem_x509_certificates(_text(signed, "domainCert").encode("ascii"))[0]
            key = certificate.public_key()
        else:
            return _open("The list of parts is signed, and the key to check the signature with is not there.")
        signature = _decoded(signed, "signature")
    except (*_WRONG_INPUT, IndexError):
        return _open("The signature of the list of parts, or its key, cannot be read.")
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return _open("The list of parts is signed with a kind of key that is not read here.")
    fits = _fits(key, signature, written.encode())
    signer = _of_signer(signed, key, certificate) if fits else ()
    return SignatureReading((_of_signature(fits, key), *signer), _said(signed, key))


def _open(sentence: str) -> SignatureReading:
    return SignatureReading((Finding("signature", "open", sentence),))


def _fits(key: PublicKey, signature: bytes, message: bytes) -> bool:
    """ECDSA as browsers write it (two numbers) or in DER, or RSA; always over SHA-256."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
            return True
        width = (key.curve.key_size + 7) // 8
        if len(signature) == 2 * width:
            numbers = (int.from_bytes(signature[:width], "big"), int.from_bytes(signature[width:], "big"))
            signature = encode_dss_signature(*numbers)
        key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _of_signature(fits: bool, key: PublicKey) -> Finding:
    if not fits:
        sentence = "The signature of the list of parts does not fit the key that stands beside it."
        return Finding("signature", "wrong", sentence)
    kind = f"ECDSA, {key.curve.name}" if isinstance(key, ec.EllipticCurvePublicKey) else "RSA"
    sentence = (
        f"The signature of the list of parts ({kind}) fits the key that stands beside it: the list is as the "
        "holder of that key signed it."
    )
    return Finding("signature", "right", sentence)


def _of_signer(
    signed: Mapping[str, Any], key: PublicKey, certificate: x509.Certificate | None
) -> tuple[Finding, ...]:
    """Who signed stays open; of a certificate, whether it is for the domain that is named."""
    if certificate is None:
        sentence = (
            "Who signed is not known: the key comes with the file, and anybody can make one. Compare its "
            f"SHA-256 with one the signer gave you another way: {_fingerprint(key)}."
        )
        return (Finding("signer", "open", sentence),)
    domain, names = _text(signed, "domain").lower(), _names(certificate)
    if domain not in names:
        sentence = (
            f"The signature names the domain {shortened(domain, 100) or '?'}, its certificate does not."
        )
        return (Finding("signer", "wrong", sentence),)
    sentence = (
        f"The certificate is for {shortened(domain, 100)}, valid from "
        f"{certificate.not_valid_before_utc:%Y-%m-%d} to {certificate.not_valid_after_utc:%Y-%m-%d}. Whether "
        "an authority issued it, and when the file was signed, is not checked here."
    )
    return (Finding("signer", "open", sentence),)


def _names(certificate: x509.Certificate) -> set[str]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        return {name.lower() for name in extension.value.get_values_for_type(x509.DNSName)}
    except _WRONG_INPUT:
        return set()


def _fingerprint(key: PublicKey) -> str:
    return hashlib.sha256(
        key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).hexdigest()


def _said(signed: Mapping[str, Any], key: PublicKey) -> dict[str, Any]:
    return {
        "key_sha256": _fingerprint(key),
        "domain": shortened(_text(signed, "domain"), 100),
        "created": shortened(_text(signed, "created"), 40),
        "software": shortened(_text(signed, "software"), 120),
    }


def _decoded(signed: Mapping[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode("".join(_text(signed, name).split()), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _text(signed: Mapping[str, Any], name: str) -> str:
    value = signed.get(name)
    return value if isinstance(value, str) and len(value) <= _MOST_CHARACTERS else ""
